import { App, AspectPriority, Aspects, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnBackupVault } from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { accessPolicyOf, BLOCK_DELETION, keyPolicyOf } from './statements';
import { ResourceType } from '../../src/objectives/resource-type';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { DrRole } from '../../src/roles/dr-role';
import { CopySource } from '../../src/vault/copy-source';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
});

/** What the key allows beyond the account's own principals. */

test('nobody deletes a recovery point by hand, on both sides', () => {
  new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });

  expect(accessPolicyOf(stack)).toEqual([BLOCK_DELETION]);
  expect(accessPolicyOf(supportStackOf(stack, IRELAND))).toEqual([BLOCK_DELETION]);
});

test('deletion by hand may be allowed', () => {
  new ReplicatedBackupVault(stack, 'Vault', { blockRecoveryPointDeletion: false, copySources: [CopySource.account(INFRASTRUCTURE)] });

  expect(accessPolicyOf(stack)?.map(({ Sid }) => Sid)).toEqual(['CopyFromAccounts']);
});

test('accounts may copy into the vault and into its replica', () => {
  new ReplicatedBackupVault(stack, 'Vault', {
    replicaRegion: IRELAND, copySources: [CopySource.account('222222222222'), CopySource.account('444444444444')],
  });

  const copy = {
    Sid: 'CopyFromAccounts',
    Effect: 'Allow',
    Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::444444444444:root'] },
    Action: 'backup:CopyIntoBackupVault',
    Resource: '*',
  };
  expect(accessPolicyOf(stack)).toEqual([copy, BLOCK_DELETION]);
  expect(accessPolicyOf(supportStackOf(stack, IRELAND))).toEqual([copy, BLOCK_DELETION]);
});

test('an organization may copy into the vault', () => {
  new ReplicatedBackupVault(stack, 'Vault', { copySources: [CopySource.organization('o-1234567890')] });

  expect(accessPolicyOf(stack)).toContainEqual({
    Sid: 'CopyFromOrganization',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 'backup:CopyIntoBackupVault',
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } },
  });
});

test('roles are named in a condition, never as the principal, since they may not exist yet', () => {
  new ReplicatedBackupVault(stack, 'Vault', {
    copySources: [
      CopySource.account('222222222222', { roleNames: ['backup', 'dr/copy'] }),
      CopySource.account('444444444444'),
      CopySource.organization('o-1234567890', { roleNames: ['backup'] }),
    ],
  });

  expect(accessPolicyOf(stack)).toMatchObject([
    {
      Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::444444444444:root'] },
      Condition: {
        ArnLike: {
          'aws:PrincipalArn': [
            'arn:aws:iam::222222222222:role/backup', 'arn:aws:iam::222222222222:role/dr/copy', 'arn:aws:iam::444444444444:*',
          ],
        },
      },
    },
    {
      Principal: { AWS: '*' },
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' },
        ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/backup'] },
      },
    },
    BLOCK_DELETION,
  ]);
});

test('the key lets those who copy in use it through AWS Backup only', () => {
  new ReplicatedBackupVault(stack, 'Vault', { copySources: [CopySource.account('222222222222')] });

  expect(keyPolicyOf(stack).slice(0, 2)).toEqual([
    {
      Sid: 'EncryptFromAccountsArchiveVault638bc3b5',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      Resource: '*',
      Condition: { StringEquals: { 'kms:ViaService': 'backup.eu-west-2.amazonaws.com' } },
    },
    {
      Sid: 'GrantFromAccountsArchiveVault638bc3b5',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: {
        StringEquals: { 'kms:ViaService': 'backup.eu-west-2.amazonaws.com' },
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      },
    },
  ]);
});

test('the key of the replica is used through AWS Backup of its own region', () => {
  new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND, copySources: [CopySource.account('222222222222')] });

  expect(keyPolicyOf(supportStackOf(stack, IRELAND))[0]).toMatchObject({
    Sid: 'EncryptFromAccountsArchiveVault638bc3b5replica', Condition: { StringEquals: { 'kms:ViaService': 'backup.eu-west-1.amazonaws.com' } },
  });
});

test('the key lets AWS Backup of those accounts read, so that a copy can come back', () => {
  new ReplicatedBackupVault(stack, 'Vault', { copySources: [CopySource.account('222222222222')] });

  const byServiceLinkedRole = {
    ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup'] },
  };
  expect(keyPolicyOf(stack).slice(2)).toEqual([
    {
      Sid: 'ReadByAwsBackupOfAccountsArchiveVault638bc3b5',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: [
        'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
      ],
      Resource: '*',
      Condition: byServiceLinkedRole,
    },
    {
      Sid: 'GrantByAwsBackupOfAccountsArchiveVault638bc3b5',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: { ...byServiceLinkedRole, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ]);
});

test('without other accounts the key allows nothing beyond its own', () => {
  new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });

  expect(keyPolicyOf(stack)).toEqual([]);
});

