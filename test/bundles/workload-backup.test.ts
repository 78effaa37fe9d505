import { App, Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AlarmSet } from '../../src/alarms/alarm-set';
import { BackupArchive } from '../../src/bundles/backup-archive';
import { WorkloadBackup } from '../../src/bundles/workload-backup';
import type { WorkloadBackupProps } from '../../src/bundles/workload-backup';
import { Notify } from '../../src/notification/notify';
import { BackupTier } from '../../src/objectives/backup-tier';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupRegionSettings } from '../../src/settings/backup-region-settings';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { problemsAtSynthesis, problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const TAGS = { tags: { backup: 'true' } };
const NOTIFY = { notify: [Notify.email('operations@example.com')] };

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(INFRASTRUCTURE, LONDON, app);
});

const backup = (props: WorkloadBackupProps, id = 'Workload') => new WorkloadBackup(stack, id, props);
const rulesOf = (scope: Stack): any[] =>
  Object.values(Template.fromStack(scope).findResources('AWS::Backup::BackupPlan'))[0].Properties.BackupPlan.BackupPlanRule;
const destinationsOf = (scope: Stack) =>
  rulesOf(scope).map(({ CopyActions = [] }) => CopyActions.map(({ DestinationBackupVaultArn }: any) => DestinationBackupVaultArn));

function tableIn(scope: Stack, id = 'Table'): dynamodb.Table {
  return new dynamodb.Table(scope, id, { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
}

const importedArchive = (attrs: object = {}) => BackupArchive.fromBackupArchiveAttributes(stack, 'Archive', {
  backupVaultName: 'central', account: LOG_ARCHIVE, region: LONDON, replicaRegion: IRELAND, ...attrs,
});

test('a workload is backed up daily for 35 days, weekly for 90 and monthly for 365, by its tags', () => {
  backup(TAGS);

  expect(rulesOf(stack).map(({ RuleName, ScheduleExpression, Lifecycle }) => [RuleName, ScheduleExpression, Lifecycle])).toEqual([
    ['daily', 'cron(0 1 ? * * *)', { DeleteAfterDays: 35 }],
    ['weekly', 'cron(0 8 ? * SUN *)', { DeleteAfterDays: 90 }],
    ['monthly', 'cron(0 15 1 * ? *)', { DeleteAfterDays: 365 }],
  ]);
  Template.fromStack(stack).hasResourceProperties('AWS::Backup::BackupSelection', {
    BackupSelection: { Conditions: { StringEquals: [{ ConditionKey: 'aws:ResourceTag/backup', ConditionValue: 'true' }] }, Resources: ['*'] },
  });
});

test('the smallest backup gives no warning', () => {
  backup({ ...TAGS, ...NOTIFY, replicaRegion: IRELAND });

  const levels = app.synth().stacks.flatMap(({ messages }) => messages.map(({ level }) => level));
  expect(levels.filter((level) => level !== 'info')).toEqual([]);
});

test('in each stack there are two keys, one topic and one subscription', () => {
  backup({ ...TAGS, ...NOTIFY, replicaRegion: IRELAND });

  for (const each of [stack, supportStackOf(stack, IRELAND)]) {
    const template = Template.fromStack(each);
    template.resourceCountIs('AWS::KMS::Key', 2);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    template.resourceCountIs('AWS::SNS::Subscription', 1);
  }
});

test.each<[string, BackupTarget[] | undefined, number]>([
  ['by tags', undefined, 1],
  ['of two types', [BackupTarget.allOf(ResourceType.DYNAMODB), BackupTarget.allOf(ResourceType.EFS)], 2],
])('what is selected %s has 8 alarms at the most in both regions, and 2 for each type', (_, resources, types) => {
  const { alarms } = backup({ ...resources ? { resources } : TAGS, ...NOTIFY, replicaRegion: IRELAND });
  app.synth();

  expect(alarms.alarms.length + alarms.replicaAlarms.length).toBeLessThanOrEqual(8 + 2 * types);
  expect(alarms.alarms.filter(({ node }) => node.id.includes('no-good')).length).toBe(2 * types);
});

test('all alarms of the catalogue are made where that is wanted', () => {
  const { alarms } = backup({ ...TAGS, replicaRegion: IRELAND, alarmSet: AlarmSet.COMPLETE });
  app.synth();

  expect(alarms.alarms.length).toBeGreaterThan(20);
});

test('a selection that is added later has its alarms', () => {
  const { plan, alarms } = backup({ resources: [BackupTarget.allOf(ResourceType.EFS)] });
  plan.addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });
  app.synth();

  expect(alarms.alarms.map(({ node: { id } }) => id).filter((id) => id.includes('no-good-recovery-point'))).toEqual([
    expect.stringMatching(/-EFS-no-good-recovery-point$/), expect.stringMatching(/-DynamoDB-no-good-recovery-point$/),
  ]);
});

