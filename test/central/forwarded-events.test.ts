import { ORGANIZATION } from './central';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { match } from '../event-patterns';
import { altered, documented, fromCloudTrail } from '../events';
import type { Event } from '../events';
import { counts } from '../filter-patterns';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const BUS = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`;

/** For each of the events, which of the rules match it. */
function matching(rules: any[], events: Event[]): string[][] {
  const decisions = match(events.flatMap((event) => rules.map(({ Name, EventPattern }) => ({ name: Name, pattern: EventPattern, event }))));
  expect(decisions.filter((decision) => !['matches', 'differs'].includes(decision))).toEqual([]);
  return events.map((_, at) => rules.filter((__, index) => decisions[at * rules.length + index] === 'matches').map(({ Description }) => Description));
}

/** The rules of an account and region that put events on the bus. */
function forwardingRules(account: string, region: string): any[] {
  const stack = stackIn(account, region);
  new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS });
  return Rendered.of(stack).all('AWS::Events::Rule', ({ Targets: [{ Arn }] }) => Arn === BUS);
}

describe('forwarded, once, is', () => {
  const JOBS = ['Forwards the events of jobs'];
  const TAMPERING = ['Forwards changes of vaults, recovery points, plans and settings'];

  const CAPTURES = ['Forwards the events of snapshots of configuration that failed'];

  /** As the function that captures puts it on the default bus. */
  const ofCapture = (state: string): Event => ({
    ...documented('backup-job-state-change-failed'),
    'source': 'cdk-backup-dr',
    'detail-type': 'Configuration Capture State Change',
    'detail': { kind: 'ecs', backup: 'Workload-Ecs-8f9855bb', target: 'shop', tier: 'daily', trigger: 'schedule', state },
  });

  /** AWS documents it with an identity that has no type. */
  const OF_SERVICE = fromCloudTrail('cloudtrail-backup-backup-job-completed');

  /** A call of which AWS documents no record. */
  const call = (eventName: string) => altered(fromCloudTrail('cloudtrail-backup-delete-recovery-point'), { eventName });
  const ofJob = (job: string, states: string[]) => states
    .map((state): [string, Event, string[]] => [`a ${job} that is ${state}`, documented(`${job}-state-change-${state}`), JOBS]);

  const CASES: [string, Event, string[]][] = [
    ...ofJob('backup-job', ['created', 'pending', 'running', 'completed', 'failed', 'expired', 'aborted']),
    ...ofJob('copy-job', ['created', 'running', 'completed', 'failed']),
    ...ofJob('restore-job', ['created', 'pending', 'running', 'completed', 'failed']),
    ['a snapshot of configuration that failed', ofCapture('FAILED'), CAPTURES],
    ['a snapshot of configuration that was made', ofCapture('COMPLETED'), []],
    // AWS documents none of these: the API has the states.
    ['a backup-job that is partial', altered(documented('backup-job-state-change-failed'), { state: 'PARTIAL' }), JOBS],
    ['a copy-job that is partial', altered(documented('copy-job-state-change-failed'), { state: 'PARTIAL' }), JOBS],
    ['a restore-job that is aborted', altered(documented('restore-job-state-change-failed'), { status: 'ABORTED' }), JOBS],
    ...[
      'DeleteBackupVault', 'PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration', 'PutBackupVaultAccessPolicy',
      'DeleteBackupVaultAccessPolicy', 'PutBackupVaultNotifications', 'DeleteBackupVaultNotifications',
      'DeleteRecoveryPoint', 'DisassociateRecoveryPoint', 'DisassociateRecoveryPointFromParent', 'UpdateRecoveryPointLifecycle',
      'DeleteBackupPlan', 'DeleteBackupSelection', 'UpdateBackupPlan', 'CreateBackupSelection',
      'AssociateBackupVaultMpaApprovalTeam', 'DisassociateBackupVaultMpaApprovalTeam', 'RevokeRestoreAccessBackupVault',
      'CreateBackupAccessPoint', 'CreateRestoreAccessBackupVault', 'UpdateRegionSettings', 'UpdateGlobalSettings', 'CreateLegalHold', 'CancelLegalHold',
      'CreateTieringConfiguration', 'UpdateTieringConfiguration', 'DeleteTieringConfiguration',
    ].map((name): [string, Event, string[]] => [`the call ${name}`, call(name), TAMPERING]),
    ['that a vault was changed', documented('backup-vault-state-change-modified'), TAMPERING],
    ['that a vault was deleted', documented('backup-vault-state-change-deleted'), TAMPERING],
    ['that a plan was deleted', documented('backup-plan-state-change-deleted'), TAMPERING],
    ['that a plan was changed', documented('backup-plan-state-change-modified'), TAMPERING],
    ['that settings of a region were changed', documented('region-setting-state-change-modified'), TAMPERING],
    ...[
      'BackupSelectionDeletedDueToSLRDeletion', 'BackupAccessPointCreated', 'RestoreAccessBackupVaultDeleted', 'AssociateBackupVaultMpaApprovalTeamCompleted',
    ].map((name): [string, Event, string[]] => [`the event ${name} of the service`, altered(OF_SERVICE, { eventName: name }), TAMPERING]),
    ['a call of an identity without a type', altered(call('DeleteRecoveryPoint'), { userIdentity: { accountId: '123456789012' } }), TAMPERING],
    ['no event of the service about its jobs', OF_SERVICE, []],
    ['no call that only reads', call('DescribeRecoveryPoint'), []],
    ['no job of another source', { ...documented('backup-job-state-change-failed'), source: 'any.other' }, []],
    ['no vault of another source', { ...documented('backup-vault-state-change-deleted'), source: 'any.other' }, []],
    ['no call of another source', { ...call('DeleteBackupVault'), source: 'any.other' }, []],
    ['no call of another service by that name', altered(call('DeleteBackupVault'), { eventSource: 'other.amazonaws.com' }), []],
    ['no call that AWS Backup makes by itself', altered(call('DeleteRecoveryPoint'), { userIdentity: { type: 'AWSService', invokedBy: 'backup.amazonaws.com' } }), []],
  ];
  let decided: string[][];

  beforeAll(() => {
    decided = matching(forwardingRules(INFRASTRUCTURE, LONDON), CASES.map(([, event]) => event));
  });

  test.each(CASES.map(([name, , expected], at): [string, number, string[]] => [name, at, expected]))('%s', (_, at, expected) => {
    expect(decided[at]).toEqual(expected);
  });
});

describe('from the account of the job to an alarm in another one', () => {
  interface JobStateChange extends Event {
    readonly account: string;
    readonly region: string;
  }

  /** AWS documents accounts of 13 digits, which are none. */
  const inAccount = (event: Event) => ({ ...event, account: INFRASTRUCTURE }) as unknown as JobStateChange;

  /** In the order of the names: CloudWatch knows a metric whatever the order. */
  const metricOf = (namespace: string, name: string, dimensions: [string, string][]) =>
    ({ namespace, name, dimensions: Object.fromEntries([...dimensions].sort(([one], [other]) => one.localeCompare(other))) });

  const valueAt = (event: Event, selector: string) => selector.slice(2).split('.').reduce((value: any, field) => value[field], event);

  /** The alarms on what an event is counted as, once it was forwarded, came over the bus and is in the log. */
  function alarmsOn(event: JobStateChange): object[] {
    const { account, region, detail: { backupVaultName } } = event;
    const stack = stackIn(LOG_ARCHIVE, LONDON);
    const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', { backupVaultName, account, region });
    const { eventBusArn } = new CentralMonitoring(stack, 'Central', { organizationId: ORGANIZATION, eventBusName: 'backups', vaults: [vault] });
    const rendered = Rendered.of(stack);

    expect(eventBusArn).toBe(BUS);
    expect(matching(forwardingRules(account, region), [event])).toEqual([['Forwards the events of jobs']]);
    const [keeps, ...others] = rendered.all('AWS::Events::Rule', ({ Targets: [{ Arn }] }) => JSON.stringify(Arn).includes(':log-group:'));
    expect(others).toEqual([]);
    const { LogGroupName } = rendered.only('AWS::Logs::LogGroup');
    expect([keeps.EventBusName, keeps.Targets[0].Arn]).toEqual(['backups', `arn:aws:logs:eu-west-2:${LOG_ARCHIVE}:log-group:${LogGroupName}`]);
    expect(matching([keeps], [event])).toEqual([['Stores the events of backups in /aws/events/backups']]);

    const counted = rendered.all('AWS::Logs::MetricFilter').filter(({ FilterPattern }) => counts(FilterPattern, event))
      .flatMap(({ MetricTransformations }) => MetricTransformations as any[])
      .map(({ MetricNamespace, MetricName, Dimensions = [] }) => metricOf(
        MetricNamespace, MetricName, Dimensions.map(({ Key, Value }: any) => [Key, valueAt(event, Value)]),
      ));
    return rendered.all('AWS::CloudWatch::Alarm', ({ Dimensions }) => Dimensions !== undefined)
      .map(({ Namespace, MetricName, Dimensions }) => metricOf(Namespace, MetricName, Dimensions.map(({ Name, Value }: any) => [Name, Value])))
      .filter((metric) => counted.some((each) => JSON.stringify(each) === JSON.stringify(metric)));
  }

  test('a failed backup job is on the alarm of its account and vault', () => {
    expect(alarmsOn(inAccount(documented('backup-job-state-change-failed')))).toEqual([{
      namespace: 'CdkBackupDr/backups',
      name: 'NumberOfBackupJobsFailed',
      dimensions: { Account: '222222222222', BackupVaultName: '9ab3e749-82c6-4342-9320-5edbf4918b86' },
    }]);
  });

  test('an expired backup job is on the alarm of its account and vault', () => {
    // AWS documents it of a vault that Amazon EFS made, whose name can be none of ours.
    const event = altered(documented('backup-job-state-change-expired'), { backupVaultName: 'local' });

    expect(alarmsOn(inAccount(event))).toEqual([{
      namespace: 'CdkBackupDr/backups', name: 'NumberOfBackupJobsExpired', dimensions: { Account: '222222222222', BackupVaultName: 'local' },
    }]);
  });
});
