import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { ORGANIZATION, Setup } from './central';
import { AlarmSeverity, BackupTarget, BackupTier, CentralMonitoring, ReplicatedBackupVault, ResourceType, TieredBackupPlan } from '../../src';
import type { CentralMonitoringProps } from '../../src';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { DAILY, Setup as Plans, TABLES } from '../plan/setup';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

test('one failed job of a vault within 5 minutes is an alarm, as is one that expired: the account and the vault say which', () => {
  const setup = new Setup();
  setup.central({ vaults: [setup.vault()] });

  for (const metricName of ['NumberOfBackupJobsFailed', 'NumberOfBackupJobsExpired', 'NumberOfBackupJobsAborted']) {
    expect(setup.on(metricName)).toMatchObject([{
      Namespace: 'CdkBackupDr',
      Dimensions: [{ Name: 'Account', Value: INFRASTRUCTURE }, { Name: 'BackupVaultName', Value: 'local' }],
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    }]);
  }
  expect(setup.on('NumberOfCopyJobsFailed').map(({ Dimensions }) => Dimensions)).toEqual(['eu-west-2:222222222222:backup-vault:local', 'eu-west-1:222222222222:backup-vault:local-replica']
    .map((vault) => [{ Name: 'DestinationBackupVaultArn', Value: `arn:aws:backup:${vault}` }]));
  expect(setup.on('NumberOfRestoreJobsFailed')).toMatchObject([{ Dimensions: [{ Name: 'Account', Value: INFRASTRUCTURE }] }]);
});

test('vaults of one name in two regions of an account share an alarm, as they share a count', () => {
  const setup = new Setup();
  const vaults = [LONDON, IRELAND].map((region) => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, region, {
    backupVaultName: 'local', account: INFRASTRUCTURE, region,
  }));
  setup.central({ vaults });

  expect(setup.on('NumberOfBackupJobsFailed')).toHaveLength(1);
  expect(setup.on('NumberOfCopyJobsFailed')).toHaveLength(2);
});

test('without vaults, the jobs of all accounts together are an alarm', () => {
  const setup = new Setup();
  setup.central();

  for (const metricName of ['NumberOfBackupJobsFailed', 'NumberOfBackupJobsExpired', 'NumberOfBackupJobsAborted', 'NumberOfCopyJobsFailed', 'NumberOfRestoreJobsFailed']) {
    expect(setup.on(metricName)).toMatchObject([{ Namespace: 'CdkBackupDr', Threshold: 0 }]);
    expect(setup.on(metricName)[0].Dimensions).toBeUndefined();
  }
});

test('jobs are counted for as long as is said', () => {
  const setup = new Setup();
  setup.central({ evaluationPeriod: Duration.minutes(15) });

  expect(setup.on('NumberOfBackupJobsFailed')).toMatchObject([{ Period: 900 }]);
});

test('a restore in the account of a replica is an alarm too', () => {
  const setup = new Setup();
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Vault', {
    backupVaultName: 'theirs', account: INFRASTRUCTURE, region: LONDON, replicaAccount: LOG_ARCHIVE, replicaRegion: IRELAND,
  });
  setup.central({ vaults: [vault] });

  expect(setup.on('NumberOfRestoreJobsFailed').map(({ Dimensions: [{ Value }] }) => Value)).toEqual([INFRASTRUCTURE, LOG_ARCHIVE]);
});

