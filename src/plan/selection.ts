import { Lazy, Token } from 'aws-cdk-lib';
import type { CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import type { IConstruct } from 'constructs';
import type { TieredBackupSelectionOptions } from './tiered-backup-plan-props';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { ResourceType } from '../objectives/resource-type';
import { Environment } from '../private/environment';
import { PropsErrors } from '../private/props-errors';
import type { BackupTarget } from '../targets/backup-target';
import type { Candidate, Target } from '../targets/candidate';
import { isTarget, isWildcard, keyOf } from '../targets/candidate';
import { ExcludedTypes } from '../targets/excluded-types';
import { matchesResource } from '../targets/literal-arns';
import { arnPatternsOf, isStateful } from '../targets/stateful-resources';
import { anyMeets, anyTrue, hasPositiveTags, problemsOfTags, tagSelectionsOf } from '../targets/tag-selections';
import type { TagSelection } from '../targets/tag-selections';
import { targetMessages } from '../targets/target-messages';
import type { TargetMessage } from '../targets/target-messages';

/**
 * What a plan selects, as it stands whenever it is asked: a construct that is a target may still get resources.
 */
export class Selection {
  /** By the names that AWS Backup has for it: one, or one for each value that a tag may have. */
  private readonly byTags: TagSelection[];
  private readonly excludedTypes: ExcludedTypes;
  private settled?: Selected;
  private keysOf?: { readonly targets: Target[]; readonly keys: Set<unknown> };

  constructor(private readonly plan: IConstruct, public readonly id: string, private readonly options: TieredBackupSelectionOptions) {
    checkSelection(plan, id, options);
    this.byTags = tagSelectionsOf(id, options);
    this.excludedTypes = new ExcludedTypes(plan, options.excludeTypes ?? []);
  }

  public get path(): string {
    return `${this.plan.node.path}/${this.id}`;
  }

  /** What AWS Backup knows it by. */
  public get names(): string[] {
    return this.byTags.map(({ name }) => name);
  }

  public get objectives(): RecoveryObjective[] {
    return this.options.objectives ?? [];
  }

  public get isNarrowedByTags(): boolean {
    return this.byTags[0].conditions.length > 0; // each value of a tag is one condition, so all have as many
  }

  public targets(): Target[] {
    return this.selected().targets;
  }

  /** The types of the targets that are known. */
  public knownTypes(): ResourceType[] {
    return [...new Set(this.targets().flatMap(({ type }) => type ?? []))];
  }

  /** Whether no tags and no tokens decide what else is selected. */
  public isKnown(): boolean {
    const targets = this.targets();
    return targets.length > 0 && targets.every(({ type }) => type !== undefined);
  }

  /** From now on the targets are asked for anew, or, with the tree complete, no more. */
  public settle(isComplete: boolean): void {
    this.settled = isComplete ? this.selected() : undefined;
  }

  /** What is wrong with the targets, and whether they are too many. */
  public problems(): string[] {
    const { targets, excluded, problems } = this.selected();
    const all = [...problems];
    const arns = [...targets.map(({ arn }) => arn), ...excluded];
    const wildcards = arns.filter(isWildcard).length;
    if (arns.length - wildcards > 500) {
      all.push(`'resources' must be at most 500 ARNs, the maximum of a selection, got ${arns.length - wildcards}: select by tags, or create several selections`);
    }
    if (wildcards > 30) {
      all.push(`'resources' must be at most 30 ARNs with a wildcard, the maximum of a selection, got ${wildcards}`);
    }
    return all;
  }

  /** Whether all resources of a type are left out of what tags, wildcards and tokens select. */
  public leavesOut(type: ResourceType): boolean {
    const partition = Environment.of(this.plan).partitionIn(this.plan);
    const { excluded } = this.selected();
    return arnPatternsOf(type)?.every((pattern) => excluded.includes(`arn:${partition}:${pattern}`)) ?? false;
  }

  /**
   * Whether AWS Backup selects a resource of the app; `undefined` where tags or names decide that are known only at deployment.
   *
   * @param tags The tags of the resource; `undefined` if they are unknown
   */
  public covers({ resource, properties }: Required<Pick<Candidate, 'resource' | 'properties'>>, tags: Readonly<Record<string, string>> | undefined): boolean | undefined {
    const { targets, excluded, excludedKeys } = this.selected();
    if (Environment.of(this.plan).differsFrom(Environment.of(resource)) || excludedKeys.has(resource)) {
      return false;
    }
    const matches = (arn: string) => matchesResource(this.plan, arn, resource, properties);
    const open = targets.filter((target) => !target.resource).map(({ arn }) => arn);
    const isNamed = (this.options.resources ?? []).length === 0 || this.keys().has(resource) || anyTrue(open.map(matches));
    const isExcluded = anyTrue(excluded.filter((arn) => !Token.isUnresolved(arn)).map(matches));
    const isTagged = anyMeets(this.byTags, tags);
    return isNamed === false || isTagged === false || isExcluded === true ? false : isNamed && isTagged && isExcluded === false ? true : undefined;
  }

  private keys(): Set<unknown> {
    const { targets } = this.selected();
    if (this.keysOf?.targets !== targets) {
      this.keysOf = { targets, keys: new Set(targets.map(keyOf)) };
    }
    return this.keysOf.keys;
  }

  /** What may be wrong with the targets, and what can't be known of them. */
  public messages(): TargetMessage[] {
    return this.selected().messages;
  }

  public render(iamRoleArn: string): CfnBackupSelection.BackupSelectionResourceTypeProperty[] {
    const { resources = [], excludeResources = [], excludeTypes = [] } = this.options;
    return this.byTags.map(({ name, conditions }) => ({
      selectionName: name,
      iamRoleArn,
      // Conditions alone select nothing: AWS Backup requires resources too.
      resources: resources.length > 0 ? this.listOf(({ targets }) => targets.map(({ arn }) => arn)) : ['*'],
      // Left out where only what can't be backed up is excluded.
      notResources: excludeResources.length + excludeTypes.length > 0 ? this.listOf(({ excluded }) => excluded) : undefined,
      // Not `listOfTags`: that takes a resource with any of the tags.
      conditions: conditions.length === 0 ? undefined : Object.fromEntries(
        ['StringEquals', 'StringLike', 'StringNotEquals', 'StringNotLike'].map((operator) => {
          const those = conditions.filter((condition) => condition.operator === operator);
          const rendered = those.map(({ key, value }) => ({ ConditionKey: `aws:ResourceTag/${key}`, ConditionValue: value }));
          return [operator, rendered.length === 0 ? undefined : rendered];
        })),
    }));
  }

  private listOf(arns: (selected: Selected) => string[]): string[] {
    return Lazy.uncachedList({
      produce: ({ preparing }) => {
        if (preparing) {
          this.settle(true); // references are looked for once all aspects have run, and nothing is defined any more
        }
        return arns(this.selected());
      },
    }, { omitEmpty: true });
  }

  private selected(): Selected {
    return this.settled ?? this.select();
  }

  private select(): Selected {
    const { resources = [], excludeResources = [] } = this.options;
    const exclusions = this.candidates(excludeResources);
    const candidates = this.candidates(resources);
    const left = [...candidates].filter(([key, candidate]) => !exclusions.has(key) && !this.excludedTypes.has(candidate))
      .map(([, candidate]) => candidate);

    const wrong = [...exclusions.values()].filter(({ arn, resource, isOutOfReach, nothingBelow }) =>
      isOutOfReach || (arn === undefined && resource === undefined && nothingBelow === undefined));
    const { patterns, problems: ofTypes } = this.excludedTypes.among(resources.length > 0 ? left : [{ arn: '*' }]);
    const problems = [...[...left, ...wrong].flatMap(({ problem }) => problem ?? []), ...ofTypes];
    if (candidates.size > 0 && left.length === 0) {
      const by = this.excludedTypes.isEmpty ? "'excludeResources' leaves" : "'excludeResources' and 'excludeTypes' leave";
      problems.push(`${by} nothing of 'resources' to back up: exclude less, or remove the selection`);
    }
    const excluded = [...exclusions.values()].filter(({ arn, isOutOfReach }) => arn !== undefined && !isOutOfReach).map(({ arn }) => arn!);
    return {
      targets: left.filter(isTarget),
      excluded: [...new Set([...excluded, ...patterns])],
      excludedKeys: new Set(exclusions.keys()),
      problems: [...new Set(problems)],
      messages: targetMessages(left, [...exclusions].filter(([key]) => !candidates.has(key)).map(([, candidate]) => candidate)),
    };
  }

  private candidates(targets: BackupTarget[]): Map<unknown, Candidate> {
    return new Map(targets.flatMap((target) => target._candidates(this.plan)).map((candidate) => [keyOf(candidate), candidate]));
  }
}

interface Selected {
  readonly targets: Target[];
  /** ARNs, and patterns of ARNs. */
  readonly excluded: string[];
  /** The resources, among others, that are excluded by themselves. */
  readonly excludedKeys: ReadonlySet<unknown>;
  readonly problems: string[];
  readonly messages: TargetMessage[];
}

/** Fails where AWS Backup would refuse the selection, or it would select nothing. */
function checkSelection(plan: IConstruct, id: string, options: TieredBackupSelectionOptions): void {
  const errors = new PropsErrors(`selection '${id}'`, plan);
  if (typeof options !== 'object' || options === null) {
    errors.add(`'options' must specify what the plan backs up, such as 'resources', got ${String(options)}`);
    errors.throwIfAny();
  }
  errors.when(typeof id !== 'string' || !/^[A-Za-z0-9\-_.]{1,50}$/.test(id),
    () => `'id' is the name of the selection: it must be 1 to 50 letters, digits, hyphens, underscores and dots, got '${id}'`);
  for (const property of ['resources', 'excludeResources'] as const) {
    const targets: unknown = options[property] ?? [];
    errors.when(!Array.isArray(targets), () => `'${property}' must be a list of BackupTarget, got a single value`);
    errors.when(Array.isArray(targets) && targets.some((target) => typeof (target as BackupTarget | undefined)?._candidates !== 'function'),
      () => `'${property}' must be a list of BackupTarget without missing values, such as BackupTarget.fromConstruct(...)`);
  }
  const tagProblems = problemsOfTags(options);
  errors.add(...tagProblems);
  errors.when(tagProblems.length === 0 && (options.resources ?? []).length === 0 && !hasPositiveTags(options), () =>
    "'resources', 'tags' or 'tagFilters' must select something to back up, got none: use BackupTarget.everything() for every resource");
  const conditions = tagProblems.length === 0 ? tagSelectionsOf(id, options)[0].conditions.length : 0;
  errors.when(conditions > 30,
    () => `'tags', 'tagFilters' and 'excludeTags' must be at most 30 together, the maximum number of conditions of a selection, got ${conditions}`);
  errors.when(options.excludeTypes !== undefined && !Array.isArray(options.excludeTypes), () => "'excludeTypes' must be a list, got a single value");
  const unknown = [options.excludeTypes ?? []].flat().filter((type) => typeof type !== 'string' || !isStateful(type));
  errors.when(unknown.length > 0, () => "'excludeTypes' must be CloudFormation types that a selection can contain, such as 'AWS::SecretsManager::Secret', "
    + `got ${unknown.map((type) => `'${type}'`).join(', ')}`);
  errors.throwIfAny();
}
