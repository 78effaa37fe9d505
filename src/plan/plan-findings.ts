import { CfnDeletionPolicy, CfnResource, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { copyFindings, SHARED_KEYS } from './copy-checks';
import { destinationsOf } from './destinations';
import { objectiveFindings, plansByTarget } from './objective-checks';
import type { AdvancedSettings } from './plan-rules';
import { PLANS } from './plans-in-app';
import type { PlanFact } from './plans-in-app';
import type { Selection } from './selection';
import type { BackupTier } from '../objectives/backup-tier';
import { ResourceType } from '../objectives/resource-type';
import { differ } from '../private/environment';
import { Registry } from '../private/registry';
import { describe, describeDays, inDays } from '../private/spans';
import { DrRole } from '../roles/dr-role';
import { turnsOnCrossAccountBackup } from '../settings/organization-settings-in-app';
import { regionSettingsFor } from '../settings/region-settings-in-app';
import { windowFindings } from '../targets/busy-windows';
import { isWildcard, keyOf } from '../targets/candidate';
import type { Target } from '../targets/candidate';
import type { TargetMessage } from '../targets/target-messages';
import { ReplicatedBackupVault } from '../vault/replicated-backup-vault';

/**
 * Findings about a plan after all of its selections and their resources are known.
 */
export interface PlanFindings {
  readonly problems: string[];
  /** Warnings and infos, including what could not be checked. */
  readonly messages: TargetMessage[];
}

export function planFindings(scope: IConstruct, plan: PlanFact, role: iam.IRole, selections: Selection[], settings: AdvancedSettings): PlanFindings {
  if (selections.length === 0) {
    return { problems: ["a plan without a selection backs up nothing: call 'addSelection', or remove the plan"], messages: [] };
  }
  const { types, isKnown } = typesOf(selections);
  const isNeverCold = isKnown && types.length > 0 && usesColdStorage(plan) && types.every((type) => !type.capabilities.coldStorage);
  const all: Partial<PlanFindings>[] = [
    { problems: role instanceof DrRole ? role._problemsForBackup(types, backupVaultArnsOf(plan)) : [] },
    crossAccountFindings(scope, plan),
    { problems: copiesInto(plan).flatMap(({ parts }) => parts?.roleNameProblem(scope, plan.environment.account, role) ?? []) },
    ...selections.map((selection) => findingsOfSelection(scope, selection, plan)),
    { problems: isNeverCold ? [`'moveToColdStorageAfter' has no effect: none of the selected types (${types.join(', ')}) supports cold storage; leave it out`] : [] },
    { problems: isKnown ? settingsProblems(settings, types) : [] },
    advancedDynamoDbFindings(scope, plan, types),
    continuousFindings(scope, plan, selections),
    objectiveFindings(scope, plan),
    { messages: lowLocks(scope, plan) },
    { messages: cutTiers(plan) },
  ];
  return {
    problems: all.flatMap(({ problems = [] }) => problems),
    messages: all.flatMap(({ messages = [] }) => messages),
  };
}

/** Settings for types that are not selected. */
function settingsProblems({ windowsVss, s3BackupAcls = true, s3BackupObjectTags = true }: AdvancedSettings, types: ResourceType[]): string[] {
  // A stack may contain instances and buckets, and what a cluster of Amazon EKS stores may be in buckets.
  const isWithout = (...wanted: ResourceType[]) =>
    !types.some(({ resourceTypeName }) => wanted.some((type) => type.resourceTypeName === resourceTypeName));
  const selected = `the selected types are ${types.join(', ')}`;
  const ofS3 = [...s3BackupAcls ? [] : ["'s3BackupAcls'"], ...s3BackupObjectTags ? [] : ["'s3BackupObjectTags'"]];
  return [
    ...windowsVss && isWithout(ResourceType.EC2, ResourceType.CLOUDFORMATION)
      ? [`'windowsVss' has no effect: no Amazon EC2 instance is selected (${selected}); leave it out`] : [],
    ...isWithout(ResourceType.S3, ResourceType.CLOUDFORMATION, ResourceType.EKS)
      ? ofS3.map((property) => `${property} has no effect: no Amazon S3 bucket is selected (${selected}); leave it out`) : [],
  ];
}

/** The tier of a plan that makes continuous backups, if there is one. */
export function continuousTierOf({ rules }: Pick<PlanFact, 'rules'>): BackupTier | undefined {
  return rules.map(({ tier }) => tier).find(({ isContinuous }) => isContinuous);
}

/** Whether a resource supports continuous backup, according to its type. */
function mayBeContinuous({ type, isOfSeveralTypes }: Target): boolean {
  return type === undefined || isOfSeveralTypes === true || type.capabilities.continuousBackup === true;
}

/** A resource has one continuous backup: other plans would create snapshots of it, with an error in each. */
function continuousFindings(scope: IConstruct, plan: PlanFact, selections: Selection[]): Partial<PlanFindings> {
  const tier = continuousTierOf(plan);
  if (!tier) {
    return {};
  }
  const targets = selections.flatMap((selection) => selection.targets());
  const { types, isKnown } = typesOf(selections);
  if (isKnown && !targets.some(mayBeContinuous)) {
    return { problems: [`tier '${tier.name}' creates no continuous backup: none of the selected types (${types.join(', ')}) supports it; use 'BackupTier.daily'`] };
  }

  const others = Registry.of(scope).all(PLANS).filter((other) => other !== plan && !other.environment.differsFrom(plan.environment));
  const plansOf = plansByTarget(scope);
  const problems = plan.selections.filter(({ isNarrowedByTags }) => !isNarrowedByTags)
    .flatMap((selection) => selection.targets().filter(mayBeContinuous))
    .flatMap((target) => [...plansOf.get(keyOf(target)) ?? []].filter((other) => others.includes(other)).flatMap((other) =>
      continuousProblem(plan, tier, other, target) ?? []));
  const unclear = others.filter((other) => continuousTierOf(other) && plan.path < other.path && maySelectTheSame(plan, other));
  return {
    problems: [...new Set(problems)],
    messages: unclear.map((other) => ({
      id: 'secondContinuousBackup',
      isUnchecked: true,
      text: `whether plan '${other.path}' creates continuous backups of the same resources as this one, although a resource has only one: this depends on tags, tokens or wildcards`,
    })),
  };
}

function continuousProblem(plan: PlanFact, tier: BackupTier, other: PlanFact, target: Target): string | undefined {
  const name = target.resource?.node.path ?? (Token.isUnresolved(target.arn) ? 'a resource' : target.arn);
  const second = continuousTierOf(other);
  if (second) {
    return plan.path > other.path ? undefined : `'${name}' must have at most one continuous tier, because a resource has one continuous backup, got '${tier.name}' of plan `
      + `'${plan.path}' and '${second.name}' of plan '${other.path}': remove the resource or the tier from one of them`;
  }
  return target.type?.resourceTypeName !== ResourceType.S3.resourceTypeName || other.vault.backupVaultArn === plan.vault.backupVaultArn ? undefined
    : `'${name}' must have its continuous and its other backups in one vault, as AWS Backup requires for Amazon S3, got '${plan.vault.backupVaultName}' of plan `
      + `'${plan.path}' and '${other.vault.backupVaultName}' of plan '${other.path}': use one vault for both plans`;
}

/** Whether tags, tokens or wildcards might select a resource twice. */
function maySelectTheSame(plan: PlanFact, other: PlanFact): boolean {
  const decided = ({ selections }: PlanFact) => selections.every((selection) => !selection.isNarrowedByTags && selection.targets().length > 0
    && selection.targets().every(({ arn, resource, type }) => type && (resource || !(Token.isUnresolved(arn) || isWildcard(arn)))));
  const typesIn = ({ selections }: PlanFact) => selections.flatMap((selection) => selection.targets())
    .filter(mayBeContinuous).map(({ type }) => type?.resourceTypeName);
  const [own, others] = [typesIn(plan), typesIn(other)];
  const share = [own, others].some((types) => types.length === 0 || types.includes(undefined)) || own.some((type) => others.includes(type));
  return share && !(decided(plan) && decided(other));
}

/** Locks that accept a shorter retention than that of all copies into their vault. The plan with the shortest one reports it. */
function lowLocks(scope: IConstruct, plan: PlanFact): TargetMessage[] {
  const shortestInto = (one: PlanFact, arn: string) => Math.min(...copiesInto(one).filter(({ backupVaultArn }) => backupVaultArn === arn)
    .flatMap(({ tiers }) => tiers.map(({ lifecycle }) => inDays(lifecycle.deleteAfter) ?? 0)));
  return copiesInto(plan).flatMap(({ backupVaultName, backupVaultArn, vaultLock }) => {
    const min = inDays(vaultLock?.minRetention);
    const shortest = shortestInto(plan, backupVaultArn);
    const isOfOther = min === undefined || shortest <= min || Registry.of(scope).all(PLANS).some((other) => {
      const there = shortestInto(other, backupVaultArn);
      return there < shortest || (there === shortest && other.path < plan.path);
    });
    return isOfOther ? [] : [{
      id: 'lockMinimumBelowRetention',
      isInfo: true,
      text: `the 'minRetention' of the lock of vault '${backupVaultName}' is ${describeDays(min)}, and the shortest retention of copies into it is ${describeDays(shortest)}: `
        + `with a 'minRetention' of ${describeDays(shortest)}, the lock also rejects shorter retentions after a change of the plan`,
    }];
  });
}

/** The selected types, and whether there are no others. */
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

function findingsOfSelection(scope: IConstruct, selection: Selection, plan: PlanFact): PlanFindings {
  const targets = selection.targets();
  const isKnown = selection.isKnown();
  const copies = copyFindings(targets, isKnown, copiesInto(plan), { ...plan, scope, sharedKeys: Registry.of(scope).of(SHARED_KEYS, scope) });
  const windows = windowFindings(targets, plan.rules.map(({ tier }) => tier));
  const messages = [...selection.messages(), ...copies.messages, ...windows.messages];
  return {
    problems: [...selection.problems(), ...copies.problems, ...windows.problems].map((problem) => `selection '${selection.id}': ${problem}`),
    messages: [
      ...messages.map((message) => message.isUnchecked ? message : { ...message, text: `selection '${selection.id}': ${message.text}` }),
      ...isKnown ? [] : [{
        id: 'selectionNotChecked', isUnchecked: true, text: `the capabilities of AWS Backup for all resources of selection '${selection.id}', which depend on tags or tokens`,
      }],
    ],
  };
}

/** What the local retention ends early is gone where nothing is copied: a tier by the year that is kept for a week. */
function cutTiers({ rules }: PlanFact): TargetMessage[] {
  const cut = rules.filter(({ tier, lifecycle, copies }) =>
    copies.length === 0 && (inDays(lifecycle.deleteAfter) ?? Infinity) < (inDays(tier.deleteAfter) ?? 0));
  return cut.length === 0 ? [] : [{
    id: 'localRetentionCutsTier',
    text: `'localRetention' deletes the recovery points of ${cut.map(({ tier: { name, deleteAfter }, lifecycle }) =>
      `tier '${name}' after ${describe(lifecycle.deleteAfter)} instead of ${describe(deleteAfter)}`).join(', ')}, and no copies of them are kept longer: copy them into another vault, `
      + "set a longer 'localRetention', or leave it out",
  }];
}

/** Without the switch of the management account, every copy into another account fails. */
function crossAccountFindings(scope: IConstruct, plan: PlanFact): Partial<PlanFindings> {
  const { account: own } = plan.environment;
  const accounts = new Set(copiesInto(plan).map(({ environment: { account } }) => account).filter((account) => differ(account, own)));
  return accounts.size === 0 || turnsOnCrossAccountBackup(scope) ? {} : {
    messages: [{
      id: 'crossAccountBackup',
      isUnchecked: 'vital',
      text: `copies into account ${[...accounts].join(', ')} fail unless cross-account backup is turned on in the management account of the organization, which this app does not do: `
        + 'define OrganizationBackupSettings in a stack of the management account, or acknowledge this warning if it is already turned on',
    }],
  };
}

/** Without its advanced features, a recovery point of DynamoDB can neither be copied nor moved to cold storage. */
function advancedDynamoDbFindings(scope: IConstruct, plan: PlanFact, types: ResourceType[]): Partial<PlanFindings> {
  const copies = copiesInto(plan);
  const needs = copies.length > 0 || usesColdStorage(plan);
  if (!needs || !types.some((type) => type.resourceTypeName === ResourceType.DYNAMODB.resourceTypeName)) {
    return {};
  }
  const settings = regionSettingsFor(scope);
  const away = copies.map(({ environment }) => environment)
    .filter((environment) => environment.differsFrom(plan.environment) && regionSettingsFor(scope, environment).length === 0);
  return {
    problems: settings.length === 0 || settings.some(({ hasAdvancedDynamoDb }) => hasAdvancedDynamoDb) ? [] : [
      `copies and cold storage of DynamoDB require the advanced features of AWS Backup: turn on 'dynamoDbAdvancedFeatures' in '${settings[0].construct.node.path}'`,
    ],
    messages: [
      ...settings.length > 0 ? [] : ['copies and cold storage of DynamoDB fail unless the advanced features for DynamoDB are turned on here, which this app does not do: '
        + `define BackupRegionSettings for ${plan.environment}`],
      ...[...new Set(away.map(String))].map((place) =>
        `copies of DynamoDB fail unless the advanced features for DynamoDB are turned on in the destination, ${place}, which this app does not do: `
        + 'define BackupRegionSettings in a stack there'),
    ].map((text) => ({ id: 'dynamoDbAdvancedFeatures', isUnchecked: 'vital', text: `${text}, or acknowledge this warning if they are already turned on` })),
  };
}

function copiesInto(plan: PlanFact) {
  return destinationsOf(plan).filter(({ isOwn }) => !isOwn);
}

/** Advice if a role is retained with its name although the vault is deleted with its stack. */
export function roleLeftBehind(scope: IConstruct, { vault }: PlanFact, role: iam.IRole): string | undefined {
  if (!(role instanceof DrRole && vault instanceof ReplicatedBackupVault) || isKept(vault.primary) || !isKept(role)) {
    return undefined;
  }
  const where = role.node.scope === scope ? "the 'removalPolicy' of the plan" : `the 'removalPolicy' of '${role.node.path}'`;
  return `vault '${vault.node.path}' is deleted with its stack, but the role of the plan and its name are retained, so the next deployment `
    + `of the stack would fail. Set ${where} to RemovalPolicy.DESTROY, or retain the vault`;
}

/** Whether it is retained when it is removed from its stack, including changes by aspects. */
function isKept({ node: { defaultChild } }: IConstruct): boolean {
  const policy = defaultChild && CfnResource.isCfnResource(defaultChild) ? defaultChild.cfnOptions.deletionPolicy : undefined;
  return policy === CfnDeletionPolicy.RETAIN || policy === CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
}
