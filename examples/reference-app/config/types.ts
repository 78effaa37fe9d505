import type { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { AlarmSet, RecoveryObjective, VaultLock } from 'cdk-backup-dr';
import type { Organization } from './organization';

/**
 * What a stage is.
 */
export interface StageConfig extends Organization {
  /** Name of the stage: it is in every name, and the tag `Environment` of every resource. */
  readonly stage: string;

  /**
   * Where the replicas of the buckets are, and those of the vaults if `copyToSecondaryRegion` says so; a stage without one has
   * no replicas.
   */
  readonly secondaryRegion?: string;

  /** Whether stacks and tables refuse to be deleted. */
  readonly deletionProtection: boolean;

  readonly workload: WorkloadConfig;
  readonly backup: BackupConfig;
  readonly configuration: ConfigurationConfig;
  readonly logs: LogsConfig;
  readonly monitoring: MonitoringConfig;
}

export interface WorkloadConfig {
  readonly natGateways: number;

  /** Version of the image that the service runs. A tag is never moved: the repository refuses that. */
  readonly imageTag: string;

  /** 0 for the first deployment, as long as the repository has no image. */
  readonly minTasks: number;
  readonly maxTasks: number;

  /**
   * Whether images are replicated into the secondary region. An account has one such setting in a region, for all of its repositories, so of
   * the stages that share it one may have it.
   */
  readonly replicateImages: boolean;

  /** Whether the main table can be restored to any second of the last 35 days. */
  readonly pointInTimeRecovery: boolean;

  /** How long the workload's own account keeps access logs, flow logs and the logs of the service. */
  readonly logRetention: RetentionDays;

  /** What is promised for the frontend bucket: synthesis fails where its replica can't keep it. */
  readonly frontendObjectives: RecoveryObjective[];
}

export interface BackupConfig {
  /**
   * Whether backups are copied into the secondary region as well. Without it the vaults have no replicas, and backups do not
   * survive the loss of the primary region.
   */
  readonly copyToSecondaryRegion: boolean;

  /** How long the copies of the daily backups are kept. */
  readonly dailyRetention: Duration;

  /** How long the copies of the weekly backups are kept. */
  readonly weeklyRetention: Duration;

  /** How long those of a second daily backup in the evening are kept; without it there is none. */
  readonly eveningRetention?: Duration;

  /** When daily and weekly copies move to cold storage, from where they can't come back; without it they don't. */
  readonly moveToColdStorageAfter?: Duration;

  /** How long the workload's own account keeps recovery points. */
  readonly localRetention: Duration;

  /** Lock of the vaults in the log archive account. A compliance lock can't be taken back. */
  readonly vaultLock?: VaultLock;

  /** What is promised for the tables: synthesis fails where the schedules can't keep it. */
  readonly objectives: RecoveryObjective[];
}

/**
 * What AWS Backup can't back up: the configuration of Amazon ECS. It is captured on the schedules of the backups.
 */
export interface ConfigurationConfig {
  /** Whether nobody can delete a snapshot before its retention ends. It can't be taken back for what was captured meanwhile. */
  readonly immutable: boolean;

  /** What is promised for it: synthesis fails where the schedules can't keep it. */
  readonly objectives: RecoveryObjective[];
}

/**
 * The logs of the organization, which the log archive account keeps.
 */
export interface LogsConfig {
  /** How long the logs of each writer are kept. */
  readonly retention: {
    readonly cloudTrail: Duration;
    readonly config: Duration;
    readonly vpcFlowLogs: Duration;
    readonly waf: Duration;

    /** Those of the access to the buckets of the others. */
    readonly accessLogs: Duration;
  };

  /**
   * Whether nobody can delete what AWS CloudTrail writes, nor the replica of what AWS Config writes, before its retention
   * ends. It can't be taken back for what was written meanwhile.
   */
  readonly immutable: boolean;

  /** What is promised for all of them but the access logs, which have no replica: synthesis fails where it can't be kept. */
  readonly objectives: RecoveryObjective[];
}

/**
 * What is seen of all that.
 */
export interface MonitoringConfig {
  /** Which alarms there are on vaults and plans, beside them. */
  readonly alarmSet: AlarmSet;

  /** What the transfer between regions may cost in a month, in US dollars, for each account that pays for it. */
  readonly monthlyReplicationLimit: {
    readonly infrastructure: number;
    readonly logArchive: number;
  };

  /**
   * Whether the log archive account takes the metrics of other accounts. It can have one sink in a region, so of the stages that
   * share it one may do so.
   */
  readonly metricsOfOtherAccounts: boolean;

  /**
   * ARNs of the sinks in the log archive account, by region, once the monitoring stack is deployed: its outputs. The
   * dashboard wants them for the replication of the frontend bucket.
   */
  readonly sinkArns?: { readonly [region: string]: string };
}
