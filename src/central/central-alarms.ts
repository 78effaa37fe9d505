import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { jobMetric } from './job-metrics';
import type { Dimension } from './job-metrics';
import type { AlarmName } from '../alarms/alarm-catalogue';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { alarmOnAbsence } from '../monitoring/absence-alarms';
import { alarmOnFailing } from '../monitoring/failing-alarms';
import { SingleFailures } from '../monitoring/single-failures';
import type { MessageTopics } from '../notification/message-topics';
import { AlarmSeverity } from '../notification/notify';
import { backupJobGaps, copyJobGaps } from '../plan/job-gaps';
import type { JobGap } from '../plan/job-gaps';
import type { PlanFact } from '../plan/plans-in-app';
import { backupVaultArn } from '../private/arns';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { primaryOf, replicaOf } from '../vault/single-vault';
import type { SingleVault } from '../vault/single-vault';

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

/** Alarms on what is counted in the events of jobs: of each of these vaults, or of all together; and on the vaults of plans that fail again and again. */
export function alarmOnJobs(
  { scope, made, topics, namespace }: CentralAlarms, period: Duration, plans: PlanFact[], vaults?: IReplicatedBackupVault[],
): void {
  const metricOf: MetricOf = (metricName, dimensions) => jobMetric(namespace, metricName, dimensions);
  const failures = new SingleFailures(scope, made, plans);
  const all = new Map<string, CountAlarm & { severity?: AlarmSeverity }>();
  for (const alarm of vaults ? ofVaults(scope, metricOf, vaults) : ofAll(metricOf)) {
    const { id, name, vault } = alarm;
    const isSingle = name === 'backup-job-failed' || name === 'backup-job-expired';
    if (isSingle && vault && !failures.metricsOf(vault).some(([told]) => told === name)) {
      continue; // reported when it comes again
    }
    const severity = isSingle ? failures.severityOf(name, vault) : undefined;
    // Vaults of one name in two regions of an account are counted together.
    if (all.get(`${id} ${name}`)?.severity !== AlarmSeverity.CRITICAL) {
      all.set(`${id} ${name}`, { ...alarm, severity });
    }
  }
  for (const { id, name, subject, metric, severity } of all.values()) {
    made.add(scope, id, name, topics, { subject, metric, period, threshold: 0, severity });
  }
  alarmOnFailing({
    scope,
    made,
    topics,
    idOf: ({ backupVaultName, environment: { account } }) => `${account}-${backupVaultName}`,
    metricOf: ({ backupVaultName, environment: { account } }, metricName) =>
      metricOf(metricName, { Account: account, BackupVaultName: backupVaultName }),
  }, failures.failing);
}

/**
 * Alarms on vaults without events for longer than their plans allow: backups or the forwarding of their events stopped. They are
 * for a vault, not for a resource type as the alarms next to the jobs.
 */
export function alarmOnSilence({ scope, made, topics, namespace }: CentralAlarms, plans: PlanFact[]): void {
  const vaultOf = ({ backupVaultName, environment: { account } }: JobGap) => `${account}-${backupVaultName}`;
  alarmOnAbsence({
    scope,
    made,
    topics,
    name: 'no-good-recovery-point',
    idOf: vaultOf,
    groupOf: vaultOf,
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
    groupOf: ({ startedIn }) => `from-${startedIn.account}`,
    metricOf: (gap) => jobMetric(namespace, 'NumberOfCopyJobsCompleted', { Account: gap.startedIn.account, DestinationBackupVaultArn: arnOf(gap) }),
  }, copyJobGaps(plans), (gap) => `${gap.startedIn.account} ${arnOf(gap)}`);
}

interface CountAlarm {
  /** Whose backup jobs are counted, unless it is all of them. */
  readonly vault?: SingleVault;
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
  return [
    ...primaries.flatMap((vault) => ON_BACKUPS.map(([name, metricName]): CountAlarm => ({
      vault,
      id: `${vault.environment.account}-${vault.backupVaultName}`,
      name,
      subject: `vault ${vault.backupVaultName} of account ${vault.environment.account}`,
      metric: metricOf(metricName, { Account: vault.environment.account, BackupVaultName: vault.backupVaultName }),
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
}
