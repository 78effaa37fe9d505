import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';
import { resourceTypeNamesOf } from './resource-types';
import type { AlarmName } from '../alarms/alarm-catalogue';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { recoveryPointAge } from '../objectives/recovery-point-age';
import type { KeptTier } from '../objectives/recovery-point-age';
import type { TieredBackupPlan } from '../plan';
import type { Environment } from '../private/environment';
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
  /** Left out where tags or tokens decide. */
  readonly resourceType?: string;
  readonly hours: number;
}

/** For how long there may be no completed backup job of a type in the vaults of plans. */
export function backupFreshness(scope: IConstruct, plans: TieredBackupPlan[]): Freshness[] {
  return plans.flatMap((plan) => {
    const { backupVaultName, environment, rules } = plan._fact;
    return freshnessOf(plan, { backupVaultName, environment },
      hoursOf(scope, `whether plan '${plan.node.path}' makes recovery points`, worstCase(rules.map(({ tier }) => tier))));
  });
}

/** For how long there may be no completed copy job of a type into the vaults that plans copy into. */
export function copyFreshness(scope: IConstruct, plans: TieredBackupPlan[]): Freshness[] {
  return plans.flatMap((plan) => tiersCopied(plan).flatMap(({ into, tiers }) => freshnessOf(plan, into,
    hoursOf(scope, `whether plan '${plan.node.path}' makes copies in vault '${into.backupVaultName}'`, longestWithoutCopy(tiers)))));
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
  made.add(scope, `${id}-${name}`, name, topic, {
    metric,
    subject: `${resourceType ?? 'all types'} in vault ${backupVaultName}, ${describeMinutes(hours * 60)}`,
    period: Duration.hours(1),
    threshold: 1,
    evaluationPeriods: hours,
    isAboutAbsence: true,
  });
}

function worstCase(tiers: KeptTier[]): number | undefined {
  return recoveryPointAge(tiers)?.worstCase;
}

/** AWS does not bound the time of a copy. It is taken to end before the next start window closes, as everywhere here. */
function longestWithoutCopy(tiers: KeptTier[]): number | undefined {
  const nominal = recoveryPointAge(tiers)?.nominal;
  return nominal === undefined ? undefined : 2 * nominal + Math.max(...tiers.map(({ startWindow }) => inMinutes(startWindow) ?? 0));
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

/** In whole hours, where an alarm can look back for so long. */
function hoursOf(scope: IConstruct, what: string, minutes: number | undefined): number | undefined {
  const hours = minutes === undefined ? undefined : Math.ceil(minutes / 60);
  if (hours !== undefined && hours <= LOOK_BACK_HOURS) {
    return hours;
  }
  const why = hours === undefined ? 'its windows are tokens' : hours === Infinity ? 'there may be none at all'
    : `they may be ${describeMinutes(hours * 60)} apart, and an alarm looks back for 7 days at the most`;
  unchecked(scope, `${what}: ${why}`);
  return undefined;
}

function freshnessOf({ _fact: { selections } }: TieredBackupPlan, vault: Vault, hours?: number): Freshness[] {
  return hours === undefined ? [] : resourceTypeNamesOf(selections).map((resourceType) => ({ ...vault, resourceType, hours }));
}
