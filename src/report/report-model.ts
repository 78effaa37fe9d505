import type { CostLine, NotPriced } from '../costs/cost-lines';
import type { FailureScope } from '../objectives/recovery-objective';

/**
 * The recovery report: `recovery-report.json` in the assembly of an app. Spans are whole minutes or days, times are in the time zone that is
 * next to them, and an account or a region that is known only at deployment is `unknown`. What is left out is not known, or there is none.
 *
 * `docs/schemas/recovery-report-1.json` is its schema.
 */
export interface RecoveryReport {
  readonly $schema: string;
  readonly version: 1;
  /** Version of this package. */
  readonly libraryVersion: string;
  readonly verdict: Verdict;
  readonly objectives: readonly ObjectiveEntry[];
  readonly accepted: readonly AcceptedEntry[];
  readonly plans: readonly PlanEntry[];
  readonly captures: readonly CaptureEntry[];
  readonly runbooks: readonly RunbookEntry[];
  readonly vaults: readonly VaultEntry[];
  readonly buckets: readonly BucketEntry[];
  readonly coverage: readonly CoverageEntry[];
  readonly topics: readonly TopicEntry[];
  readonly forwarding: readonly ForwardingEntry[];
  readonly alarmsOff: readonly AlarmOffEntry[];
  readonly settings: readonly SettingEntry[];
  readonly costs: CostsEntry;
  readonly notChecked: readonly NotCheckedEntry[];
  /** Questions about AWS that concern this app, and that no source answers. */
  readonly unverified: readonly string[];
  readonly evidence: readonly EvidenceEntry[];
}

