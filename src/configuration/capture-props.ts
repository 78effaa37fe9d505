import type { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { ConfigurationAlarmOverrides } from '../alarms/alarm-overrides';
import type { AlarmPresentationOptions } from '../alarms/alarm-presentation';
import type { Notify } from '../notification/notify';
import type { BackupTier } from '../objectives/backup-tier';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { IConfigurationBucket } from '../snapshots/configuration-bucket';

/**
 * Properties of every construct that captures configuration.
 */
export interface ConfigurationCaptureProps extends AlarmPresentationOptions {
  /**
   * Bucket for the snapshots, in any account and region.
   *
   * The construct opens the bucket and its key for its role. The policy of an imported bucket can't be changed: a message contains the
   * statements that it needs.
   */
  readonly bucket: IConfigurationBucket;

  /**
   * When snapshots are made, and how long each of them is kept: schedules of the bucket, all of them or some.
   *
   * A run starts within the `startWindow`, which can be at most 24 hours here. It has failed if it does not end within `startWindow` and
   * `completionWindow`.
   */
  readonly schedules: BackupTier[];

  /**
   * Whether a snapshot is also made after a change.
   *
   * Events are delivered on a best-effort basis, and changes other than deployments require a trail of AWS CloudTrail that logs management
   * events in the region. So this promises nothing: only `schedules` count for `objectives`.
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
   *
   * @default true
   */
  readonly onChange?: boolean;

  /**
   * How long to wait after a change, from 0 seconds to 15 minutes, so that changes that belong together are captured once.
   *
   * @default Duration.minutes(2)
   */
  readonly changeDelay?: Duration;

  /**
   * Objectives of the configuration. The schedules must meet the `rpo`; a bucket in another region or account, or its replica, must meet
   * what `survives` says.
   *
   * @default - no objectives
   */
  readonly objectives?: RecoveryObjective[];

  /**
   * Why it is accepted that objectives are met only if each run ends at once: the gaps between the schedules meet the `rpo`, but the worst
   * case, with the windows of a run, does not.
   *
   * @default - the worst case must meet the objectives too
   */
  readonly acceptNominalRpo?: string;

  /**
   * Recipients of notifications: email addresses, your topics, chat channels. Recipients are subscribed to the topic that all
   * constructs of a stack share.
   *
   * @default - none: subscribe to the shared topic yourself
   */
  readonly notify?: Notify[];

  /**
   * Overrides of alarms, with a property for each alarm: `configCaptureFailed` for `config-capture-failed`, and so on.
   *
   * @default - the settings of the catalogue
   */
  readonly overrides?: ConfigurationAlarmOverrides;

  /**
   * Name of the role that reads the configuration and writes the snapshots. The policy of a bucket in another account contains it.
   *
   * @default - generated from the name of the stack, the construct's path in it and the region, the same at every synthesis
   */
  readonly roleName?: string;

  /**
   * The permissions boundary of the role.
   *
   * @default - the one that applies to the stack, if there is one
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}