describe('what is missing', () => {
  /** A daily plan, and one that runs twice a day. */
  function missing(props: Partial<CentralMonitoringProps> = {}) {
    const plans = new Plans({ replicaRegion: IRELAND });
    const daily = plans.selecting([BackupTarget.allOf(ResourceType.DYNAMODB), BackupTarget.allOf(ResourceType.EFS)]);
    const often = plans.plan({ tiers: [BackupTier.everyHours(12, { deleteAfter: Duration.days(35) })] }, 'Often');
    often.addSelection('Selection', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });
    const stack = stackIn(LOG_ARCHIVE, LONDON, plans.app, 'Monitoring');
    new CentralMonitoring(stack, 'Central', { organizationId: ORGANIZATION, plans: [daily, often], ...props });
    return { plans, daily, stack, on: (metricName: string) => Rendered.of(stack).all('AWS::CloudWatch::Alarm', ({ MetricName }) => MetricName === metricName) };
  }

  test('is an alarm on each vault, in hours of the plan that runs most often: an account that is silent is not in order', () => {
    // Every 12 h, 1 h to start and 5 h to complete.
    expect(missing().on('NumberOfBackupJobsCompleted')).toMatchObject([{
      AlarmName: expect.stringMatching(/^Monitoring-Central-222222222222-local-no-good-recovery-point-/),
      AlarmDescription: expect.stringMatching(/^CRITICAL: .* \(all types in vault local, 18 hours\) .*\/no-good-recovery-point\.md$/),
      Namespace: 'CdkBackupDr',
      Dimensions: [{ Name: 'Account', Value: INFRASTRUCTURE }, { Name: 'BackupVaultName', Value: 'local' }],
      Statistic: 'Sum',
      Period: 3600,
      EvaluationPeriods: 18,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    }]);
  });

  test('is an alarm on the vault of the copies', () => {
    // Both plans copy into the replica: twice 12 h and 1 h to start.
    expect(missing().on('NumberOfCopyJobsCompleted')).toMatchObject([{
      AlarmName: expect.stringMatching(/^Monitoring-Central-222222222222-eu-west-1-local-replica-no-good-copy-/),
      Dimensions: [{ Name: 'DestinationBackupVaultArn', Value: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:local-replica' }],
      EvaluationPeriods: 25,
      TreatMissingData: 'breaching',
    }]);
  });

  test('is part of the health of backups', () => {
    const { stack } = missing();

    expect(Rendered.of(stack).only('AWS::CloudWatch::CompositeAlarm').AlarmRule.match(/no-good-(recovery-point|copy)/g)).toEqual(['no-good-recovery-point', 'no-good-copy']);
  });

  test('may have other severities, or no alarm', () => {
    const { on } = missing({ overrides: { 'no-good-recovery-point': { severity: AlarmSeverity.WARNING, evaluationPeriods: 168 }, 'no-good-copy': { enabled: false } } });

    expect(on('NumberOfBackupJobsCompleted')).toMatchObject([{ AlarmDescription: expect.stringMatching(/^WARNING: /), EvaluationPeriods: 168 }]);
    expect(on('NumberOfCopyJobsCompleted')).toEqual([]);
  });

  test('is nobody\'s alarm without plans', () => {
    const setup = new Setup();
    setup.central({ vaults: [setup.vault()] });

    expect([...setup.on('NumberOfBackupJobsCompleted'), ...setup.on('NumberOfCopyJobsCompleted')]).toEqual([]);
  });

  test('of vaults of one name in two regions of an account is reported as counted together', () => {
    const { plans, daily } = missing();
    const away = stackIn(INFRASTRUCTURE, IRELAND, plans.app, 'Away');
    const other = new TieredBackupPlan(away, 'Plan', { vault: new ReplicatedBackupVault(away, 'Vault', { backupVaultName: 'local' }), tiers: [DAILY()] });
    other.addSelection('Selection', { resources: TABLES() });
    const stack = stackIn(LOG_ARCHIVE, LONDON, plans.app, 'Other');
    new CentralMonitoring(stack, 'Central', { organizationId: ORGANIZATION, plans: [daily, other] });

    expect(Rendered.of(stack).all('AWS::CloudWatch::Alarm', ({ MetricName }) => MetricName === 'NumberOfBackupJobsCompleted')).toHaveLength(1);
    expect(Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason)).toContain("whether each vault of the name 'local' gets recovery points "
      + '(account 222222222222, region eu-west-2; account 222222222222, region eu-west-1): they are counted together');
  });
});

