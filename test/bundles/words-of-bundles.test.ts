import { App, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { BackupArchive } from '../../src/bundles/backup-archive';
import type { BackupArchiveProps } from '../../src/bundles/backup-archive-props';
import { WorkloadBackup } from '../../src/bundles/workload-backup';
import type { WorkloadBackupProps } from '../../src/bundles/workload-backup';
import { Notify } from '../../src/notification/notify';
import { BackupTier } from '../../src/objectives/backup-tier';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupTarget } from '../../src/targets/backup-target';
import { CopySource } from '../../src/vault/copy-source';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { messagesAbout } from '../messages';
import { problemsAtSynthesis, problemsOf } from '../problems';
import { INFRASTRUCTURE, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const FILES = { resources: [BackupTarget.allOf(ResourceType.EFS)] };
const ACCOUNTS = { accounts: [INFRASTRUCTURE] };
const CENTRAL = { backupVaultName: 'central', account: LOG_ARCHIVE, region: LONDON };

let app: App;
let stack: Stack;
let central: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(INFRASTRUCTURE, LONDON, app);
  central = stackIn(LOG_ARCHIVE, LONDON, app, 'Central');
});

const workload = (props: WorkloadBackupProps) => new WorkloadBackup(stack, 'Workload', props);
const archive = (props: BackupArchiveProps) => new BackupArchive(central, 'Archive', props);
const elsewhere = () => Notify.topic(sns.Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:us-east-1:${INFRASTRUCTURE}:alarms`));
const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('all problems of all parts are in one error', () => {
  test('of a workload: of its own properties, the vault, the plan, the selection and whom it notifies', () => {
    const message = messageOf(() => workload({
      ...FILES,
      replicaRegion: 'Ireland',
      tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) }), BackupTier.daily({ hour: 9, deleteAfter: Duration.days(35) })],
      localRetention: Duration.hours(36),
      excludeTypes: ['DynamoDB'],
      notify: [elsewhere()],
    }));

    expect(message.split('\n')).toEqual([
      "invalid WorkloadBackupProps at 'Backup/Workload':",
      "- 'replicaRegion' (replica_region) must be a region, such as 'eu-west-1', got 'Ireland'",
      "- 'tiers' must have unique names, got 'daily' 2 times: set 'name' on one of them",
      "- 'localRetention' (local_retention) must be a whole number of days from 1 to 36500, got 36 hours",
      expect.stringMatching(/^- 'notify' must have topics in the region of the metrics .*got 'Backup\/Topic'/),
    ]);
  });

  test('of an archive: of its own properties, the vault, the bus and whom it notifies', () => {
    const problems = problemsOf(() => archive({
      accounts: ['acme'], resourceTypes: [], backupVaultName: 'a', eventBusName: 'default', notify: [elsewhere()],
    }));

    expect(problems).toEqual([
      "'accounts' must be literal account ids of 12 digits, got 'acme'",
      "'resourceTypes' (resource_types) must contain at least one type, got none: leave it out for DynamoDB",
      "'backupVaultName' (backup_vault_name) must be 2 to 50 letters, digits, hyphens and underscores, got 'a' (1 characters)",
      expect.stringMatching(/^'eventBusName' \(event_bus_name\) must be 1 to 240 letters/),
      expect.stringMatching(/^'notify' must have topics in the region of the alarms .*got 'Backup\/Topic'/),
      expect.stringMatching(/^'notify' must have topics in the region of the metrics .*got 'Backup\/Topic'/),
    ]);
  });

  test('of an imported archive', () => {
    expect(problemsOf(() => BackupArchive.fromBackupArchiveAttributes(stack, 'Imported', { backupVaultName: 'a', account: '1', region: 'Ireland', organizationId: 'acme' }))).toEqual([
      "'organizationId' (organization_id) must be 'o-' and 10 to 32 lowercase letters and digits, got 'acme'",
      ...problemsOf(() => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', { backupVaultName: 'a', account: '1', region: 'Ireland' })),
    ]);
  });
});

test.each([undefined, null, {}])('an archive is not imported by %p, and the error names what must be given', (attrs) => {
  expect(problemsOf(() => BackupArchive.fromBackupArchiveAttributes(stack, 'Imported', attrs as any))).toEqual([
    "'backupVaultName' (backup_vault_name) is required: a string, got nothing", "'account' is required: a string, got nothing", "'region' is required: a string, got nothing",
  ]);
});

describe('errors and messages say what the user of a workload writes', () => {
  test.each<[FailureScope, RegExp]>([
    [FailureScope.REGION, /so nothing remains to recover from: set 'replicaRegion' \(replica_region\), or an 'archive' in another region$/],
    [FailureScope.ACCOUNT, /so nothing remains to recover from: set 'archive'$/],
  ])('where nothing survives the loss of the %s', (survives, advice) => {
    workload({ ...FILES, objectives: [new RecoveryObjective({ name: 'All', rto: Duration.hours(8), rpo: Duration.hours(30), survives })] });

    expect(problemsAtSynthesis(app)).toContainEqual(expect.stringMatching(advice));
  });

  test('where the role outlives the vault', () => {
    const vault = new ReplicatedBackupVault(stack, 'Vault', { removalPolicy: RemovalPolicy.DESTROY });
    workload({ ...FILES, vault });

    expect(messagesAbout(stack, /roleOutlivesVault/)).toEqual([expect.stringContaining("Set the 'removalPolicy' (removal_policy) of 'Backup/Workload' to RemovalPolicy.DESTROY")]);
  });

  test('where an archive of another partition is copied into', () => {
    const china = BackupArchive.fromBackupArchiveAttributes(stack, 'China', { ...CENTRAL, region: 'cn-north-1' });

    expect(problemsOf(() => workload({ ...FILES, archive: china }))).toContainEqual(expect.stringMatching(/^'archive' must stay in the partition aws/));
  });

  test('where keys of resources must be shared', () => {
    const imported = BackupArchive.fromBackupArchiveAttributes(stack, 'Archive', CENTRAL);
    workload({ resources: [BackupTarget.allOf(ResourceType.EBS)], archive: imported });

    expect(messagesAbout(stack, /resourceKeys/)).toEqual([expect.stringContaining("call 'grantCopies' (grant_copies) of the 'plan' of 'Backup/Workload' with each key")]);
  });

  test('where a role without a literal name copies into an archive', () => {
    const own = archive({ accounts: ['444444444444'] });
    const role = iam.Role.fromRoleArn(stack, 'Role', Fn.importValue('role'));

    expect(problemsOf(() => workload({ ...FILES, archive: own, role }))).toEqual([
      expect.stringContaining(`name account ${INFRASTRUCTURE} in the 'accounts' of the archive ('copySources' (copy_sources), if 'vault' is set on it)`),
    ]);
  });
});

describe('an imported archive', () => {
  const imported = (attrs: object = {}) => BackupArchive.fromBackupArchiveAttributes(stack, 'Archive', { ...CENTRAL, ...attrs });

  test('is reported with the role that copies, and the statement that lets it', () => {
    const role = iam.Role.fromRoleName(stack, 'Role', 'backup');
    workload({ ...FILES, archive: imported(), role });

    expect(messagesAbout(stack, /importedVaultPolicy/)).toEqual([
      expect.stringContaining(`which must allow account ${INFRASTRUCTURE} to copy into it with role 'backup', by {"Action":"backup:CopyIntoBackupVault",`
        + `"Condition":{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::${INFRASTRUCTURE}:role/backup"]}},"Effect":"Allow",`
        + `"Principal":{"AWS":"arn:aws:iam::${INFRASTRUCTURE}:root"},"Resource":"*"}, or by a wider statement for the account or for the organization of the account`),
    ]);
  });

  test('has an organization, which messages name', () => {
    const known = imported({ organizationId: 'o-exampleorg12' });
    workload({ ...FILES, archive: known });

    expect(known.organizationId).toBe('o-exampleorg12');
    expect(archive({ organizationId: 'o-exampleorg12', roleNames: ['backup'] }).organizationId).toBe('o-exampleorg12');
    expect(messagesAbout(stack, /crossAccountBackup/)).toEqual([expect.stringContaining('unless cross-account backup is turned on in the management account of organization o-exampleorg12')]);
    expect(messagesAbout(stack, /importedVaultPolicy/)).toEqual([expect.stringContaining('or by a wider statement for the account or for organization o-exampleorg12')]);
  });
});

