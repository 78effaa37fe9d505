import type { IConstruct } from 'constructs';
import { ACCEPTED } from './accepted-resources';
import { literal, minutes, rounded, sortedBy } from './entries';
import type { AcceptedEntry, ObjectiveEntry } from './report-model';
import { REPLICATION_TIME } from '../buckets/bucket-checks';
import { BUCKETS } from '../buckets/buckets-in-app';
import type { BucketFact } from '../buckets/buckets-in-app';
import { survivingSnapshot } from '../configuration/capture-objectives';
import { CAPTURES } from '../configuration/captures-in-app';
import type { CaptureFact } from '../configuration/captures-in-app';
import { FailureScope } from '../objectives/recovery-objective';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { RecoveryPointAge } from '../objectives/recovery-point-age';
import { survivingAge } from '../plan/destinations';
import type { SurvivingAge } from '../plan/destinations';
import { coverageOf, plansByTarget } from '../plan/objective-checks';
import type { Covered } from '../plan/objective-checks';
import { PLANS } from '../plan/plans-in-app';
import type { PlanFact } from '../plan/plans-in-app';
import { isInTree } from '../private/ordering';
import type { Registry } from '../private/registry';
import { describeMinutes } from '../private/spans';

/** Each objective with what is computed of it. */
export function objectiveEntries(root: IConstruct, registry: Registry): ObjectiveEntry[] {
  return sortedBy([
    ...registry.all(PLANS).flatMap((plan) => ofPlan(root, plan)),
    ...registry.all(BUCKETS).flatMap(ofBucket),
    ...registry.all(CAPTURES).flatMap((capture) => ofCapture(registry, capture)),
  ], ({ name, survives, of }) => `${name}\n${survives}\n${of}`);
}

/** The exceptions that are accepted, with their reasons. */
export function acceptedEntries(registry: Registry): AcceptedEntry[] {
  const all = [
    ...registry.all(PLANS).map(({ path, acceptNominalRpo }) => ({ path, acceptNominalRpo })),
    ...registry.all(CAPTURES).map(({ by, acceptNominalRpo }) => ({ path: by.node.path, acceptNominalRpo })),
  ];
  const ages = all.flatMap(({ path, acceptNominalRpo }) => acceptNominalRpo === undefined ? []
    : [{ path, property: 'acceptNominalRpo' as const, reason: literal(acceptNominalRpo) }]);
  const resources = registry.all(ACCEPTED).map(({ scope, reason, resourceTypes }) => ({
    path: scope.node.path, property: 'CoverageCheck.accept' as const, ...resourceTypes.length > 0 ? { resourceTypes: [...resourceTypes].sort() } : {}, reason: literal(reason),
  }));
  return sortedBy<AcceptedEntry>([...ages, ...resources], (each) => `${each.path}\n${each.property}\n${each.resourceTypes?.join()}`);
}

/** What is computed of an objective. */
interface Computed {
  readonly age?: RecoveryPointAge;
  readonly limitedBy: string;
  readonly tiers: readonly string[];
  readonly from?: string;
  /** Whether the time of a copy comes on top, which AWS does not limit. */
  readonly isCopied?: boolean;
  readonly isUnknown?: boolean;
}

function entryOf(
  objective: RecoveryObjective, kind: ObjectiveEntry['kind'], of: string, isAccepted: boolean, { age, limitedBy, tiers, from, isCopied, isUnknown }: Computed,
): ObjectiveEntry {
  const rpo = minutes(objective.rpo);
  const left = rpo === undefined || age === undefined || !isCopied ? undefined : rounded(rpo - age.worstCase);
  return {
    name: objective.name,
    survives: objective.survives,
    rtoMinutes: minutes(objective.rto),
    rpoMinutes: rpo,
    of,
    kind,
    status: statusOf(rpo, age, isAccepted, isUnknown),
    nominalMinutes: rounded(age?.nominal),
    worstCaseMinutes: rounded(age?.worstCase),
    limitedBy: literal(limitedBy),
    tiers: tiers.map(literal),
    from: from === undefined ? undefined : literal(from),
    leftForCopyMinutes: left !== undefined && left >= 0 ? left : undefined,
  };
}

function statusOf(rpo: number | undefined, age: RecoveryPointAge | undefined, isAccepted: boolean, isUnknown = false): ObjectiveEntry['status'] {
  if (rpo === undefined || isUnknown) {
    return 'notChecked';
  }
  return age === undefined ? 'missed' : age.worstCase <= rpo ? 'met' : isAccepted && age.nominal <= rpo ? 'accepted' : 'missed';
}

/** Of the resources of a plan, those that are worst off count. */
function ofPlan(root: IConstruct, plan: PlanFact): ObjectiveEntry[] {
  const all = new Map<RecoveryObjective, Computed[]>();
  for (const selection of plan.selections) {
    const objectives = [...plan.objectives, ...selection.objectives];
    const groups = objectives.length === 0 ? [] : coverageOf(plan, selection, plansByTarget(root));
    for (const objective of objectives) {
      all.set(objective, [...all.get(objective) ?? [], ...groups.map((group) => computedOf(objective, group))]);
    }
  }
  return [...all].map(([objective, computed]) => {
    const [worst] = [...computed].sort((one, other) => ageOf(other) - ageOf(one));
    return entryOf(objective, 'plan', plan.path, plan.acceptNominalRpo !== undefined, worst ?? { limitedBy: NOTHING, tiers: [] });
  });
}

