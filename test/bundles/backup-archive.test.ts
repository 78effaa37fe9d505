import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { BackupArchive } from '../../src/bundles/backup-archive';
import type { BackupArchiveProps } from '../../src/bundles/backup-archive-props';
import { WorkloadBackup } from '../../src/bundles/workload-backup';
import { Notify } from '../../src/notification/notify';
import { ResourceType } from '../../src/objectives/resource-type';
import { CopySource } from '../../src/vault/copy-source';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { problemsAtSynthesis, problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';
import { accessPolicyOf } from '../vault/statements';

const ACCOUNTS = { accounts: [INFRASTRUCTURE] };
const RETENTIONS = { minRetention: Duration.days(7), maxRetention: Duration.days(365) };

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
});

const archive = (props: BackupArchiveProps = ACCOUNTS) => new BackupArchive(stack, 'Archive', props);

test('the accounts may copy into the vault and its replica', () => {
  archive({ ...ACCOUNTS, replicaRegion: IRELAND });

  for (const each of [stack, supportStackOf(stack, IRELAND)]) {
    expect(accessPolicyOf(each)![0]).toMatchObject({ Action: 'backup:CopyIntoBackupVault', Principal: { AWS: `arn:aws:iam::${INFRASTRUCTURE}:root` } });
  }
});

test('an organization may copy with the roles that are named', () => {
  archive({ organizationId: 'o-exampleorg12', roleNames: ['backup'] });

  expect(accessPolicyOf(stack)![0]).toMatchObject({
    Principal: { AWS: '*' },
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg12' }, ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/backup'] } },
  });
});

test('the lock is on the vault and on its replica', () => {
  archive({ ...ACCOUNTS, replicaRegion: IRELAND, vaultLock: VaultLock.governance(RETENTIONS) });

  for (const each of [stack, supportStackOf(stack, IRELAND)]) {
    Template.fromStack(each).hasResourceProperties('AWS::Backup::BackupVault', { LockConfiguration: { MinRetentionDays: 7, MaxRetentionDays: 365 } });
  }
});

test('the settings that copies of DynamoDB need are made in both regions', () => {
  archive({ ...ACCOUNTS, replicaRegion: IRELAND });

  for (const each of [stack, supportStackOf(stack, IRELAND)]) {
    Template.fromStack(each).hasResourceProperties('Custom::BackupRegionSettings', { resourceTypeOptIn: ['DynamoDB'], resourceTypeManagement: ['DynamoDB'] });
  }
});

test('the settings are made for the types that are named', () => {
  archive({ ...ACCOUNTS, resourceTypes: [ResourceType.EFS] });

  Template.fromStack(stack).hasResourceProperties('Custom::BackupRegionSettings', { resourceTypeOptIn: ['EFS'], resourceTypeManagement: [] });
});

test('the bus of central monitoring takes the events of the accounts and of the archive itself alone', () => {
  archive();

  Template.fromStack(stack).hasResourceProperties('AWS::Events::EventBusPolicy', {
    Statement: { Condition: { StringEquals: { 'aws:PrincipalAccount': [INFRASTRUCTURE, LOG_ARCHIVE] } } },
  });
});

test('every account of an organization may put events on the bus, where no accounts are named', () => {
  archive({ organizationId: 'o-exampleorg12', roleNames: ['backup'] });

  Template.fromStack(stack).hasResourceProperties('AWS::Events::EventBusPolicy', {
    Statement: { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg12', 'aws:PrincipalAccount': Match.absent() } } },
  });
});

test('there is a dashboard, unless it is not wanted', () => {
  expect(archive().dashboard).toBeDefined();
  expect(new BackupArchive(stackIn(LOG_ARCHIVE, IRELAND, app, 'Other'), 'Archive', { ...ACCOUNTS, dashboard: false }).dashboard).toBeUndefined();
});

test('there are two keys and one topic in each region, with one subscription', () => {
  archive({ ...ACCOUNTS, replicaRegion: IRELAND, notify: [Notify.email('operations@example.com')] });

  for (const each of [stack, supportStackOf(stack, IRELAND)]) {
    Template.fromStack(each).resourceCountIs('AWS::KMS::Key', 2);
    Template.fromStack(each).resourceCountIs('AWS::SNS::Topic', 1);
    Template.fromStack(each).resourceCountIs('AWS::SNS::Subscription', 1);
  }
});

test('nothing warns of a replica that other apps copy into', () => {
  archive({ ...ACCOUNTS, replicaRegion: IRELAND, notify: [Notify.email('operations@example.com')] });

  expect(app.synth().stacks.flatMap(({ messages }) => messages).filter(({ level }) => level !== 'info')).toEqual([]);
});

test('a given vault is used, as it is', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', copySources: [CopySource.account(INFRASTRUCTURE)] });

  expect(archive({ ...ACCOUNTS, vault }).vault).toBe(vault);
  Template.fromStack(stack).resourceCountIs('AWS::Backup::BackupVault', 1);
});

