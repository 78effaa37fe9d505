import { App, Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { DAILY, Setup, TABLES } from './setup';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { DrRole } from '../../src/roles/dr-role';
import { OrganizationBackupSettings } from '../../src/settings/organization-backup-settings';
import { CopySource } from '../../src/vault/copy-source';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import type { ReplicatedBackupVaultProps } from '../../src/vault/replicated-backup-vault-props';
import { VaultLock } from '../../src/vault/vault-lock';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

function archiveOf({ app }: Setup, props: ReplicatedBackupVaultProps = {}): ReplicatedBackupVault {
  return new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, app, 'Archive'), 'Vault', { backupVaultName: 'central', ...props });
}

/** What could not be checked, as far as it is about something. */
function uncheckedOf({ app }: Setup, about: RegExp): string[] {
  app.synth();
  return Registry.of(app).all(UNCHECKED).map(({ reason }) => reason).filter((reason) => about.test(reason));
}

describe('a plan that opens a vault with a compliance lock', () => {
  const vaultLock = VaultLock.compliance({ minRetention: Duration.days(7), changeableFor: Duration.days(14) });
  const warnings = (props: ReplicatedBackupVaultProps) => {
    const setup = new Setup();
    setup.selecting(TABLES(), { copyTo: [BackupCopy.to(archiveOf(setup, props))] });
    return Annotations.fromStack(setup.stack).findWarning('*', Match.stringLikeRegexp('lockedVaultOpened')).map(({ entry: { data } }) => data);
  };

  test('is warned to name its account before the lock is final', () => {
    expect(warnings({ vaultLock })).toEqual([
      "vault 'central' has a compliance lock, and 'copySources' (copy_sources) of the vault does not allow account 222222222222, so this plan changes its access policy, as each additional account would; after the lock is final, such a change might fail: add every account that will copy to the 'copySources' of the vault before that, or its organizational unit "
      + 'or the organization [ack: cdk-backup-dr:lockedVaultOpened]',
    ]);
  });

  test.each<[string, ReplicatedBackupVaultProps]>([
    ['names the account', { vaultLock, copySources: [CopySource.account(INFRASTRUCTURE)] }],
    ['names the unit of the account', { vaultLock, copySources: [CopySource.organizationalUnit('o-exampleorg12', 'r-ab12/ou-ab12-11111111')] }],
    ['names the organization', { vaultLock, copySources: [CopySource.organization('o-exampleorg12')] }],
    ['has a governance lock', { vaultLock: VaultLock.governance({ minRetention: Duration.days(7) }) }],
    ['has no lock', {}],
  ])('is not warned where the vault %s', (_, props) => {
    expect(warnings(props)).toEqual([]);
  });
});

describe('a replica', () => {
  const emptyReplicas = ({ app, stack }: Setup) => {
    app.synth();
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('no plan of this app copies into replica')).map(({ entry }) => entry.data);
  };

  test('into which no plan copies is warned of', () => {
    const setup = new Setup({ replicaRegion: IRELAND });
    setup.selecting(TABLES(), { copyTo: [BackupCopy.to(archiveOf(setup))] });

    expect(emptyReplicas(setup)).toEqual(["no plan of this app copies into replica 'local-replica', so it stays empty: add it to 'copyTo' (copy_to) of a plan with 'BackupCopy.toReplicaOf' (to_replica_of), or set 'landingVault' (landing_vault) if other apps or people copy into it [ack: cdk-backup-dr:emptyReplica]"]);
  });

  test('that is a landing vault may be empty', () => {
    const setup = new Setup({ replicaRegion: IRELAND, landingVault: true });
    setup.selecting(TABLES(), { copyTo: [BackupCopy.to(archiveOf(setup))] });

    expect(emptyReplicas(setup)).toEqual([]);
  });

  test('into which a plan copies is not', () => {
    const setup = new Setup({ replicaRegion: IRELAND });
    setup.selecting();

    expect(emptyReplicas(setup)).toEqual([]);
  });

  test('into which a plan of another app copies is not, where that is imported', () => {
    const setup = new Setup({ replicaRegion: IRELAND });
    TieredBackupPlan.fromBackupPlanAttributes(setup.stack, 'Theirs', { backupPlanId: 'theirs', vault: setup.vault, tiers: [DAILY()] });

    expect(emptyReplicas(setup)).toEqual([]);
  });
});

describe('copies into another account', () => {
  const SWITCH = /unless cross-account backup is turned on/;

  test('need a switch in the organization, and nothing in the app turns it on', () => {
    const setup = new Setup();
    setup.selecting(TABLES(), { copyTo: [BackupCopy.to(archiveOf(setup))] });

    expect(uncheckedOf(setup, SWITCH)).toEqual(['copies into account 333333333333 fail unless cross-account backup is turned on in the management account of the organization, which this app does not do: define OrganizationBackupSettings in a stack of the management account, or acknowledge this warning if it is already turned on']);
  });

  test.each([[true, 0], [false, 1]])('where OrganizationBackupSettings has crossAccountBackup %s, %i times', (crossAccountBackup, times) => {
    const setup = new Setup();
    setup.selecting(TABLES(), { copyTo: [BackupCopy.to(archiveOf(setup))] });
    new OrganizationBackupSettings(stackIn('111111111111', LONDON, setup.app, 'Management'), 'Settings', { crossAccountBackup });

    expect(uncheckedOf(setup, SWITCH)).toHaveLength(times);
  });

  test('are not those into another region', () => {
    const setup = new Setup({ replicaRegion: IRELAND });
    setup.selecting();

    expect(uncheckedOf(setup, SWITCH)).toEqual([]);
  });
});

