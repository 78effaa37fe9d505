import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { jobMetric } from './job-metrics';
import type { Dimension } from './job-metrics';
import type { AlarmName } from '../alarms/alarm-catalogue';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { alarmOnAbsence } from '../monitoring/absence-alarms';
import type { MessageTopics } from '../notification/message-topics';
import { backupJobGaps, copyJobGaps } from '../plan/job-gaps';
import type { JobGap } from '../plan/job-gaps';
import type { PlanFact } from '../plan/plans-in-app';
import { backupVaultArn } from '../private/arns';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { primaryOf, replicaOf } from '../vault/single-vault';

/** Of what is forwarded to the organization's bus. */
export const ANYWHERE = 'any account and region';

/** Metrics of one bus. */
type MetricOf = (metricName: string, dimensions?: Partial<Record<Dimension, string>>) => cloudwatch.Metric;

/**
 * What all alarms on counted events have.
 */
export interface CentralAlarms {
  readonly scope: Construct;
  readonly made: CataloguedAlarms;
  readonly topics: MessageTopics;
  /** Where the events are counted. */
  readonly namespace: string;
}

/** Alarms on what is counted in the events of jobs: of each of these vaults, or of all together. */
export function alarmOnJobs({ scope, made, topics, namespace }: CentralAlarms, period: Duration, vaults?: IReplicatedBackupVault[]): void {
  const metricOf: MetricOf = (metricName, dimensions) => jobMetric(namespace, metricName, dimensions);
  for (const { id, name, subject, metric } of vaults ? ofVaults(scope, metricOf, vaults) : ofAll(metricOf)) {
    made.add(scope, id, name, topics, { subject, metric, period, threshold: 0 });
  }
}

/**
 * Alarms on the vaults that nothing is told of for longer than their plans allow: backups stopped, or those who tell of
 * them were silenced. By vault and not by resource type, which the alarms beside the jobs go by.
 */
export function alarmOnSilence({ scope, made, topics, namespace }: CentralAlarms, plans: PlanFact[]): void {
  const vaultOf = ({ backupVaultName, environment: { account } }: JobGap) => `${account}-${backupVaultName}`;
  alarmOnAbsence({
    scope,
    made,
    topics,
    name: 'no-good-recovery-point',
    idOf: vaultOf,
    metricOf: ({ backupVaultName, environment: { account } }) =>
      jobMetric(namespace, 'NumberOfBackupJobsCompleted', { Account: account, BackupVaultName: backupVaultName }),
  }, backupJobGaps(plans), vaultOf);
  const arnOf = ({ backupVaultName, environment }: JobGap) => backupVaultArn(scope, environment, backupVaultName);
  alarmOnAbsence({
    scope,
    made,
    topics,
    name: 'no-good-copy',
    idOf: ({ backupVaultName, environment: { account, region }, startedIn }) =>
      `${account}-${region}-${backupVaultName}${startedIn.account === account ? '' : `-from-${startedIn.account}`}`,
    metricOf: (gap) => jobMetric(namespace, 'NumberOfCopyJobsCompleted', { Account: gap.startedIn.account, DestinationBackupVaultArn: arnOf(gap) }),
  }, copyJobGaps(plans), (gap) => `${gap.startedIn.account} ${arnOf(gap)}`);
}

interface CountAlarm {
  readonly id: string;
  readonly name: AlarmName;
  readonly subject: string;
  readonly metric: cloudwatch.Metric;
}

const ON_BACKUPS: [AlarmName, string][] = [
  ['backup-job-failed', 'NumberOfBackupJobsFailed'], ['backup-job-expired', 'NumberOfBackupJobsExpired'], ['backup-job-aborted', 'NumberOfBackupJobsAborted'],
  ['recovery-point-partial', 'NumberOfBackupJobsPartial'],
];

function ofAll(metricOf: MetricOf): CountAlarm[] {
  const all: [AlarmName, string][] = [...ON_BACKUPS, ['copy-job-failed', 'NumberOfCopyJobsFailed'], ['restore-job-failed', 'NumberOfRestoreJobsFailed']];
  return all.map(([name, metricName]) => ({ id: 'all', name, subject: ANYWHERE, metric: metricOf(metricName) }));
}

/** Backup jobs by their vault, copy jobs by the vault that they copy into, restore jobs by their account. */
function ofVaults(scope: Construct, metricOf: MetricOf, vaults: IReplicatedBackupVault[]): CountAlarm[] {
  const primaries = vaults.map(primaryOf);
  const all = [...primaries, ...vaults.flatMap((vault) => replicaOf(vault) ?? [])];
  const alarms = [
    ...primaries.flatMap(({ backupVaultName, environment: { account } }) => ON_BACKUPS.map(([name, metricName]) => ({
      id: `${account}-${backupVaultName}`,
      name,
      subject: `vault ${backupVaultName} of account ${account}`,
      metric: metricOf(metricName, { Account: account, BackupVaultName: backupVaultName }),
    }))),
    ...all.map(({ backupVaultName, environment }): CountAlarm => {
      const arn = backupVaultArn(scope, environment, backupVaultName);
      return {
        id: `${environment.account}-${environment.region}-${backupVaultName}`,
        name: 'copy-job-failed',
        subject: `copies into vault ${backupVaultName} of account ${environment.account}, region ${environment.region}`,
        metric: metricOf('NumberOfCopyJobsFailed', { DestinationBackupVaultArn: arn }),
      };
    }),
    ...[...new Set(all.map(({ environment: { account } }) => account))].map((account): CountAlarm => ({
      id: account, name: 'restore-job-failed', subject: `account ${account}`, metric: metricOf('NumberOfRestoreJobsFailed', { Account: account }),
    })),
  ];
  // Vaults of one name in two regions of an account are counted together.
  return [...new Map(alarms.map((alarm) => [`${alarm.id} ${alarm.name}`, alarm])).values()];
}
