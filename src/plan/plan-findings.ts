import { CfnDeletionPolicy, CfnResource } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { copyFindings } from './copy-checks';
import { destinationsOf } from './destinations';
import { objectiveFindings } from './objective-checks';
import type { PlanFact } from './plans-in-app';
import type { Selection } from './selection';
import { ResourceType } from '../objectives/resource-type';
import { DrRole } from '../roles/dr-role';
import { regionSettingsFor } from '../settings/region-settings-in-app';
import { windowFindings } from '../targets/busy-windows';
import type { TargetMessage } from '../targets/target-messages';
import { ReplicatedBackupVault } from '../vault/replicated-backup-vault';

/**
 * What can be said of a plan once all of its selections, and all resources in them, are known.
 */
export interface PlanFindings {
  readonly problems: string[];
  /** What could not be checked, and why. */
  readonly unchecked: string[];
  /** Warnings and infos, each with an id. */
  readonly messages: TargetMessage[];
}

export function planFindings(scope: IConstruct, plan: PlanFact, role: iam.IRole, selections: Selection[]): PlanFindings {
  if (selections.length === 0) {
    return { problems: ["a plan without a selection backs up nothing: call 'addSelection', or leave the plan out"], unchecked: [], messages: [] };
  }
  const { types, isKnown } = typesOf(selections);
  const isNeverCold = isKnown && types.length > 0 && usesColdStorage(plan) && types.every((type) => !type.capabilities.coldStorage);
  const all: Partial<PlanFindings>[] = [
    { problems: role instanceof DrRole ? role._problemsForBackup(types, backupVaultArnsOf(plan)) : [] },
    ...selections.map((selection) => findingsOfSelection(selection, plan)),
    { problems: isNeverCold ? [`'moveToColdStorageAfter' is of no use: none of the selected types (${types.join(', ')}) has cold storage; leave it out`] : [] },
    advancedDynamoDbFindings(scope, plan, types),
    objectiveFindings(scope, plan),
  ];
  return {
    problems: all.flatMap(({ problems = [] }) => problems),
    unchecked: all.flatMap(({ unchecked = [] }) => unchecked),
    messages: all.flatMap(({ messages = [] }) => messages),
  };
}

/** The types that are selected, and whether no others are. */
export function typesOf(selections: Selection[]): { types: ResourceType[]; isKnown: boolean } {
  return {
    types: [...new Set(selections.flatMap((selection) => selection.knownTypes()))],
    isKnown: selections.every((selection) => selection.isKnown()),
  };
}

export function usesColdStorage(plan: PlanFact): boolean {
  return destinationsOf(plan).some(({ tiers }) => tiers.some(({ lifecycle }) => lifecycle.moveToColdStorageAfter));
}

/** The vaults that the role of the plan backs up and copies into. */
export function backupVaultArnsOf(plan: PlanFact): string[] {
  return [...new Set(destinationsOf(plan).map(({ backupVaultArn }) => backupVaultArn))];
}

function findingsOfSelection(selection: Selection, plan: PlanFact): PlanFindings {
  const targets = selection.targets();
  const isKnown = selection.isKnown();
  const copies = copyFindings(targets, isKnown, copiesInto(plan), plan);
  const windows = windowFindings(targets, plan.rules.map(({ tier }) => tier));
  const messages = [...selection.messages(), ...copies.messages, ...windows.messages];
  return {
    problems: [...selection.problems(), ...copies.problems, ...windows.problems].map((problem) => `selection '${selection.id}': ${problem}`),
    unchecked: [
      ...copies.unchecked,
      ...messages.flatMap(({ id, text }) => id === undefined ? [text] : []),
      ...isKnown ? [] : [`what AWS Backup can do for all that selection '${selection.id}' selects: tags or tokens decide`],
    ],
    messages: messages.filter(({ id }) => id !== undefined).map((message) => ({ ...message, text: `selection '${selection.id}': ${message.text}` })),
  };
}

/** Without its advanced features, a recovery point of DynamoDB can neither be copied nor moved to cold storage. */
function advancedDynamoDbFindings(scope: IConstruct, plan: PlanFact, types: ResourceType[]): Partial<PlanFindings> {
  const copies = copiesInto(plan);
  const needs = copies.length > 0 || usesColdStorage(plan);
  if (!needs || !types.some((type) => type.resourceTypeName === ResourceType.DYNAMODB.resourceTypeName)) {
    return { problems: [], unchecked: [] };
  }
  const settings = regionSettingsFor(scope);
  const away = copies.map(({ environment }) => environment)
    .filter((environment) => environment.differsFrom(plan.environment) && regionSettingsFor(scope, environment).length === 0);
  return {
    problems: settings.length === 0 || settings.some(({ hasAdvancedDynamoDb }) => hasAdvancedDynamoDb) ? [] : [
      `copies and cold storage of DynamoDB need the advanced features of AWS Backup: turn on 'dynamoDbAdvancedFeatures' in '${settings[0].construct.node.path}'`,
    ],
    unchecked: [
      ...settings.length > 0 ? [] : ['whether AWS Backup has its advanced features for DynamoDB here, which copies and cold storage need: '
        + `define BackupRegionSettings for ${plan.environment}`],
      ...[...new Set(away.map(String))].map((place) =>
        `whether AWS Backup has its advanced features for DynamoDB in ${place}, which copies into it need: define BackupRegionSettings in a stack there`),
    ],
  };
}

function copiesInto(plan: PlanFact) {
  return destinationsOf(plan).filter(({ isOwn }) => !isOwn);
}

/** What to do where a role stays under its name although the vault, and so all that the role is kept for, goes with its stack. */
export function roleLeftBehind(scope: IConstruct, { vault }: PlanFact, role: iam.IRole): string | undefined {
  if (!(role instanceof DrRole && vault instanceof ReplicatedBackupVault) || isKept(vault.primary) || !isKept(role)) {
    return undefined;
  }
  const where = role.node.scope === scope ? "the 'removalPolicy' of the plan" : `the 'removalPolicy' of '${role.node.path}'`;
  return `vault '${vault.node.path}' is deleted with its stack, but the role of the plan is retained, and so its name stays taken: the next deployment `
    + `of the stack would fail. Set ${where} to RemovalPolicy.DESTROY, or retain the vault`;
}

/** Whether it stays when it is taken out of its stack; by what an aspect may have made of it. */
function isKept({ node: { defaultChild } }: IConstruct): boolean {
  const policy = defaultChild && CfnResource.isCfnResource(defaultChild) ? defaultChild.cfnOptions.deletionPolicy : undefined;
  return policy === CfnDeletionPolicy.RETAIN || policy === CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
}
