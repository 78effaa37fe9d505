import { CfnResource, Stack, TagManager } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { AcceptedResources } from './accepted-resources';
import type { AcceptedFact } from './accepted-resources';
import { rounded, sortedBy } from './entries';
import { snapshotAge } from './objective-entries';
import type { CoverageEntry, ProtectionEntry } from './report-model';
import { REPLICATION_TIME } from '../buckets/bucket-checks';
import { BUCKETS } from '../buckets/buckets-in-app';
import type { BucketFact } from '../buckets/buckets-in-app';
import { CAPTURES } from '../configuration/captures-in-app';
import type { CaptureFact } from '../configuration/captures-in-app';
import { FailureScope } from '../objectives/recovery-objective';
import type { ResourceType } from '../objectives/resource-type';
import { survivingAge } from '../plan/destinations';
import { pointInTimeOf } from '../plan/objective-checks';
import { PLANS } from '../plan/plans-in-app';
import type { PlanFact, SelectionFact } from '../plan/plans-in-app';
import { Environment, placeOf } from '../private/environment';
import { isInTree } from '../private/ordering';
import type { Registry } from '../private/registry';
import { isWildcard, keyOf } from '../targets/candidate';
import type { Candidate } from '../targets/candidate';
import { candidateOf, isStateful, statefulOf } from '../targets/stateful-resources';
import { TemplateProperties } from '../targets/template-properties';

type Ages = CoverageEntry['worstCaseMinutes'];
type Selected = { readonly plan: PlanFact; readonly selection: SelectionFact; readonly isSure: boolean };

/**
 * A stateful resource with what the report says about it.
 */
export interface CoveredResource {
  readonly resource: CfnResource;
  /** Undefined if AWS Backup can't back it up. */
  readonly type?: ResourceType;
  readonly entry: CoverageEntry;
  readonly accepted?: AcceptedFact;
}

/** What a selection selects outside the app: one resource, or, without a type, what tags or wildcards select. */
export interface OutsideApp {
  readonly plan: PlanFact;
  readonly selection: SelectionFact;
  readonly type?: ResourceType;
}

/**
 * What protects each stateful resource of an app.
 *
 * Most selections name their resources, and are found by them. Only those with tags or wildcards are asked about each resource.
 */
export class Coverage {
  public readonly outside: OutsideApp[] = [];
  private readonly named = new Map<CfnResource | string, Selected[]>();
  /** What selections know of their resources already. */
  private readonly targets = new Map<CfnResource, Candidate>();
  private readonly open: Omit<Selected, 'isSure'>[] = [];
  private readonly buckets = new Map<IConstruct, BucketFact>();
  private readonly replicas = new Set<IConstruct>();
  private readonly captures: CaptureFact[];
  private readonly accepted: AcceptedResources;
  private readonly ages = new Map<string, Ages>();

  constructor(private readonly registry: Registry) {
    for (const plan of registry.all(PLANS)) {
      for (const selection of plan.selections) {
        this.add(plan, selection);
      }
    }
    for (const fact of registry.all(BUCKETS)) {
      const { primary, replica } = fact.bucket;
      this.buckets.set(primary.node.defaultChild ?? primary, fact);
      if (replica?.node.defaultChild) {
        this.replicas.add(replica.node.defaultChild);
      }
    }
    this.captures = registry.all(CAPTURES);
    this.accepted = new AcceptedResources(registry);
  }

  private add(plan: PlanFact, selection: SelectionFact): void {
    const targets = selection.targets();
    const others = targets.filter(({ resource }) => !resource);
    this.outside.push(
      ...others.map(({ arn, type }) => ({ plan, selection, type: isWildcard(arn) ? undefined : type })),
      ...selection.isNarrowedByTags && targets.length === 0 ? [{ plan, selection }] : [],
    );
    if (selection.isNarrowedByTags || targets.some(({ resource }) => !resource)) {
      this.open.push({ plan, selection });
      return;
    }
    for (const target of targets) {
      const key = keyOf(target);
      if (target.resource) {
        this.targets.set(target.resource, target);
      }
      const known = this.named.get(key) ?? [];
      known.push({ plan, selection, isSure: true });
      this.named.set(key, known);
    }
  }

  /** All stateful resources of a tree, sorted by path and type. */
  public below(root: IConstruct): CoveredResource[] {
    const stateful = root.node.findAll().filter((each): each is CfnResource => CfnResource.isCfnResource(each) && this.counts(each));
    const candidates = statefulOf(stateful.flatMap((resource) => this.targets.get(resource) ?? candidateOf(resource) ?? []));
    const covered = candidates.map((candidate) => this.withAcceptance(candidate.resource!, this.entryOf(candidate.resource!, candidate)));
    return sortedBy(covered.map((each, index) => ({ ...each, type: candidates[index].type })),
      ({ entry: { path, type } }) => `${path}\n${type}`);
  }

  private counts(resource: CfnResource): boolean {
    const { cfnResourceType: type } = resource;
    return isStateful(type) && (!type.startsWith('AWS::ECS::') || type === 'AWS::ECS::Cluster') && !this.replicas.has(resource);
  }

  private withAcceptance(resource: CfnResource, entry: CoverageEntry): CoveredResource {
    const accepted = entry.status === 'protected' ? undefined : this.accepted.of(resource);
    return accepted ? { resource, accepted, entry: { ...entry, status: 'accepted', reason: accepted.reason } } : { resource, entry };
  }

