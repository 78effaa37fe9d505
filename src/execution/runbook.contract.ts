/** The environment variable that has the settings of a runbook's function, as JSON. */
export const SETTINGS_VARIABLE = 'RUNBOOK_SETTINGS';

/** The tag of whatever a run creates: `IN_PROGRESS` from the first call on, `DONE` when nothing is left to do for it. */
export const STATE_TAG = 'cdk-backup-dr:restore-state';

/** The tag of whatever a run creates: the ID of the execution. */
export const RESTORED_BY_TAG = 'cdk-backup-dr:restored-by';

/** The tag of an execution: the name of its document. The policies of operators are based on it. */
export const RUNBOOK_TAG = 'cdk-backup-dr:runbook';

/** The namespace of the metrics of runs. */
export const METRIC_NAMESPACE = 'CdkBackupDr/Recovery';

/** How long a step works before it is asked again, in milliseconds. The rest of what AWS Lambda allows is left for its answer. */
export const WORKING_TIME = 240_000;

/** The longest answer of a step, in characters: that of `plan` is in the message to approvers, which has at most 4,096. */
export const ANSWER_LIMIT = 20_000;
export const PLAN_ANSWER_LIMIT = 3_500;

/**
 * What a step answers. The document compares the answer as text, so no other text of it has one of these words.
 *
 * A step that failed answers `FAILED`, which ends its loop. Whoever asks for its result gets an error, whose message has none of these words.
 */
export enum Outcome {
  ASK_AGAIN = 'ASK_AGAIN',
  DONE = 'DONE',
  FAILED = 'FAILED',
}

/** In an answer with `ASK_AGAIN`: there is nothing to do but to wait, so that the document sleeps before it asks again. */
export const WAITING = 'WAITING';

/**
 * The steps of the document that ask for the preflight. Their inputs, a `StepRequest`, say to other runs what this one touches. The second
 * is not in a loop: AWS does not say whether it lists the steps of a loop.
 */
export const ENTRY_STEPS = ['preflightAsk', 'preflightResult'];

/** The step of the document that waits for approval. */
export const APPROVAL_STEP = 'approve';

/** The detail type of the event of an execution, whose source is `aws.ssm`. */
export const STATUS_DETAIL_TYPE = 'EC2 Automation Execution Status-change Notification';

/** The steps of a runbook that ask its function, in their order. `recordFailure` follows whichever failed. */
export type StepName = 'preflight' | 'plan' | 'work' | 'verify' | 'record' | 'recordFailure';

/**
 * What a step of the document asks.
 */
export interface StepRequest {
  readonly step: StepName;
  /** To answer the newest result of the step again and do nothing; left out to do the step. */
  readonly only?: 'RESULT';
  /** ID of the execution. */
  readonly execution: string;
  /** All parameters of the document, with their defaults. */
  readonly parameters: Record<string, string>;
  /**
   * What the run touches in the account and region of the runbook, such as `ecs/shop`: that, and everything below. Two runs that touch the
   * same exclude each other, also if they are of different documents.
   */
  readonly targets: string[];
}

/**
 * The event of an execution whose status changed: a run that was stopped gets its record from it.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
 */
export interface StatusEvent {
  readonly 'detail-type': string;
  readonly 'detail': {
    readonly ExecutionId: string;
    /** Name of the document. */
    readonly Definition: string;
    readonly Status: string;
  };
}

/**
 * What the function answers.
 */
export interface StepAnswer {
  readonly outcome: Outcome;
  /** `WAITING`; left out if there is more to do at once. */
  readonly next?: string;
  /** In a sentence. */
  readonly summary: string;
  /** What an operator wants to know of each object; as many as fit. */
  readonly lines: string[];
  /** The object with the whole report, `s3://<bucket>/<key>`. */
  readonly report?: string;
}

/**
 * What a runbook's function is configured with.
 */
export interface RunbookSettings {
  /** What it recovers, such as `ecs-restore`. */
  readonly kind: string;
  /** The name of the document: a part of the keys of records, and a dimension of the metrics. */
  readonly runbook: string;
  /** The bucket or its replica: the one in the Region of the runbook, otherwise the one that is not in `sourceRegion`, otherwise the bucket. */
  readonly bucket: RunbookBucket;
  /** Region of what is recovered. It differs from that of the runbook if the region was lost. */
  readonly sourceRegion: string;
  readonly objectives: RunbookObjective[];
  readonly libraryVersion: string;
  /** Whether its runs wait for approval. */
  readonly isApproved: boolean;
  /** Of the parameters that have one. */
  readonly defaults: Record<string, string>;
  /** ARNs of the roles that the function may pass, if it passes any. */
  readonly passableRoles?: string[];
}

/**
 * Where snapshots are read and records are written.
 */
export interface RunbookBucket {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  /** Names of the prefixes below which snapshots are, `change` included. */
  readonly tiers: string[];
  readonly recordKeptDays: number;
  /** The mode of the lock of a record until the end of its retention; left out if records are not locked. */
  readonly lockMode?: 'GOVERNANCE' | 'COMPLIANCE';
}

/**
 * An objective that a run is measured against.
 */
export interface RunbookObjective {
  readonly name: string;
  readonly survives: 'RESOURCE' | 'REGION' | 'ACCOUNT';
  readonly rtoSeconds: number;
  readonly rpoSeconds: number;
}
