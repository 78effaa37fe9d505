import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { BackupVaultEvent } from '../../src/vault/backup-vault-event';
import { CopySource } from '../../src/vault/copy-source';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import type { ReplicatedBackupVaultProps } from '../../src/vault/replicated-backup-vault-props';
import { VaultLock } from '../../src/vault/vault-lock';
import { problemsOf } from '../problems';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
});

function refusals(props: ReplicatedBackupVaultProps, scope: Stack = stack): string[] {
  return problemsOf(() => new ReplicatedBackupVault(scope, 'Vault', props));
}

test('all problems of a vault are in one error, which names the construct', () => {
  expect(() => new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'a.b', replicaVaultName: 'Default', replicaRegion: LONDON })).toThrow([
    "invalid ReplicatedBackupVaultProps at 'Archive/Vault':",
    "- 'backupVaultName' (backup_vault_name) must be 2 to 50 letters, digits, hyphens and underscores, got 'a.b' (3 characters)",
    "- 'replicaVaultName' (replica_vault_name) must not be 'Default': other accounts can't copy into the default vault of AWS Backup",
    "- 'replicaRegion' (replica_region) must differ from the region of the vault, eu-west-2",
  ].join('\n'));
});

test('refuses a plain name of 51 characters', () => {
  expect(refusals({ backupVaultName: 'a'.repeat(51) }))
    .toEqual([`'backupVaultName' (backup_vault_name) must be 2 to 50 letters, digits, hyphens and underscores, got '${'a'.repeat(51)}' (51 characters)`]);
});

test('takes a name of 50 characters without a replica', () => {
  expect(new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'a'.repeat(50) }).backupVaultName).toHaveLength(50);
});

test('refuses a name that leaves no room for that of the replica', () => {
  expect(refusals({ backupVaultName: 'a'.repeat(43), replicaRegion: IRELAND })).toEqual([
    "'backupVaultName' (backup_vault_name) must be at most 42 characters, because the name of the replica appends '-replica' to it, "
    + `got '${'a'.repeat(43)}' (43 characters); shorten it, or set 'replicaVaultName' (replica_vault_name)`,
  ]);
});

test.each(['aws-controltower-vault', 'AWSControlTowerVault'])('refuses the name %s: it is AWS Control Tower\'s', (backupVaultName) => {
  expect(refusals({ backupVaultName }))
    .toEqual([`'backupVaultName' (backup_vault_name) must not begin with 'aws-controltower', which is reserved for AWS Control Tower, got '${backupVaultName}'`]);
});

test('refuses a name that is not known at synthesis', () => {
  expect(refusals({ backupVaultName: Lazy.string({ produce: () => 'late' }) }))
    .toEqual(["'backupVaultName' (backup_vault_name) must be a literal name, because templates of other accounts and regions contain its ARN, got a token"]);
});

test.each([
  ["'replicaVaultName' (replica_vault_name)", { replicaVaultName: 'other' }],
  ["'replicaVaultLock' (replica_vault_lock)", { replicaVaultLock: VaultLock.governance({ minRetention: Duration.days(1) }) }],
])('refuses %s without a replica', (property, props) => {
  expect(refusals(props)).toEqual([`${property} has no effect without a replica: set 'replicaRegion' (replica_region) too, or leave it out`]);
});

test('refuses a replica where the region of the stack is a token', () => {
  expect(refusals({ replicaRegion: IRELAND }, new Stack(app, 'Agnostic')))
    .toEqual(["a replica requires a literal account and region in the stack of the vault: set its 'env', got an unknown account, an unknown region"]);
});

test('refuses a replica region that is a token', () => {
  expect(refusals({ replicaRegion: Lazy.string({ produce: () => IRELAND }) })).toEqual(["'replicaRegion' (replica_region) must be a literal region, such as 'eu-west-1', got a token"]);
});