test('in a stack without account and region, a workload is backed up into its own vault', () => {
  const anywhere = new Stack(app, 'Anywhere');
  new WorkloadBackup(anywhere, 'Workload', { ...TAGS, ...NOTIFY });

  expect(problemsAtSynthesis(app)).toEqual([]);
  expect(destinationsOf(anywhere)).toEqual([[], [], []]);
});

test.each<[string, WorkloadBackupProps]>([["'replicaRegion' (replica_region)", { replicaRegion: IRELAND }], ["'archive'", {}]])(
  "with %s the error names the 'env' that such a stack must have", (property, props) => {
    const anywhere = new Stack(app, 'Anywhere');
    const archive = property === "'archive'" ? importedArchive() : undefined;

    expect(problemsOf(() => new WorkloadBackup(anywhere, 'Workload', { ...TAGS, ...props, archive }))).toEqual([
      `${property} requires a stack with a literal account and region: set its 'env', got an unknown account, an unknown region`,
    ]);
  });

describe('copies', () => {
  const REPLICA = `arn:aws:backup:eu-west-1:${INFRASTRUCTURE}:backup-vault:`;
  const CENTRAL = `arn:aws:backup:eu-west-2:${LOG_ARCHIVE}:backup-vault:central`;

  test('are made of each tier into the replica', () => {
    const { vault } = backup({ ...TAGS, replicaRegion: IRELAND });

    expect(destinationsOf(stack)).toEqual(Array(3).fill([`${REPLICA}${vault.replicaVaultName}`]));
  });

  test('into an archive and its replica are added to that into the replica', () => {
    const { vault } = backup({ ...TAGS, replicaRegion: IRELAND, archive: importedArchive() });

    expect(destinationsOf(stack)[0]).toEqual([
      `${REPLICA}${vault.replicaVaultName}`, CENTRAL, `arn:aws:backup:eu-west-1:${LOG_ARCHIVE}:backup-vault:central-replica`,
    ]);
  });

  test('into an archive without a replica are made into its vault', () => {
    backup({ ...TAGS, archive: importedArchive({ replicaRegion: undefined }) });

    expect(destinationsOf(stack)[0]).toEqual([CENTRAL]);
  });

  test('keep the promises for the loss of a region and of the account', () => {
    const promise = (survives: FailureScope) => new RecoveryObjective({ name: survives, rto: Duration.hours(8), rpo: Duration.hours(30), survives });
    const objectives = [promise(FailureScope.REGION), promise(FailureScope.ACCOUNT)];
    const withArchive = backup({ ...TAGS, archive: importedArchive(), objectives });
    const withoutCopies = backup({ ...TAGS, objectives }, 'WithoutCopies');

    expect([withArchive, withoutCopies].map(({ plan }) => plan.node.validate().length)).toEqual([0, 2]);
  });
});

test('a vault that is the replica of a given one and the archive too gets one copy', () => {
  const archive = BackupArchive.fromBackupArchiveAttributes(stack, 'Archive', { backupVaultName: 'central', account: LOG_ARCHIVE, region: IRELAND });
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', {
    backupVaultName: 'local', account: INFRASTRUCTURE, region: LONDON, replicaRegion: IRELAND, replicaAccount: LOG_ARCHIVE, replicaVaultName: 'central',
  });
  backup({ ...TAGS, vault, archive });

  expect(destinationsOf(stack)[0]).toEqual([`arn:aws:backup:eu-west-1:${LOG_ARCHIVE}:backup-vault:central`]);
});