describe('the health of backups', () => {
  test('is an alarm on all alarms, those that are given included', () => {
    const setup = new Setup();
    const other = setup.central().alarms[0];
    const { alarms, healthAlarm } = new CentralMonitoring(setup.stack, 'Other', { organizationId: ORGANIZATION, healthAlarms: [other] });
    const [, { AlarmRule, AlarmActions, OKActions, AlarmName, AlarmDescription }] = setup.rendered.all('AWS::CloudWatch::CompositeAlarm');

    expect(alarms).toHaveLength(12);
    expect(healthAlarm).toBeDefined();
    expect(AlarmRule.split(' OR ')).toHaveLength(13);
    expect(AlarmRule).toMatch(/^ALARM\("Monitoring-Other-event-not-delivered-[0-9a-f]{8}"\) OR ALARM\("Monitoring-Other-EventLog-event-not-delivered-[0-9a-f]{8}"\) OR /);
    expect(AlarmRule).toMatch(/ALARM\("Monitoring-Central-event-not-delivered-[0-9a-f]{8}"\)$/);
    expect(AlarmName).toMatch(/^Monitoring-Other-backup-health-/);
    expect(AlarmDescription).toContain('/docs/runbooks/backup-health.md');
    expect([AlarmActions, OKActions]).toEqual([[expect.stringContaining(':sns:')], [expect.stringContaining(':sns:')]]);
  });

  test('takes alarms of other kinds', () => {
    const setup = new Setup();
    const metric = new cloudwatch.Metric({ namespace: 'any', metricName: 'any' });
    const unnamed = new cloudwatch.Alarm(setup.stack, 'Unnamed', { metric, threshold: 1, evaluationPeriods: 1 });
    const imported = cloudwatch.Alarm.fromAlarmName(setup.stack, 'Imported', 'theirs');
    setup.central({ healthAlarms: [unnamed, imported] });

    expect(setup.rendered.only('AWS::CloudWatch::CompositeAlarm').AlarmRule).toMatch(/ OR ALARM\("Unnamed[0-9A-F]{8}"\) OR ALARM\("theirs"\)$/);
  });

  test('waits for the alarms that it names', () => {
    const setup = new Setup();
    setup.central();
    const [{ DependsOn }] = Object.values(Template.fromStack(setup.stack).findResources('AWS::CloudWatch::CompositeAlarm'));

    expect(DependsOn).toHaveLength(12);
  });

  test('may be less severe, or no alarm', () => {
    const setup = new Setup();
    setup.central({ overrides: { 'backup-health': { severity: AlarmSeverity.WARNING } } });
    expect(setup.rendered.only('AWS::CloudWatch::CompositeAlarm').AlarmDescription).toMatch(/^WARNING: /);

    expect(new Setup().central({ overrides: { 'backup-health': { enabled: false } } }).healthAlarm).toBeUndefined();
  });

  test('is refused where CloudWatch takes no rule of so many alarms', () => {
    const setup = new Setup();
    const vaults = Array.from({ length: 20 }, (_, index) => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, `Vault${index}`, {
      backupVaultName: `vault-${index}`, account: INFRASTRUCTURE, region: LONDON,
    }));

    expect(() => setup.central({ vaults })).not.toThrow();
    expect(() => new Setup().central({
      vaults: [...vaults, ...vaults.slice(0, 4)].map((vault, index) => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, `Other${index}`, {
        backupVaultName: `${vault.backupVaultName}-${index}`, account: INFRASTRUCTURE, region: LONDON,
      })),
    })).toThrow(/'vaults', 'plans' and 'healthAlarms' make 104 alarms with a rule of \d+ characters for 'backup-health', and CloudWatch takes 100 and 10240: name fewer, leave 'vaults' out/);
  });

  test('is refused where CloudWatch takes no rule that is so long', () => {
    const setup = new Setup();
    const metric = new cloudwatch.Metric({ namespace: 'any', metricName: 'any' });
    const named = Array.from({ length: 60 }, (_, index) => new cloudwatch.Alarm(setup.stack, `Alarm${index}`, {
      alarmName: `${index}-${'x'.repeat(200)}`, metric, threshold: 1, evaluationPeriods: 1,
    }));

    expect(() => setup.central({ healthAlarms: named.slice(0, 40) })).not.toThrow();
    expect(() => new CentralMonitoring(setup.stack, 'Other', { organizationId: ORGANIZATION, healthAlarms: named }))
      .toThrow(/make 72 alarms with a rule of 1\d{4} characters for 'backup-health'/);
  });

  test('is refused where all alarms that it is on are switched off', () => {
    const off = Object.fromEntries([
      'backup-job-failed', 'backup-job-expired', 'backup-job-aborted', 'backup-job-with-issues', 'copy-job-failed', 'restore-job-failed', 'vault-tampered',
      'vault-key-tampered', 'recovery-point-deleted', 'backup-plan-removed', 'event-not-delivered',
    ].map((name) => [name, { enabled: false }]));

    expect(() => new Setup().central({ overrides: off })).toThrow("'overrides' switch all alarms off that 'backup-health' is on: switch that off too");
    expect(() => new Setup().central({ overrides: { ...off, 'backup-health': { enabled: false } } })).not.toThrow();
  });
});
