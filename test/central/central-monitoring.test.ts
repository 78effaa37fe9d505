import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ORGANIZATION, Setup } from './central';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { JobStateChange } from '../../src/events/job-state-change';
import { Notify } from '../../src/notification/notify';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { match } from '../event-patterns';
import { altered, documented, fromCloudTrail } from '../events';
import type { Event } from '../events';
import { DAILY } from '../plan/setup';
import { decide } from '../policies';
import type { Case } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const STRANGER = '999999999999';
const BUS = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`;

test('the bus has a literal ARN, and no template refers to another one', () => {
  const setup = new Setup();
  const { eventBusArn } = setup.central({ vaults: [setup.vault()] });

  expect(eventBusArn).toBe(BUS);
  expect(JSON.stringify(setup.app.synth().stacks.map(({ template }) => template))).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|Custom::CrossRegion/);
});

test('the bus has a stable name by default', () => {
  const setup = new Setup();
  const { eventBusArn } = setup.central({ eventBusName: undefined });

  expect(eventBusArn).toBe(`arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/Monitoring-Central-d5cef9ba`);
});

describe('the bus', () => {
  const setup = new Setup();
  setup.central();
  const statement = setup.rendered.only('AWS::Events::EventBusPolicy').Statement;

  /** Somebody who puts events on the bus, with a permission of the own account to do so. */
  const put = (account: string, organization: string | undefined): Case => ({
    name: account,
    request: {
      principal: `arn:aws:sts::${account}:assumed-role/forwarding/session`,
      action: 'events:PutEvents',
      resource: BUS,
      resourceAccount: LOG_ARCHIVE,
      context: organization === undefined ? {} : { 'aws:PrincipalOrgID': organization },
    },
    identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: BUS }] }],
    resourcePolicy: { Version: '2012-10-17', Statement: [statement] },
  });

  test('takes events of accounts of the organization', () => {
    expect(decide([put(INFRASTRUCTURE, ORGANIZATION), put(LOG_ARCHIVE, ORGANIZATION)])).toEqual(['Allowed', 'Allowed']);
  });

  test('refuses an outside account, be it of another organization or of none', () => {
    expect(decide([put(STRANGER, 'o-otherorg1234'), put(STRANGER, undefined)])).toEqual(['ImplicitlyDenied', 'ImplicitlyDenied']);
  });

  test('lets nobody do anything else', () => {
    const rules = { ...put(INFRASTRUCTURE, ORGANIZATION), identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'events:*', Resource: '*' }] }] };

    expect(decide([{ ...rules, request: { ...rules.request, action: 'events:DeleteEventBus' } }])).toEqual(['ImplicitlyDenied']);
  });
});

describe('the events', () => {
  const setup = new Setup();
  setup.central();
  const { rendered } = setup;

  test('are all kept in an encrypted log group for a year, whose key is for that group', () => {
    Template.fromStack(setup.stack).hasResource('AWS::Logs::LogGroup', {
      Properties: { LogGroupName: '/aws/events/backups', RetentionInDays: 365, KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BackupDrNotificationsKey'), 'Arn'] } },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    const key = rendered.keyArns[0];
    const use = (logGroup: string): Case => ({
      name: logGroup,
      request: {
        principal: 'logs.eu-west-2.amazonaws.com',
        action: 'kms:GenerateDataKey',
        resource: key,
        resourceAccount: LOG_ARCHIVE,
        context: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:eu-west-2:${LOG_ARCHIVE}:log-group:${logGroup}` },
      },
      resourcePolicy: rendered.keyPolicy(key),
    });
    expect(decide([use('/aws/events/backups'), use('/aws/events/other')])).toEqual(['Allowed', 'ImplicitlyDenied']);
  });

  test('are written by the one rule that does so, and by no rule of another account', () => {
    const rule = rendered.only('AWS::Events::Rule', ({ Targets }) => /:log-group:/.test(JSON.stringify(Targets)));
    const resourcePolicy = JSON.parse(rendered.only('AWS::Logs::ResourcePolicy').PolicyDocument);
    const write = (sourceArn: string, principal = 'events.amazonaws.com', action = 'logs:PutLogEvents'): Case => ({
      name: sourceArn,
      request: {
        principal, action, resource: `arn:aws:logs:eu-west-2:${LOG_ARCHIVE}:log-group:/aws/events/backups:log-stream:any`, resourceAccount: LOG_ARCHIVE, context: { 'aws:SourceArn': sourceArn },
      },
      resourcePolicy,
    });
    const own = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:rule/backups/${rule.Name}`;

    expect(rule.Targets[0].Arn).toBe(`arn:aws:logs:eu-west-2:${LOG_ARCHIVE}:log-group:/aws/events/backups`); // not with an asterisk at its end
    expect(decide([write(own), write(own, 'delivery.logs.amazonaws.com'), write(own.replace(LOG_ARCHIVE, STRANGER)), write(own, 'lambda.amazonaws.com')]))
      .toEqual(['Allowed', 'Allowed', 'ImplicitlyDenied', 'ImplicitlyDenied']);
  });

  test('that are kept are those of AWS Backup and of keys', () => {
    const { EventPattern } = rendered.only('AWS::Events::Rule', ({ Targets }) => /:log-group:/.test(JSON.stringify(Targets)));
    const all = [documented('backup-job-state-change-running'), fromCloudTrail('kms-disable-key'), { ...documented('kms-cmk-deletion'), source: 'aws.other' }];

    expect(match(all.map((event) => ({ name: 'log', pattern: EventPattern, event })))).toEqual(['matches', 'matches', 'differs']);
  });
});

test.each([
  ['vault-tampered', documented('backup-vault-state-change-modified'), documented('backup-vault-state-change-created')],
  ['vault-tampered', altered(fromCloudTrail('cloudtrail-backup-delete-recovery-point'), { eventName: 'DeleteBackupVault' }), fromCloudTrail('cloudtrail-backup-delete-recovery-point')],
  ['vault-key-tampered', fromCloudTrail('kms-schedule-key-deletion'), fromCloudTrail('kms-cancel-key-deletion')],
  ['recovery-point-deleted', fromCloudTrail('cloudtrail-backup-delete-recovery-point'), fromCloudTrail('cloudtrail-backup-start-backup-job')],
  ['backup-plan-changed', documented('backup-plan-state-change-modified'), documented('backup-plan-state-change-deleted')],
  ['backup-settings-changed', documented('region-setting-state-change-modified'), documented('backup-vault-state-change-modified')],
  ['recovery-point-exposed', altered(fromCloudTrail('cloudtrail-backup-delete-recovery-point'), { eventName: 'CreateBackupAccessPoint' }), fromCloudTrail('cloudtrail-backup-delete-recovery-point')],
  ['backup-plan-removed', documented('backup-plan-state-change-deleted'), documented('backup-plan-state-change-modified')],
  ['backup-plan-removed', altered(fromCloudTrail('cloudtrail-backup-delete-recovery-point'), { eventName: 'DeleteBackupSelection' }), fromCloudTrail('cloudtrail-backup-delete-recovery-point')],
  ['backup-job-with-issues', altered(documented('backup-job-state-change-completed'), { statusMessage: 'some' }), documented('backup-job-state-change-completed')],
])('%s is an alarm here too, whatever vault it is about', (name, event, neighbour) => {
  const setup = new Setup();
  setup.central();
  const alarms = setup.rendered.all('AWS::CloudWatch::Alarm', ({ AlarmDescription, MetricName }) => MetricName === 'TriggeredRules' && AlarmDescription.endsWith(`/${name}.md`));
  const rules = setup.rendered.all('AWS::Events::Rule', ({ Name }) => alarms.some(({ Dimensions: [, { Value }] }) => Name === Value));
  const decisions = match([event, neighbour]
    .flatMap((each: Event) => rules.map(({ EventPattern }) => ({ name, pattern: EventPattern, event: each }))));

  expect(decisions.slice(0, rules.length).filter((decision) => decision === 'matches')).toEqual(['matches']);
  expect(decisions.slice(rules.length)).toEqual(rules.map(() => 'differs'));
  expect(rules.map(({ EventBusName }) => EventBusName)).toEqual(alarms.map(() => 'backups'));
  expect(alarms.map(({ Dimensions: [bus] }) => bus)).toEqual(alarms.map(() => ({ Name: 'EventBusName', Value: 'backups' })));
});

test('what somebody has to do something about is told by default', () => {
  const setup = new Setup();
  setup.central();

  expect(setup.rendered.all('AWS::Events::Rule', ({ Description }) => Description === 'Publishes messages about backup jobs').map(({ EventPattern }) => EventPattern.detail))
    .toEqual([{ state: ['FAILED', 'EXPIRED', 'ABORTED', 'PARTIAL'] }]);
});

test('the rule that keeps events waits for the log group and for its policy, which it names by literals, and for all that counts', () => {
  const setup = new Setup();
  setup.central();
  const rules = Object.values(Template.fromStack(setup.stack).findResources('AWS::Events::Rule'));

  expect(rules.find(({ Properties }) => /^Stores/.test(Properties.Description))!.DependsOn)
    .toEqual([expect.stringMatching(/^CentralEventsD/), expect.stringMatching(/^CentralEventsPolicy/), ...Array(23).fill(expect.stringMatching(/^CentralNumberOf/)), expect.stringMatching(/^CentralUndeliveredEventsPolicy/)]);
});

test('what is asked for is told', () => {
  const setup = new Setup();
  setup.central({ notifications: [JobStateChange.BACKUP_RUNNING] });
  const rules = setup.rendered.all('AWS::Events::Rule', ({ Description }) => /^Publishes messages about/.test(Description));

  expect(rules.map(({ EventPattern }) => EventPattern.detail)).toEqual([{ state: ['RUNNING'] }]);
});

describe('metrics of other accounts', () => {
  test('are not shared by default', () => {
    const setup = new Setup();
    setup.central();

    Template.fromStack(setup.stack).resourceCountIs('AWS::Oam::Sink', 0);
  });

  test('are shared in each region that is named, by accounts of the organization', () => {
    const setup = new Setup();
    setup.central({ observabilityRegions: [LONDON, IRELAND] });

    for (const stack of [setup.stack, supportStackOf(setup.stack, IRELAND)]) {
      Template.fromStack(stack).hasResourceProperties('AWS::Oam::Sink', {
        Policy: {
          Statement: [{
            Effect: 'Allow',
            Principal: '*',
            Resource: '*',
            Action: ['oam:CreateLink', 'oam:UpdateLink'],
            Condition: { 'StringEquals': { 'aws:PrincipalOrgID': ORGANIZATION }, 'ForAllValues:StringEquals': { 'oam:ResourceTypes': ['AWS::CloudWatch::Metric'] } },
          }],
        },
      });
      expect(Object.keys(Template.fromStack(stack).toJSON().Outputs)).toEqual([expect.stringContaining('SinkArn')]);
    }
  });
});

test('a rule waits for the bus that it is on', () => {
  const setup = new Setup();
  setup.central();

  for (const { Properties } of Object.values(Template.fromStack(setup.stack).findResources('AWS::Events::Rule'))) {
    expect(Properties.EventBusName).toEqual({ Ref: 'CentralBus20D06073' });
  }
});

test('all problems are in one error', () => {
  const setup = new Setup();
  const elsewhere = stackIn(LOG_ARCHIVE, IRELAND, setup.app, 'Elsewhere');
  const topic = new sns.Topic(elsewhere, 'Topic');

  expect(() => setup.central({
    organizationId: 'acme',
    vaults: [],
    plans: [],
    eventBusName: 'default',
    notifications: [],
    logRetention: Duration.days(100),
    healthAlarms: [new cloudwatch.Alarm(elsewhere, 'Alarm', { metric: new cloudwatch.Metric({ namespace: 'any', metricName: 'any' }), threshold: 1, evaluationPeriods: 1 })],
    notify: [Notify.topic(topic)],
    observabilityRegions: ['Ireland'],
    overrides: { ...{ recoveryPointNotDeleted: {} }, backupHealth: { threshold: 1 } },
  })).toThrow([
    "invalid CentralMonitoringProps at 'Monitoring/Central':",
    "- 'organizationId' (organization_id) must be 'o-' and 10 to 32 lowercase letters and digits, got 'acme'",
    "- 'vaults' must contain at least one vault, got none: leave it out for all vaults together",
    "- 'plans' must contain at least one plan, got none: leave it out for no alarm on missing jobs",
    "- 'notifications' must contain at least one event, got none: leave it out for those that require an action",
    "- 'eventBusName' (event_bus_name) must be 1 to 240 letters, digits, hyphens, underscores and dots, and not 'default', got 'default'",
    "- 'healthAlarms' (health_alarms) must be in the account and region of central monitoring (account 333333333333, region eu-west-2), got 'Elsewhere/Alarm' in account 333333333333, region eu-west-1",
    "- 'logRetention' (log_retention) must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 days, got 100 days",
    "- 'notify' must have topics in the region of the alarms (account 333333333333, region eu-west-2), which publishes to them, got 'Elsewhere/Topic' in account 333333333333, region eu-west-1",
    "- 'observabilityRegions' (observability_regions) must be a region, such as 'eu-west-1', got 'Ireland'",
    "- 'overrides' must use the names of alarms (backupJobFailed, backupJobExpired, backupJobFailing, backupJobAborted, recoveryPointPartial, backupJobWithIssues, copyJobFailed, "
    + 'restoreJobFailed, configCaptureFailed, noGoodRecoveryPoint, noGoodCopy, vaultTampered, vaultKeyTampered, recoveryPointDeleted, backupPlanRemoved, '
    + "backupPlanChanged, backupSettingsChanged, recoveryPointExposed, backupTampered, eventNotDelivered, backupHealth), got 'recoveryPointNotDeleted' (recovery_point_not_deleted)",
    "- 'backupHealth' (backup_health) is on other alarms and has no 'threshold' and no 'evaluationPeriods' (evaluation_periods): leave them out of its override",
  ].join('\n'));
});

test('refuses to keep events for as long as nobody knows yet', () => {
  const logRetention = Duration.days(Lazy.number({ produce: () => 365 }));

  expect(() => new Setup().central({ logRetention })).toThrow("'logRetention' (log_retention) must be known at synthesis, got a token");
});

test('refuses a region of another partition to share metrics in', () => {
  expect(() => new Setup().central({ observabilityRegions: ['cn-north-1'] })).toThrow("'observabilityRegions' (observability_regions) must be in the partition aws, got 'cn-north-1'");
});

test('refuses a region to share metrics in that is a token', () => {
  const region = Lazy.string({ produce: () => IRELAND });

  expect(() => new Setup().central({ observabilityRegions: [region] })).toThrow("'observabilityRegions' (observability_regions) must be literal regions, such as 'eu-west-1', got a token");
});

test('refuses vaults and plans that may be anywhere: jobs are counted by their account', () => {
  const setup = new Setup();
  const anywhere = new Stack(setup.app, 'Anywhere');
  const vault = new ReplicatedBackupVault(anywhere, 'Vault', { backupVaultName: 'local' });
  const plan = new TieredBackupPlan(anywhere, 'Plan', { vault, tiers: [DAILY()] });

  expect(() => setup.central({ vaults: [vault], plans: [plan] })).toThrow([
    "- 'vaults' must be in stacks with a literal account and region, because their jobs are counted by these: set their 'env', got 'local'",
    "- 'plans' must be in stacks with a literal account and region, because their jobs are counted by these: set their 'env', got 'Anywhere/Plan'",
    "- 'plans' must have their selections before central monitoring is defined, got 'Anywhere/Plan' with none",
  ].join('\n'));
});

test('refuses a bus and a sink that another central monitoring of the account and region has', () => {
  const setup = new Setup();
  setup.central({ observabilityRegions: [LONDON, IRELAND] });
  const second = (region: string) => () => new CentralMonitoring(stackIn(LOG_ARCHIVE, region, setup.app, `Second-${region}`), 'Central', {
    organizationId: 'o-exampleorg12', eventBusName: 'backups', observabilityRegions: [IRELAND],
  });

  expect(second(LONDON)).toThrow([
    "invalid CentralMonitoringProps at 'Second-eu-west-2/Central':",
    "- bus 'backups' in account 333333333333, region eu-west-2 is already defined by 'Monitoring/Central': set another 'eventBusName' (event_bus_name) for this one",
    "- the sink in account 333333333333, region eu-west-1 is already defined by 'Monitoring/Central': AWS supports one, so remove the region from 'observabilityRegions' (observability_regions) here",
  ].join('\n'));
  expect(second('eu-west-3')).toThrow(/^invalid CentralMonitoringProps at 'Second-eu-west-3\/Central':\n- the sink in account 333333333333, region eu-west-1 .*$/);
});

test('a central monitoring that was taken out of the app leaves its bus, and a sink only with the stack that has it', () => {
  const setup = new Setup();
  setup.central({ observabilityRegions: [IRELAND] });
  const { stack } = setup;
  stack.node.tryRemoveChild('Central');
  const another = (id: string) => () => new CentralMonitoring(stackIn(LOG_ARCHIVE, LONDON, setup.app, id), 'Central', {
    organizationId: 'o-exampleorg12', eventBusName: 'backups', observabilityRegions: [IRELAND],
  });

  expect(another('Another')).toThrow(/^invalid CentralMonitoringProps at 'Another\/Central':\n- the sink in account 333333333333, region eu-west-1 .*$/);
  stack.node.tryRemoveChild('support-eu-west-1');
  expect(another('Third')).not.toThrow();
});

test('a region to share metrics in that is named twice has one sink', () => {
  const setup = new Setup();
  setup.central({ observabilityRegions: [LONDON, LONDON] });

  expect(setup.rendered.all('AWS::Oam::Sink')).toHaveLength(1);
});