test('an archive in the account of the workload is warned of, since it is lost with the account', () => {
  const archive = BackupArchive.fromBackupArchiveAttributes(stack, 'Archive', { backupVaultName: 'central', account: INFRASTRUCTURE, region: IRELAND });
  const { node } = backup({ ...TAGS, archive });

  expect(node.metadata.map(({ data }) => data)).toEqual([expect.stringMatching(/^the archive is in the account of the workload .*archiveInOwnAccount\]$/)]);
});

test('the vault of the archive is refused as that of the workload', () => {
  const archive = BackupArchive.fromBackupArchiveAttributes(stack, 'Archive', { backupVaultName: 'central', account: INFRASTRUCTURE, region: LONDON });

  expect(problemsOf(() => backup({ ...TAGS, archive, vault: archive.vault }))).toEqual([
    "'vault' must differ from that of 'archive', got 'central' for both",
  ]);
});

test('events are forwarded to the bus of the archive, those of the replica too', () => {
  backup({ ...TAGS, replicaRegion: IRELAND, archive: importedArchive({ eventBusArn: `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups` }) });

  for (const each of [stack, supportStackOf(stack, IRELAND)]) {
    Template.fromStack(each).hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups` })],
    });
  }
});

test('without the bus of the archive no events are forwarded', () => {
  expect(backup({ ...TAGS, archive: importedArchive() }).forwarding).toBeUndefined();
});

describe('the settings of AWS Backup', () => {
  const settingsOf = (scope: Stack) => Object.values(Template.fromStack(scope).findResources('Custom::BackupRegionSettings')).map(({ Properties }) => Properties);

  test('are made for the selected types, with the advanced features of DynamoDB, wherever recovery points are', () => {
    backup({ resources: [BackupTarget.allOf(ResourceType.DYNAMODB), BackupTarget.allOf(ResourceType.EFS)], replicaRegion: IRELAND });

    for (const each of [stack, supportStackOf(stack, IRELAND)]) {
      expect(settingsOf(each)).toEqual([expect.objectContaining({
        resourceTypeOptIn: ['DynamoDB', 'EFS'], resourceTypeManagement: ['DynamoDB'],
      })]);
    }
  });

  test('are made for every type that the region offers where tags decide, but for stacks, whose resources would be backed up twice', () => {
    backup(TAGS);

    const [{ resourceTypeOptIn, resourceTypeOptInIfOffered, resourceTypeManagement }] = settingsOf(stack);
    expect(resourceTypeOptIn).toEqual([]);
    expect(resourceTypeOptInIfOffered).toEqual([
      'Aurora', 'DSQL', 'DocumentDB', 'DynamoDB', 'EBS', 'EC2', 'EFS', 'EKS', 'FSx', 'Neptune', 'RDS', 'Redshift', 'Redshift Serverless', 'S3',
      'SAP HANA on Amazon EC2', 'Storage Gateway', 'Timestream', 'VirtualMachine',
    ]);
    expect(resourceTypeManagement).toEqual(['DynamoDB']);
  });

  test('are made for what is selected later too', () => {
    const { plan } = backup({ resources: [BackupTarget.allOf(ResourceType.EFS)] });
    plan.addSelection('More', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });

    expect(settingsOf(stack)[0]).toMatchObject({ resourceTypeOptIn: ['DynamoDB', 'EFS'], resourceTypeManagement: ['DynamoDB'] });
  });

  test('are made once for several workloads of a stack', () => {
    backup({ resources: [BackupTarget.allOf(ResourceType.EFS)] }, 'One');
    backup({ resources: [BackupTarget.allOf(ResourceType.S3)] }, 'Other');

    expect(settingsOf(stack)).toEqual([expect.objectContaining({ resourceTypeOptIn: ['EFS', 'S3'] })]);
  });

  test('are not made for what only a workload selected that was removed', () => {
    backup({ resources: [BackupTarget.allOf(ResourceType.EFS)], replicaRegion: IRELAND }, 'One');
    backup({ resources: [BackupTarget.allOf(ResourceType.S3)], replicaRegion: IRELAND }, 'Other');
    stack.node.tryRemoveChild('Other');

    for (const each of [stack, supportStackOf(stack, IRELAND)]) {
      expect(settingsOf(each)).toEqual([expect.objectContaining({ resourceTypeOptIn: ['EFS'] })]);
    }
  });

  test.each(['before', 'after'])('are made beside those that the stack itself defines %s the workload, which are left as they are', (when) => {
    const own = () => new BackupRegionSettings(stack, 'Own', { resourceTypes: [ResourceType.S3] });
    const workload = () => backup({ resources: [BackupTarget.allOf(ResourceType.EFS)] });
    (when === 'before' ? [own, workload] : [workload, own]).forEach((define) => define());

    expect(settingsOf(stack).map(({ resourceTypeOptIn }) => resourceTypeOptIn).sort()).toEqual([['EFS'], ['S3']]);
  });

  test('need an id of the stack, and the error says so where a construct of the user has it', () => {
    new BackupRegionSettings(stack, 'BackupDrRegionSettings', { resourceTypes: [ResourceType.S3] });

    expect(problemsOf(() => backup(TAGS))).toEqual([
      "the settings need the id 'BackupDrRegionSettings' in stack 'Backup', which a construct of yours has: give that one another id",
    ]);
  });

  test('are made in the stack of a given replica, and in none where the vault is imported', () => {
    const away = stackIn(INFRASTRUCTURE, IRELAND, app, 'Away');
    backup({ resources: [BackupTarget.allOf(ResourceType.EFS)], vault: new ReplicatedBackupVault(stack, 'Vault', { replicaScope: away }) });
    const home = stackIn(INFRASTRUCTURE, LONDON, app, 'Home');
    new WorkloadBackup(home, 'Imported', {
      resources: [BackupTarget.allOf(ResourceType.EFS)],
      vault: ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(home, 'Vault', {
        backupVaultName: 'orders', account: INFRASTRUCTURE, region: LONDON, replicaRegion: IRELAND,
      }),
    });

    expect(settingsOf(away)).toHaveLength(1);
    expect([stack, home].map(({ node }) => node.tryFindChild('support-eu-west-1'))).toEqual([undefined, undefined]);
  });

  test('are left to others where that is wanted', () => {
    backup({ ...TAGS, manageRegionSettings: false });

    expect(settingsOf(stack)).toEqual([]);
  });

  test('come before the selection', () => {
    backup({ resources: [BackupTarget.allOf(ResourceType.EFS)] });

    const template = Template.fromStack(stack);
    const [settings] = Object.keys(template.findResources('Custom::BackupRegionSettings'));
    const [{ DependsOn }] = Object.values(template.findResources('AWS::Backup::BackupSelection'));
    expect(DependsOn).toContain(settings);
  });
});

describe('parts that are given', () => {
  test('are used: a vault and its replica', () => {
    const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'orders', replicaRegion: IRELAND });
    const { vault: used } = backup({ ...TAGS, vault });

    expect(used).toBe(vault);
    Template.fromStack(stack).resourceCountIs('AWS::Backup::BackupVault', 1);
    expect(destinationsOf(stack)[0]).toEqual([`arn:aws:backup:eu-west-1:${INFRASTRUCTURE}:backup-vault:orders-replica`]);
  });

  test('are used: tiers and a role', () => {
    const role = iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${INFRASTRUCTURE}:role/backup`);
    backup({ ...TAGS, role, tiers: [BackupTier.daily({ hour: 3, deleteAfter: Duration.days(14) })] });

    expect(rulesOf(stack).map(({ ScheduleExpression }) => ScheduleExpression)).toEqual(['cron(0 3 ? * * *)']);
    Template.fromStack(stack).hasResourceProperties('AWS::Backup::BackupSelection', { BackupSelection: { IamRoleArn: `arn:aws:iam::${INFRASTRUCTURE}:role/backup` } });
  });

  test('have their own properties, which are refused beside them', () => {
    const vault = new ReplicatedBackupVault(stack, 'Vault');
    const vaultLock = VaultLock.governance({ minRetention: Duration.days(7) });

    expect(problemsOf(() => backup({ ...TAGS, vault, replicaRegion: IRELAND, vaultLock }))).toEqual([
      "'replicaRegion' (replica_region) applies to a new vault, but 'vault' is set: set it on that vault, and leave it out here",
      "'vaultLock' (vault_lock) applies to a new vault, but 'vault' is set: set it on that vault, and leave it out here",
    ]);
  });
});