test('a key that is imported gets no policy, and that is reported as unchecked', () => {
  new ReplicatedBackupVault(stack, 'Vault', {
    encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-2:333333333333:key/own'),
    copySources: [CopySource.account('222222222222')],
  });
  app.synth();

  expect(Registry.of(app).all(UNCHECKED)).toContainEqual({
    id: 'vaultKeyPolicy',
    path: 'Archive/Vault',
    reason: expect.stringMatching(/^the policy of key 'Archive\/Key', which is not managed here: it must contain \{.*"Sid":"EncryptFromAccountsArchiveVault638bc3b5"\}, \{.*\}$/),
  });
});

test('copies may be granted to a principal of one\'s own', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', replicaRegion: IRELAND });
  const user = new iam.User(stack, 'User');

  expect(vault.grants.copyInto(user).success).toBe(true);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [{
        Action: 'backup:CopyIntoBackupVault',
        Effect: 'Allow',
        Resource: [
          'arn:aws:backup:eu-west-2:333333333333:backup-vault:central', 'arn:aws:backup:eu-west-1:333333333333:backup-vault:central-replica',
        ],
      }],
    },
  });
});

test('a grant to a principal of another account is reported as unchecked: the vault has to let it in too', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central' });
  vault.grants.copyInto(iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::222222222222:role/backup'));

  expect(Registry.of(app).all(UNCHECKED)).toEqual([
    { id: 'accountNotAdmitted', path: 'Archive/Vault', reason: "whether vault 'central' allows account 222222222222 to copy into it: add it to 'copySources' (copy_sources)" },
  ]);
});

test('copies into an imported vault may be granted', () => {
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', {
    backupVaultName: 'central', account: LOG_ARCHIVE, region: LONDON,
  });
  const role = DrRole.backup(stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB] });

  expect(vault.grants.copyInto(role).principalStatement?.resources).toEqual(['arn:aws:backup:eu-west-2:333333333333:backup-vault:central']);
});

test('no statement of a vault or of its key allows a wildcard action to another account', () => {
  new ReplicatedBackupVault(stack, 'Vault', {
    replicaRegion: IRELAND, copySources: [CopySource.account('222222222222'), CopySource.organization('o-1234567890')],
  });

  const statements = [...accessPolicyOf(stack)!, ...keyPolicyOf(stack), ...keyPolicyOf(supportStackOf(stack, IRELAND))];
  const actions = statements.flatMap(({ Action }) => Action as string | string[]);
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
});

test('two vaults may share a key: their statements stay apart', () => {
  const encryptionKey = new kms.Key(stack, 'Shared');
  for (const id of ['One', 'Two']) {
    new ReplicatedBackupVault(stack, id, { encryptionKey, copySources: [CopySource.account('222222222222')] });
  }

  const sids = keyPolicyOf(stack).map(({ Sid }) => Sid);
  expect(sids).toHaveLength(8);
  expect(new Set(sids).size).toBe(8);
});

test('aspects that read policies meet those of the vault and of its key written', () => {
  new ReplicatedBackupVault(stack, 'Vault', { copySources: [CopySource.account('222222222222')] });
  const seen: Record<string, number> = {};
  Aspects.of(app).add({
    visit: (node) => {
      if (node instanceof kms.CfnKey) {
        seen.key = stack.resolve(node.keyPolicy).Statement.length;
      } else if (node instanceof CfnBackupVault) {
        seen.vault = stack.resolve(node.accessPolicy).Statement.length;
      }
    },
  });
  app.synth();

  expect(seen).toEqual({ key: 5, vault: 2 });
});

test('aspects that look at a vault from above meet its policies written', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { copySources: [CopySource.account('222222222222')] });
  let seen = 0;
  Aspects.of(app).add({
    visit: (node) => {
      if (node === vault) {
        seen = stack.resolve((vault.primary.node.defaultChild as CfnBackupVault).accessPolicy).Statement.length;
      }
    },
  }, { priority: AspectPriority.READONLY });
  app.synth();

  expect(seen).toBe(2);
});

test('so many accounts that the policy of the key is too long are refused', () => {
  new ReplicatedBackupVault(stack, 'Vault', {
    copySources: Array.from({ length: 300 }, (_, index) => CopySource.account(String(222222222222 + index))),
  });

  expect(() => app.synth()).toThrow(/'copySources' \(copy_sources\) makes the key policy longer than the 32 KB that AWS KMS accepts \(\d+ characters\): specify the organization/);
});
