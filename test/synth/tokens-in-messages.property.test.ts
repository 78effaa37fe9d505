import { App, Aws, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Node } from 'constructs';
import * as fc from 'fast-check';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { ReplicationBudget } from '../../src/costs/replication-budget';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { LogSource } from '../../src/logs/log-source';
import { ReplicatedLogBucket } from '../../src/logs/replicated-log-bucket';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { Notify } from '../../src/notification/notify';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { DrRole } from '../../src/roles/dr-role';
import { OrganizationBackupSettings } from '../../src/settings/organization-backup-settings';
import { BackupTarget } from '../../src/targets/backup-target';
import { CopySource } from '../../src/vault/copy-source';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';

const token = () => Lazy.string({ produce: () => 'late' });
const number = () => Lazy.number({ produce: () => 7 });

/** Values of strings, each of which may be a token, wrong, or what it should be. */
type Values = (right: string) => string;

/** What has properties that may be tokens; each builds what it needs itself, in a stack of its own. */
const BUILDERS: Record<string, (stack: Stack, value: Values) => unknown> = {
  vault: (stack, value) => new ReplicatedBackupVault(stack, 'Vault', {
    backupVaultName: value('local'),
    replicaRegion: value('eu-west-1'),
    replicaVaultName: value('local-replica'),
    encryptionKey: kms.Key.fromKeyArn(stack, 'Key', value('arn:aws:kms:eu-west-2:222222222222:key/1')),
    replicaEncryptionKey: kms.Key.fromKeyArn(stack, 'Away', value('arn:aws:kms:eu-west-1:222222222222:key/1')),
    notificationTopic: sns.Topic.fromTopicArn(stack, 'Topic', value('arn:aws:sns:eu-west-2:222222222222:topic')),
    copySources: [CopySource.account(value('333333333333'), { roleNames: [value('role')] }), CopySource.organization(value('o-1234567890'))],
  }),
  importedVault: (stack, value) => imported(stack, value),
  plan: (stack, value) => planIn(stack, value),
  importedPlan: (stack, value) => TieredBackupPlan.fromBackupPlanAttributes(stack, 'Plan', {
    backupPlanId: value('1'), backupPlanName: value('plan'), vault: imported(stack, value), tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
  }),
  bucket: (stack, value) => new ReplicatedBucket(stack, 'Bucket', {
    bucketName: value('uploads'),
    replicaRegion: value('eu-west-1'),
    replicaBucketName: value('uploads-replica'),
    encryptionKey: kms.Key.fromKeyArn(stack, 'Key', value('arn:aws:kms:eu-west-2:222222222222:key/1')),
    replicaEncryptionKey: kms.Key.fromKeyArn(stack, 'Away', value('arn:aws:kms:eu-west-1:222222222222:key/1')),
  }),
  importedBucket: (stack, value) => new ReplicationAlarms(stack, 'Alarms', {
    notify: [Notify.email(value('a@example.com'))],
    buckets: [ReplicatedBucket.fromReplicatedBucketAttributes(stack, 'Bucket', {
      bucketName: value('uploads'), account: value('222222222222'), region: value('eu-west-2'), replicaRegion: value('eu-west-1'), replicaBucketName: value('replica'), replicationRuleId: value('rule'),
    })],
  }),
  logs: (stack, value) => new ReplicatedLogBucket(stack, 'Logs', {
    bucketName: value('logs'),
    retention: Duration.days(365),
    source: LogSource.cloudTrail({ organizationId: value('o-1234567890'), managementAccount: value('111111111111'), trailArns: [value('arn:aws:cloudtrail:eu-west-2:111111111111:trail/t')] }),
  }),
  flowLogs: (stack, value) => new ReplicatedLogBucket(stack, 'Logs', {
    retention: Duration.days(365), source: LogSource.vpcFlowLogs({ prefix: value('flows'), accounts: [value('333333333333')], organizationId: value('o-1234567890') }),
  }),
  role: (stack, value) => DrRole.backup(stack, 'Role', {
    resourceTypes: [ResourceType.DYNAMODB], roleName: value('backs-up'), encryptionKeys: [kms.Key.fromKeyArn(stack, 'Key', value('arn:aws:kms:eu-west-2:222222222222:key/1'))], backupVaultArns: [value('arn:aws:backup:eu-west-2:222222222222:backup-vault:v')],
  }),
  twoRoles: (stack, value) => ['One', 'Two'].map((id) => DrRole.restore(stack, id, { resourceTypes: [ResourceType.EFS], roleName: value('restores') })),
  topic: (stack, value) => new NotificationTopic(stack, 'Topic', { emailAddresses: [value('a@example.com')], encryptionKey: kms.Key.fromKeyArn(stack, 'Key', value('arn:aws:kms:eu-west-2:222222222222:key/1')) }),
  alarms: (stack, value) => new BackupAlarms(stack, 'Alarms', {
    vaults: [imported(stack, value)],
    notify: [Notify.topic(sns.Topic.fromTopicArn(stack, 'Topic', value('arn:aws:sns:eu-west-2:222222222222:topic')))],
    period: Duration.minutes(number()),
    overrides: { [value('noSuchAlarm')]: { threshold: number() } } as object,
    runbookBaseUrl: value('runbooks'),
    alarmNamePrefix: value('acme prod'),
  }),
  notifications: (stack, value) => new BackupNotifications(stack, 'Notifications', { vaults: [imported(stack, value)], notify: [Notify.email(value('a@example.com'))] }),
  central: (stack, value) => new CentralMonitoring(stack, 'Monitoring', {
    organizationId: value('o-1234567890'), eventBusName: value('backups'), observabilityRegions: [value('eu-west-1')], notify: [Notify.email(value('a@example.com'))], logRetention: Duration.days(number()),
  }),
  forwarding: (stack, value) => new BackupEventForwarding(stack, 'Forwarding', {
    vaults: [imported(stack, value)], eventBusArn: value('arn:aws:events:eu-west-2:333333333333:event-bus/b'), sinkArn: value('arn:aws:oam:eu-west-2:333333333333:sink/s'), replicaSinkArn: value('arn:aws:oam:eu-west-1:333333333333:sink/s'),
  }),
  dashboard: (stack, value) => new BackupDashboard(stack, 'Dashboard', { dashboardName: value('backups'), billingAccount: value('111111111111') }),
  budget: (stack, value) => new ReplicationBudget(stack, 'Budget', { monthlyLimit: number(), usageTypes: [value('EUW2-DataTransfer')], notify: [Notify.email(value('a@example.com'))] }),
  organization: (stack, value) => new OrganizationBackupSettings(stack, 'Settings', { delegatedAdministrator: value('222222222222') }),
};