test('refuses a scope for the replica in another region than the one that is named', () => {
  expect(refusals({ replicaRegion: IRELAND, replicaScope: stackIn(LOG_ARCHIVE, 'eu-central-1', app, 'Away') }))
    .toEqual(["'replicaScope' (replica_scope) must be in 'replicaRegion' (replica_region, eu-west-1), got account 333333333333, region eu-central-1"]);
});

test('refuses a scope for the replica in the home region', () => {
  expect(refusals({ replicaScope: stackIn('444444444444', LONDON, app, 'Away') }))
    .toEqual(["'replicaScope' (replica_scope) must differ from the region of the vault, eu-west-2"]);
});

test('refuses a scope for the replica whose account or region is a token', () => {
  expect(refusals({ replicaScope: new Stack(app, 'Agnostic') }))
    .toEqual(["'replicaScope' (replica_scope) must be in a stack with a literal account and region: set its 'env', got an unknown account, an unknown region"]);
});

test('refuses keys of another region', () => {
  const key = (region: string) => kms.Key.fromKeyArn(stack, region, `arn:aws:kms:${region}:333333333333:key/some`);

  expect(refusals({ replicaRegion: IRELAND, encryptionKey: key(IRELAND), replicaEncryptionKey: key(LONDON) })).toEqual([
    "'replicaEncryptionKey' (replica_encryption_key) must be a key in the account and region of the replica (account 333333333333, region eu-west-1), got account 333333333333, region eu-west-2",
    "'encryptionKey' (encryption_key) must be a key in the account and region of the vault (account 333333333333, region eu-west-2), got account 333333333333, region eu-west-1",
  ]);
});

test('refuses an alias in place of a key', () => {
  expect(refusals({ encryptionKey: kms.Alias.fromAliasName(stack, 'Alias', 'alias/vaults') })).toEqual([
    "'encryptionKey' (encryption_key) must be the key itself, not an alias, because permissions refer to the key, got 'Archive/Alias'",
  ]);
});

test('refuses a FIFO topic and one of another account', () => {
  const topic = new sns.Topic(stackIn('444444444444', LONDON, app, 'Topics'), 'Topic', { fifo: true });

  expect(refusals({ notificationTopic: topic })).toEqual([
    "'notificationTopic' (notification_topic) must be a standard topic, because AWS Backup does not publish to FIFO topics, got 'Topics/Topic'",
    "'notificationTopic' (notification_topic) must be in the account and region of the vault (account 333333333333, region eu-west-2), got account 444444444444, region eu-west-2",
  ]);
});

test('refuses events without a topic', () => {
  expect(refusals({ notificationEvents: [BackupVaultEvent.COPY_JOB_FAILED] }))
    .toEqual(["'notificationEvents' (notification_events) has no effect without a topic: set 'notificationTopic' (notification_topic) too, or leave it out"]);
});

test('refuses an empty list of events', () => {
  expect(refusals({ notificationTopic: new sns.Topic(stack, 'Topic'), notificationEvents: [] }))
    .toEqual(["'notificationEvents' (notification_events) must contain at least one event, got none: leave it out for the default events"]);
});

test.each([
  ['a minimum below a day', { minRetention: Duration.hours(12) }, "'minRetention' (min_retention) must be a whole number of days from 1 to 36500, got 12 hours"],
  ['a broken day', { minRetention: Duration.hours(36) }, "'minRetention' (min_retention) must be a whole number of days from 1 to 36500, got 36 hours"],
  ['a maximum above 100 years', { minRetention: Duration.days(1), maxRetention: Duration.days(36_501) },
    "'maxRetention' (max_retention) must be a whole number of days from 1 to 36500, got 36501 days"],
  ['a maximum below the minimum', { minRetention: Duration.days(30), maxRetention: Duration.days(29) },
    "'maxRetention' (max_retention) must not be shorter than 'minRetention' (min_retention, 30 days), got 29 days"],
])('refuses a lock with %s', (_, options, problem) => {
  expect(() => VaultLock.governance(options)).toThrow(`invalid VaultLock.governance:\n- ${problem}`);
});