test('a hint about a lock names the property of the vault that has none: vault or replica', () => {
  const vaultLock = VaultLock.governance({ minRetention: Duration.days(7) });
  const hints = (attrs: object, copyTo: (vault: any) => BackupCopy[]) => {
    const setup = new Setup();
    const imported = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Imported', {
      backupVaultName: 'theirs', account: LOG_ARCHIVE, region: LONDON, replicaRegion: IRELAND, ...attrs,
    });
    setup.selecting(TABLES(), { copyTo: copyTo(imported) });
    return uncheckedOf(setup, /against a lock/).map((reason) => /'(theirs.*)': .* '(\w+)' \(\w+\) if/.exec(reason)!.slice(1));
  };

  expect(hints({ vaultLock }, (vault) => [BackupCopy.to(vault), BackupCopy.toReplicaOf(vault)])).toEqual([['theirs-replica', 'replicaVaultLock']]);
  expect(hints({ replicaVaultLock: vaultLock }, (vault) => [BackupCopy.to(vault), BackupCopy.toReplicaOf(vault)])).toEqual([['theirs', 'vaultLock']]);
});

describe('the path of a role', () => {
  const roleOf = (path: string) => problemsOf(() => DrRole.backup(stackIn(INFRASTRUCTURE, LONDON), 'Role', { path, resourceTypes: [ResourceType.DYNAMODB] }));

  test.each(['/', '/backup/', '/a/b-c_d/e+f=g,h.i@j/', `/${'a'.repeat(510)}/`])('may be %j', (path) => {
    expect(roleOf(path)).toEqual([]);
  });

  test.each(['', 'backup', '/backup', 'backup/', '/a b/', '/a*/', '/a?/', '/ä/', `/${'a'.repeat(511)}/`])('may not be %j', (path) => {
    expect(roleOf(path)).toEqual([`'path' must begin and end with a slash, such as '/backup/', have at most 512 characters, and no spaces, '*' or '?', got '${path}'`]);
  });

  test.each(['/aws-service-role/x/', '/aws-reserved/'])('may not be one of AWS: %s', (path) => {
    expect(roleOf(path)).toEqual([`'path' must not begin with '/aws-service-role/' or '/aws-reserved/', which are reserved for AWS, got '${path}'`]);
  });

  test('of a plan is checked, and refused beside a role', () => {
    const setup = new Setup();
    const role = DrRole.backup(setup.stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB] });

    expect(setup.refusals({ rolePath: 'backup' })).toEqual([expect.stringMatching(/^'rolePath' \(role_path\) must begin and end with a slash/)]);
    expect(setup.plan({ role }, 'Other').role).toBe(role);
    expect(problemsOf(() => setup.plan({ role, rolePath: '/backup/' }, 'Third')))
      .toEqual(["'rolePath' (role_path) applies to the role that the plan creates: leave it out with 'role', and set the 'path' of that role"]);
  });
});

describe('without a compiler, what is missing is said in words:', () => {
  const stack = () => stackIn(INFRASTRUCTURE, LONDON, new App());
  const NONE = "'vault' is required, the ReplicatedBackupVault that the plan backs up into, or an imported one, got nothing";
  const NO_TIERS = "'tiers' must be a list of tiers, such as 'BackupTier.daily', got nothing";
  const NO_TYPES = "'resourceTypes' (resource_types) must be a list of ResourceType, such as [ResourceType.DYNAMODB], got undefined";

  test.each<[string, () => unknown, string[]]>([
    ['the vault of a plan', () => new TieredBackupPlan(stack(), 'Plan', { tiers: [] } as any), [NONE]],
    ['all of a plan', () => new (TieredBackupPlan as any)(stack(), 'Plan'), [NONE, NO_TIERS]],
    ['the vault of an imported plan', () => TieredBackupPlan.fromBackupPlanAttributes(stack(), 'Plan', { backupPlanId: 'a', tiers: [] } as any), [NONE]],
    ['a vault of another kind', () => new TieredBackupPlan(stack(), 'Plan', { tiers: [], vault: stack() } as any),
      [NONE.replace('nothing', 'an object')]],
    ['a list of copies', () => new Setup().plan({ copyTo: BackupCopy.to(new Setup().vault) as any }), ["'copyTo' (copy_to) must be a list, with each item a BackupCopy, got something else"]],
    ['the vault of a copy', () => (BackupCopy.to as any)(), ["'vault' is required: the destination vault, a ReplicatedBackupVault or an imported one"]],
    ['the vault of a copy into a replica', () => (BackupCopy.toReplicaOf as any)(), ["'vault' is required: the destination vault, a ReplicatedBackupVault or an imported one"]],
    ['the types of a role', () => (DrRole.backup as any)(stack(), 'Role'), [NO_TYPES]],
    ['the types of a role for restores', () => (DrRole.restore as any)(stack(), 'Role', {}), [NO_TYPES]],
  ])('%s', (_, work, expected) => {
    expect(problemsOf(work)).toEqual(expected);
  });
});
