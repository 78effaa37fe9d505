import assert from 'node:assert/strict';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { environmentOf, stages } from './assembly';
import { test } from './test';

const ALARM = 'AWS::CloudWatch::Alarm';
const BUS = (stage: string) => `arn:aws:events:eu-west-2:333333333333:event-bus/acme-${stage}-backup-events`;
const template = (stage: keyof typeof stages, name: string) => Template.fromJSON(stages[stage].stack(`acme-${stage}-${name}`).template);

/** With the metric of an alarm on what is missing, which is in an expression. */
const alarmsOf = (stage: keyof typeof stages, name: string) => Object.values<any>(template(stage, name).findResources(ALARM))
  .map(({ Properties: { Metrics: [expression, metric] = [], ...rest } }) => expression?.Expression === 'FILL(completed, 0)' ? { ...rest, ...metric.MetricStat.Metric } : rest);

/** How many alarms of each name. */
const namesOf = (stage: keyof typeof stages, name: string) => {
  const names = alarmsOf(stage, name).map(({ AlarmDescription }) => /([a-z-]+)\.md$/.exec(AlarmDescription)![1]);
  return Object.fromEntries([...new Set(names)].sort().map((each) => [each, names.filter((other) => other === each).length]));
};

for (const stage of ['dev', 'prod'] as const) {
  const assembly = stages[stage];

  for (const [metricName, what] of [['NumberOfBackupJobsFailed', 'failed'], ['NumberOfBackupJobsExpired', 'expired']]) {
    test(`${stage} has an alarm in the log archive account on one job of the infrastructure account that ${what} within 5 minutes`, () => {
      template(stage, 'monitoring').hasResourceProperties(ALARM, {
        Namespace: `CdkBackupDr/acme-${stage}-backup-events`,
        MetricName: metricName,
        Dimensions: [{ Name: 'Account', Value: '222222222222' }, { Name: 'BackupVaultName', Value: `acme-${stage}-local` }],
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        Period: 300,
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
      });
    });

    test(`${stage} has the same beside the job, on the metric of AWS Backup, or one alarm on both`, () => {
      const metric = { Namespace: 'AWS/Backup', MetricName: metricName, Dimensions: [{ Name: 'BackupVaultName', Value: `acme-${stage}-local` }] };
      template(stage, 'backup').hasResourceProperties(ALARM, stage === 'prod' ? { ...metric, Threshold: 0, Period: 300 } : {
        AlarmName: Match.stringLikeRegexp('^backup-job-failed-acme-dev-backup-'), Metrics: Match.arrayWith([Match.objectLike({ MetricStat: Match.objectLike({ Metric: metric }) })]),
      });
    });
  }

  test(`${stage} tells in the log archive account of jobs that start, are completed, fail or expire, of copies and of restores`, () => {
    const states = (detailType: string) => Object.values<any>(template(stage, 'monitoring').findResources('AWS::Events::Rule'))
      .filter(({ Properties: { Description, EventPattern } }) => /^Publishes messages about/.test(Description) && EventPattern['detail-type'].includes(detailType))
      .flatMap(({ Properties: { EventPattern: { detail } } }) => detail.state ?? detail.status);
    assert.deepEqual(states('Backup Job State Change'), ['RUNNING', 'COMPLETED', 'FAILED', 'EXPIRED', 'ABORTED', 'PARTIAL']);
    assert.deepEqual(states('Copy Job State Change'), ['RUNNING', 'COMPLETED', 'FAILED', 'PARTIAL']);
    assert.deepEqual(states('Restore Job State Change'), ['RUNNING', 'COMPLETED', 'FAILED', 'ABORTED']);
  });

  test(`${stage} forwards events to the log archive account from every account and region with a vault`, () => {
    const forwarding = assembly.stacks.filter((stack) => assembly.resources('AWS::Events::Rule', [stack])
      .some(({ Properties }) => (Properties.Targets as any[])[0].Arn === BUS(stage))).map(environmentOf);
    const withVaults = assembly.stacks.filter((stack) => assembly.resources('AWS::Backup::BackupVault', [stack]).length > 0).map(environmentOf);
    assert.deepEqual(forwarding.sort(), withVaults.sort());
    template(stage, 'monitoring').hasResourceProperties('AWS::Events::EventBus', { Name: BUS(stage).split('/')[1] });
  });

  test(`${stage} deploys the bus before events are forwarded to it, which the library sees to`, () => {
    for (const stack of assembly.stacks.filter((each) => assembly.resources('AWS::Backup::BackupVault', [each]).length > 0)) {
      assert.ok(stack.dependencies.some(({ id }) => id === assembly.stack(`acme-${stage}-monitoring`).id), stack.stackName);
    }
  });

  test(`${stage} watches every vault for tampering, where the vault is`, () => {
    for (const stack of assembly.stacks) {
      const watched = assembly.resources('AWS::Events::Rule', [stack]).map(({ Properties }) => JSON.stringify(Properties.EventPattern));
      for (const { Properties } of assembly.resources('AWS::Backup::BackupVault', [stack])) {
        for (const call of ['DeleteBackupVaultLockConfiguration', 'DeleteRecoveryPoint']) {
          assert.ok(watched.some((pattern) => pattern.includes(call) && pattern.includes(`"${Properties.BackupVaultName}"`)), `${call} on ${Properties.BackupVaultName}`);
        }
        const { 'Fn::GetAtt': [key] } = Properties.EncryptionKeyArn as any;
        assert.ok(watched.some((pattern) => pattern.includes('ScheduleKeyDeletion') && pattern.includes(`"${key}"`)), `key of ${Properties.BackupVaultName}`);
      }
    }
  });

  test(`${stage} forwards what is done to the key of every vault`, () => {
    for (const stack of assembly.stacks) {
      const forwarded = assembly.resources('AWS::Events::Rule', [stack]).filter(({ Properties }) => (Properties.Targets as any[])[0].Arn === BUS(stage))
        .map(({ Properties }) => JSON.stringify(Properties.EventPattern)).filter((pattern) => pattern.includes('ScheduleKeyDeletion'));
      const keys = assembly.resources('AWS::Backup::BackupVault', [stack]).map(({ Properties }) => (Properties.EncryptionKeyArn as any)['Fn::GetAtt'][0]);
      assert.ok(keys.every((key) => forwarded.some((pattern) => pattern.includes(`"${key}"`))), stack.stackName);
    }
  });

  test(`${stage} has an action and a runbook for every alarm`, () => {
    const alarms = [ALARM, 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) => assembly.resources(type));
    assert.ok(alarms.length > 30);
    for (const { Properties } of alarms) {
      assert.equal((Properties.AlarmActions as unknown[]).length, 1);
      assert.match(Properties.AlarmDescription as string, /^(WARNING|CRITICAL): .+ What to do: https:\/\/github\.com\/cdk-backup-dr\/cdk-backup-dr\/blob\/main\/docs\/runbooks\/[a-z-]+\.md$/);
    }
  });

  test(`${stage} sends an e-mail for each topic that an alarm publishes to`, () => {
    for (const stack of assembly.stacks) {
      const topics = Object.entries<any>(stack.template.Resources).filter(([, { Type }]) => Type === 'AWS::SNS::Topic').map(([id]) => id);
      const subscribed = assembly.resources('AWS::SNS::Subscription', [stack]).map(({ Properties }) => (Properties.TopicArn as any).Ref);
      assert.deepEqual(subscribed.sort(), topics.sort(), stack.stackName);
    }
  });

  test(`${stage} has one dashboard, in the log archive account, with what is counted there and the alarms`, () => {
    const [dashboard, ...others] = assembly.resources('AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard.Properties.DashboardBody);
    assert.deepEqual(others, []);
    template(stage, 'monitoring').hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: `acme-${stage}-backups` });
    assert.match(body, new RegExp(`CdkBackupDr/acme-${stage}-backup-events.*NumberOfBackupJobsFailed`));
    assert.match(body, /EstimatedCharges.*111111111111/); // that of the account that is billed
    assert.match(body, new RegExp(`arn:aws:cloudwatch:eu-west-2:333333333333:alarm:backup-health-acme-${stage}-monitoring-Central-`));
  });

  test(`${stage} has one alarm on all critical alarms of the log archive account`, () => {
    const [{ Properties }] = Object.values<any>(template(stage, 'monitoring').findResources('AWS::CloudWatch::CompositeAlarm'));
    assert.deepEqual(
      [...Properties.AlarmRule.matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name]) => name).sort(),
      alarmsOf(stage, 'monitoring').filter(({ AlarmDescription }) => AlarmDescription.startsWith('CRITICAL')).map(({ AlarmName }) => AlarmName).sort(),
    );
  });
}

