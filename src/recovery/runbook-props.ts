import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { RunbookAlarmOverrides } from '../alarms/alarm-overrides';
import type { AlarmPresentationOptions } from '../alarms/alarm-presentation';
import type { Notify } from '../notification/notify';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { IConfigurationBucket } from '../snapshots/configuration-bucket';

/**
 * Properties of every runbook.
 */
export interface RunbookProps extends AlarmPresentationOptions {
  /**
   * Bucket with the snapshots, in any account and region. The records of the runs are written there too, below `records/<account>/`.
   *
   * The runbook uses the bucket or its replica, whichever is in its own Region, otherwise the one outside of the Region that is recovered.
   * The construct allows its role to use that one and its key. The policies of an imported bucket can't be changed: messages contain the
   * statements that they need.
   */
  readonly bucket: IConfigurationBucket;

  /**
   * Name of the document: 3 to 128 letters, digits, hyphens, underscores and dots. It is unique in the account and region. A change
   * replaces the document, and an operator finds the runbook only under its new name.
   *
   * @default - `Recovery-`, the name of the stack and the construct's path in it, the same at every synthesis
   */
  readonly documentName?: string;

  /**
   * ARNs of the roles and users who may approve a run after they have seen its plan, at most 10. A principal that starts a run can
   * approve it only if it is in this list.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html
   *
   * @default - a run does not wait for an approval
   */
  readonly approvers?: string[];

  /**
   * The number of `approvers` who must approve.
   *
   * @default 1
   */
  readonly minRequiredApprovals?: number;

  /**
   * Topic to which AWS Systems Manager sends the request to the `approvers`, with the plan. Its name must begin with `Automation`, and
   * it must be in the account and region of the runbook.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html
   *
   * @default - the request is in the console only, and the recipients in `notify` get a message that a run waits
   */
  readonly approvalTopic?: sns.ITopic;

  /**
   * Objectives that each run is measured against. A run that takes longer than the shortest `rto` triggers an alarm.
   *
   * Synthesis can't compute how long a recovery takes: a run measures it, from `DetectedAt` to the end of its verification.
   *
   * @default - runs are measured, but compared with nothing
   */
  readonly objectives?: RecoveryObjective[];

  /**
   * Recipients of notifications: email addresses, your topics, chat channels. Recipients are subscribed to the topic that all
   * constructs of a stack share. They get a message when a run starts, waits for approval, and ends.
   *
   * @default - none: subscribe to the shared topic yourself
   */
  readonly notify?: Notify[];

  /**
   * Overrides of alarms, with a property for each alarm: `recoverySlowerThanObjective` for `recovery-slower-than-objective`.
   *
   * @default - the settings of the catalogue
   */
  readonly overrides?: RunbookAlarmOverrides;

  /**
   * The permissions boundary of both roles: the role of the function and the role of the document.
   *
   * @default - the one that applies to the stack, if there is one
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}
