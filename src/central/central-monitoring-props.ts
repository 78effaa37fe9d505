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
   * Id of the organization of the accounts that may send events to the bus, `o-` and 10 to 32 lowercase letters and digits.
   *
   * @default - the accounts are of any organization or of none: then there must be `accounts`, `vaults` or `plans`
   */
  readonly organizationId?: string;

  /**
   * Ids of additional accounts that may send events to the bus, 12 digits each: those of other apps that forward to it. Other accounts
   * of the organization may not, because they could send unwanted messages and keep alarms in ALARM.
   *
   * Accounts that the app contains are included automatically: those of `vaults` and `plans`, of the vaults and plans of the Stage, and
   * of each `BackupEventForwarding` of the app to this bus. Rules also match only the events of these accounts, if their pattern with
   * all of them has at most 2,048 characters.
   *
   * @default - only those; if the app contains none or unknown ones, every account of `organizationId` may, and synthesis reports it
   */
  readonly accounts?: string[];

  /**
   * Whether every account of `organizationId` may send events to the bus, even if the app contains some: others can be in other apps.
   * Any of them can send unwanted messages and keep alarms in ALARM.
   *
   * @default false
   */
  readonly allAccountsOfOrganization?: boolean;

  /**
   * Vaults to create alarms for, in any account and region, each with its replica. Jobs of other vaults cause messages, but no
   * alarms. Tampering triggers alarms for all forwarded accounts and regions.
   *
   * Jobs are counted by account and vault. Amazon CloudWatch Logs might stop counting if there are 1,000 different ones in an hour:
   * leave it out for so many.
   *
   * @default - one alarm of each kind, on the jobs of all accounts and vaults together
   */
  readonly vaults?: IReplicatedBackupVault[];

  /**
   * Plans in any account and region, with their selections. Import plans of other apps with
   * `TieredBackupPlan.fromBackupPlanAttributes`. According to the events, an alarm reports each vault that receives no recovery point
   * or no copy for longer than the plans allow, including when an account is silent because somebody stopped its backups or its
   * forwarding.
   *
   * @default - no alarms on missing events
   */
  readonly plans?: IBackupPlan[];

  /**
   * Name of the bus, 1 to 240 letters, digits, hyphens, underscores and dots. A change replaces the bus, and everything that
   * forwards to it must be changed.
   *
   * @default - generated from the name of the stack and the construct's path in it, the same at every synthesis
   */
  readonly eventBusName?: string;

  /**
   * State changes to publish as messages. Alarms are published in any case.
   *
   * @default - `JobStateChange.actionable()`: jobs that failed, expired or were stopped, and every restore
   */
  readonly notifications?: JobStateChange[];

  /**
   * Recipients of notifications: email addresses, your topics, chat channels. Recipients are subscribed to the topic that all constructs of
   * a stack share, with all other constructs with recipients. A topic of yours is used in its own region.
   *
   * This stack is deployed after that of your topic, and before all stacks that forward to the bus. So use the topic of this construct
   * there, `Notify.topic(monitoring.topic)`, and not the opposite.
   *
   * @default - none: subscribe to the shared topic yourself
   */
  readonly notify?: Notify[];

  /**
   * How long the events are kept in the log group, in whole days that Amazon CloudWatch Logs supports, such as 90, 180, 365, 731 or
   * 3653.
   *
   * @default - 365 days
   */
  readonly logRetention?: Duration;

  /**
   * What happens to the log group, and to the topic and the key that the constructs of the stack share, when they are removed from the
   * stack. The latter are retained if another one of these constructs requires it. Another deployment uses the names of the log group
   * and the topic again, so destroy them in an environment that is destroyed and deployed again.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Period in which jobs are counted for an alarm, in whole minutes, at least 5: AWS Backup sends events every 5 minutes.
   *
   * @default - 5 minutes
   */
  readonly period?: Duration;

  /**
   * The set of alarms to create. `AlarmSet.ESSENTIAL` has what loses data, and `backup-health` only with `healthAlarms`; messages about jobs
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
   * Regions from which the accounts of the organization may share metrics of AWS Backup and of replication with this account
   * (cross-account observability), for dashboards. Each region gets a sink; an account can have only one in a region. The ARN of a
   * sink is an output of its stack, and the `sinkArn` of those who share.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Unified-Cross-Account.html
   *
   * @default - metrics are not shared; alarms use only events
   */
  readonly observabilityRegions?: string[];

  /**
   * Overrides of alarms, with a property for each alarm: `backupJobFailed` for `backup-job-failed`, and so on.
   *
   * @default - the settings of the catalogue
   */
  readonly overrides?: CentralAlarmOverrides;
}