test('production\'s plan is watched for recovery points and copies that are missing, by its schedules', () => {
  const all = alarmsOf('prod', 'backup').filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
  const ofCaptures = all.filter(({ MetricName }) => MetricName === 'Captured');
  const missing = all.filter((alarm) => !ofCaptures.includes(alarm))
    .map(({ MetricName, Dimensions: [vault], EvaluationPeriods }) => [MetricName, vault.Value, EvaluationPeriods]);
  assert.deepEqual(missing, [
    ['NumberOfBackupJobsCompleted', 'acme-prod-local', 18], // 12 h between daily and evening, 1 h and 5 h
    ['NumberOfCopyJobsCompleted', 'acme-prod-central', 30], // twice 12 h, and the 6 h of the weekly tier
    ['NumberOfCopyJobsCompleted', 'acme-prod-central-replica', 24], // it serves the promise about the region
    ['NumberOfCopyJobsCompleted', 'acme-prod-landing', 24], // so does this
  ]);
  const { EvaluationPeriods } = ofCaptures[0];
  assert.deepEqual([ofCaptures.length, EvaluationPeriods], [1, 18]); // on the same schedules
});

test('production\'s vaults that nothing is told of any more are alarms in the log archive account, in the same hours', () => {
  const missing = alarmsOf('prod', 'monitoring').filter(({ TreatMissingData }) => TreatMissingData === 'breaching')
    .map(({ MetricName, Dimensions, EvaluationPeriods }) => [MetricName, ...Dimensions.map(({ Value }: any) => Value), EvaluationPeriods]);
  assert.deepEqual(missing, [
    ['NumberOfBackupJobsCompleted', '222222222222', 'acme-prod-local', 18],
    ['NumberOfCopyJobsCompleted', '222222222222', 'arn:aws:backup:eu-west-2:333333333333:backup-vault:acme-prod-central', 30],
    ['NumberOfCopyJobsCompleted', '222222222222', 'arn:aws:backup:eu-west-1:333333333333:backup-vault:acme-prod-central-replica', 24],
    ['NumberOfCopyJobsCompleted', '222222222222', 'arn:aws:backup:eu-west-1:222222222222:backup-vault:acme-prod-landing', 24],
  ]);
});

