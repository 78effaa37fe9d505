import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmOnAbsence, backupFreshness, copyFreshness, strictest } from './freshness';
import type { Freshness } from './freshness';
import { jobMetric } from './job-metrics';
import { primaryOf, replicaOf } from './vault-side';
import type { AlarmName } from '../alarms/alarm-catalogue';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import type { TieredBackupPlan } from '../plan';
import { backupVaultArn } from '../private/arns';
import type { IReplicatedBackupVault } from '../vault';

/** Of what is forwarded to the organization's bus. */
export const ANYWHERE = 'any account and region';

/** Alarms on what is counted in the events of jobs: of each of these vaults, or of all together. */
export function alarmOnJobs(scope: Construct, made: CataloguedAlarms, topic: sns.ITopic, period: Duration, vaults?: IReplicatedBackupVault[]): void {
  for (const { id, name, subject, metric } of vaults ? ofVaults(scope, vaults) : ofAll()) {
    made.add(scope, `${id}-${name}`, name, topic, { subject, metric, period, threshold: 0 });
  }
}

/**
 * Alarms on the vaults that nothing is told of for longer than their plans allow: backups stopped, or those who tell of
 * them were silenced. By vault and not by resource type, which the alarms beside the jobs go by.
 */
export function alarmOnSilence(scope: Construct, made: CataloguedAlarms, topic: sns.ITopic, plans: TieredBackupPlan[]): void {
  const backups = strictest(scope, ofVault(backupFreshness(scope, plans)), ({ backupVaultName, environment }) => `${environment.account}-${backupVaultName}`);
  for (const vault of backups) {
    const { backupVaultName, environment: { account } } = vault;
    alarmOnAbsence(scope, made, topic, `${account}-${backupVaultName}`, 'no-good-recovery-point', vault,
      jobMetric('NumberOfBackupJobsCompleted', { Account: account, BackupVaultName: backupVaultName }));
  }
  const arnOf = ({ backupVaultName, environment }: Freshness) => backupVaultArn(scope, environment, backupVaultName);
  for (const vault of strictest(scope, ofVault(copyFreshness(scope, plans)), arnOf)) {
    const { backupVaultName, environment: { account, region } } = vault;
    alarmOnAbsence(scope, made, topic, `${account}-${region}-${backupVaultName}`, 'no-good-copy', vault,
      jobMetric('NumberOfCopyJobsCompleted', { DestinationBackupVaultArn: arnOf(vault) }));
  }
}

/** All types of a vault together. */
function ofVault(all: Freshness[]): Freshness[] {
  return all.map(({ resourceType, ...vault }) => vault);
}

interface CountAlarm {
  readonly id: string;
  readonly name: AlarmName;
  readonly subject: string;
  readonly metric: cloudwatch.Metric;
}

const ON_BACKUPS: [AlarmName, string][] = [
  ['backup-job-failed', 'NumberOfBackupJobsFailed'], ['backup-job-expired', 'NumberOfBackupJobsExpired'], ['backup-job-aborted', 'NumberOfBackupJobsAborted'],
];

function ofAll(): CountAlarm[] {
  const all: [AlarmName, string][] = [...ON_BACKUPS, ['copy-job-failed', 'NumberOfCopyJobsFailed'], ['restore-job-failed', 'NumberOfRestoreJobsFailed']];
  return all.map(([name, metricName]) => ({ id: 'all', name, subject: ANYWHERE, metric: jobMetric(metricName) }));
}

/** Backup jobs by their vault, copy jobs by the vault that they copy into, restore jobs by their account. */
function ofVaults(scope: Construct, vaults: IReplicatedBackupVault[]): CountAlarm[] {
  const primaries = vaults.map(primaryOf);
  const all = [...primaries, ...vaults.flatMap((vault) => replicaOf(vault) ?? [])];
  const alarms = [
    ...primaries.flatMap(({ backupVaultName, environment: { account } }) => ON_BACKUPS.map(([name, metricName]) => ({
      id: `${account}-${backupVaultName}`,
      name,
      subject: `vault ${backupVaultName} of account ${account}`,
      metric: jobMetric(metricName, { Account: account, BackupVaultName: backupVaultName }),
    }))),
    ...all.map(({ backupVaultName, environment }): CountAlarm => {
      const arn = backupVaultArn(scope, environment, backupVaultName);
      return {
        id: `${environment.account}-${environment.region}-${backupVaultName}`,
        name: 'copy-job-failed',
        subject: `copies into vault ${backupVaultName} of account ${environment.account}, region ${environment.region}`,
        metric: jobMetric('NumberOfCopyJobsFailed', { DestinationBackupVaultArn: arn }),
      };
    }),
    ...[...new Set(all.map(({ environment: { account } }) => account))].map((account): CountAlarm => ({
      id: account, name: 'restore-job-failed', subject: `account ${account}`, metric: jobMetric('NumberOfRestoreJobsFailed', { Account: account }),
    })),
  ];
  // Vaults of one name in two regions of an account are counted together.
  return [...new Map(alarms.map((alarm) => [`${alarm.id} ${alarm.name}`, alarm])).values()];
}
