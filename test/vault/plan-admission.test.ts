import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BackupCopy, BackupTarget, BackupTier, CopySource, ReplicatedBackupVault, ResourceType, TieredBackupPlan } from '../../src';
import type { IReplicatedBackupVault } from '../../src';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';
import { accessPolicyOf, BLOCK_DELETION, keyPolicyOf } from './statements';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
});

function planInto(destination: IReplicatedBackupVault, id: string): { plan: TieredBackupPlan; infrastructure: Stack } {
  const infrastructure = stackIn(INFRASTRUCTURE, LONDON, app, `Infrastructure${id}`);
  const plan = new TieredBackupPlan(infrastructure, 'Plan', {
    vault: new ReplicatedBackupVault(infrastructure, 'Vault'),
    tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
    copyTo: [BackupCopy.to(destination)],
  });
  plan.addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });
  return { plan, infrastructure };
}

test('a plan of another account opens the vault that it copies into, for its own role only', () => {
  planInto(new ReplicatedBackupVault(stack, 'Vault'), 'One');

  expect(accessPolicyOf(stack)).toEqual([
    {
      Sid: 'CopyFromAccounts',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: 'backup:CopyIntoBackupVault',
      Resource: '*',
      Condition: { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/InfrastructureOne-Plan-Role-c437bcc0'] } },
    },
    BLOCK_DELETION,
  ]);
});

test('a plan changes nothing in a vault that lets its account in already', () => {
  planInto(new ReplicatedBackupVault(stack, 'Vault', { copySources: [CopySource.organization('o-1234567890')] }), 'One');

  expect(accessPolicyOf(stack)?.map(({ Sid }) => Sid)).toEqual(['CopyFromOrganization', 'BlockRecoveryPointDeletion']);
});

test('two plans of one account are let in by one statement', () => {
  const destination = new ReplicatedBackupVault(stack, 'Vault');
  planInto(destination, 'One');
  planInto(destination, 'Two');

  expect(accessPolicyOf(stack)).toHaveLength(2);
});

test('a plan opens the replica alone where it copies into that alone', () => {
  const destination = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });
  const infrastructure = stackIn(INFRASTRUCTURE, LONDON, app, 'Infrastructure');
  new TieredBackupPlan(infrastructure, 'Plan', {
    vault: new ReplicatedBackupVault(infrastructure, 'Vault'),
    tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
    copyTo: [BackupCopy.toReplicaOf(destination)],
  }).addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });

  expect(accessPolicyOf(stack)).toEqual([BLOCK_DELETION]);
  expect(accessPolicyOf(supportStackOf(stack, IRELAND))).toHaveLength(2);
});

test('the key of the vault that is copied from lets AWS Backup of the other account read', () => {
  const { infrastructure } = planInto(new ReplicatedBackupVault(stack, 'Vault'), 'One');

  expect(keyPolicyOf(infrastructure).map(({ Sid, Principal }) => [Sid, Principal])).toEqual([
    ['ReadByAwsBackupOfAccountsInfrastructureOneVault395e789b', { AWS: 'arn:aws:iam::333333333333:root' }],
    ['GrantByAwsBackupOfAccountsInfrastructureOneVault395e789b', { AWS: 'arn:aws:iam::333333333333:root' }],
  ]);
});

test('a plan that is defined after the Stage of its destination was synthesized is refused: its policies would be lost', () => {
  const stage = new Stage(app, 'Archive2');
  const destination = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, stage, 'Stack'), 'Vault');
  stage.synth();

  expect(() => planInto(destination, 'Late')).toThrow("vault 'Archive2/Stack/Vault' is synthesized already, and only now a plan says that account 222222222222 copies into it: "
    + "define the plan before the Stage of the vault is synthesized, or name that account in the 'copySources' of the vault");
});

test('such a plan is fine where the vault lets its account in by itself', () => {
  const stage = new Stage(app, 'Archive2');
  const destination = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, stage, 'Stack'), 'Vault', { copySources: [CopySource.account(INFRASTRUCTURE)] });
  stage.synth();

  expect(() => planInto(destination, 'Late')).not.toThrow();
});

test('a plan whose own vault was synthesized before is refused, too', () => {
  const stage = new Stage(app, 'Workload');
  const own = stackIn(INFRASTRUCTURE, LONDON, stage, 'Stack');
  const vault = new ReplicatedBackupVault(own, 'Vault');
  stage.synth({ force: true });

  expect(() => new TieredBackupPlan(own, 'Plan', {
    vault, tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })], copyTo: [BackupCopy.to(new ReplicatedBackupVault(stack, 'Vault'))],
  })).toThrow("vault 'Workload/Stack/Vault' is synthesized already, and only now a plan says that its recovery points are copied into account 333333333333");
});

test('a role that is imported by a literal ARN is the only one of its account that is let in', () => {
  const destination = new ReplicatedBackupVault(stack, 'Vault');
  const infrastructure = stackIn(INFRASTRUCTURE, LONDON, app, 'Infrastructure');
  new TieredBackupPlan(infrastructure, 'Plan', {
    vault: new ReplicatedBackupVault(infrastructure, 'Vault'),
    role: iam.Role.fromRoleArn(infrastructure, 'Role', 'arn:aws:iam::222222222222:role/dr/backup'),
    tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
    copyTo: [BackupCopy.to(destination)],
  }).addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });

  expect(accessPolicyOf(stack)?.[0].Condition).toEqual({ ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/dr/backup'] } });
});