for (const stage of ['dev', 'prod'] as const) {
  test(`${stage} has alarms on the replication of every bucket, in the region that has the metric`, () => {
    const on = (name: string) => alarmsOf(stage, name).filter(({ Namespace }) => Namespace === 'AWS/S3').map(({ MetricName }) => MetricName).sort();
    const late = ['BytesPendingReplication', 'OperationsPendingReplication', 'ReplicationLatency'];
    assert.deepEqual(on('workload'), ['OperationsFailedReplication']);
    assert.deepEqual(on('workload-support-eu-west-1-for-eu-west-2'), late);
    assert.deepEqual(on('log-archive'), Array(5).fill('OperationsFailedReplication'));
    assert.deepEqual(on('log-archive-support-eu-west-1-for-eu-west-2'), late.flatMap((metric) => Array(5).fill(metric)));
  });
}

test('each stage has a budget for what goes between its regions, in each account that pays for it', () => {
  const budget = (limit: number, ...usageTypes: string[]) => ({
    Budget: Match.objectLike({
      BudgetLimit: { Amount: limit, Unit: 'USD' }, FilterExpression: { Dimensions: { Key: 'USAGE_TYPE', Values: usageTypes } },
    }),
    NotificationsWithSubscribers: [80, 100].map((Threshold) => Match.objectLike({
      Notification: Match.objectLike({ Threshold }), Subscribers: [{ SubscriptionType: 'EMAIL', Address: 'platform-team@example.com' }],
    })),
  });
  template('prod', 'backup').hasResourceProperties('AWS::Budgets::Budget', budget(50, 'EUW2-EU-AWS-Out-Bytes', 'EUW2-EU-CrossRegion-WarmBytes-DynamoDB', 'EUW2-EU-S3RTC-Out-Bytes'));
  template('prod', 'monitoring').hasResourceProperties('AWS::Budgets::Budget', budget(200, 'EUW2-EU-AWS-Out-Bytes', 'EUW2-EU-S3RTC-Out-Bytes'));
  template('dev', 'backup').hasResourceProperties('AWS::Budgets::Budget', budget(10, 'EUW2-EU-AWS-Out-Bytes', 'EUW2-EU-S3RTC-Out-Bytes')); // dev copies no backups there
  template('dev', 'monitoring').hasResourceProperties('AWS::Budgets::Budget', budget(10, 'EUW2-EU-AWS-Out-Bytes', 'EUW2-EU-S3RTC-Out-Bytes'));
  assert.equal(stages.prod.resources('AWS::Budgets::Budget').length, 2);
  assert.equal(stages.dev.resources('AWS::Budgets::Budget').length, 2);
});

