import type { CfnResource, Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Rule } from './plan-rules';
import type { PlanFact, SelectionFact } from './plans-in-app';
import { PLANS } from './plans-in-app';
import { FailureScope } from '../objectives/recovery-objective';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import { recoveryPointAge } from '../objectives/recovery-point-age';
import type { KeptTier, RecoveryPointAge } from '../objectives/recovery-point-age';
import { differ } from '../private/environment';
import { Registry, unchecked } from '../private/registry';
import { describe, describeMinutes, inMinutes } from '../private/spans';
import { keyOf } from '../targets/candidate';
import { hasPointInTimeRecovery } from '../targets/stateful-resources';

/** How far the native point-in-time recovery of DynamoDB is behind, in minutes. */
const POINT_IN_TIME_RECOVERY_DELAY = 5;

/**
 * Which objectives the schedules, windows and copies of a plan can't keep.
 */
export function objectiveProblems(scope: IConstruct, plan: PlanFact): string[] {
  const problems = plan.selections.flatMap((selection) => {
    const objectives = [...plan.objectives, ...selection.objectives];
    return objectives.length === 0 ? [] : coverageOf(plan, selection, plansByTarget(scope))
      .flatMap((covered) => objectives.flatMap((objective) => problemOf(scope, objective, covered, plan) ?? []));
  });
  return [...new Set(problems)];
}

/** Resources that the same rules cover. */
interface Covered {
  readonly rules: Rule[];
  /** One of the resources, for the error, where other plans take part. */
  readonly example?: string;
  readonly hasPointInTimeRecovery: boolean;
}

/**
 * Resources of a selection by the rules that cover them: those of its plan, and those of every other plan that names the
 * resource without narrowing by tags.
 */
function coverageOf(plan: PlanFact, selection: SelectionFact, plansOf: PlansOf): Covered[] {
  const distinct = new Map<string, Covered>();
  for (const target of selection.targets()) {
    const others = [...plansOf.get(keyOf(target)) ?? []].filter((other) => other !== plan && !other.environment.differsFrom(plan.environment));
    const covered: Covered = {
      rules: [plan, ...others].flatMap((each) => each.rules),
      example: others.length > 0 ? target.resource?.node.path ?? target.arn : undefined,
      hasPointInTimeRecovery: target.resource !== undefined && hasPointInTimeRecovery(target.resource),
    };
    distinct.set(`${others.map((other) => other.path).sort().join()} ${covered.hasPointInTimeRecovery}`, covered);
  }
  return distinct.size > 0 ? [...distinct.values()] : [{ rules: plan.rules, hasPointInTimeRecovery: false }];
}

type PlansOf = ReadonlyMap<CfnResource | string, ReadonlySet<PlanFact>>;

const known = new WeakMap<Registry, { readonly selections: number; readonly plansOf: PlansOf }>();

/** The plans that name a resource: made once for all plans of an app, or it would take the square of their number. */
function plansByTarget(scope: IConstruct): PlansOf {
  const registry = Registry.of(scope);
  const named = registry.all(PLANS).flatMap((plan) => plan.selections.map((selection) => ({ plan, selection })));
  const before = known.get(registry);
  if (before?.selections === named.length) {
    return before.plansOf;
  }
  const plansOf = new Map<CfnResource | string, Set<PlanFact>>();
  for (const { plan, selection } of named.filter((each) => !each.selection.isNarrowedByTags)) {
    for (const target of selection.targets()) {
      plansOf.set(keyOf(target), (plansOf.get(keyOf(target)) ?? new Set()).add(plan));
    }
  }
  known.set(registry, { selections: named.length, plansOf });
  return plansOf;
}

function problemOf(scope: IConstruct, objective: RecoveryObjective, covered: Covered, plan: PlanFact): string | undefined {
  const rpo = inMinutes(objective.rpo);
  if (rpo === undefined) {
    unchecked(scope, `objective '${objective.name}': its 'rpo' is a token`);
    return undefined;
  }
  if (objective.survives === FailureScope.RESOURCE && covered.hasPointInTimeRecovery && rpo >= POINT_IN_TIME_RECOVERY_DELAY) {
    return undefined;
  }

  const serving = tiersServing(objective.survives, covered, plan);
  const subject = `objective '${objective.name}' (${covered.example ? `for '${covered.example}', ` : ''}survives ${objective.survives})`;
  if (serving.length === 0) {
    const where = objective.survives === FailureScope.REGION ? 'region' : 'account';
    return `${subject}: no tier is copied into another ${where}, so nothing is left to recover from: add a vault of another ${where} to 'copyTo'`;
  }
  const best = serving
    .map((tiers) => ({ tiers, age: recoveryPointAge(tiers) }))
    .filter((each): each is { tiers: KeptTier[]; age: RecoveryPointAge } => each.age !== undefined)
    .sort((one, other) => one.age.worstCase - other.age.worstCase)[0];
  if (!best) {
    unchecked(scope, `objective '${objective.name}': the windows of the tiers that serve it are tokens`);
    return undefined;
  }
  if (best.age.worstCase <= rpo) {
    return undefined;
  }
  const { tiers, age: { worstCase, nominal } } = best;
  const names = tiers.map((tier) => `'${tier.name}'`).join(', ');
  if (nominal > rpo) {
    return `${subject}: the newest recovery point may be ${describeMinutes(nominal)} old by the gaps between the starts of ${names} alone, `
      + `'rpo' is ${describe(objective.rpo)}: add a tier or run one more often, or set a longer 'rpo'`;
  }
  if (worstCase === Number.POSITIVE_INFINITY) {
    return `${subject}: there may be no recovery point at all, since those of ${names} may be deleted before the next one is complete: set a longer 'deleteAfter'`;
  }
  return plan.acceptNominalRpo !== undefined ? undefined
    : `${subject}: the newest recovery point may be ${describeMinutes(worstCase)} old at the worst, 'rpo' is ${describe(objective.rpo)}: `
      + `between the starts of ${names} are up to ${describeMinutes(nominal)}, and a job may use up its 'startWindow' and its 'completionWindow'; `
      + "add a tier, shorten the windows, set a longer 'rpo', or say in 'acceptNominalRpo' why this is accepted";
}

/** The tiers that leave recovery points where the disaster does not reach, for each such place. */
function tiersServing(survives: FailureScope, { rules }: Covered, plan: PlanFact): KeptTier[][] {
  if (survives === FailureScope.RESOURCE) {
    return [rules.map(keptAnywhere)];
  }
  const byDestination = new Map<string, KeptTier[]>();
  for (const { tier, copies } of rules) {
    for (const { copy: { destinationBackupVaultArn, _destination: { environment } }, lifecycle: { deleteAfter } } of copies) {
      const isSafe = survives === FailureScope.REGION
        ? differ(environment.region, plan.environment.region)
        : differ(environment.account, plan.environment.account);
      if (isSafe) {
        byDestination.set(destinationBackupVaultArn, [...byDestination.get(destinationBackupVaultArn) ?? [], { ...tier, deleteAfter }]);
      }
    }
  }
  return [...byDestination.values()];
}

/** A recovery point is there as long as any vault keeps it: copies are made long before the first one is deleted. */
function keptAnywhere({ tier, lifecycle, copies }: Rule): KeptTier {
  const spans = [lifecycle, ...copies.map((copy) => copy.lifecycle)].map(({ deleteAfter }) => deleteAfter);
  const minutes = (span: Duration) => inMinutes(span) ?? Number.POSITIVE_INFINITY;
  return { ...tier, deleteAfter: spans.reduce((one, other) => minutes(one) >= minutes(other) ? one : other) };
}