test('refuses a compliance lock that can be changed for 2 days only', () => {
  expect(() => VaultLock.compliance({ minRetention: Duration.days(1), changeableFor: Duration.days(2) }))
    .toThrow("invalid VaultLock.compliance:\n- 'changeableFor' (changeable_for) must be a whole number of days from 3 to 36500, got 2 days");
});

test('reports all problems of a lock at once', () => {
  const options = { minRetention: Duration.hours(1), maxRetention: Duration.hours(2), changeableFor: Duration.hours(71) };

  expect(() => VaultLock.compliance(options)).toThrow([
    'invalid VaultLock.compliance:',
    "- 'minRetention' (min_retention) must be a whole number of days from 1 to 36500, got 1 hour",
    "- 'maxRetention' (max_retention) must be a whole number of days from 1 to 36500, got 2 hours",
    "- 'changeableFor' (changeable_for) must be a whole number of days from 3 to 36500, got 71 hours",
  ].join('\n'));
});

test('a lock with a token is not compared', () => {
  const later = Duration.days(Lazy.number({ produce: () => 5 }));

  expect(VaultLock.governance({ minRetention: later, maxRetention: Duration.days(1) }).maxRetention?.toDays()).toBe(1);
});

test.each(['12345678901', '1234567890123', 'arn:aws:iam::222222222222:root'])('refuses %s as the account of a copy source', (account) => {
  expect(() => CopySource.account(account)).toThrow(`invalid CopySource.account:\n- 'accountId' (account_id) must be 12 digits, got '${account}'`);
});

test('refuses what is not the id of an organization', () => {
  expect(() => CopySource.organization('r-1234567890'))
    .toThrow("invalid CopySource.organization:\n- 'organizationId' (organization_id) must be 'o-' and 10 to 32 lowercase letters and digits, got 'r-1234567890'");
});

test('an empty list of roles is refused, since leaving it out lets every principal in', () => {
  expect(() => CopySource.account('222222222222', { roleNames: [] }))
    .toThrow("invalid CopySource.account:\n- 'roleNames' (role_names) must contain at least one role, got none: leave it out to allow every principal of the account");
});

test.each(['*', 'backup*', 'arn:aws:iam::222222222222:role/backup'])('refuses %s as the name of a role', (name) => {
  expect(() => CopySource.organization('o-1234567890', { roleNames: ['backup', name] }))
    .toThrow(`- 'roleNames' (role_names) must be names of roles, including their path if they have one, without wildcards and not ARNs, got '${name}'`);
});

test('refuses the name of the vault for its replica: a dead replica would not show', () => {
  expect(refusals({ backupVaultName: 'central', replicaVaultName: 'central', replicaRegion: IRELAND })).toEqual([
    "'replicaVaultName' (replica_vault_name) must differ from the name of the vault: the metrics of copy jobs identify a vault by its name only, so copies that no longer arrive in the replica would not be noticed, got 'central'",
  ]);
});

test('refuses a name that another vault of the account and region has, be it a replica', () => {
  new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, IRELAND, app, 'Elsewhere'), 'Vault', { backupVaultName: 'central', replicaVaultName: 'far', replicaRegion: LONDON });

  expect(refusals({ backupVaultName: 'far', replicaVaultName: 'central', replicaRegion: IRELAND })).toEqual([
    "the name 'far' in account 333333333333, region eu-west-2 is already used by 'Elsewhere/Vault': set 'backupVaultName' (backup_vault_name) to another name",
    "the name 'central' in account 333333333333, region eu-west-1 is already used by 'Elsewhere/Vault': set 'replicaVaultName' (replica_vault_name) to another name",
  ]);
});

