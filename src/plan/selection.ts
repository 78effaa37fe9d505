import { Lazy } from 'aws-cdk-lib';
import type { CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import type { IConstruct } from 'constructs';
import type { BackupTarget } from './backup-target';
import { isWildcard, keyOf } from './resolved-target';
import type { ResolvedTarget, ResolvedTargets } from './resolved-target';
import type { Rule } from './rules';
import type { TieredBackupSelectionOptions } from './tiered-backup-plan-props';
import type { RecoveryObjective, ResourceType } from '../objectives';
import { differ, Environment } from '../private/environment';
import { PropsErrors } from '../private/props-errors';

/**
 * What a plan selects, as it stands whenever it is asked: a construct that is a target may still get resources.
 */
export class Selection {
  private readonly home: Environment;
  private settled?: ResolvedTargets;

  constructor(private readonly plan: IConstruct, public readonly id: string, private readonly options: TieredBackupSelectionOptions) {
    const errors = new PropsErrors(`selection '${id}'`, plan);
    errors.when(!/^[A-Za-z0-9\-_.]{1,50}$/.test(id), () => `'id' is the name of the selection: it must be 1 to 50 letters, digits, hyphens, underscores and dots, got '${id}'`);
    errors.when((options.resources ?? []).length === 0 && Object.keys(options.tags ?? {}).length === 0,
      () => "'resources' or 'tags' must name something to back up, got neither");
    const conditions = Object.keys(options.tags ?? {}).length + Object.keys(options.excludeTags ?? {}).length;
    errors.when(conditions > 30, () => `'tags' and 'excludeTags' must be at most 30 together, the conditions that AWS Backup lets a selection have, got ${conditions}`);
    errors.throwIfAny();
    this.home = Environment.of(plan);
  }

  public get path(): string {
    return `${this.plan.node.path}/${this.id}`;
  }

  public get objectives(): RecoveryObjective[] {
    return this.options.objectives ?? [];
  }

  public get isNarrowedByTags(): boolean {
    return Object.keys(this.options.tags ?? {}).length > 0 || Object.keys(this.options.excludeTags ?? {}).length > 0;
  }

  public targets(): ResolvedTarget[] {
    return this.selected().targets;
  }

  /** From now on the targets are asked for anew, or, with the tree complete, no more. */
  public settle(isComplete: boolean): void {
    this.settled = undefined;
    this.settled = isComplete ? this.selected() : undefined;
  }

  /** What is wrong with the targets and how many they are, and what AWS Backup can't do for them. */
  public problems(rules: Rule[]): string[] {
    const { targets, problems } = this.selected();
    const excluded = this.resolve(this.options.excludeResources);
    const all = [...problems, ...excluded.problems];

    const arns = [...targets, ...excluded.targets].map(({ arn }) => arn);
    const wildcards = arns.filter(isWildcard).length;
    if (arns.length - wildcards > 500) {
      all.push(`'resources' must be at most 500 ARNs, what AWS Backup lets a selection have, got ${arns.length - wildcards}: select by tags, or make several selections`);
    }
    if (wildcards > 30) {
      all.push(`'resources' must be at most 30 ARNs with a wildcard, what AWS Backup lets a selection have, got ${wildcards}`);
    }
    return [...all, ...this.copyProblems(targets, rules)].map((problem) => `selection '${this.id}': ${problem}`);
  }

  /** The types of the targets, or `undefined` where tags alone or a token decide. */
  public resourceTypes(): ResourceType[] | undefined {
    const types = this.targets().map(({ type }) => type);
    return types.length === 0 || types.includes(undefined) ? undefined : [...new Set(types as ResourceType[])];
  }

  public render(iamRoleArn: string): CfnBackupSelection.BackupSelectionResourceTypeProperty {
    const { resources = [], tags = {}, excludeTags = {}, excludeResources = [] } = this.options;
    const conditions = (of: Record<string, string>) => Object.keys(of).length === 0 ? undefined
      : Object.entries(of).map(([key, value]) => ({ ConditionKey: `aws:ResourceTag/${key}`, ConditionValue: value }));
    return {
      selectionName: this.id,
      iamRoleArn,
      // Conditions alone select nothing: AWS Backup wants resources beside them.
      resources: resources.length > 0 ? arnsOf(() => this.selected()) : ['*'],
      notResources: excludeResources.length > 0 ? arnsOf(() => this.resolve(excludeResources)) : undefined,
      // Not `listOfTags`: that takes a resource with any of the tags.
      conditions: this.isNarrowedByTags ? { StringEquals: conditions(tags), StringNotEquals: conditions(excludeTags) } : undefined,
    };
  }

  private selected(): ResolvedTargets {
    return this.settled ?? this.resolve(this.options.resources);
  }

  private resolve(targets: BackupTarget[] = []): ResolvedTargets {
    const resolved = targets.map((target) => target._resolve(this.plan));
    const distinct = new Map(resolved.flatMap((each) => each.targets).map((target) => [keyOf(target), target]));
    return { targets: [...distinct.values()], problems: [...new Set(resolved.flatMap((each) => each.problems))] };
  }

  private copyProblems(targets: ResolvedTarget[], rules: Rule[]): string[] {
    const problems = new Set<string>();
    const destinations = rules.flatMap((rule) => rule.copies.map(({ copy }) => copy));
    for (const type of new Set(targets.flatMap((target) => target.type ?? []))) {
      const { crossAccountCopy, crossRegionCopy } = type.capabilities;
      for (const { _destination: { backupVaultName, environment } } of destinations) {
        if (!crossAccountCopy && !crossRegionCopy) {
          problems.add(`AWS Backup can't copy ${type}, so nothing reaches '${backupVaultName}': select it in a plan with 'copyTo: []'`);
        } else if (!crossAccountCopy && differ(environment.account, this.home.account)) {
          problems.add(`AWS Backup can't copy ${type} into another account, so nothing reaches '${backupVaultName}': select it in a plan of its own`);
        }
      }
    }
    return [...problems];
  }
}

function arnsOf(resolve: () => ResolvedTargets): string[] {
  return Lazy.list({ produce: () => resolve().targets.map(({ arn }) => arn) });
}