function ageOf({ age, isUnknown }: Computed): number {
  return age?.worstCase ?? (isUnknown ? Number.MAX_VALUE : Infinity);
}

function computedOf(objective: RecoveryObjective, covered: Covered): Computed {
  const rpo = minutes(objective.rpo);
  const isOfResource = objective.survives === FailureScope.RESOURCE;
  const delay = covered.delay !== undefined && (rpo === undefined || rpo >= covered.delay) ? covered.delay : undefined;
  const left = survivingAge(objective.survives, covered.plans, delay);
  const isMissed = left.age === undefined || (rpo !== undefined && left.age.worstCase > rpo);
  return {
    age: left.age,
    limitedBy: isOfResource && covered.unknown !== undefined && isMissed ? `Not checked: ${covered.unknown}.`
      : `${limitOf(objective.survives, left)}${!isOfResource && left.age ? ' AWS does not limit how long the copy takes.' : ''}`,
    tiers: left.tiers,
    from: left.backupVaultArn,
    isCopied: !isOfResource,
    isUnknown: (left.age === undefined && left.tiers.length > 0) || (isOfResource && covered.unknown !== undefined && isMissed),
  };
}

const NOTHING = 'Nothing remains to recover from.';

function limitOf(survives: FailureScope, { age, tiers, isContinuous }: SurvivingAge): string {
  if (age === undefined) {
    return tiers.length > 0 ? 'The windows of the tiers are known only at deployment.' : `${NOTHING} No tier is copied into another ${survives === FailureScope.REGION ? 'region' : 'account'}.`;
  }
  return isContinuous ? `A restore to any point in time is up to ${describeMinutes(age.worstCase)} behind.` : gapText(age, tiers, 'recovery point');
}

function gapText({ nominal, worstCase }: RecoveryPointAge, tiers: readonly string[], what: string): string {
  const starts = `Up to ${describeMinutes(nominal)} between the starts of ${tiers.join(', ')}`;
  return worstCase === Infinity ? `${starts}; each ${what} can be deleted before the next one is usable.`
    : `${starts}, and up to ${describeMinutes(worstCase - nominal)} until the ${what} is usable.`;
}

function ofBucket({ bucket, objectives, hasTimeControl }: BucketFact): ObjectiveEntry[] {
  const hasReplica = bucket.replica !== undefined && isInTree(bucket.replica);
  const inTime: Computed = {
    age: { nominal: REPLICATION_TIME, worstCase: REPLICATION_TIME },
    limitedBy: `S3 Replication Time Control replicates within ${describeMinutes(REPLICATION_TIME)}.`,
    tiers: [],
    from: bucket.replicaBucketArn,
  };
  const without: Computed = { limitedBy: hasReplica && !hasTimeControl ? 'S3 commits to no replication time.' : NOTHING, tiers: [] };
  return objectives.map((objective) => entryOf(objective, 'bucket', bucket.node.path, false,
    hasReplica && hasTimeControl && objective.survives !== FailureScope.ACCOUNT ? inTime : without));
}

function ofCapture(registry: Registry, capture: CaptureFact): ObjectiveEntry[] {
  const tiers = capture.schedules.map(({ name }) => name);
  return capture.objectives.map((objective) => {
    const left = snapshotAge(registry, capture, objective.survives);
    const isUnknown = left === undefined
      && capture.schedules.some(({ startWindow, expectedDuration }) => startWindow.isUnresolved() || expectedDuration.isUnresolved());
    return entryOf(objective, 'capture', capture.by.node.path, capture.acceptNominalRpo !== undefined, {
      age: left?.age,
      tiers,
      isUnknown: isUnknown || (left === undefined && timeControlOf(registry, capture) === undefined),
      limitedBy: left ? captureText(left, tiers, capture.isOnChange) : NOTHING,
      from: left && (left.place === 'replica' ? capture.bucket.replicaBucketArn : capture.bucket.bucketArn),
    });
  });
}

type SnapshotAge = NonNullable<ReturnType<typeof survivingSnapshot>>;

function captureText({ place, age: { nominal, worstCase } }: SnapshotAge, tiers: readonly string[], isOnChange: boolean): string {
  const delay = place === 'replica' ? REPLICATION_TIME : 0;
  return [
    gapText({ nominal: nominal - delay, worstCase: worstCase - delay }, tiers, 'snapshot'),
    ...delay > 0 ? [`Its replication takes up to ${describeMinutes(delay)}.`] : [],
    ...isOnChange ? ['Changes are also captured, on a best-effort basis.'] : [],
  ].join(' ');
}

/** How old the newest snapshot of a capture can be after a loss. */
export function snapshotAge(registry: Registry, capture: CaptureFact, survives: FailureScope): ReturnType<typeof survivingSnapshot> {
  const { schedules, bucket, environment: home } = capture;
  return survivingSnapshot(survives, { schedules, bucket, home, hasTimeControl: timeControlOf(registry, capture), isNominalAccepted: false });
}

function timeControlOf(registry: Registry, { bucket }: CaptureFact): boolean | undefined {
  return registry.find(BUCKETS, (fact) => fact.bucket === bucket)?.hasTimeControl;
}
