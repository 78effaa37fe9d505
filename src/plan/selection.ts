import { Lazy } from 'aws-cdk-lib';
import type { CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import type { IConstruct } from 'constructs';
import type { TieredBackupSelectionOptions } from './tiered-backup-plan-props';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { ResourceType } from '../objectives/resource-type';
import { PropsErrors } from '../private/props-errors';
import type { BackupTarget } from '../targets/backup-target';
import type { Candidate, Target } from '../targets/candidate';
import { isTarget, isWildcard, keyOf } from '../targets/candidate';

/**
 * What a plan selects, as it stands whenever it is asked: a construct that is a target may still get resources.
 */
export class Selection {
  private settled?: Selected;

  constructor(private readonly plan: IConstruct, public readonly id: string, private readonly options: TieredBackupSelectionOptions) {
    const errors = new PropsErrors(`selection '${id}'`, plan);
    errors.when(!/^[A-Za-z0-9\-_.]{1,50}$/.test(id),
      () => `'id' is the name of the selection: it must be 1 to 50 letters, digits, hyphens, underscores and dots, got '${id}'`);
    errors.when((options.resources ?? []).length === 0 && Object.keys(options.tags ?? {}).length === 0,
      () => "'resources' or 'tags' must name something to back up, got neither");
    const conditions = Object.keys(options.tags ?? {}).length + Object.keys(options.excludeTags ?? {}).length;
    errors.when(conditions > 30,
      () => `'tags' and 'excludeTags' must be at most 30 together, the conditions that AWS Backup lets a selection have, got ${conditions}`);
    errors.throwIfAny();
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
    this.settled = undefined;
    this.settled = isComplete ? this.selected() : undefined;
  }

  /** What is wrong with the targets, and whether they are too many. */
  public problems(): string[] {
    const { targets, excluded, problems } = this.selected();
    const all = [...problems];
    const arns = [...targets, ...excluded].map(({ arn }) => arn);
    const wildcards = arns.filter(isWildcard).length;
    if (arns.length - wildcards > 500) {
      all.push(`'resources' must be at most 500 ARNs, what AWS Backup lets a selection have, got ${arns.length - wildcards}: select by tags, or make several selections`);
    }
    if (wildcards > 30) {
      all.push(`'resources' must be at most 30 ARNs with a wildcard, what AWS Backup lets a selection have, got ${wildcards}`);
    }
    return all;
  }

  public render(iamRoleArn: string): CfnBackupSelection.BackupSelectionResourceTypeProperty {
    const { resources = [], tags = {}, excludeTags = {}, excludeResources = [] } = this.options;
    const conditions = (of: Record<string, string>) => Object.keys(of).length === 0 ? undefined
      : Object.entries(of).map(([key, value]) => ({ ConditionKey: `aws:ResourceTag/${key}`, ConditionValue: value }));
    return {
      selectionName: this.id,
      iamRoleArn,
      // Conditions alone select nothing: AWS Backup wants resources beside them.
      resources: resources.length > 0 ? arnsOf(() => this.selected().targets) : ['*'],
      notResources: excludeResources.length > 0 ? arnsOf(() => this.selected().excluded) : undefined, // left out where only what can't be backed up is excluded
      // Not `listOfTags`: that takes a resource with any of the tags.
      conditions: this.isNarrowedByTags ? { StringEquals: conditions(tags), StringNotEquals: conditions(excludeTags) } : undefined,
    };
  }

  private selected(): Selected {
    return this.settled ?? this.select();
  }

  private select(): Selected {
    const { resources = [], excludeResources = [] } = this.options;
    const exclusions = this.candidates(excludeResources);
    const candidates = this.candidates(resources);
    const left = [...candidates].filter(([key]) => !exclusions.has(key)).map(([, candidate]) => candidate);

    const wrong = [...exclusions.values()].filter(({ arn, resource, isOutOfReach }) => isOutOfReach || (arn === undefined && resource === undefined));
    const problems = [...left, ...wrong].flatMap(({ problem }) => problem ?? []);
    if (candidates.size > 0 && left.length === 0) {
      problems.push("'excludeResources' leaves nothing of 'resources' to back up: exclude less, or leave the selection out");
    }
    return {
      targets: left.filter(isTarget),
      excluded: [...exclusions.values()].filter((candidate): candidate is Target => candidate.arn !== undefined && !candidate.isOutOfReach),
      problems: [...new Set(problems)],
    };
  }

  private candidates(targets: BackupTarget[]): Map<unknown, Candidate> {
    return new Map(targets.flatMap((target) => target._candidates(this.plan)).map((candidate) => [keyOf(candidate), candidate]));
  }
}

interface Selected {
  readonly targets: Target[];
  readonly excluded: Target[];
  readonly problems: string[];
}

function arnsOf(targets: () => Target[]): string[] {
  return Lazy.list({ produce: () => targets().map(({ arn }) => arn) }, { omitEmpty: true });
}