/** The number of objectives and of resources by their status. */
export interface Verdict {
  readonly objectives: Readonly<Record<ObjectiveStatus, number>>;
  readonly resources: Readonly<Record<CoverageStatus, number>>;
  readonly notChecked: number;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The age of the newest data that can be recovered. */
export interface Ages {
  /** The longest gap between two starts. */
  readonly nominalMinutes?: number;
  /** If every job starts at the end of its start window and takes its expected duration. */
  readonly worstCaseMinutes?: number;
}

/**
 * `accepted`: met only if jobs end at once, and a reason says why that is accepted. `missed`: only in an app that is synthesized without
 * its validations, or whose lost region was removed.
 */
export type ObjectiveStatus = 'met' | 'accepted' | 'missed' | 'notChecked';

export interface ObjectiveEntry extends Ages {
  readonly name: string;
  readonly survives: FailureScope;
  /** Promised. */
  readonly rtoMinutes?: number;
  /** Promised. */
  readonly rpoMinutes?: number;
  /** Path of the plan, bucket or capture. */
  readonly of: string;
  readonly kind: 'plan' | 'bucket' | 'capture';
  readonly status: ObjectiveStatus;
  readonly limitedBy: string;
  /** The names of the tiers that count. */
  readonly tiers: readonly string[];
  /** ARN of the vault or bucket that is recovered from, if it is one. */
  readonly from?: string;
  /** How long a copy may take in the worst case, which AWS does not limit. */
  readonly leftForCopyMinutes?: number;
}

/** An exception from a check, with the reason that the app gives. */
export interface AcceptedEntry {
  readonly path: string;
  readonly property: 'acceptNominalRpo' | 'CoverageCheck.accept';
  /** The accepted types in AWS CloudFormation; left out for all. */
  readonly resourceTypes?: readonly string[];
  readonly reason: string;
}

export interface TierEntry {
  readonly name: string;
  readonly schedule: string;
  readonly timeZone: string;
  /** When it runs in a week, in minutes after Monday 00:00 of the time zone; left out if weeks differ. */
  readonly week?: readonly number[];
  readonly isContinuous: boolean;
  readonly intervalMinutes?: number;
  readonly startWindowMinutes?: number;
  readonly completionWindowMinutes?: number;
  readonly expectedDurationMinutes?: number;
  /** Whether the expected duration is the default of this library, and not of the app. */
  readonly isDurationAssumed: boolean;
}

export interface RetentionEntry {
  readonly tier: string;
  readonly moveToColdStorageAfterDays?: number;
  readonly deleteAfterDays?: number;
}

/** A vault with the recovery points of a plan. */
export interface DestinationEntry extends Ages {
  /** ARN of the vault. */
  readonly vault: string;
  /** Whether the plan backs up into it, or otherwise copies into it. */
  readonly isOwn: boolean;
  readonly serves: readonly FailureScope[];
  readonly retention: readonly RetentionEntry[];
}

export interface PlanEntry extends Place {
  readonly path: string;
  readonly name: string;
  readonly selections: readonly string[];
  readonly tiers: readonly TierEntry[];
  readonly destinations: readonly DestinationEntry[];
}

export interface CaptureEntry extends Place {
  readonly path: string;
  readonly kind: string;
  /** Names; left out for all of the account and region. */
  readonly targets?: readonly string[];
  /** ARN of the bucket. */
  readonly bucket: string;
  readonly schedules: readonly TierEntry[];
  readonly retention: readonly RetentionEntry[];
  /** Whether changes are also captured soon after them. Objectives do not depend on it. */
  readonly onChange: 'best effort' | 'off';
}

/** A runbook that restores from snapshots of configuration. Its place is where it recovers into. */
export interface RunbookEntry extends Place {
  readonly path: string;
  /** What it recovers, such as `ecs-restore`. */
  readonly kind: string;
  /** Name of the document in AWS Systems Manager. */
  readonly document: string;
  /** The region of what is recovered. */
  readonly sourceRegion: string;
  /** ARN of the bucket with the snapshots. */
  readonly bucket: string;
  /** The names of the objectives that its runs are compared with. */
  readonly objectives: readonly string[];
  /** How many must approve; 0 if a run waits for nobody. */
  readonly requiredApprovals: number;
}

/** `unknown`: of an imported vault whose lock is not given. */
export interface LockEntry {
  readonly mode: 'none' | 'unknown' | 'governance' | 'compliance';
  readonly minRetentionDays?: number;
  readonly maxRetentionDays?: number;
  /** How long after its deployment the lock can be changed; then it is permanent. */
  readonly changeableForDays?: number;
}

export interface VaultEntry extends Place {
  readonly arn: string;
  readonly name: string;
  /** Path of the construct in the app that defines or imports it. */
  readonly path: string;
  readonly isImported: boolean;
  readonly lock: LockEntry;
}

/** What is kept below a prefix of a bucket. */
export interface ExpirationEntry {
  readonly prefix: string;
  readonly transitions: readonly { readonly storageClass: string; readonly afterDays: number }[];
  readonly expiresAfterDays?: number;
}

export interface SingleBucketEntry extends Place {
  readonly arn: string;
  readonly name: string;
  /** Mode and days of S3 Object Lock by default; left out without it. */
  readonly lock?: { readonly mode: string; readonly days?: number };
  readonly retention: readonly ExpirationEntry[];
}

export interface BucketEntry extends SingleBucketEntry {
  readonly path: string;
  readonly replica?: SingleBucketEntry;
  /** Whether S3 commits to a replication time of 15 minutes. */
  readonly hasTimeControl: boolean;
}

/** `accepted`: unprotected, for a reason that the app gives. `undecided`: tags or names decide that are known only at deployment. */
export type CoverageStatus = 'protected' | 'accepted' | 'undecided' | 'unprotected';

export type ProtectionKind = 'plan' | 'pointInTimeRecovery' | 'replication' | 'snapshots';

export interface ProtectionEntry {
  readonly kind: ProtectionKind;
  /** Path of the plan, the bucket, or the capture; left out for what the resource itself has. */
  readonly path?: string;
  /** Path of the selection. */
  readonly selection?: string;
}

/** A stateful resource of the app. */
export interface CoverageEntry extends Place {
  readonly path: string;
  /** Type in AWS CloudFormation. */
  readonly type: string;
  readonly status: CoverageStatus;
  readonly by: readonly ProtectionEntry[];
  /** Why it is unprotected, accepted or undecided. */
  readonly reason?: string;
  /** The worst case after a loss, in minutes; left out where nothing remains, or it is unknown. */
  readonly worstCaseMinutes: Readonly<Partial<Record<FailureScope, number>>>;
}

export interface TopicEntry extends Place {
  readonly path: string;
}

/** Events that are sent to another account or region. */
export interface ForwardingEntry extends Place {
  readonly to: string;
}

/** An alarm that an override switches off. */
export interface AlarmOffEntry {
  readonly path: string;
  readonly alarm: string;
}

/** What AWS CloudFormation can't set, and a plan needs. */
export interface SettingEntry {
  readonly setting: string;
  readonly account: string;
  readonly region?: string;
  /** Paths of the plans. */
  readonly neededBy: readonly string[];
  /** Whether this app sets it. */
  readonly isHandled: boolean;
}

/** What the app costs in a month, estimated from assumptions and a dated price table. */
export interface CostsEntry {
  readonly currency: 'USD';
  /** The date of the price table. */
  readonly pricesOf: string;
  /** The sum of the lines. */
  readonly usdPerMonth: number;
  /** What costs most, in all Regions together; left out without lines. */
  readonly largest?: { readonly what: string; readonly usdPerMonth: number };
  readonly assumptions: readonly AssumptionEntry[];
  readonly lines: readonly CostLine[];
  readonly notPriced: readonly NotPriced[];
}

export interface AssumptionEntry {
  /** For what is below this path; empty for the rest of the app. */
  readonly path: string;
  readonly dataGbPerResource: number;
  readonly dailyChangePercent: number;
  readonly logsGbPerDay: number;
  /** Which of them are defaults of this library, and not given by the app. */
  readonly defaults: readonly string[];
}

export interface NotCheckedEntry {
  readonly path: string;
  readonly id: string;
  readonly reason: string;
}

/** What was shown of an objective. */
export interface EvidenceEntry {
  /** `simulated`: on the local AWS. `measured`: on AWS. */
  readonly kind: 'simulated' | 'measured';
  /** Date and time in UTC. */
  readonly date: string;
  readonly objective?: string;
  readonly survives?: FailureScope;
  /** Path of the plan or capture whose objective it is; left out if the app has no such objective. */
  readonly of?: string;
  readonly what: string;
  readonly recoveryTimeMinutes?: number;
  readonly dataLossMinutes?: number;
}
