import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { CentralAlarmOverrides } from '../alarms/alarm-overrides';
import type { AlarmPresentationOptions } from '../alarms/alarm-presentation';
import type { AlarmSet } from '../alarms/alarm-set';
import type { DeploymentRoleOptions } from '../events/deployment-role-options';
import type { JobStateChange } from '../events/job-state-change';
import type { Notify } from '../notification/notify';
import type { IBackupPlan } from '../plan/backup-plan-ref';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/**
 * Properties of central monitoring.
 */
export interface CentralMonitoringProps extends AlarmPresentationOptions, DeploymentRoleOptions {
  /**
   * Id of the organization of the accounts that may put events on the bus, `o-` and 10 to 32 small letters and digits.
   *
   * @default - the accounts are of any organization or of none: then there must be `accounts`, `vaults` or `plans`
   */
  readonly organizationId?: string;

  /**
   * Ids of more accounts that may put events on the bus, 12 digits each: those of other apps that forward to it. The others of the
   * organization may not, since they could fill mailboxes and hold alarms on.
   *
   * Those that the app knows of need not be named: of `vaults` and `plans`, of the vaults and plans of the Stage, and of each
   * `BackupEventForwarding` of the app to this bus. Rules look at the events of these accounts alone, too, where their
   * pattern with all of them has at most 2,048 characters.
   *
   * @default - none but those; where the app knows of none, or not of all, every account of `organizationId` may, and synthesis reports it
   */
  readonly accounts?: string[];

  /**
   * Whether every account of `organizationId` may put events on the bus, also where the app knows of some: others may be in other
   * apps. Any of them can fill mailboxes and hold alarms on.
   *
   * @default false
   */
  readonly allAccountsOfOrganization?: boolean;

  /**
   * Vaults to have alarms for, of whatever account and region, each with its replica. Of the jobs of other vaults there are
   * messages, and no alarms; on tampering there are alarms wherever it is forwarded from.
   *
   * Jobs are counted by account and vault. Amazon CloudWatch Logs may stop to count where there are 1,000 different ones in
   * an hour: for so many leave it out.
   *
   * @default - one alarm of each kind, on the jobs of all accounts and vaults together
   */
  readonly vaults?: IReplicatedBackupVault[];

  /**
   * Plans of whatever account and region, with their selections; those of other apps are imported with
   * `TieredBackupPlan.fromBackupPlanAttributes`. There is an alarm on each vault that gets no recovery
   * point or no copy for longer than they allow, as far as the events tell: also when an account has fallen silent, since
   * somebody has stopped its backups, or those who forward the events.
   *
   * @default - nothing says that events are missing
   */
  readonly plans?: IBackupPlan[];

  /**
   * Name of the bus, 1 to 240 letters, digits, hyphens, underscores and dots. A change replaces the bus, and all who
   * forward to it must follow.
   *
   * @default - made of the name of the stack and the construct's path below it, the same at every synthesis
   */
  readonly eventBusName?: string;

  /**
   * What to tell of, by messages to the topic. Alarms are told in any case.
   *
   * @default - `JobStateChange.actionable()`: what failed, expired or was stopped, and every restore
   */
  readonly notifications?: JobStateChange[];

  /**
   * Whom to notify: e-mail addresses, topics of yours, chat channels. Recipients are subscribed to the topic that all constructs of
   * a stack share, with everything else that has recipients; a topic of yours is published to from its own region.
   *
   * This stack is deployed after that of a topic of yours, and before all that forward to the bus: so let those take the topic of
   * this construct, `Notify.topic(monitoring.topic)`, not the other way round.
   *
   * @default - nobody: subscribe to the shared topic
   */
  readonly notify?: Notify[];

  /**
   * How long the events are kept in the log group; whole days, as many as Amazon CloudWatch Logs takes, such as 90, 180,
   * 365, 731 or 3653.
   *
   * @default - 365 days
   */
  readonly logRetention?: Duration;

  /**
   * What becomes of the log group, and of the topic and the key that the constructs of the stack share, when they leave the stack. Both stay
   * if another one of these constructs wants that. The log group and the topic have names that
   * another deployment wants again, so destroy it in an environment that is destroyed and deployed again.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long the jobs are counted for an alarm, in whole minutes, 5 or more: AWS Backup tells of them every 5 minutes.
   *
   * @default - 5 minutes
   */
  readonly period?: Duration;

  /**
   * Which alarms are made. `AlarmSet.ESSENTIAL` has what loses data, and `backup-health` only with `healthAlarms`; messages about jobs
   * are as `notifications` has them.
   *
   * @default AlarmSet.COMPLETE
   */
  readonly alarmSet?: AlarmSet;

  /**
   * More alarms that the health of backups depends on, of the account and region of this construct, such as the `alarms` of
   * `BackupAlarms`: all of those, also the ones that come later. This stack is deployed
   * after theirs, so alarms of a stack that forwards to this bus must be imported (`Alarm.fromAlarmName`).
   *
   * @default - the critical alarms of this construct alone
   */
  readonly healthAlarms?: cloudwatch.IAlarm[];

  /**
   * Regions whose metrics of AWS Backup and of replication the accounts of the organization may share with this one
   * (cross-account observability), for dashboards. Each gets a sink, of which an account can have one in a region. The
   * ARN of a sink is an output of its stack: those who share take it as their `sinkArn`.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Unified-Cross-Account.html
   *
   * @default - metrics are not shared: what is counted from the events needs none
   */
  readonly observabilityRegions?: string[];

  /**
   * What is other than usual, with a member for each alarm: `backupJobFailed` for `backup-job-failed`, and so on.
   *
   * @default - alarms as the catalogue has them
   */
  readonly overrides?: CentralAlarmOverrides;
}
