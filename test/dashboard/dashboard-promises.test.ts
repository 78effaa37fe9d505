import { Duration } from 'aws-cdk-lib';
import { metricsOf, shownIn, titled } from './dashboard';
import type { Widget } from './dashboard';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { Setup } from '../plan/setup';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/** One objective for each loss that is survived. */
const OBJECTIVES = [FailureScope.RESOURCE, FailureScope.REGION, FailureScope.ACCOUNT].map((survives) => new RecoveryObjective({
  name: survives, rto: Duration.hours(8), rpo: Duration.hours(60), survives,
}));

/** A dashboard on a plan of tables and file systems, which are copied into another region and into another account. */
function widgetsOf(isCentral: boolean): Widget[] {
  const setup = new Setup({ replicaRegion: IRELAND });
  const central = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central' });
  setup.selecting([BackupTarget.allOf(ResourceType.DYNAMODB), BackupTarget.allOf(ResourceType.EFS)], {
    copyTo: [BackupCopy.toReplicaOf(setup.vault), BackupCopy.to(central)], objectives: OBJECTIVES,
  });
  const stack = stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Monitoring');
  const centralMonitoring = isCentral ? new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', eventBusName: 'backups' }) : undefined;
  new BackupDashboard(stack, 'Dashboard', { centralMonitoring });
  return shownIn(stack);
}

test('without central monitoring, ages are those of each resource type in each vault, as AWS Backup counts in the account and region of the plan', () => {
  const ages = titled(widgetsOf(false), /^Hours since/).flatMap(metricsOf);

  expect(ages.map(([name]) => name)).toEqual([
    'AWS/Backup NumberOfBackupJobsCompleted BackupVaultName local ResourceType DynamoDB',
    'AWS/Backup NumberOfBackupJobsCompleted BackupVaultName local ResourceType EFS',
    'AWS/Backup NumberOfCopyJobsCompleted BackupVaultName local-replica ResourceType DynamoDB',
    'AWS/Backup NumberOfCopyJobsCompleted BackupVaultName local-replica ResourceType EFS',
    'AWS/Backup NumberOfCopyJobsCompleted BackupVaultName central ResourceType DynamoDB',
    'AWS/Backup NumberOfCopyJobsCompleted BackupVaultName central ResourceType EFS',
  ]);
  expect(ages.map(([, { accountId, region, stat, period }]) => [accountId, region, stat, period])).toEqual(Array(6).fill([INFRASTRUCTURE, LONDON, 'Sum', 3600]));
});

test('an objective on the loss of a resource is drawn on what serves it from the region of the resource, and on no copy in another region', () => {
  const drawn = titled(widgetsOf(true), /^Hours since/)
    .map(({ properties: { title, annotations } }) => [title.split(' (')[0], annotations.horizontal.map(({ label }: any) => label)]);

  expect(drawn).toEqual([
    ['Hours since a backup into local', ['RPO of RESOURCE']],
    ['Hours since a copy into local-replica', ['RPO of REGION']],
    ['Hours since a copy into central', ['RPO of RESOURCE', 'RPO of ACCOUNT']],
  ]);
});

test('the state of a restore job is read where its events have it: they have a status, those of other jobs a state', () => {
  const [{ properties: { query } }] = titled(widgetsOf(true), /^Restore jobs in minutes/);

  expect(query).toContain('latest(detail.status) as status');
  expect(query).toContain('by detail.restoreJobId');
  expect(query).not.toContain('detail.state');
});

test('costs are the most of a period, since they add up over the month', () => {
  const [costs] = titled(widgetsOf(false), /^Costs/).map(metricsOf);

  expect(costs.map(([, { stat, period }]) => [stat, period])).toEqual(Array(3).fill(['Maximum', 21600]));
});
