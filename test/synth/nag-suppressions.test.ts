import { App, Aspects, Aws, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { NagSuppressions } from 'cdk-nag';
import type { Construct } from 'constructs';
import { System } from './system';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { LogSource } from '../../src/logs/log-source';
import { ReplicatedLogBucket } from '../../src/logs/replicated-log-bucket';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { DrRole } from '../../src/roles/dr-role';
import { BackupRegionSettings } from '../../src/settings/backup-region-settings';
import { OrganizationBackupSettings } from '../../src/settings/organization-backup-settings';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { nagFindings, rulesToSuppress } from '../nag-findings';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const retention = Duration.days(365);

/** A stack with the role of a plan, with or without an account and region. */
function backedUp(stack: Stack): TieredBackupPlan {
  const vault = new ReplicatedBackupVault(stack, 'Vault');
  const plan = new TieredBackupPlan(stack, 'Plan', { vault, tiers: [BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) })] });
  plan.addSelection('All', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });
  return plan;
}

const resourceOf = (construct: Construct) => construct.node.defaultChild as iam.CfnRole;
const everything = () => new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] });

describe('a user of AwsSolutions has nothing to suppress', () => {
  test('for any construct of a system in two accounts and regions', () => {
    const app = new App();
    const { archive, infrastructure, trails } = new System(app);
    const logs = new ReplicatedLogBucket(archive, 'AccessLogs', { source: LogSource.serverAccessLogs(), retention });
    (trails.primary.node.defaultChild as CfnBucket).loggingConfiguration = { destinationBucketName: logs.bucketName };
    new OrganizationBackupSettings(archive, 'Organization');
    DrRole.restore(infrastructure, 'Restore', { resourceTypes: [ResourceType.DYNAMODB] });

    expect(nagFindings(app).open).toEqual(['DDB3 Infrastructure/Workload/Orders/Resource']); // the table, which is no construct of the library
  });

  test.each([
    ['of any account and region', (app: App) => new Stack(app, 'Anywhere')],
    ['of China', (app: App) => stackIn(INFRASTRUCTURE, 'cn-north-1', app)],
    ['of AWS GovCloud (US)', (app: App) => stackIn(INFRASTRUCTURE, 'us-gov-west-1', app)],
  ])('in a stack %s', (_, define) => {
    const app = new App();
    const stack = define(app);
    const plan = backedUp(stack);
    new BackupAlarms(stack, 'Alarms', { vaults: [stack.node.findChild('Vault') as ReplicatedBackupVault], plans: [plan] });
    new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });
    new OrganizationBackupSettings(stack, 'Organization');
    DrRole.restore(stack, 'Restore', { resourceTypes: [ResourceType.DYNAMODB] });
    const { open, suppressed, declared } = nagFindings(app);

    expect(open).toEqual([]);
    expect(suppressed.length).toBeGreaterThan(10);
    expect(declared).toEqual(suppressed);
  });

  test.each(ResourceType.all())('for the roles of %s', (type) => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    DrRole.backup(stack, 'Backup', { resourceTypes: [type] });
    DrRole.restore(stack, 'Restore', { resourceTypes: [type] });
    const { open, suppressed, declared } = nagFindings(app);

    expect(open).toEqual([]);
    expect(declared).toEqual(suppressed);
  });

  test('for a role that is limited to vaults and keys', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    const { encryptionKey, backupVaultArn } = new ReplicatedBackupVault(stack, 'Vault');
    DrRole.backup(stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB], backupVaultArns: [backupVaultArn], encryptionKeys: [encryptionKey!] });
    const { open, suppressed, declared } = nagFindings(app);

    expect(open).toEqual([]);
    expect(declared).toEqual(suppressed);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['files', (stack) => new ReplicatedBucket(stack, 'Files', { replicaRegion: IRELAND })],
    ['files without a replica', (stack) => new ReplicatedBucket(stack, 'Files')],
    ['logs', (stack) => new ReplicatedLogBucket(stack, 'Logs', { source: LogSource.vpcFlowLogs(), retention, replicaRegion: IRELAND })],
  ])('for a bucket of %s whose access is not logged, which gives the reason', (_, define) => {
    const app = new App();
    define(stackIn(INFRASTRUCTURE, LONDON, app));
    const { open, suppressed, declared } = nagFindings(app);

    expect(open).toEqual([]);
    expect(declared).toEqual(suppressed);
    expect(suppressed.filter((line) => line.startsWith('S1 Backup/Files') || line.startsWith('S1 Backup/Logs'))).toHaveLength(1);
  });

  test('for a replica, and for a bucket of server access logs that no bucket of its stack logs into', () => {
    const app = new App();
    const stack = stackIn(LOG_ARCHIVE, LONDON, app);
    const { primary: bucket } = new ReplicatedLogBucket(stack, 'AccessLogs', { source: LogSource.serverAccessLogs({ selfLogging: true }), retention });
    new ReplicatedBucket(stack, 'Files', { replicaRegion: IRELAND, serverAccessLogsBucket: bucket });
    new ReplicatedLogBucket(stackIn(LOG_ARCHIVE, LONDON, app, 'Elsewhere'), 'AccessLogs', { source: LogSource.serverAccessLogs(), retention });
    const { open, suppressed, declared } = nagFindings(app);

    expect(open).toEqual([]);
    expect(declared).toEqual(suppressed);
    expect(suppressed.filter((line) => line.startsWith('S1'))).toEqual([
      'S1 Backup/support-eu-west-1/Backup-Files-5556d2f4/Bucket/Resource', 'S1 Elsewhere/AccessLogs/Bucket/Resource',
    ]);
  });

  test('for the function behind the settings, where AWS CDK knows a later runtime than its own', () => {
    const later = new lambda.Runtime('nodejs26.x', lambda.RuntimeFamily.NODEJS);
    try {
      const app = new App();
      new BackupRegionSettings(stackIn(INFRASTRUCTURE, LONDON, app), 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });
      const { open, suppressed } = nagFindings(app);

      expect(open).toEqual([]);
      expect(suppressed).toContain('L1 Backup/BackupRegionSettingsHandler/Function/Resource');
    } finally {
      lambda.Runtime.ALL.splice(lambda.Runtime.ALL.indexOf(later), 1);
    }
  });
});