test('a vault that was taken out of the app leaves its name, and that of its replica as long as the replica stays', () => {
  new ReplicatedBackupVault(stack, 'First', { backupVaultName: 'central', replicaVaultName: 'far', replicaRegion: IRELAND });
  const elsewhere = stackIn(LOG_ARCHIVE, IRELAND, app, 'Elsewhere');
  stack.node.tryRemoveChild('First');

  expect(refusals({ backupVaultName: 'far' }, elsewhere))
    .toEqual(["the name 'far' in account 333333333333, region eu-west-1 is already used by 'Archive/First': set 'backupVaultName' (backup_vault_name) to another name"]);
  expect(() => new ReplicatedBackupVault(stack, 'Second', { backupVaultName: 'central' })).not.toThrow();
});

test('the name of a replica that was taken out of the app is free', () => {
  new ReplicatedBackupVault(stack, 'First', { backupVaultName: 'central', replicaVaultName: 'far', replicaRegion: IRELAND });
  stack.node.tryRemoveChild('support-eu-west-1');

  expect(refusals({ backupVaultName: 'central' })).toHaveLength(1);
  expect(() => new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, IRELAND, app, 'Elsewhere'), 'Vault', { backupVaultName: 'far' })).not.toThrow();
});

test('the same name in another region is fine', () => {
  new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, IRELAND, app, 'Elsewhere'), 'Vault', { backupVaultName: 'central' });

  expect(() => new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central' })).not.toThrow();
});

test('refuses what is no region', () => {
  expect(refusals({ replicaRegion: 'eu-west1' })).toEqual(["'replicaRegion' (replica_region) must be a region, such as 'eu-west-1', got 'eu-west1'"]);
});

test('refuses a replica in another partition', () => {
  expect(refusals({ replicaRegion: 'cn-north-1' }))
    .toEqual(["'replicaRegion' (replica_region) must be in the partition of the vault, aws, because AWS Backup copies only within a partition, got cn-north-1"]);
});

test('refuses a topic that is encrypted with a key of AWS', () => {
  const masterKey = kms.Alias.fromAliasName(stack, 'Key', 'alias/aws/sns');

  expect(refusals({ notificationTopic: new sns.Topic(stack, 'Topic', { masterKey }) }))
    .toEqual(["'notificationTopic' (notification_topic) must be encrypted with a customer managed key, because AWS Backup can't use alias/aws/sns, got 'Archive/Topic'"]);
});

test('all problems of an imported vault are in one error', () => {
  expect(() => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Central', {
    backupVaultName: 'a b', account: '12', region: 'Mars', replicaVaultName: 'far', replicaVaultLock: VaultLock.governance({ minRetention: Duration.days(1) }),
  })).toThrow([
    "invalid ReplicatedBackupVaultAttributes of 'Central' at 'Archive':",
    "- 'backupVaultName' (backup_vault_name) must be 2 to 50 letters, digits, hyphens and underscores, got 'a b' (3 characters)",
    "- 'account' must be 12 digits, got '12'",
    "- 'region' must be a region, such as 'eu-west-1', got 'Mars'",
    "- 'replicaVaultName' (replica_vault_name) has no effect without a replica: set 'replicaRegion' (replica_region) too, or leave it out",
    "- 'replicaVaultLock' (replica_vault_lock) has no effect without a replica: set 'replicaRegion' (replica_region) too, or leave it out",
  ].join('\n'));
});

test('refuses an imported replica in the region of its vault', () => {
  expect(() => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Central', {
    backupVaultName: 'central', account: LOG_ARCHIVE, region: LONDON, replicaRegion: LONDON,
  })).toThrow("- 'replicaRegion' (replica_region) must differ from the region of the vault, eu-west-2");
});

test('a lock with a token in another unit than days is refused: the CDK can not convert it', () => {
  expect(() => VaultLock.governance({ minRetention: Duration.hours(Lazy.number({ produce: () => 48 })) }))
    .toThrow("'minRetention' (min_retention) is a token and can't be converted: specify it as 'Duration.days(...)', got hours");
});
