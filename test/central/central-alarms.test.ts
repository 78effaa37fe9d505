import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { alarmsOn, ORGANIZATION, Setup } from './central';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import type { CentralMonitoringProps } from '../../src/central/central-monitoring-props';
import { AlarmSeverity } from '../../src/notification/notify';
import { BackupTier } from '../../src/objectives/backup-tier';
import { RecoveryObjective } from '../../src/objectives/recovery-objective';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { DAILY, Setup as Plans, TABLES, tableIn } from '../plan/setup';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

test('one failed job of a vault within 5 minutes is an alarm, as is one that expired: the account and the vault say which', () => {
  const setup = new Setup();
  setup.central({ vaults: [setup.vault()] });

  for (const metricName of ['NumberOfBackupJobsFailed', 'NumberOfBackupJobsExpired', 'NumberOfBackupJobsAborted', 'NumberOfBackupJobsPartial']) {
    expect(setup.on(metricName)).toMatchObject([{
      Namespace: 'CdkBackupDr/backups',
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

  for (const metricName of ['NumberOfBackupJobsFailed', 'NumberOfBackupJobsExpired', 'NumberOfBackupJobsAborted', 'NumberOfBackupJobsPartial', 'NumberOfCopyJobsFailed', 'NumberOfRestoreJobsFailed']) {
    expect(setup.on(metricName)).toMatchObject([{ Namespace: 'CdkBackupDr/backups', Threshold: 0 }]);
    expect(setup.on(metricName)[0].Dimensions).toBeUndefined();
  }
});

test('jobs are counted for as long as is said', () => {
  const setup = new Setup();
  setup.central({ period: Duration.minutes(15) });

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
    return { plans, daily, stack, on: (metricName: string) => alarmsOn(Rendered.of(stack), metricName) };
  }

  test('is an alarm on each vault, in hours of the plan that runs most often: an account that is silent is not in order', () => {
    // Every 12 h, 1 h to start and 5 h to complete.
    expect(missing().on('NumberOfBackupJobsCompleted')).toMatchObject([{
      AlarmName: expect.stringMatching(/^no-good-recovery-point-222222222222-local-Monitoring-Central-[0-9a-f]{8}$/),
      AlarmDescription: expect.stringMatching(/^CRITICAL: .* \(all types in vault local, 18 hours\) .*\/no-good-recovery-point\.md$/),
      Namespace: expect.stringMatching(/^CdkBackupDr\/Monitoring-Central-[0-9a-f]{8}$/),
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
      AlarmName: expect.stringMatching(/^no-good-copy-222222222222-eu-west-1-local-replica-Monitoring-Central-[0-9a-f]{8}$/),
      Dimensions: [
        { Name: 'Account', Value: '222222222222' },
        { Name: 'DestinationBackupVaultArn', Value: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:local-replica' },
      ],
      EvaluationPeriods: 25,
      TreatMissingData: 'breaching',
    }]);
  });

  test('is an alarm for each account that copies into a vault: the copies of one account don\'t hide that those of another one are missing', () => {
    const plans = new Plans();
    const archive = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, plans.app, 'Archive'), 'Vault', { backupVaultName: 'central' });
    const other = stackIn('444444444444', LONDON, plans.app, 'Other');
    const theirs = new TieredBackupPlan(other, 'Plan', {
      vault: new ReplicatedBackupVault(other, 'Vault'), tiers: [DAILY()], copyTo: [BackupCopy.to(archive)],
    });
    theirs.addSelection('Selection', { resources: TABLES() });
    const stack = stackIn(LOG_ARCHIVE, LONDON, plans.app, 'Monitoring');
    new CentralMonitoring(stack, 'Central', {
      organizationId: ORGANIZATION, eventBusName: 'backups', plans: [plans.selecting(TABLES(), { copyTo: [BackupCopy.to(archive)] }), theirs],
    });

    expect(alarmsOn(Rendered.of(stack), 'NumberOfCopyJobsCompleted').map(({ AlarmName, Dimensions: [{ Value }] }) => [AlarmName.replace(/-Monitoring-.*/, ''), Value])).toEqual([
      ['no-good-copy-333333333333-eu-west-2-central-from-222222222222', '222222222222'],
      ['no-good-copy-333333333333-eu-west-2-central-from-444444444444', '444444444444'],
    ]);
  });

  test('is part of the health of backups', () => {
    const { stack } = missing();

    expect(Rendered.of(stack).only('AWS::CloudWatch::CompositeAlarm').AlarmRule.match(/no-good-(recovery-point|copy)/g)).toEqual(['no-good-recovery-point', 'no-good-copy']);
  });

  test('may have other severities, or no alarm', () => {
    const { on } = missing({
      overrides: { noGoodRecoveryPoint: { severity: AlarmSeverity.WARNING, evaluationPeriods: 168 }, noGoodCopy: { enabled: false } },
    });

    expect(on('NumberOfBackupJobsCompleted')).toMatchObject([{ AlarmDescription: expect.stringMatching(/^WARNING: /), EvaluationPeriods: 168 }]);
    expect(on('NumberOfCopyJobsCompleted')).toEqual([]);
  });

  test('is an alarm also where a plan selects a construct whose resources come later', () => {
    const plans = new Plans();
    const later = new Construct(plans.stack, 'Later');
    const stack = stackIn(LOG_ARCHIVE, LONDON, plans.app, 'Monitoring');
    new CentralMonitoring(stack, 'Central', { organizationId: ORGANIZATION, plans: [plans.selecting([BackupTarget.fromConstruct(later)])] });
    tableIn(later);

    expect(alarmsOn(Rendered.of(stack), 'NumberOfBackupJobsCompleted')).toHaveLength(1);
  });

  test('may not be tuned to fewer hours than the schedules are apart, nor without plans', () => {
    expect(() => missing({ overrides: { noGoodCopy: { evaluationPeriods: 23 } } })).toThrow(
      "'evaluationPeriods' (evaluation_periods) of 'noGoodCopy' (no_good_copy) must be 24 hours or more, the gap of the schedules into 'local-replica', got 23",
    );
    expect(() => new Setup().central({ overrides: { noGoodCopy: { evaluationPeriods: 168 } } })).toThrow("'noGoodCopy' (no_good_copy) requires 'plans'");
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

    expect(alarmsOn(Rendered.of(stack), 'NumberOfBackupJobsCompleted')).toHaveLength(1);
    expect(Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason)).toContain("whether each vault with the name 'local' receives recovery points "
      + '(account 222222222222, region eu-west-2; account 222222222222, region eu-west-1): they are counted together');
  });
});

describe('failures in the vault of a plan', () => {
  const define = (rpo?: Duration) => {
    const plans = new Plans();
    const objectives = rpo && [new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo })];
    const plan = plans.selecting(TABLES(), { objectives });
    const stack = stackIn(LOG_ARCHIVE, LONDON, plans.app, 'Monitoring');
    new CentralMonitoring(stack, 'Central', { organizationId: ORGANIZATION, eventBusName: 'backups', vaults: [plans.vault], plans: [plan] });
    return Rendered.of(stack);
  };

  test('in two runs in a row are an alarm, as they are counted by account and vault', () => {
    const [{ Metrics: [{ Expression }, ...metrics], EvaluationPeriods, AlarmDescription }] = define().all('AWS::CloudWatch::Alarm',
      ({ AlarmName }) => AlarmName.startsWith('backup-job-failing-'));

    expect([Expression, EvaluationPeriods]).toEqual(['IF((DIFF_TIME(failed + expired) > 21600) AND (DIFF_TIME(failed + expired) <= 108000), 1, 0)', 31]);
    expect(AlarmDescription).toMatch(/^CRITICAL: /);
    expect(metrics.map(({ MetricStat: { Metric } }: any) => [Metric.Namespace, Metric.MetricName, Metric.Dimensions])).toEqual(['Failed', 'Expired'].map((state) => [
      'CdkBackupDr/backups', `NumberOfBackupJobs${state}`, [{ Name: 'Account', Value: INFRASTRUCTURE }, { Name: 'BackupVaultName', Value: 'local' }],
    ]));
  });

  test('are warnings one by one, unless the next run comes too late for an objective', () => {
    const severity = (rpo?: Duration) => alarmsOn(define(rpo), 'NumberOfBackupJobsFailed').map(({ AlarmDescription }: any) => AlarmDescription.split(':')[0]);

    expect(severity()).toEqual(['WARNING']);
    expect(severity(Duration.hours(53))).toEqual(['CRITICAL']);
    expect(severity(Duration.hours(54))).toEqual(['WARNING']);
  });
});