test('production takes the metrics of other accounts in both regions, dev in none: an account has one sink in a region', () => {
  assert.deepEqual(stages.prod.stacks.filter((stack) => stages.prod.resources('AWS::Oam::Sink', [stack]).length > 0).map(environmentOf).sort(), ['333333333333 eu-west-1', '333333333333 eu-west-2']);
  assert.equal(stages.dev.resources('AWS::Oam::Sink').length, 0);
});

/** What a deployment did is told by warnings of its own: one more of vaults, keys, plans and access. */
const VAULT = {
  'backup-job-aborted': 2,
  'backup-job-expired': 1,
  'backup-job-failed': 1,
  'backup-job-with-issues': 1,
  'recovery-point-deleted': 1,
  'recovery-point-not-deleted': 1,
  'recovery-point-partial': 3,
  'vault-key-tampered': 2,
  'vault-tampered': 3,
};
/** Of the account and region, not of a vault. */
const ACCOUNT = { 'backup-settings-changed': 2, 'recovery-point-exposed': 2 };
const REPLICA = {
  ...ACCOUNT,
  'event-not-delivered': 6, // the queue of the alarms, that of what is forwarded, and the four rules of that
  'recovery-point-deleted': 1,
  'recovery-point-not-deleted': 1,
  'recovery-point-partial': 1,
  'restore-job-failed': 2,
  'vault-key-tampered': 2,
  'vault-tampered': 3,
};

/** On the capture of the configuration of Amazon ECS, and on its runbook; `event-not-delivered` comes on top. */
const CAPTURE = {
  'config-capture-failed': 3, 'image-not-kept': 1, 'no-good-config-snapshot': 1, 'plaintext-secret-found': 1, 'recovery-slower-than-objective': 1,
};

test('no alarm of any name is missing, or there more often than meant', () => {
  assert.deepEqual(namesOf('prod', 'backup'), {
    ...VAULT, ...ACCOUNT, ...CAPTURE, 'backup-job-failing': 1, 'backup-plan-changed': 2, 'backup-plan-removed': 3, 'copy-job-failed': 4, 'event-not-delivered': 12, 'no-good-copy': 3, 'no-good-recovery-point': 1, 'restore-job-failed': 2,
  });
  assert.deepEqual(namesOf('prod', 'backup-support-eu-west-1-for-eu-west-2'), { ...REPLICA, 'event-not-delivered': 8, 'recovery-slower-than-objective': 1 }); // and those of the runbook
  assert.deepEqual(namesOf('prod', 'log-archive'), { ...VAULT, ...ACCOUNT, 'copy-job-failed': 2, 'event-not-delivered': 6, 'replication-failed': 5, 'restore-job-failed': 2 });
  assert.deepEqual(namesOf('prod', 'log-archive-support-eu-west-1-for-eu-west-2'), {
    ...REPLICA, 'replication-bytes-pending': 5, 'replication-late': 5, 'replication-operations-pending': 5,
  });
  assert.deepEqual(namesOf('prod', 'monitoring'), {
    'backup-job-aborted': 2,
    'backup-job-expired': 2,
    'backup-job-failed': 2,
    'backup-job-failing': 1,
    'backup-job-with-issues': 1,
    'backup-plan-changed': 2,
    'backup-plan-removed': 3,
    'backup-settings-changed': 2,
    'config-capture-failed': 1,
    'copy-job-failed': 4,
    'event-not-delivered': 2,
    'no-good-copy': 3,
    'no-good-recovery-point': 1,
    'recovery-point-deleted': 1,
    'recovery-point-exposed': 2,
    'recovery-point-partial': 2,
    'restore-job-failed': 2,
    'vault-key-tampered': 2,
    'vault-tampered': 3,
  });
});

test('dev has what nobody may miss', () => {
  assert.deepEqual(namesOf('dev', 'backup'), {
    ...CAPTURE, 'backup-job-failed': 1, 'backup-tampered': 1, 'copy-job-failed': 1, 'event-not-delivered': 12, 'no-good-copy': 1, 'no-good-recovery-point': 1, 'restore-job-failed': 1,
  });
});
