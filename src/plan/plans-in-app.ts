import { Stack } from 'aws-cdk-lib';
import type { CfnBackupPlan } from 'aws-cdk-lib/aws-backup';
import type { IConstruct } from 'constructs';
import type { IBackupPlan } from './backup-plan-ref';
import { destinationsOf } from './destinations';
import type { Rule } from './plan-rules';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { ResourceType } from '../objectives/resource-type';
import { Environment } from '../private/environment';
import { isInTwinStack } from '../private/region-stack';
import { FactKind, Registry } from '../private/registry';
import type { Candidate, Target } from '../targets/candidate';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { COPIED_INTO } from '../vault/vaults-in-app';

/**
 * A plan with its rules and selections, for other constructs and the report.
 */
export interface PlanFact {
  readonly path: string;
  readonly environment: Environment;
  readonly backupPlanName: string;
  /** The vault that it backs up into. */
  readonly vault: IReplicatedBackupVault;
  readonly rules: Rule[];
  readonly acceptNominalRpo?: string;
  readonly objectives: RecoveryObjective[];
  /** The selections that are in the tree, as they stand now. */
  readonly selections: SelectionFact[];
}

/**
 * A selection of a plan.
 */
export interface SelectionFact {
  readonly path: string;
  /** The resources, as they stand now. */
  readonly targets: () => Target[];
  /** Whether tags decide which of the resources are backed up. */
  readonly isNarrowedByTags: boolean;
  /** Whether all resources of a type are left out of what tags, wildcards and tokens select, as the selection stands now. */
  readonly leavesOut: (type: ResourceType) => boolean;
  readonly objectives: RecoveryObjective[];
  /** Whether it selects a resource with these tags, as it stands now; `undefined` where tags or names decide that are known only at deployment. */
  readonly covers: (resource: Required<Pick<Candidate, 'resource' | 'properties'>>, tags: Readonly<Record<string, string>> | undefined) => boolean | undefined;
}

/** The plans that the app defines. */
export const PLANS = new FactKind<PlanFact>('plan');

/** The document of a plan in the template. */
export const PLAN_DOCUMENTS = new FactKind<{ readonly plan: CfnBackupPlan; readonly backupPlanName: string }>('plan document');

/**
 * The problem of a plan with the same name and rules as another one, which AWS Backup rejects.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
 */
export function documentProblems(plan: CfnBackupPlan, backupPlanName: string): string[] {
  const others = Registry.of(plan).all(PLAN_DOCUMENTS);
  const first = others.find((other) => other.backupPlanName === backupPlanName && isOneDocument(plan, other.plan));
  return first === undefined || first.plan === plan ? [] : [
    `the name '${backupPlanName}' and the rules are those of plan '${first.plan.node.scope!.node.path}', and AWS Backup rejects a second plan with the same name `
    + "and the same rules: set another 'backupPlanName', or add the selections to that plan",
  ];
}

function isOneDocument(one: CfnBackupPlan, other: CfnBackupPlan): boolean {
  if (one === other) {
    return true;
  }
  const [here, there] = [Environment.of(one), Environment.of(other)];
  const isOneStack = Stack.of(one) === Stack.of(other);
  const isOnePlace = isOneStack || (here.isLiteral && there.isLiteral && !here.differsFrom(there) && !isInTwinStack(one, other));
  const document = documentOf(one);
  // With a reference in it, two stacks may mean different things by the same words.
  return isOnePlace && (isOneStack || !/"(Ref|Fn::\w+)":/.test(document)) && document === documentOf(other);
}

function documentOf(plan: CfnBackupPlan): string {
  const { Resources } = Stack.of(plan).resolve(plan._toCloudFormation()) as { Resources: Record<string, { Properties: { BackupPlan: unknown } }> };
  return JSON.stringify(Object.values(Resources)[0].Properties.BackupPlan);
}

/** The plans that have alarms. */
export const WATCHED_PLANS = new FactKind<PlanFact>('watched plan');

/** The plans of other apps that are known here. */
export const IMPORTED_PLANS = new FactKind<PlanFact>('imported plan');

/** Registers a plan, and which vaults it copies into. */
export function registerPlan(plan: IConstruct, kind: FactKind<PlanFact>, fact: PlanFact): void {
  const registry = Registry.of(plan);
  registry.register(kind, plan, fact);
  for (const { backupVaultArn } of destinationsOf(fact).filter(({ isOwn }) => !isOwn)) {
    registry.register(COPIED_INTO, plan, { backupVaultArn });
  }
}

/**
 * What is known of a plan, whether it is defined here or imported.
 */
export function planFactOf(plan: IBackupPlan): PlanFact {
  const registry = Registry.of(plan);
  const [fact] = [...registry.of(PLANS, plan), ...registry.of(IMPORTED_PLANS, plan)];
  if (!fact) {
    throw new Error(`plan '${plan.node.path}' must be a TieredBackupPlan, or made by 'TieredBackupPlan.fromBackupPlanAttributes'`);
  }
  return fact;
}

/** All objectives of a plan and its selections. */
export function objectivesOf({ objectives, selections }: PlanFact): RecoveryObjective[] {
  return [...new Set([...objectives, ...selections.flatMap((selection) => selection.objectives)])];
}

/** The resource types that a plan selects, which jobs are counted by; `undefined` for all together, where tags, tokens or wildcards decide. */
export function resourceTypeNamesOf({ selections }: PlanFact): (string | undefined)[] {
  return [...new Set(selections.flatMap((selection) => selection.isNarrowedByTags && selection.targets().length === 0 ? [undefined]
    : selection.targets().map(({ type, isOfSeveralTypes }) => isOfSeveralTypes ? undefined : type?.resourceTypeName)))];
}
