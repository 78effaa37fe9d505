import { CentralMonitoring } from '../../src/central/central-monitoring';
import { altered, documented } from '../events';
import { counts } from '../filter-patterns';
import { Rendered } from '../policies';
import { LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/** What a function that captures puts on the default bus, which is forwarded. */
function captureEvent(state: string): ReturnType<typeof documented> {
  return {
    ...documented('backup-job-state-change-failed'),
    'source': 'cdk-backup-dr',
    'detail-type': 'Configuration Capture State Change',
    'detail': { kind: 'ecs', backup: 'acme-EcsConfig', target: 'shop', tier: 'daily', trigger: 'schedule', state },
  };
}

describe('jobs', () => {
  const EVENTS = ['backup-job', 'copy-job', 'restore-job'].flatMap((job) => ['created', 'pending', 'running', 'completed', 'failed', 'expired', 'aborted']
    .filter((state) => job === 'backup-job' || !['expired', 'aborted'].includes(state)).filter((state) => !(job === 'copy-job' && state === 'pending'))
    .map((state) => ({ name: `${job} ${state}`, event: documented(`${job}-state-change-${state}`) })));
  // AWS documents none of these: the API has the states.
  EVENTS.push(
    { name: 'backup-job partial', event: altered(documented('backup-job-state-change-failed'), { state: 'PARTIAL' }) },
    { name: 'copy-job partial', event: altered(documented('copy-job-state-change-failed'), { state: 'PARTIAL' }) },
    { name: 'restore-job aborted', event: altered(documented('restore-job-state-change-failed'), { status: 'ABORTED' }) },
    ...['COMPLETED', 'UNCHANGED', 'FAILED'].map((state) => ({ name: `capture ${state}`, event: captureEvent(state) })),
  );
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', eventBusName: 'backups' });
  const filters = Rendered.of(stack).all('AWS::Logs::MetricFilter');

  test.each([
    ['NumberOfBackupJobsCompleted', ['backup-job completed'], [['Account', 'BackupVaultName'], ['Account', 'BackupVaultName', 'ResourceType']]],
    ['NumberOfBackupJobsFailed', ['backup-job failed'], [['Account', 'BackupVaultName']]],
    ['NumberOfBackupJobsExpired', ['backup-job expired'], [['Account', 'BackupVaultName']]],
    ['NumberOfBackupJobsAborted', ['backup-job aborted'], [['Account', 'BackupVaultName']]],
    ['NumberOfBackupJobsPartial', ['backup-job partial'], [['Account', 'BackupVaultName']]],
    ['NumberOfCopyJobsCompleted', ['copy-job completed'], [['Account', 'DestinationBackupVaultArn'], ['Account', 'DestinationBackupVaultArn', 'ResourceType']]],
    ['NumberOfCopyJobsFailed', ['copy-job failed', 'copy-job partial'], [['DestinationBackupVaultArn'], ['Account', 'DestinationBackupVaultArn']]],
    ['NumberOfRestoreJobsCompleted', ['restore-job completed'], [['Account']]],
    ['NumberOfRestoreJobsFailed', ['restore-job failed', 'restore-job aborted'], [['Account']]],
    ['NumberOfConfigurationCapturesFailed', ['capture FAILED'], [['Account']]],
  ])('%s counts the events of %j alone, all together and by what they are of', (metricName, names, dimensions) => {
    const ofMetric = filters.filter(({ MetricTransformations: [{ MetricName }] }) => MetricName === metricName);

    expect(ofMetric.map(({ MetricTransformations: [{ Dimensions = [] }] }) => Dimensions.map(({ Key }: any) => Key))).toEqual([[], ...dimensions]);
    for (const { FilterPattern, MetricTransformations: [{ MetricNamespace, MetricValue, DefaultValue }] } of ofMetric) {
      expect(EVENTS.filter(({ event }) => counts(FilterPattern, event)).map(({ name }) => name)).toEqual(names);
      expect([MetricNamespace, MetricValue, DefaultValue]).toEqual(['CdkBackupDr/backups', '1', undefined]);
    }
  });

  test('are counted by values that the events have', () => {
    const valuesOf = (metricName: string, name: string) => filters.filter(({ MetricTransformations: [{ MetricName }] }) => MetricName === metricName)
      .map(({ MetricTransformations: [{ Dimensions = [] }] }) => Dimensions.map(({ Value }: any) => Value.slice(2).split('.')
        .reduce((value: any, field: string) => value[field], EVENTS.find((each) => each.name === name)!.event)));

    expect(valuesOf('NumberOfBackupJobsCompleted', 'backup-job completed'))
      .toEqual([[], ['1112233445566', '9732c1b4-1091-472a-9d9f-52e0565ee39a'], ['1112233445566', '9732c1b4-1091-472a-9d9f-52e0565ee39a', 'type']]);
    expect(valuesOf('NumberOfCopyJobsFailed', 'copy-job failed'))
      .toEqual([
        [],
        ['arn:aws:backup:us-west-2:1112233445566:backup-vault:55aa945e-c46a-421b-aa27-f94b074e31b7'],
        ['1112233445566', 'arn:aws:backup:us-west-2:1112233445566:backup-vault:55aa945e-c46a-421b-aa27-f94b074e31b7'],
      ]);
  });

  test('of which the event does not say what they are of are counted all together only', () => {
    const { detail: { backupVaultName, ...detail }, ...rest } = documented('backup-job-state-change-failed');
    const failed = filters.filter(({ MetricTransformations: [{ MetricName }] }) => MetricName === 'NumberOfBackupJobsFailed');

    expect(failed.map(({ FilterPattern }) => counts(FilterPattern, { ...rest, detail }))).toEqual([true, false]);
  });

  test('of two buses are counted apart, since each may have the events of all accounts', () => {
    const [one, other] = ['Dev', 'Prod'].map((id) => {
      const each = stackIn(LOG_ARCHIVE, LONDON, undefined, id);
      new CentralMonitoring(each, 'Central', { organizationId: 'o-exampleorg12' });
      return new Set(Rendered.of(each).all('AWS::Logs::MetricFilter').map(({ MetricTransformations: [{ MetricNamespace }] }) => MetricNamespace));
    });

    expect([one.size, other.size]).toEqual([1, 1]);
    expect([...one]).not.toEqual([...other]);
  });
});
