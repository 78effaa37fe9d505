/** The environment variable that has the settings of a capture function, as JSON. */
export const SETTINGS_VARIABLE = 'CAPTURE_SETTINGS';

/** The environment variable that has the URL of the queue of captures. It is apart, so that the settings are literal. */
export const QUEUE_VARIABLE = 'CAPTURE_QUEUE_URL';

/** The prefix of what is captured because something changed. */
export const CHANGE_TIER = 'change';

/** The namespace of the metrics of captures. */
export const METRIC_NAMESPACE = 'CdkBackupDr/Configuration';

/** The source and the detail type of the event that says how a capture ended. */
export const EVENT_SOURCE = 'cdk-backup-dr';
export const DETAIL_TYPE = 'Configuration Capture State Change';

/** How often a message is received before it is given up. The last attempt reports the failure. */
export const ATTEMPTS = 3;

/**
 * What a capture function is configured with.
 */
export interface CaptureSettings {
  /** What is captured: `ecs`. */
  readonly kind: string;
  /** The name of the construct, unique in its account and region: a dimension of the metrics. */
  readonly backup: string;
  readonly bucket: CaptureBucket;
  /** By name, without that of changes: how long a document is kept, and until when a capture must have ended. */
  readonly tiers: Record<string, CaptureTier>;
  /** How many days a document of a change is kept. */
  readonly changeKeptDays: number;
  /** Names of what is captured; all of the account and region if left out. */
  readonly targets?: string[];
  /** The queue of captures: one message for each target. */
  readonly queueUrl: string;
  readonly libraryVersion: string;
  /** Regions in which each image must be too. */
  readonly imageRegions?: string[];
}

/**
 * Where documents are put.
 */
export interface CaptureBucket {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  /** The mode of the lock that a document gets until the end of its retention; left out if documents are not locked. */
  readonly lockMode?: 'GOVERNANCE' | 'COMPLIANCE';
}

/**
 * The limits of the captures of a schedule.
 */
export interface CaptureTier {
  readonly keptDays: number;
  /** Start window and completion window together. A capture that ends later has failed. */
  readonly windowMinutes: number;
}

/**
 * What EventBridge Scheduler puts into the queue of captures. The function answers with one message for each target.
 */
export interface ScheduleMessage {
  readonly schedule: string;
  /** ISO 8601, as EventBridge Scheduler writes it. */
  readonly scheduledFor: string;
}

/**
 * A message in the queue of captures: one target. Two with the same members are the same capture.
 */
export interface TargetMessage {
  /** The name of a schedule, or `change`. */
  readonly tier: string;
  readonly trigger: 'schedule' | 'change';
  readonly target: string;
  /** When it was scheduled, or when the change happened; ISO 8601. */
  readonly since: string;
  /** The event of the change. Two changes in one second have messages that differ, so that the queue drops neither. */
  readonly eventId?: string;
}

/**
 * The detail of the event that says how a capture ended.
 */
export interface CaptureStateChange {
  readonly kind: string;
  readonly backup: string;
  readonly target: string;
  readonly tier: string;
  readonly trigger: 'schedule' | 'change';
  readonly state: 'COMPLETED' | 'UNCHANGED' | 'FAILED';
  readonly scheduledFor?: string;
  readonly begunAt: string;
  readonly endedAt: string;
  readonly bucketName: string;
  /** The key of the document; left out if none was written. */
  readonly key?: string;
  /** The name of the error and what failed, without any value that was captured. */
  readonly reason?: string;
}
