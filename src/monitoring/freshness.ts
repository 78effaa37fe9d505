import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { resourceTypeNamesOf } from './resource-types';
import { recoveryPointAge } from '../objectives/recovery-point-age';
import type { KeptTier } from '../objectives/recovery-point-age';
import type { TieredBackupPlan } from '../plan';
import { unchecked } from '../private/registry';
import { describeMinutes, inMinutes } from '../private/spans';
import { backupMetric } from '../vault/backup-metrics';

/** CloudWatch looks back for 7 days at the most, by the hour. */
const LOOK_BACK_HOURS = 7 * 24;

/**
 * For how long a vault may get no recovery point of a resource type.
 */
export interface Freshness {
  readonly backupVaultName: string;
  /** Left out where tags or tokens decide. */
  readonly resourceType?: string;
  readonly hours: number;
  readonly metric: cloudwatch.Metric;
}

/** For how long there may be no completed backup job of a type in the vaults of plans. */
export function backupFreshness(scope: IConstruct, plans: TieredBackupPlan[]): Freshness[] {
  return strictest(plans.flatMap((plan) => freshnessOf(plan, 'NumberOfBackupJobsCompleted', plan._fact.backupVaultName,
    hoursOf(scope, `whether plan '${plan.node.path}' makes recovery points`, worstCase(plan._fact.rules.map(({ tier }) => tier))))));
}

/** For how long there may be no completed copy job of a type into the vaults that plans copy into. */
export function copyFreshness(scope: IConstruct, plans: TieredBackupPlan[]): Freshness[] {
  return strictest(plans.flatMap((plan) => [...tiersCopied(plan)].flatMap(([name, tiers]) => freshnessOf(plan, 'NumberOfCopyJobsCompleted', name,
    hoursOf(scope, `whether plan '${plan.node.path}' makes copies in vault '${name}'`, longestWithoutCopy(tiers))))));
}

function worstCase(tiers: KeptTier[]): number | undefined {
  return recoveryPointAge(tiers)?.worstCase;
}

/** AWS does not bound the time of a copy. It is taken to end before the next start window closes, as everywhere here. */
function longestWithoutCopy(tiers: KeptTier[]): number | undefined {
  const nominal = recoveryPointAge(tiers)?.nominal;
  return nominal === undefined ? undefined : 2 * nominal + Math.max(...tiers.map(({ startWindow }) => inMinutes(startWindow) ?? 0));
}

function tiersCopied({ _fact }: TieredBackupPlan): Map<string, KeptTier[]> {
  const tiers = new Map<string, KeptTier[]>();
  for (const { tier, copies } of _fact.rules) {
    for (const { copy: { _destination: { backupVaultName } } } of copies) {
      tiers.set(backupVaultName, [...tiers.get(backupVaultName) ?? [], tier]);
    }
  }
  return tiers;
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

function freshnessOf(plan: TieredBackupPlan, metricName: string, backupVaultName: string, hours?: number): Freshness[] {
  const { selections, environment } = plan._fact;
  if (hours === undefined) {
    return [];
  }
  const { account, region } = environment;
  return resourceTypeNamesOf(selections).map((resourceType) => ({
    backupVaultName,
    resourceType,
    hours,
    metric: backupMetric({ backupVaultName, account, region }, metricName, resourceType === undefined ? {} : {
      dimensionsMap: { BackupVaultName: backupVaultName, ResourceType: resourceType },
    }),
  }));
}

/** Jobs of several plans are counted together: of a vault and a type, the plan that says most counts. */
function strictest(all: Freshness[]): Freshness[] {
  const found = new Map<string, Freshness>();
  for (const each of all) {
    const key = `${each.backupVaultName}/${each.resourceType ?? ''}`;
    found.set(key, (found.get(key)?.hours ?? Infinity) <= each.hours ? found.get(key)! : each);
  }
  return [...found.values()];
}
