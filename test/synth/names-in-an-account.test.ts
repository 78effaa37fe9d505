import { App, Duration, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { regionStack } from '../../src/private/region-stack';
import { DrRole } from '../../src/roles/dr-role';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsAtSynthesis, problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const FRANKFURT = 'eu-central-1';
const EFS = { resourceTypes: [ResourceType.EFS] };

/** Everything of this library that has a name, in a stack. */
function systemIn(stack: Stack, replicaRegion = IRELAND): void {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion });
  planIn(stack, 'Plan', vault);
  DrRole.restore(stack, 'Restore', EFS);
  new ReplicatedBucket(stack, 'Uploads', { replicaRegion });
  new BackupDashboard(stack, 'Dashboard');
}

function planIn(stack: Stack, id: string, vault: ReplicatedBackupVault, backupPlanName?: string, hour = 5): TieredBackupPlan {
  const plan = new TieredBackupPlan(stack, id, { vault, backupPlanName, tiers: [BackupTier.daily({ hour, deleteAfter: Duration.days(35) })] });
  plan.addSelection('FileSystems', { resources: [BackupTarget.allOf(ResourceType.EFS)] });
  return plan;
}

interface Named {
  readonly type: string;
  readonly name: string;
  readonly place: string;
}

const NAMES = ['BackupVaultName', 'BucketName', 'DashboardName', 'RoleName', 'AliasName'];
const OF_THE_ACCOUNT = ['AWS::IAM::Role', 'AWS::CloudWatch::Dashboard', 'AWS::S3::Bucket'];

/** The names in an app, each with where it may be taken only once. */
function namesIn(app: App): Named[] {
  return app.synth().stacks.flatMap(({ template, stackName, environment: { region } }) => [
    { type: 'stack', name: stackName, place: region },
    ...Object.values<{ Type: string; Properties?: Record<string, unknown> }>(template.Resources).flatMap(({ Type, Properties = {} }) => {
      const name = Type === 'AWS::Backup::BackupPlan' ? (Properties.BackupPlan as any).BackupPlanName : NAMES.map((property) => Properties[property]).find(Boolean);
      return typeof name === 'string' ? [{ type: Type, name, place: OF_THE_ACCOUNT.includes(Type) ? '' : region }] : [];
    }),
  ]);
}

function inBoth(one: App, other: App): string[] {
  const words = ({ type, name, place }: Named) => `${type} ${name} ${place}`;
  const others = namesIn(other).map(words);
  return namesIn(one).map(words).filter((name) => others.includes(name));
}

function appWith(region: string, stackName?: string, replicaRegion?: string): App {
  const app = new App();
  systemIn(stackIn(INFRASTRUCTURE, region, app, 'Backup', { stackName }), replicaRegion);
  return app;
}

test('two apps whose stacks have one id and two names have no name in common', () => {
  expect(inBoth(appWith(LONDON, 'orders-backup'), appWith(LONDON, 'billing-backup'))).toEqual([]);
});

test('one stack in two regions of an account, each with its replicas in the other one, has no name twice', () => {
  expect(inBoth(appWith(LONDON, undefined, IRELAND), appWith(IRELAND, undefined, LONDON))).toEqual([]);
});

test('of one stack in two regions with a common replica region, only the names of the replicated vaults are to be set', () => {
  expect(inBoth(appWith(LONDON, undefined, FRANKFURT), appWith(IRELAND, undefined, FRANKFURT)).map((name) => name.replace(/-[0-9a-f]{8}/, '')))
    .toEqual(['AWS::Backup::BackupVault Backup-Vault-replica eu-central-1']);
});

test('a stack that keeps its name keeps the names in it, wherever it is in the tree', () => {
  const inStage = new Stage(new App(), 'Prod');
  const vaultNames = [stackIn(INFRASTRUCTURE, LONDON, new App(), 'Backup'), stackIn(INFRASTRUCTURE, LONDON, inStage, 'Moved', { stackName: 'Backup' })]
    .map((stack) => new ReplicatedBackupVault(stack, 'Vault').backupVaultName);

  expect(vaultNames[1]).toBe(vaultNames[0]);
});

test('a name in a nested stack has the path below the outermost stack', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON, new App(), 'Id', { stackName: 'orders' });

  expect(new ReplicatedBackupVault(new NestedStack(stack, 'Nested'), 'Vault').backupVaultName).toMatch(/^orders-Nested-Vault-[0-9a-f]{8}$/);
});