describe('a suppression hides what its reason says, and nothing else:', () => {
  test('what a user lets the role of a plan do for every resource is found, although the role may do some things so', () => {
    const app = new App();
    const plan = backedUp(stackIn(INFRASTRUCTURE, LONDON, app));
    plan.role.addToPrincipalPolicy(everything());

    expect(nagFindings(app).open).toEqual(['IAM5[Resource::*] Backup/Plan/Role/Resource']);
  });

  test.each([
    ['any object of a bucket', 's3:GetObject', 'arn:aws:s3:::files/*', ['IAM5[Resource::arn:aws:s3:::files/*] Backup/Restore/Resource']],
    ['any action on a table', 'dynamodb:*', `arn:aws:dynamodb:eu-west-2:${INFRASTRUCTURE}:table/orders`, ['IAM5[Action::dynamodb:*] Backup/Restore/Resource']],
    ['a table by a wildcard that the role has too', 'dynamodb:DeleteTable', `arn:aws:dynamodb:eu-west-2:${INFRASTRUCTURE}:table/*`,
      [`IAM5[Resource::arn:aws:dynamodb:eu-west-2:${INFRASTRUCTURE}:table/*] Backup/Restore/Resource`]],
  ])('so it is with a restore role and %s', (_, action, resource, found) => {
    const app = new App();
    const role = DrRole.restore(stackIn(INFRASTRUCTURE, LONDON, app), 'Restore', { resourceTypes: [ResourceType.DYNAMODB] });
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: [action], resources: [resource] }));

    expect(nagFindings(app).open).toEqual(found);
  });

  test('what is denied by a wildcard opens nothing', () => {
    const app = new App();
    const role = DrRole.restore(stackIn(INFRASTRUCTURE, LONDON, app), 'Restore', { resourceTypes: [ResourceType.DYNAMODB] });
    role.addToPrincipalPolicy(new iam.PolicyStatement({
      effect: iam.Effect.DENY, actions: ['dynamodb:DeleteItem'], resources: [`arn:aws:dynamodb:eu-west-2:${INFRASTRUCTURE}:table/*`],
    }));

    expect(nagFindings(app).open).toEqual([]);
  });

  test('vaults that a user names by a wildcard are found', () => {
    const app = new App();
    const arn = `arn:aws:backup:*:${LOG_ARCHIVE}:backup-vault:*`;
    DrRole.backup(stackIn(INFRASTRUCTURE, LONDON, app), 'Role', { resourceTypes: [ResourceType.DYNAMODB], backupVaultArns: [arn] });

    expect(nagFindings(app).open).toEqual([`IAM5[Resource::${arn}] Backup/Role/Resource`]);
  });

  test('another managed policy of AWS is found', () => {
    const app = new App();
    const role = DrRole.backup(stackIn(INFRASTRUCTURE, LONDON, app), 'Role', { resourceTypes: [ResourceType.EFS] });
    role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'));

    expect(nagFindings(app).open).toEqual(['IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/ReadOnlyAccess] Backup/Role/Resource']);
  });

  test('what a user lets the roles of replication and of settings do is found', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    const { primary: bucket } = new ReplicatedLogBucket(stack, 'AccessLogs', { source: LogSource.serverAccessLogs({ selfLogging: true }), retention });
    const { replicationRole } = new ReplicatedBucket(stack, 'Files', { replicaRegion: IRELAND, serverAccessLogsBucket: bucket });
    new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });
    replicationRole!.addToPrincipalPolicy(everything());
    (stack.node.findChild('BackupRegionSettingsHandler').node.findChild('Role') as iam.Role).addToPrincipalPolicy(everything());

    expect(nagFindings(app).open).toEqual([
      'IAM5[Resource::*] Backup/BackupRegionSettingsHandler/Role/DefaultPolicy/Resource',
      'IAM5[Resource::*] Backup/Files/Replication/Role/DefaultPolicy/Resource',
    ]);
  });

  test('a bucket of the user is found, also beside one of the library whose access nobody logs', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    new ReplicatedBucket(stack, 'Files', { replicaRegion: IRELAND });
    new Bucket(stack, 'Own', { enforceSSL: true });

    expect(nagFindings(app).open).toEqual(['S1 Backup/Own/Resource']);
  });

  test('resources of the user beside those of the library are found', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    backedUp(stack);
    new CfnQueue(stack, 'Queue');
    new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });

    expect(nagFindings(app).open.map((line) => line.split(' ')[0])).toEqual(['DDB3', 'SQS3', 'SQS4']);
  });
});

