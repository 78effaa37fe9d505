import { Stack, Stage } from 'aws-cdk-lib';
import type { CfnResource, Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { destinationsOf, isThere, newestOf, tiersServing } from './destinations';
import type { Destination } from './destinations';
import { objectivesOf, PLANS } from './plans-in-app';
import type { PlanFact, SelectionFact } from './plans-in-app';
import { FailureScope } from '../objectives/recovery-objective';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { KeptTier, RecoveryPointAge } from '../objectives/recovery-point-age';
import { ResourceType } from '../objectives/resource-type';
import { isSupportStack } from '../private/region-stack';
import { Registry } from '../private/registry';
import { describe, describeMinutes, inMinutes } from '../private/spans';
import { keyOf } from '../targets/candidate';
import type { Target } from '../targets/candidate';
import { hasPointInTimeRecovery } from '../targets/stateful-resources';
import type { TargetMessage } from '../targets/target-messages';

/** How far the native point-in-time recovery of DynamoDB is behind, in minutes. */
const POINT_IN_TIME_RECOVERY_DELAY = 5;

/**
 * How far a continuous backup is behind, in minutes, for the types for which AWS documents it.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
 */
const CONTINUOUS_BACKUP_DELAYS = new Map([
  [ResourceType.AURORA.resourceTypeName, 5], [ResourceType.RDS.resourceTypeName, 5], [ResourceType.S3.resourceTypeName, 15],
]);

/**
 * Findings about the objectives of a plan.
 */
export interface ObjectiveFindings {
  /** Objectives that the schedules, windows and copies can't meet. */
  readonly problems: string[];
  /** What could not be checked, and what copies into a lost region kept until the support stack there was removed. */
  readonly messages: TargetMessage[];
}

/**
 * Objectives that the schedules, windows and copies of a plan can't meet.
 *
 * @param missed How many consecutive runs fail
 */
export function objectiveFindings(scope: IConstruct, plan: PlanFact, missed = 0): ObjectiveFindings {
  if (objectivesOf(plan).length === 0) {
    return { problems: [], messages: [] };
  }
  const plansOf = plansByTarget(scope);
  const found = plan.selections.flatMap((selection) => {
    const objectives = [...plan.objectives, ...selection.objectives];
    return objectives.length === 0 ? [] : coverageOf(plan, selection, plansOf)
      .flatMap((covered) => objectives.map((objective) => findingOf(objective, covered, plan, missed)));
  });
  const texts = (of: keyof Finding) => [...new Set(found.flatMap((finding) => finding[of] ?? []))];
  return {
    problems: texts('problem'),
    messages: [
      ...texts('unchecked').map((text) => ({ id: 'objectiveNotChecked', isUnchecked: true, text })),
      ...texts('warning').map((text) => ({ id: 'objectiveWithoutReplica', text })),
    ],
  };
}

/** Whether one failed run misses an objective of a plan, so that the next run is too late. */
export function isBrokenByOneRun(scope: IConstruct, plan: PlanFact): boolean {
  return objectiveFindings(scope, plan, 1).problems.length > objectiveFindings(scope, plan).problems.length;
}

interface Finding {
  readonly problem?: string;
  readonly warning?: string;
  readonly unchecked?: string;
}

/** Resources that the same plans cover. */
export interface Covered {
  readonly plans: PlanFact[];
  /** One of the resources, for the error, where other plans take part. */
  readonly example?: string;
  /** How far the state to which they can be restored is behind, in minutes, where that is to any point in time. */
  readonly delay?: number;
  /** Why it is unknown whether there is such a delay, or how long it is. */
  readonly unknown?: string;
}

/**
 * Resources of a selection by the plans that cover them: its own, and every other plan that selects the resource without tags.
 */
export function coverageOf(plan: PlanFact, selection: SelectionFact, plansOf: PlansOf): Covered[] {
  const distinct = new Map<string, Covered>();
  for (const target of selection.targets()) {
    const others = [...plansOf.get(keyOf(target)) ?? []].filter((other) => other !== plan && !other.environment.differsFrom(plan.environment));
    const covered: Covered = {
      plans: [plan, ...others],
      example: others.length > 0 ? target.resource?.node.path ?? target.arn : undefined,
      ...pointInTimeOf(target, [plan, ...others]),
    };
    distinct.set(`${others.map((other) => other.path).sort().join()} ${covered.delay} ${covered.unknown}`, covered);
  }
  return distinct.size > 0 ? [...distinct.values()] : [{ plans: [plan], unknown: countsAsContinuous(plan) ? UNKNOWN_TYPES : undefined }];
}

/** How far behind a restore of a resource to any point in time is, by its own means or by continuous backups. */
export function pointInTimeOf(target: Target, plans: PlanFact[]): Pick<Covered, 'delay' | 'unknown'> {
  const hasOwn = target.resource ? hasPointInTimeRecovery(target.resource) : false;
  if (hasOwn) {
    return { delay: POINT_IN_TIME_RECOVERY_DELAY };
  }
  const continuous = plans.some(countsAsContinuous) ? continuousBackupOf(target) : {};
  return hasOwn === undefined && continuous.delay === undefined ? { unknown: UNKNOWN_PITR } : continuous;
}

const UNKNOWN_PITR = 'whether the table has point-in-time recovery: the value is known only at deployment';

const UNKNOWN_TYPES = 'whether all selected resources have continuous backups: this depends on tags or tokens';

/** Whether a plan makes continuous backups, and nothing is known to stop them. */
function countsAsContinuous({ rules }: PlanFact): boolean {
  // A tier that gives way to another one may not go on, and one that is kept no longer than its runs are apart may expire.
  return rules.some(({ tier, runs, lifecycle: { deleteAfter } }) =>
    tier.isContinuous && runs === tier && (inMinutes(deleteAfter) ?? Infinity) > inMinutes(tier.interval)!);
}

function continuousBackupOf({ type, isOfSeveralTypes }: Target): Pick<Covered, 'delay' | 'unknown'> {
  if (type === undefined || isOfSeveralTypes) {
    return { unknown: UNKNOWN_TYPES };
  }
  const delay = CONTINUOUS_BACKUP_DELAYS.get(type.resourceTypeName);
  return !type.capabilities.continuousBackup ? {} : delay === undefined ? { unknown: `how far a continuous backup of ${type} is behind: AWS does not say` } : { delay };
}

/** The plans that select a resource. */
export type PlansOf = ReadonlyMap<CfnResource | string, ReadonlySet<PlanFact>>;

const known = new WeakMap<IConstruct, { readonly selections: SelectionFact[]; readonly plansOf: PlansOf }>();

/**
 * The plans that select a resource: computed once for all plans of a Stage, to avoid a quadratic number of comparisons. Another Stage
 * can be synthesized later, when a selection of a construct contains more.
 */
export function plansByTarget(scope: IConstruct): PlansOf {
  const synthesized = Stage.of(scope) ?? scope.node.root;
  const named = Registry.of(scope).all(PLANS).flatMap((plan) => plan.selections.map((selection) => ({ plan, selection })));
  const before = known.get(synthesized);
  if (before?.selections.length === named.length && named.every(({ selection }, index) => selection === before.selections[index])) {
    return before.plansOf;
  }
  const plansOf = new Map<CfnResource | string, Set<PlanFact>>();
  for (const { plan, selection } of named.filter((each) => !each.selection.isNarrowedByTags)) {
    for (const target of selection.targets()) {
      plansOf.set(keyOf(target), (plansOf.get(keyOf(target)) ?? new Set()).add(plan));
    }
  }
  known.set(synthesized, { selections: named.map(({ selection }) => selection), plansOf });
  return plansOf;
}

function findingOf(objective: RecoveryObjective, covered: Covered, plan: PlanFact, missed: number): Finding {
  const rpo = inMinutes(objective.rpo);
  if (rpo === undefined) {
    return { unchecked: `objective '${objective.name}': its 'rpo' is a token` };
  }
  const isOfResource = objective.survives === FailureScope.RESOURCE;
  if (isOfResource && covered.delay !== undefined && rpo >= covered.delay) {
    return {};
  }
  const finding = findingInApp(objective, covered, plan, missed);
  return isOfResource && covered.unknown && finding.problem ? { unchecked: `objective '${objective.name}': ${covered.unknown}` } : finding;
}

/** A vault that was taken out of the app does not count. A support stack is taken out where its region is lost, and the app must still synthesize. */
function findingInApp(objective: RecoveryObjective, covered: Covered, plan: PlanFact, missed: number): Finding {
  const finding = findingOfRuns(objective, covered, plan, missed, isThere);
  const removed = covered.plans.flatMap(destinationsOf).filter((each) => !isThere(each))
    .filter(({ serves }) => objective.survives === FailureScope.RESOURCE || serves.has(objective.survives));
  if (!finding.problem || removed.length === 0 || findingOfRuns(objective, covered, plan, missed).problem) {
    return finding;
  }
  const names = [...new Set(removed.map(({ backupVaultName }) => `'${backupVaultName}'`))].join(', ');
  const text = `${finding.problem}; removed from the app: ${names}`;
  return removed.every(({ construct }) => isSupportStack(Stack.of(construct))) ? { warning: text } : { problem: text };
}

/**
 * By what the tiers leave whenever they run.
 *
 * @param missed How many consecutive runs fail
 * @param counts Which vaults count
 */
function findingOfRuns(
  objective: RecoveryObjective, covered: Covered, plan: PlanFact, missed: number, counts: (into: Destination) => boolean = () => true,
): Finding {
  const serving = tiersServing(objective.survives, covered.plans.map((each) => destinationsOf(each).filter(counts)));
  const subject = `objective '${objective.name}' (${covered.example ? `for '${covered.example}', ` : ''}survives ${objective.survives})`;
  if (serving.length === 0) {
    const where = objective.survives === FailureScope.REGION ? 'region' : 'account';
    return { problem: `${subject}: no tier is copied into another ${where}, so nothing remains to recover from: add a vault in another ${where} to 'copyTo'` };
  }
  const best = newestOf(serving, missed);
  if (!best) {
    return { unchecked: `objective '${objective.name}': the windows of the tiers that serve it are tokens` };
  }
  return { problem: ageProblem(subject, objective.rpo, best.tiers, best.age, plan.acceptNominalRpo !== undefined) };
}

function ageProblem(
  subject: string, rpo: Duration, tiers: KeptTier[], { worstCase, nominal }: RecoveryPointAge, isNominalAccepted: boolean,
): string | undefined {
  const minutes = inMinutes(rpo)!;
  if (worstCase <= minutes) {
    return undefined;
  }
  const names = tiers.map((tier) => `'${tier.name}'`).join(', ');
  if (nominal > minutes) {
    return `${subject}: the newest recovery point can be ${describeMinutes(nominal)} old because of the gaps between the starts of ${names} alone, and `
      + `'rpo' is ${describe(rpo)}: add a tier or run one more often, or set a longer 'rpo'`;
  }
  if (worstCase === Number.POSITIVE_INFINITY) {
    return `${subject}: there might be no recovery point at all, because those of ${names} can be deleted before the next one is complete: set a longer 'deleteAfter'`;
  }
  return isNominalAccepted ? undefined
    : `${subject}: the newest recovery point can be ${describeMinutes(worstCase)} old in the worst case, and 'rpo' is ${describe(rpo)}: `
      + `there are up to ${describeMinutes(nominal)} between the starts of ${names}, and a job can start at the end of its 'startWindow' and take its 'expectedDuration'; `
      + "add a tier, shorten the 'startWindow', set a shorter 'expectedDuration' if jobs do not take longer, set a longer 'rpo', or explain in 'acceptNominalRpo' why this is accepted";
}