describe('the health of backups', () => {
  test('is an alarm on all critical alarms, and on those that are given', () => {
    const setup = new Setup();
    const other = setup.central().alarms[0];
    const { alarms, healthAlarm } = new CentralMonitoring(setup.stack, 'Other', { organizationId: ORGANIZATION, healthAlarms: [other] });
    const [, { AlarmRule, AlarmActions, OKActions, AlarmName, AlarmDescription }] = setup.rendered.all('AWS::CloudWatch::CompositeAlarm');

    expect(alarms).toHaveLength(21);
    expect(healthAlarm).toBeDefined();
    expect(AlarmRule.split(' OR ').map((each: string) => each.replace(/-Monitoring-Other-[0-9a-f]{8}"/, '"'))).toEqual([
      'event-not-delivered', 'event-not-delivered-EventLog', 'copy-job-failed-all', 'restore-job-failed-all',
      'vault-tampered', 'vault-tampered-told', 'vault-key-tampered', 'recovery-point-deleted', 'backup-plan-removed', 'backup-plan-removed-told',
      'recovery-point-exposed', 'config-capture-failed',
    ].map((name) => `ALARM("${name}")`).concat(expect.stringMatching(/^ALARM\("event-not-delivered-Monitoring-Central-[0-9a-f]{8}"\)$/)));
    expect(AlarmName).toMatch(/^backup-health-Monitoring-Other-[0-9a-f]{8}$/);
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

    expect(DependsOn).toHaveLength(12); // none of those that are no more than a warning
  });

  test('may be less severe, or no alarm', () => {
    const setup = new Setup();
    setup.central({ overrides: { backupHealth: { severity: AlarmSeverity.WARNING } } });
    expect(setup.rendered.only('AWS::CloudWatch::CompositeAlarm').AlarmDescription).toMatch(/^WARNING: /);

    expect(new Setup().central({ overrides: { backupHealth: { enabled: false } } }).healthAlarm).toBeUndefined();
  });

  test('is refused where CloudWatch takes no rule of so many alarms', () => {
    const setup = new Setup();
    const vaults = Array.from({ length: 29 }, (_, index) => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, `Vault${index}`, {
      backupVaultName: `vault-${index}`, account: INFRASTRUCTURE, region: LONDON,
    }));

    const overrides = { backupJobFailed: { severity: AlarmSeverity.CRITICAL }, backupJobExpired: { severity: AlarmSeverity.CRITICAL } };

    expect(() => setup.central({ vaults, overrides })).not.toThrow();
    expect(() => new Setup().central({
      overrides,
      vaults: [...vaults, ...vaults.slice(0, 2)].map((vault, index) => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, `Other${index}`, {
        backupVaultName: `${vault.backupVaultName}-${index}`, account: INFRASTRUCTURE, region: LONDON,
      })),
    })).toThrow(/'vaults', 'plans' and 'healthAlarms' \(health_alarms\) make 104 alarms with a rule of \d+ characters for 'backup-health', and CloudWatch supports at most 100 and 10240: specify fewer, leave out 'vaults'/);
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

  test('is refused where no alarm that it is on is left', () => {
    const off = Object.fromEntries([
      'backupJobFailed', 'backupJobExpired', 'copyJobFailed', 'restoreJobFailed', 'configCaptureFailed', 'vaultTampered',
      'vaultKeyTampered', 'recoveryPointDeleted', 'backupPlanRemoved', 'recoveryPointExposed', 'eventNotDelivered',
    ].map((name) => [name, name === 'vaultTampered' ? { severity: AlarmSeverity.WARNING } : { enabled: false }]));

    expect(() => new Setup().central({ overrides: off })).toThrow("'overrides' leave no critical alarm for 'backup-health': disable it too");
    expect(() => new Setup().central({ overrides: { ...off, backupHealth: { enabled: false } } })).not.toThrow();
  });
});

test('the health of backups is on 100 alarms, as many as CloudWatch takes, and on no more', () => {
  const healthOn = (count: number) => {
    const setup = new Setup();
    const metric = new cloudwatch.Metric({ namespace: 'any', metricName: 'any' });
    const others = Array.from({ length: count - 12 }, (_, index) => new cloudwatch.Alarm(setup.stack, `Alarm${index}`, { // 12 are critical already
      alarmName: `alarm-${index}`, metric, threshold: 1, evaluationPeriods: 1,
    }));
    setup.central({ healthAlarms: others });
    return setup.rendered.only('AWS::CloudWatch::CompositeAlarm').AlarmRule.split(' OR ').length;
  };

  expect(healthOn(100)).toBe(100);
  expect(() => healthOn(101)).toThrow(/make 101 alarms with a rule of \d{4} characters for 'backup-health', and CloudWatch supports at most 100 and 10240/);
});
