import { Duration, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';
import type { AlarmName } from '../alarms/alarm-catalogue';
import type { AlarmOptions } from '../alarms/alarm-options';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { FailureScope } from '../objectives/recovery-objective';
import { recoveryPointAge } from '../objectives/recovery-point-age';
import type { KeptTier } from '../objectives/recovery-point-age';
import { serves } from '../plan/destinations';
import type { PlanFact } from '../plan/plans-in-app';
import type { TieredBackupPlan } from '../plan/tiered-backup-plan';
import type { Environment } from '../private/environment';
import type { PropsErrors } from '../private/props-errors';
import { unchecked } from '../private/registry';
import { describeMinutes, inMinutes } from '../private/spans';

/** CloudWatch looks back for 7 days at the most, by the hour. */
const LOOK_BACK_HOURS = 7 * 24;

/**
 * For how long a vault may get no recovery point of a resource type.
 */
export interface Freshness {
  readonly backupVaultName: string;
  /** Where the vault is. */
  readonly environment: Environment;
  /** Left out where all are counted together. */
  readonly resourceType?: string;
  readonly hours: number;
  /** How long it may be at the least, where every job is as quick as can be. */
  readonly nominalHours: number;
}

/** What is counted by itself in a vault: `undefined` for all together. */
export type ResourceTypesOf = (plan: TieredBackupPlan) => (string | undefined)[];

const ALL_TOGETHER: ResourceTypesOf = () => [undefined];

/** For how long there may be no completed backup job in the vaults of plans. */
export function backupFreshness(scope: IConstruct, plans: TieredBackupPlan[], typesOf = ALL_TOGETHER): Freshness[] {
  return plans.flatMap((plan) => {
    const { path, backupVaultName, environment, rules } = plan._fact;
    const age = recoveryPointAge(rules.map(({ tier }) => tier));
    const span = spanOf(scope, `whether plan '${path}' makes recovery points`, age?.worstCase, age?.nominal);
    return freshnessOf({ backupVaultName, environment }, span, typesOf(plan));
  });
}

/**
 * For how long there may be no completed copy job into the vaults that plans copy into. AWS does not bound the time of a
 * copy: it is taken to end before the next start window closes, as everywhere here. Where an objective that the vault serves
 * is broken before, that counts.
 */
export function copyFreshness(scope: IConstruct, plans: TieredBackupPlan[], typesOf = ALL_TOGETHER): Freshness[] {
  return plans.flatMap((plan) => tiersCopied(plan).flatMap(({ into, tiers }) => {
    const age = recoveryPointAge(tiers);
    const longest = age && 2 * age.nominal + Math.max(...tiers.map(({ startWindow }) => inMinutes(startWindow) ?? 0));
    // Where a tier keeps less than its gap there is no worst case, but the jobs run all the same.
    const minutes = age && Math.max(age.worstCase === Infinity ? 0 : age.worstCase, Math.min(longest!, smallestRpo(plan._fact, into.environment)));
    const span = spanOf(scope, `whether plan '${plan._fact.path}' makes copies in vault '${into.backupVaultName}'`, minutes, age?.nominal);
    return freshnessOf(into, span, typesOf(plan));
  }));
}

/** Of the objectives that only a copy there keeps. */
function smallestRpo({ environment, objectives, selections }: PlanFact, into: Environment): number {
  return Math.min(...[...objectives, ...selections.flatMap((selection) => selection.objectives)]
    .filter(({ survives }) => survives !== FailureScope.RESOURCE && serves(survives, into, environment))
    .map(({ rpo }) => inMinutes(rpo) ?? Infinity));
}

/** Adds what is wrong with an override that makes the alarm one that is always on. */
export function checkAbsence(
  errors: PropsErrors, overrides: Record<string, AlarmOptions> | undefined, name: AlarmName, all: Freshness[] | undefined,
): void {
  const { enabled = true, evaluationPeriods } = overrides?.[name] ?? {};
  if (overrides?.[name] === undefined || !enabled) {
    return;
  }
  errors.when(all === undefined,
    () => `'overrides' must go by alarms that there are: without 'plans' there is no '${name}', so give them, or leave it out`);
  for (const { backupVaultName, nominalHours } of all ?? []) {
    errors.when(evaluationPeriods !== undefined && !Token.isUnresolved(evaluationPeriods) && evaluationPeriods < nominalHours,
      () => `'evaluationPeriods' of '${name}' must be ${nominalHours} hours or more, as far as the schedules into '${backupVaultName}' are apart, `
        + `got ${evaluationPeriods}`);
  }
}

/** Of jobs that are counted together, those of the plan that says most count. */
export function strictest(scope: IConstruct, all: Freshness[], countedBy: (freshness: Freshness) => string): Freshness[] {
  const groups = new Map<string, Freshness[]>();
  for (const each of all) {
    groups.set(countedBy(each), [...groups.get(countedBy(each)) ?? [], each]);
  }
  return [...groups.values()].map((group) => {
    const places = new Set(group.map(({ environment }) => environment.toString()));
    if (places.size > 1) {
      unchecked(scope, `whether each vault of the name '${group[0].backupVaultName}' gets recovery points (${[...places].join('; ')}): they are counted together`);
    }
    return group.reduce((one, other) => other.hours < one.hours ? other : one);
  });
}

/** An alarm on what is missing for so many hours. */
export function alarmOnAbsence(scope: Construct, made: CataloguedAlarms, topic: sns.ITopic, id: string, name: AlarmName,
  { backupVaultName, resourceType, hours }: Freshness, metric: cloudwatch.Metric): void {
  made.add(scope, id, name, topic, {
    metric,
    subject: `${resourceType ?? 'all types'} in vault ${backupVaultName}, ${describeMinutes(made.evaluationPeriodsOf(name, hours) * 60)}`,
    period: Duration.hours(1),
    threshold: 1,
    evaluationPeriods: hours,
    isAboutAbsence: true,
  });
}

type Vault = Pick<Freshness, 'backupVaultName' | 'environment'>;

function tiersCopied({ _fact }: TieredBackupPlan): { into: Vault; tiers: KeptTier[] }[] {
  const found = new Map<string, { into: Vault; tiers: KeptTier[] }>();
  for (const { tier, copies } of _fact.rules) {
    for (const { copy: { _destination: { backupVaultName, environment } } } of copies) {
      const key = `${environment} ${backupVaultName}`;
      found.set(key, { into: { backupVaultName, environment }, tiers: [...found.get(key)?.tiers ?? [], tier] });
    }
  }
  return [...found.values()];
}

type Span = Pick<Freshness, 'hours' | 'nominalHours'>;

/** In whole hours, where an alarm can look back for so long. */
function spanOf(scope: IConstruct, what: string, minutes?: number, nominal?: number): Span | undefined {
  const hours = minutes === undefined ? undefined : Math.ceil(minutes / 60);
  if (hours !== undefined && hours <= LOOK_BACK_HOURS) {
    return { hours, nominalHours: Math.ceil(nominal! / 60) };
  }
  const why = hours === undefined ? 'its windows are tokens' : hours === Infinity ? 'there may be none at all'
    : `they may be ${describeMinutes(hours * 60)} apart, and an alarm looks back for 7 days at the most`;
  unchecked(scope, `${what}: ${why}`);
  return undefined;
}

function freshnessOf(vault: Vault, span: Span | undefined, resourceTypes: (string | undefined)[]): Freshness[] {
  return span ? resourceTypes.map((resourceType) => ({ ...vault, ...span, resourceType })) : [];
}