test('stacks of one name in two regions may have their replicas in one stack of a third', () => {
  const app = new App();
  const away = stackIn(INFRASTRUCTURE, FRANKFURT, app, 'Away');
  for (const region of [LONDON, IRELAND]) {
    const stack = stackIn(INFRASTRUCTURE, region, app, `In ${region}`, { stackName: 'Backup' });
    new ReplicatedBackupVault(stack, 'Vault', { replicaScope: away, replicaVaultName: `of-${region}` });
    new ReplicatedBucket(stack, 'Uploads', { replicaScope: away });
  }

  Template.fromStack(away).resourceCountIs('AWS::Backup::BackupVault', 2);
  Template.fromStack(away).resourceCountIs('AWS::S3::Bucket', 2);
});

test('a role in a stack without a region has the region that it is deployed into in its name', () => {
  const stack = new Stack(new App(), 'Roles');
  DrRole.restore(stack, 'Restore', EFS);

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { RoleName: { 'Fn::Join': ['', ['Roles-Restore-61bbdc8b-', { Ref: 'AWS::Region' }]] } });
});

test.each(['ap-southeast-1', 'us-gov-east-1', 'cn-northwest-1'])('a role has at most 64 characters in its name in %s', (region) => {
  const stack = stackIn(INFRASTRUCTURE, region, new App(), 'Roles'.repeat(10));
  DrRole.restore(stack, 'Restore'.repeat(10), EFS);
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));

  expect(role.Properties.RoleName).toMatch(new RegExp(`^.{1,${64 - region.length - 1}}-${region}$`));
});

describe('two roles of one name in an account', () => {
  const give = (stack: Stack, id: string, roleName = 'restores') => DrRole.restore(stack, id, { ...EFS, roleName });

  test('are refused, whatever their regions and in small or large letters, with all that is wrong', () => {
    const app = new App();
    give(stackIn(INFRASTRUCTURE, LONDON, app, 'London'), 'Restore');

    expect(problemsOf(() => DrRole.restore(stackIn(INFRASTRUCTURE, IRELAND, app, 'Ireland'), 'Restore', { resourceTypes: [], roleName: 'Restores' }))).toEqual([
      "invalid DrRoleProps at 'Ireland/Restore':",
      "- role 'restores' of account 222222222222 is already defined by 'London/Restore': role names are unique in an account across all regions, so set another 'roleName' (role_name) for this one",
      "- 'resourceTypes' (resource_types) must contain at least one type, got none",
    ].map((line) => line.replace(/^- /, '')).slice(1));
  });

  test('are refused in a stack of an unknown account', () => {
    const stack = new Stack(new App(), 'Roles');
    give(stack, 'One');

    expect(problemsOf(() => give(stack, 'Other'))).toEqual([
      "role 'restores' of the account of stack 'Roles' is already defined by 'Roles/One': role names are unique in an account across all regions, so set another 'roleName' (role_name) for this one",
    ]);
  });

  test('are refused where one of them is that of a plan or of replication', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app, 'Backup');
    const plan = planIn(stack, 'Plan', new ReplicatedBackupVault(stack, 'Vault'));
    const { replicationRole } = new ReplicatedBucket(stack, 'Uploads', { replicaRegion: IRELAND });
    const names = [plan.role, replicationRole!].map(({ node }) => (node.defaultChild as any).roleName as string);

    expect(names.map((name, index) => problemsOf(() => give(stack, `Restore${index}`, name)).map((line) => line.replace(/:.*/, '')))).toEqual([
      [`role '${names[0].toLowerCase()}' of account 222222222222 is already defined by 'Backup/Plan/Role'`],
      [`role '${names[1].toLowerCase()}' of account 222222222222 is already defined by 'Backup/Uploads/Replication'`],
    ]);
  });

  test('are accepted in two accounts, and in stacks of which nobody knows the account', () => {
    const app = new App();
    give(stackIn(INFRASTRUCTURE, LONDON, app, 'Infrastructure'), 'Restore');
    give(stackIn(LOG_ARCHIVE, LONDON, app, 'Archive'), 'Restore');
    give(new Stack(app, 'Anywhere'), 'Restore');
    give(new Stack(app, 'Elsewhere'), 'Restore');

    expect(problemsAtSynthesis(app)).toEqual([]);
  });

  test('are accepted where they are one role, of a stack that two Stages define', () => {
    const app = new App();
    for (const id of ['Pipeline', 'ByHand']) {
      systemIn(stackIn(INFRASTRUCTURE, LONDON, new Stage(app, id), 'Backup', { stackName: 'backup' }));
    }

    expect(problemsAtSynthesis(app)).toEqual([]);
  });
});