describe('a vault that is given to an archive', () => {
  const vaultWith = (...copySources: CopySource[]) => new ReplicatedBackupVault(central, 'Vault', { backupVaultName: 'own', copySources: copySources.length > 0 ? copySources : undefined });
  const account = CopySource.account(INFRASTRUCTURE);

  test.each<[string, () => ReplicatedBackupVault, string[]]>([
    ['nobody', () => vaultWith(), ["'accounts' must be allowed by 'vault', and vault own allows no account: add CopySource.account('222222222222'), CopySource.account('444444444444') "
      + "to the 'copySources' (copy_sources) of 'Central/Vault'"]],
    ['one of two accounts', () => vaultWith(account), ["'accounts' must be allowed by 'vault', and vault own allows only others: add CopySource.account('444444444444') "
      + "to the 'copySources' (copy_sources) of 'Central/Vault'"]],
    ['both', () => vaultWith(account, CopySource.account('444444444444')), []],
    ['an organization', () => vaultWith(CopySource.organization('o-exampleorg12', { roleNames: ['backup'] })), []],
  ])('lets in %s of its accounts', (_, vault, problems) => {
    archive({ accounts: [INFRASTRUCTURE, '444444444444'], vault: vault() });

    expect([...new Set(problemsAtSynthesis(app))].filter((line) => line.includes('must be allowed by'))).toEqual(problems);
  });

  test('lets in those whose plans come later', () => {
    const own = archive({ ...ACCOUNTS, vault: vaultWith() });
    workload({ ...FILES, archive: own });

    expect(problemsAtSynthesis(app)).toEqual([]);
  });

  test('lets in those whom a statement of the user lets in', () => {
    const vault = vaultWith();
    (vault.primary as BackupVault).addToAccessPolicy(new iam.PolicyStatement({
      principals: [new iam.AccountPrincipal(INFRASTRUCTURE)], actions: ['backup:CopyIntoBackupVault'], resources: ['*'],
    }));
    archive({ ...ACCOUNTS, vault });

    expect(problemsAtSynthesis(app)).toEqual([]);
  });

  test('lets in an organization', () => {
    archive({ organizationId: 'o-exampleorg12', vault: vaultWith() });

    expect(problemsAtSynthesis(app)).toContain("'organizationId' (organization_id) must be allowed by 'vault', and vault own allows no account: add CopySource.organization('o-exampleorg12', …) "
      + "with the 'roleNames' (role_names) of the plans to the 'copySources' (copy_sources) of 'Central/Vault'");
  });

  test('that is imported is reported with the statement that it needs', () => {
    archive({ ...ACCOUNTS, vault: ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(central, 'Vault', CENTRAL) });

    expect(messagesAbout(central, /importedArchiveVaultPolicy/)).toEqual([
      expect.stringContaining("the access policy of vault 'central', which is imported: it must contain "
        + `{"Action":"backup:CopyIntoBackupVault","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${INFRASTRUCTURE}:root"},"Resource":"*"}`),
    ]);
  });
});

test('the lock of a vault and the retentions of tiers are refused under the names of the workload', () => {
  const vaultLock = VaultLock.governance({ minRetention: Duration.days(90), maxRetention: Duration.days(365) });

  expect(messageOf(() => workload({ ...FILES, vaultLock }))).toMatch(/^invalid WorkloadBackupProps at 'Backup\/Workload':\n- 'deleteAfter' \(delete_after\) of tier 'daily' must be at least 90 days/);
});