test('resources of a construct are backed up, and what is left out is not', () => {
  const data = stackIn(INFRASTRUCTURE, LONDON, app, 'Data');
  const [kept, scratch] = ['Orders', 'Scratch'].map((id) => new dynamodb.Table(data, id, {
    tableName: id.toLowerCase(), partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
  }));
  backup({ resources: [BackupTarget.fromConstruct(data)], excludeResources: [BackupTarget.fromDynamoDbTable(scratch)] });

  expect(kept.node.path).toBe('Data/Orders');
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Backup::BackupSelection'));
  expect(JSON.stringify(Properties.BackupSelection.Resources)).toMatch(/:table\/orders/);
  expect(JSON.stringify(Properties.BackupSelection.Resources)).not.toMatch(/:table\/scratch/);
});

test('two workloads with one vault are both watched', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault');
  const one = backup({ resources: [BackupTarget.allOf(ResourceType.EFS)], vault }, 'One');
  backup({ resources: [BackupTarget.allOf(ResourceType.S3)], vault }, 'Other');
  app.synth();

  expect(one.alarms.node.metadata.map(({ data }) => String(data)).filter((text) => text.includes('planNotWatched'))).toEqual([]);
});

test('a selection that comes after the Stage was synthesized is refused in words', () => {
  const stage = new Stage(app, 'Prod');
  const { plan } = new WorkloadBackup(stackIn(INFRASTRUCTURE, LONDON, stage, 'Backups'), 'Workload', TAGS);
  stage.synth();

  expect(problemsOf(() => plan.addSelection('Late', { tags: { late: 'true' } }))).toEqual([
    "plan 'Prod/Backups/Workload/Plan' is already synthesized, so selection 'Late' would be lost: a pipeline synthesizes a Stage as soon as it is added, "
    + "so call 'addSelection' (add_selection) before",
  ]);
});