describe('two plans of one name in an account and region', () => {
  const two = (other: Partial<{ stack: Stack; name: string; hour: number }>, app = new App()) => {
    const stack = stackIn(INFRASTRUCTURE, LONDON, app, 'Backup');
    const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local' });
    planIn(stack, 'Orders', vault, 'nightly');
    planIn(other.stack ?? stack, 'Billing', vault, other.name ?? 'nightly', other.hour);
    return problemsAtSynthesis(app);
  };

  test('are refused where their rules are the same', () => {
    expect(two({})).toEqual(expect.arrayContaining([
      "the name 'nightly' and the rules are those of plan 'Backup/Orders', and AWS Backup rejects a second plan with the same name and the same rules: "
      + "set another 'backupPlanName' (backup_plan_name), or add the selections to that plan",
    ]));
  });

  test('are refused in two stacks, too', () => {
    const app = new App();
    expect(two({ stack: stackIn(INFRASTRUCTURE, LONDON, app, 'Others') }, app).join()).toContain("the rules are those of plan 'Backup/Orders'");
  });

  test('are accepted with other rules', () => {
    expect(two({ hour: 17 })).toEqual([]);
  });

  test('are accepted with another name', () => {
    expect(two({ name: 'nightly-too' })).toEqual([]);
  });

  test('are accepted where an override makes their documents differ', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app, 'Backup');
    const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local' });
    planIn(stack, 'Orders', vault, 'nightly');
    (planIn(stack, 'Billing', vault, 'nightly').node.findChild('Resource') as any).addPropertyOverride('BackupPlan.BackupPlanRule.0.IndexActions', []);

    expect(problemsAtSynthesis(app)).toEqual([]);
  });
});

describe('the name of a support stack', () => {
  test('is not that of the support stack which AWS CDK makes for a pipeline', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON, new App(), 'Tooling');

    expect(regionStack(stack, 'replicaRegion', IRELAND).stackName).not.toBe('Tooling-support-eu-west-1');
  });

  const withAnother = (env: { account: string; region: string }) => {
    const app = new App();
    systemIn(stackIn(INFRASTRUCTURE, LONDON, app, 'Backup'));
    const other = new Stack(app, 'Mine', { env, stackName: 'Backup-support-eu-west-1-for-eu-west-2' });
    new s3.Bucket(other, 'Bucket', { removalPolicy: RemovalPolicy.RETAIN });
    return problemsAtSynthesis(app);
  };

  test('is refused where another stack of the account and region has it', () => {
    expect(withAnother({ account: INFRASTRUCTURE, region: IRELAND })).toEqual(expect.arrayContaining([
      "the support stack of 'Backup' in eu-west-1 has the name 'Backup-support-eu-west-1-for-eu-west-2' in account 222222222222, and stack 'Mine' has the same name: AWS CloudFormation would replace one with the other, so set another 'stackName' (stack_name) for that stack",
    ]));
  });

  test('is refused where a stack of the user in another Stage has it', () => {
    const app = new App();
    const home = stackIn(INFRASTRUCTURE, LONDON, new Stage(app, 'One'), 'Backup', { stackName: 'Backup' });
    regionStack(home, 'replicaRegion', IRELAND);
    new Stack(new Stage(app, 'Other'), 'Mine', { env: { account: INFRASTRUCTURE, region: IRELAND }, stackName: 'Backup-support-eu-west-1-for-eu-west-2' });

    expect(problemsAtSynthesis(app)).toEqual([expect.stringContaining("and stack 'Other/Mine' has the same name")]);
  });

  test('is refused of each support stack of an app, also once the first one is taken out of it', () => {
    const app = new App();
    const homes = ['First', 'Second', 'Third'].map((id) => stackIn(INFRASTRUCTURE, LONDON, app, id));
    homes.forEach((home) => regionStack(home, 'replicaRegion', IRELAND));
    ['Second', 'Third'].forEach((name) =>
      new Stack(app, `Like${name}`, { env: { account: INFRASTRUCTURE, region: IRELAND }, stackName: `${name}-support-eu-west-1-for-eu-west-2` }));
    const problems = ['Second', 'Third'].map((name) => expect.stringContaining(`and stack 'Like${name}' has the same name`) as string);

    expect(problemsAtSynthesis(app)).toEqual(problems);
    app.node.tryRemoveChild('First');
    expect(problemsAtSynthesis(app)).toEqual(problems);
  });

  test.each([
    ['region', { account: INFRASTRUCTURE, region: FRANKFURT }],
    ['account', { account: LOG_ARCHIVE, region: IRELAND }],
  ])('may be that of a stack in another %s', (_, env) => {
    expect(withAnother(env)).toEqual([]);
  });
});