test('the stack of a workload is deployed after the archive that it copies into and forwards to', () => {
  const workload = stackIn(INFRASTRUCTURE, LONDON, app, 'Workload');
  new WorkloadBackup(workload, 'Backup', { tags: { backup: 'true' }, archive: archive({ ...ACCOUNTS, replicaRegion: IRELAND }) });

  const { dependencies } = app.synth().getStackArtifact(workload.artifactId);
  expect(dependencies.map(({ id }) => id)).toEqual(expect.arrayContaining([stack.artifactId, supportStackOf(stack, IRELAND).artifactId]));
});

test('a workload of an account that is not named is let in by its role, and warned of where the lock is a compliance lock', () => {
  const central = archive({ ...ACCOUNTS, vaultLock: VaultLock.compliance({ ...RETENTIONS, changeableFor: Duration.days(3) }) });
  const other = stackIn('444444444444', LONDON, app, 'Other');
  new WorkloadBackup(other, 'Backup', { tags: { backup: 'true' }, archive: central });

  expect(app.synth().getStackArtifact(other.artifactId).messages.filter(({ level }) => level === 'warning').map(({ entry: { data } }) => data))
    .toEqual([
      expect.stringContaining("has a compliance lock, and 'copySources' (copy_sources) of the vault does not allow account 444444444444"), expect.stringContaining('unless cross-account backup is turned on'),
    ]);
});

describe('refuses', () => {
  test('an archive that nobody may copy into', () => {
    expect(problemsOf(() => archive({}))).toEqual([
      "'accounts' or 'organizationId' (organization_id) is required, to allow copies into the archive: ids of accounts, or the id of an organization such as 'o-exampleorg12'",
    ]);
  });

  test('an organization without the names of roles, since any of its accounts could copy then', () => {
    expect(problemsOf(() => archive({ organizationId: 'o-exampleorg12' }))).toEqual([
      "'roleNames' (role_names) is required if every account of 'organizationId' (organization_id) may copy: the names of the roles of their plans; or set 'accounts'",
    ]);
  });

  test('a stack without account and region', () => {
    expect(problemsOf(() => new BackupArchive(new Stack(app, 'Anywhere'), 'Archive', ACCOUNTS))).toEqual([
      "an archive requires a literal account and region, by which other accounts identify it: set the 'env' of its stack, got an unknown account, an unknown region",
    ]);
  });

  test('what is of the vault that is given', () => {
    const vault = new ReplicatedBackupVault(stack, 'Vault');

    expect(problemsOf(() => archive({ ...ACCOUNTS, vault, replicaRegion: IRELAND, roleNames: ['backup'] }))).toEqual([
      "'roleNames' (role_names) applies to a new vault, but 'vault' is set: set it on that vault, and leave it out here",
      "'replicaRegion' (replica_region) applies to a new vault, but 'vault' is set: set it on that vault, and leave it out here",
    ]);
  });

  test('a vault of another region', () => {
    const vault = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, IRELAND, app, 'Away'), 'Vault', { backupVaultName: 'central' });

    expect(problemsOf(() => archive({ ...ACCOUNTS, vault }))).toEqual([
      "'vault' must be in the account and region of the archive (account 333333333333, region eu-west-2), got 'central' in account 333333333333, region eu-west-1",
    ]);
  });

  test.each(['12345', 'all'])("'%s' as an account", (account) => {
    expect(problemsOf(() => archive({ accounts: [account] }))).toEqual([`'accounts' must be literal account ids of 12 digits, got '${account}'`]);
  });
});

test('an imported archive has literal ARNs, its replica and its bus', () => {
  const imported = BackupArchive.fromBackupArchiveAttributes(stackIn(INFRASTRUCTURE, LONDON, app, 'Workload'), 'Archive', {
    backupVaultName: 'central', account: LOG_ARCHIVE, region: LONDON, replicaRegion: IRELAND, eventBusArn: `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`,
  });

  expect(imported.copies().map(({ destinationBackupVaultArn }) => destinationBackupVaultArn)).toEqual([
    `arn:aws:backup:eu-west-2:${LOG_ARCHIVE}:backup-vault:central`, `arn:aws:backup:eu-west-1:${LOG_ARCHIVE}:backup-vault:central-replica`,
  ]);
  expect(imported.eventBusArn).toBe(`arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`);
});

test('copies into an archive take the options of a copy', () => {
  const [copy] = archive().copies({ deleteAfter: Duration.days(400), tiers: ['monthly'] });

  expect([copy._options.deleteAfter?.toDays(), copy._options.tiers]).toEqual([400, ['monthly']]);
});

test('an archive without problems synthesizes', () => {
  archive({ ...ACCOUNTS, replicaRegion: IRELAND });

  expect(problemsAtSynthesis(app)).toEqual([]);
});