test('nothing is left out of nothing', () => {
  expect(problemsOf(() => backup({ excludeTypes: ['AWS::S3::Bucket'] }))).toEqual([
    "'excludeTypes' (exclude_types) excludes from what 'resources' or 'tags' select, and both are missing: set one of them",
  ]);
});

test('a workload without anything to back up is an error at synthesis', () => {
  backup({});

  expect(problemsAtSynthesis(app)).toContain("a plan without a selection backs up nothing: set 'resources' or 'tags', or call 'addSelection' (add_selection) of its 'plan'");
});

test('a test stage leaves nothing behind', () => {
  backup({ ...TAGS, ...NOTIFY, replicaRegion: IRELAND, removalPolicy: RemovalPolicy.DESTROY });

  for (const each of [stack, supportStackOf(stack, IRELAND)]) {
    const kept = Object.entries<any>(Template.fromStack(each).toJSON().Resources).filter(([, { DeletionPolicy = 'Delete' }]) => DeletionPolicy !== 'Delete');
    expect(kept.map(([id]) => id)).toEqual([]);
  }
});

test.each<[string, object, string]>([
  ['resources', { resources: [tableIn(new Stack())] }, "'resources' must be a list of targets, such as BackupTarget.fromConstruct(workload), got one with 'Default/Table'"],
  ['tiers', { tiers: [{}] }, "'tiers' must be a list of tiers, such as BackupTier.daily({ deleteAfter: Duration.days(35) }), got one with an object of another kind"],
  ['an archive', { archive: 'central' }, "'archive' must be a BackupArchive, or one made by 'BackupArchive.fromBackupArchiveAttributes' (from_backup_archive_attributes), got 'central'"],
  ['a vault', { vault: 'orders' }, "'vault' must be a vault (ReplicatedBackupVault), got 'orders'"],
  ['tags', { tags: 'backup' }, "'tags' must be an object with names as keys, got 'backup'"],
])('%s of another kind are refused in words', (_, props, problem) => {
  expect(problemsOf(() => backup(props))).toEqual([problem]);
});