function imported(stack: Stack, value: Values, id = 'Imported') {
  return ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, id, {
    backupVaultName: value('theirs'), account: value('222222222222'), region: value('eu-west-2'), replicaAccount: value('222222222222'), replicaRegion: value('eu-west-1'), replicaVaultName: value('theirs-replica'),
  });
}

function planIn(stack: Stack, value: Values) {
  const plan = new TieredBackupPlan(stack, 'Plan', {
    backupPlanName: value('plan'),
    acceptNominalRpo: value('why'),
    vault: imported(stack, value),
    copyTo: [BackupCopy.to(imported(stack, value, 'Destination'), { tiers: [value('daily')] })],
    localRetention: Duration.days(number()),
    role: iam.Role.fromRoleArn(stack, 'Role', value('arn:aws:iam::222222222222:role/backs-up')),
    tiers: [BackupTier.daily({ name: value('daily'), deleteAfter: Duration.days(number()) }), BackupTier.cron(value('0 5 ? * * *'), { name: value('cron'), interval: Duration.days(1), deleteAfter: Duration.days(35) })],
  });
  plan.addSelection(value('selection'), {
    resources: [BackupTarget.fromArn(value('arn:aws:dynamodb:eu-west-2:222222222222:table/t')), BackupTarget.fromArn(`arn:aws:efs:eu-west-2:222222222222:file-system/${value('fs-1')}`)],
    tags: { [value('key')]: value('value') },
  });
}

/** Everything that a user reads: what is thrown, at once or at synthesis, and all messages. */
function messagesOf(build: (stack: Stack) => void, isLiteral: boolean): string[] {
  const app = new App();
  const stack = new Stack(app, 'Stack', isLiteral ? { env: { account: '222222222222', region: 'eu-west-2' } } : {});
  const messages: string[] = [];
  const collect = (work: () => void) => {
    try {
      work();
    } catch (error) {
      messages.push(isOurs(error as Error) ? (error as Error).message : '');
    }
  };
  collect(() => build(stack));
  // What validations of this library say, without those of AWS CDK and its own checks of what it renders.
  collect(() => app.node.findAll().forEach(({ node }) => messages.push(...node.validate())));
  collect(() => app.synth());
  return [...messages, ...app.node.findAll().flatMap(({ node }: { node: Node }) => node.metadata.filter(({ type }) => /info|warning|error/.test(type)).map(({ data }) => String(data)))];
}

/** AWS CDK prints tokens itself in what it refuses. */
function isOurs({ stack = '' }: Error): boolean {
  const [thrownAt = ''] = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return /\/src\//.test(thrownAt) && !thrownAt.includes('node_modules');
}

test.each(Object.keys(BUILDERS))('no message about a %s prints a token', (name) => {
  const kind = fc.constantFrom('right', 'token', 'within', 'account', 'wrong');
  fc.assert(fc.property(fc.array(kind, { minLength: 24, maxLength: 24 }), fc.boolean(), (kinds, isLiteral) => {
    let next = 0;
    const value: Values = (right) => {
      switch (kinds[next++ % kinds.length]) {
        case 'token': return token();
        case 'within': return `${right.slice(0, right.length / 2)}${token()}`;
        case 'account': return Aws.ACCOUNT_ID;
        case 'wrong': return '** wrong **';
        default: return right;
      }
    };
    const messages = messagesOf((stack) => BUILDERS[name](stack, value), isLiteral);

    expect(messages.filter((message) => Token.isUnresolved(message) || /\{Token\[|e\+289/.test(message))).toEqual([]);
  }), { numRuns: 12 });
});