describe('the metadata', () => {
  const rulesOf = (construct: Construct) => rulesToSuppress(resourceOf(construct));
  const withRules = (app: App) => app.node.findAll().filter((node) => CfnResource.isCfnResource(node))
    .filter((node) => rulesToSuppress(node).length > 0);

  test('of a user\'s own suppressions stays beside that of the library, whichever came first', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    const roles = ['First', 'Second'].map((id) => DrRole.restore(stack, id, { resourceTypes: [ResourceType.DYNAMODB] }));
    const own = { id: 'AwsSolutions-IAM5', reason: 'The team may read any bucket.', appliesTo: ['Resource::*'] };
    NagSuppressions.addResourceSuppressions(roles[0], [own]);
    Aspects.of(app).add({ visit: (node) => node === resourceOf(roles[1]) && NagSuppressions.addResourceSuppressions(node, [own]) });
    roles.forEach((role) => role.addToPrincipalPolicy(everything()));
    const { open } = nagFindings(app);

    expect(open).toEqual([]);
    const metadata = roles.map((role) => rulesOf(role).map(({ reason }) => reason));
    expect(metadata[0]).toHaveLength(4);
    expect([...metadata[1]].sort()).toEqual([...metadata[0]].sort());
  });

  test('names each wildcard as it is in the template, without tokens', () => {
    const app = new App();
    const stack = new Stack(app, 'Anywhere');
    const role = DrRole.restore(stack, 'Restore', { resourceTypes: [ResourceType.DYNAMODB] });
    app.synth();

    expect(rulesOf(role).flatMap(({ applies_to: findings }) => findings)).toEqual([
      'Resource::arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/*',
      'Resource::arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/*/backup/*',
      'Resource::arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*',
    ]);
    expect(JSON.stringify(rulesOf(role))).not.toContain('Token');
    expect(Aws.REGION).toContain('Token'); // what is compared with
  });

  test('gives a reason in words for each, and each finding once', () => {
    const app = new App();
    new System(app);
    app.synth();
    const resources = withRules(app).map(rulesToSuppress);

    expect(resources.length).toBeGreaterThan(10);
    for (const rules of resources) {
      const all = rules.flatMap(({ id, applies_to: findings = [''] }) => findings.map((finding) => `${id}${finding}`));
      expect(new Set(all).size).toBe(all.length);
      for (const { id, reason, applies_to: findings } of rules) {
        expect(reason).toMatch(/^[A-Za-z].{30,}\.$/);
        expect(/IAM/.test(id)).toBe(findings !== undefined);
      }
    }
  });

  test('is in no vault and in no key, which are not to change once a vault is locked', () => {
    const app = new App();
    new System(app);
    app.synth();

    expect([...new Set(withRules(app).map(({ cfnResourceType }) => cfnResourceType))].sort()).toEqual(['AWS::IAM::Role', 'AWS::S3::Bucket', 'AWS::SQS::Queue']);
  });
});