  private entryOf(resource: CfnResource, candidate: Candidate): CoverageEntry {
    const path = this.buckets.get(resource)?.bucket.node.path ?? pathOf(resource);
    const entry = { path, type: resource.cfnResourceType, ...placeOf(Stack.of(resource)) };
    if (resource.cfnResourceType === 'AWS::ECS::Cluster') {
      return { ...entry, ...this.ofCluster(resource) };
    }
    const selected = candidate.type ? this.selectedBy(resource, candidate) : [];
    const sure = selected.filter(({ isSure }) => isSure);
    const plans = [...new Set(sure.map(({ plan }) => plan))];
    const { delay } = candidate.type ? pointInTimeOf({ ...candidate, resource, arn: candidate.arn! }, plans) : {};
    const bucket = this.buckets.get(resource);
    const isReplicated = bucket?.bucket.replica !== undefined && isInTree(bucket.bucket.replica);
    const hasOwn = delay !== undefined && pointInTimeOf({ ...candidate, resource, arn: candidate.arn! }, []).delay !== undefined;
    const by: ProtectionEntry[] = [
      ...sortedBy(sure, ({ selection }) => selection.path)
        .map(({ plan, selection }) => ({ kind: 'plan' as const, path: plan.path, selection: selection.path })),
      ...isReplicated ? [{ kind: 'replication' as const, path: bucket!.bucket.node.path }] : [],
      ...hasOwn ? [{ kind: 'pointInTimeRecovery' as const }] : [],
    ];
    const status = sure.length > 0 || isReplicated ? 'protected' : selected.length > 0 ? 'undecided' : 'unprotected';
    return {
      ...entry,
      status,
      by,
      reason: status === 'protected' ? undefined : status === 'undecided' ? undecidedReason(selected) : unprotectedReason(candidate, bucket, hasOwn),
      worstCaseMinutes: { ...this.agesOf(plans, delay), ...isReplicated && bucket!.hasTimeControl ? this.replicatedAges(plans, delay) : {} },
    };
  }

  private selectedBy(resource: CfnResource, { properties = new TemplateProperties(resource) }: Candidate): Selected[] {
    const tags = tagsOf(resource);
    return [...this.named.get(resource) ?? [], ...this.open.flatMap(({ plan, selection }) => {
      const covers = selection.covers({ resource, properties }, tags);
      return covers === false ? [] : [{ plan, selection, isSure: covers === true }];
    })];
  }

  /** Resources with the same plans have the same ages. */
  private agesOf(plans: PlanFact[], delay: number | undefined): Ages {
    const key = `${plans.map(({ path }) => path).sort().join('\n')}\n${delay}`;
    const ages = this.ages.get(key) ?? Object.fromEntries(Object.values(FailureScope).flatMap((scope) => {
      const age = rounded(plans.length === 0 && delay === undefined ? undefined : survivingAge(scope, plans, delay).age?.worstCase);
      return age === undefined ? [] : [[scope, age]];
    }));
    this.ages.set(key, ages);
    return ages;
  }

  private replicatedAges(plans: PlanFact[], delay: number | undefined): Ages {
    return { [FailureScope.REGION]: Math.min(REPLICATION_TIME, this.agesOf(plans, delay)[FailureScope.REGION] ?? Infinity) };
  }

  private ofCluster(resource: CfnResource): Pick<CoverageEntry, 'status' | 'by' | 'reason' | 'worstCaseMinutes'> {
    const name = new TemplateProperties(resource).text('ClusterName');
    const home = Environment.of(resource);
    const here = this.captures.filter(({ kind, environment }) => kind === 'ecs' && !environment.differsFrom(home));
    const names = typeof name === 'string' ? [name] : [];
    const sure = here.filter(({ targets }) => targets === undefined || names.some((each) => targets.includes(each)));
    const unsure = here.filter((each) => !sure.includes(each) && names.length === 0);
    const ages = Object.values(FailureScope).flatMap((scope) => {
      const found = sure.flatMap((capture) => snapshotAge(this.registry, capture, scope)?.age.worstCase ?? []);
      const age = rounded(found.length === 0 ? undefined : Math.min(...found));
      return age === undefined ? [] : [[scope, age] as const];
    });
    return {
      status: sure.length > 0 ? 'protected' : unsure.length > 0 ? 'undecided' : 'unprotected',
      by: sortedBy(sure.map(({ by }) => ({ kind: 'snapshots' as const, path: by.node.path })), ({ path }) => path),
      reason: sure.length > 0 ? undefined : unsure.length > 0 ? 'The name of the cluster is known only at deployment.' : 'No construct captures its configuration.',
      worstCaseMinutes: Object.fromEntries(ages),
    };
  }
}

/** The path of the construct that a person wrote. */
export function pathOf(resource: CfnResource): string {
  const { scope, id } = resource.node;
  return scope && (id === 'Resource' || id === 'Default') ? scope.node.path : resource.node.path;
}

/** Undefined if the template has tags in a form of its own. */
function tagsOf(resource: CfnResource): Readonly<Record<string, string>> | undefined {
  return TagManager.of(resource)?.tagValues();
}

function undecidedReason(selected: Selected[]): string {
  return `Tags or names that are known only at deployment decide whether it is in ${sortedBy(selected, ({ selection }) => selection.path).map(({ selection }) => selection.path).join(', ')}.`;
}

function unprotectedReason({ type, resource }: Candidate, bucket: BucketFact | undefined, hasOwn: boolean): string {
  if (!type) {
    return `AWS Backup can't back up ${resource!.cfnResourceType}.`;
  }
  const own = hasOwn ? ' Its own point-in-time recovery does not survive the loss of its region or account.' : '';
  return bucket ? 'The bucket has no replica, and no selection contains it.' : `No selection contains it.${own}`;
}
