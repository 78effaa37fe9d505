import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { alarmsOn, ORGANIZATION } from '../central/central';
import { DAILY, Setup } from '../plan/setup';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/** A plan into a vault of its own. */
function planElsewhere(setup: Setup, account: string, region: string, backupVaultName: string, type: ResourceType): TieredBackupPlan {
  const stack = stackIn(account, region, setup.app, 'Elsewhere');
  const plan = new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault', { backupVaultName }), tiers: [DAILY()] });
  plan.addSelection('Selection', { resources: [BackupTarget.allOf(type)] });
  return plan;
}

test('in two accounts are two alarms on what is missing: each is counted by its account', () => {
  const setup = new Setup();
  const plans = [setup.selecting(), planElsewhere(setup, LOG_ARCHIVE, LONDON, 'local', ResourceType.DYNAMODB)];
  const stack = stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Monitoring');
  new CentralMonitoring(stack, 'Central', { organizationId: ORGANIZATION, plans });
  const alarms = alarmsOn(Rendered.of(stack), 'NumberOfBackupJobsCompleted');

  expect(alarms.map(({ Dimensions }) => Dimensions)).toEqual([INFRASTRUCTURE, LOG_ARCHIVE]
    .map((account) => [{ Name: 'Account', Value: account }, { Name: 'BackupVaultName', Value: 'local' }]));
  expect(alarms.map(({ AlarmName }) => AlarmName)).toEqual([INFRASTRUCTURE, LOG_ARCHIVE]
    .map((account) => expect.stringMatching(new RegExp(`^no-good-recovery-point-${account}-local-`))));
});

describe('what is told of Amazon EKS', () => {
  /** The events that the vault `local` tells of itself. */
  function toldBy(setup: Setup): string[] {
    new BackupNotifications(setup.stack, 'Notifications', { vaults: [setup.vault] });
    return Rendered.of(setup.stack).only('AWS::Backup::BackupVault', ({ BackupVaultName }) => BackupVaultName === 'local').Notifications.BackupVaultEvents;
  }

  test.each([
    ['of another account', LOG_ARCHIVE, LONDON, 'local'],
    ['of another region', INFRASTRUCTURE, IRELAND, 'local'],
    ['of another name', INFRASTRUCTURE, LONDON, 'other'],
  ])('is not told by a vault where a plan into one %s selects it', (_, account, region, backupVaultName) => {
    const setup = new Setup();
    planElsewhere(setup, account, region, backupVaultName, ResourceType.EKS);

    expect(toldBy(setup)).toEqual(['S3_BACKUP_OBJECT_FAILED', 'S3_RESTORE_OBJECT_FAILED', 'CONTINUOUS_BACKUP_INTERRUPTED']);
  });

  test('is told where a plan into the vault selects it among others', () => {
    const setup = new Setup();
    setup.selecting([BackupTarget.allOf(ResourceType.DYNAMODB), BackupTarget.allOf(ResourceType.EKS)]);

    expect(toldBy(setup)).toEqual([
      'S3_BACKUP_OBJECT_FAILED', 'S3_RESTORE_OBJECT_FAILED', 'CONTINUOUS_BACKUP_INTERRUPTED',
      'EKS_BACKUP_OBJECT_FAILED', 'EKS_RESTORE_OBJECT_FAILED', 'EKS_RESTORE_OBJECT_SKIPPED',
    ]);
  });
});
