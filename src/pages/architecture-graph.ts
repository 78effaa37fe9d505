import { coverageGroups } from './coverage-section';
import { day, lockText, place } from './report-texts';
import { startsText } from './schedule-sections';
import type { CoverageEntry, Place, RecoveryReport, SingleBucketEntry, VaultEntry } from '../report/report-model';

/** Above so many of one kind, those of an account and region are drawn as one. */
const DRAWN = 40;

/** What is backed up, where that is kept, and where copies of it go: every flow is from one column into the next. */
export const COLUMNS = ['What is backed up', 'Where it is kept', 'Copies and replicas'] as const;

export interface GraphNode {
  readonly id: string;
  readonly column: 0 | 1 | 2;
  /** For its color. */
  readonly kind: 'resource' | 'unprotected' | 'vault' | 'bucket' | 'topic' | 'bus';
  readonly name: string;
  /** Left out where the nodes that are drawn as one differ. */
  readonly detail?: string;
  readonly place: Place;
  /** How many are drawn as one. */
  readonly count: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly labels: string[];
}

/** The name of several that are drawn as one. */
function nameOfMany({ kind, column, name }: GraphNode, count: number): string {
  return kind === 'vault' ? `${count} backup vaults` : kind === 'topic' ? `${count} Amazon SNS topics` : column > 0 ? `${count} buckets` : `${count} × ${name.replace(/^\d+ × /, '')}`;
}

/** What is drawn: each node once, and between two nodes one edge. A vault that is backed up into and copied into is in both columns. */
export class ArchitectureGraph {
  public readonly nodes = new Map<string, GraphNode>();
  public readonly edges = new Map<string, GraphEdge>();
  private readonly unprotected: ReadonlySet<string>;

  constructor(private readonly report: RecoveryReport) {
    this.unprotected = new Set(report.coverage.filter(({ status }) => status === 'unprotected').map(({ path }) => path));
    this.addPlans();
    const isDrawn = (vault: VaultEntry) => [1, 2].some((column) => this.nodes.has(this.idOfVault(vault, column)));
    report.vaults.filter((vault) => !isDrawn(vault)).forEach((vault) => this.vaultNode(vault, 1));
    report.buckets.forEach((bucket) => {
      const from = this.bucketNode(bucket, bucket.path, 1, this.unprotected.has(bucket.path));
      if (bucket.replica) {
        this.edge(from, this.bucketNode(bucket.replica, `replica of ${bucket.path}`, 2), bucket.hasTimeControl ? 'within 15 minutes' : 'replicated');
      }
    });
    this.addResources();
    this.addNotifications();
  }

  private addPlans(): void {
    const vaults = { 1: new Map<string, VaultEntry>(), 2: new Map<string, VaultEntry>() };
    for (const { destinations } of this.report.plans) {
      const own = this.vaultOf(destinations.find(({ isOwn }) => isOwn)?.vault);
      own && vaults[1].set(own.arn, own);
      for (const { vault, retention } of destinations.filter(({ isOwn }) => !isOwn)) {
        const into = this.vaultOf(vault);
        into && vaults[2].set(into.arn, into);
        if (own && into) {
          retention.forEach(({ tier, deleteAfterDays }) => this.edge(this.idOfVault(own, 1), this.idOfVault(into, 2), `copy ${tier}, ${day(deleteAfterDays)}`));
        }
      }
    }
    vaults[1].forEach((vault) => this.vaultNode(vault, 1));
    vaults[2].forEach((vault) => this.vaultNode(vault, 2));
  }

  private addResources(): void {
    const { report } = this;
    const buckets = new Set(report.buckets.map(({ path }) => path));
    for (const { of, paths } of coverageGroups(report)) {
      const plans = of.by.filter(({ kind }) => kind === 'plan');
      if (buckets.has(of.path) && plans.length === 0) {
        continue; // it is there as a bucket
      }
      const id = this.resourceNode(of, paths.length);
      for (const { path } of plans) {
        const plan = report.plans.find((each) => each.path === path);
        const own = this.vaultOf(plan?.destinations.find(({ isOwn }) => isOwn)?.vault);
        plan?.tiers.forEach((tier) => own && this.edge(id, this.idOfVault(own, 1), `${tier.name}, ${startsText(tier)}`));
      }
      for (const { path } of of.by.filter(({ kind }) => kind === 'snapshots')) {
        const capture = report.captures.find((each) => each.path === path);
        const into = report.buckets.find(({ arn }) => arn === capture?.bucket);
        if (capture && into) {
          capture.schedules.forEach((tier) => this.edge(id, this.idOfBucket(into, 1, this.unprotected.has(into.path)), `${tier.name}, ${startsText(tier)}`));
        }
      }
    }
  }

  /** No lines: events of all places to one event bus would hide what matters. */
  private addNotifications(): void {
    const left = new Set([...this.nodes.values()].filter(({ column }) => column < 2).map((node) => place(node.place)));
    const busOf = new Map(this.report.forwarding.map(({ to, ...from }) => [place(from), to.split(':')[5]?.replace('event-bus/', '')]));
    for (const topic of this.report.topics) {
      const bus = busOf.get(place(topic));
      this.node({
        id: `topics ${place(topic)}`, column: left.has(place(topic)) ? 1 : 2, kind: 'topic', name: 'Amazon SNS topic', detail: bus === undefined ? '' : `events also to ${bus}`, place: topic, count: 1,
      });
    }
    for (const to of new Set(this.report.forwarding.map((each) => each.to))) {
      const [, , , region, account, name] = to.split(':');
      this.node({ id: `bus ${to}`, column: 2, kind: 'bus', name: name?.replace('event-bus/', '') ?? to, detail: 'events of all accounts', place: { account, region }, count: 1 });
    }
  }

  private resourceNode(of: CoverageEntry, count: number): string {
    const { type, status, by } = of;
    const plans = this.report.coverage.length > DRAWN ? '' : by.map(({ path }) => path).join();
    return this.node({
      id: `resource ${place(of)} ${type} ${status} ${plans}`,
      column: 0,
      kind: status === 'protected' ? 'resource' : 'unprotected',
      name: type.replace('AWS::', '').replace('::', ' '),
      detail: status,
      place: of,
      count,
    });
  }

  private vaultNode(vault: VaultEntry, column: 1 | 2): string {
    return this.node({ id: this.idOfVault(vault, column), column, kind: 'vault', name: vault.name, detail: lockText(vault.lock), place: vault, count: 1 });
  }

  private bucketNode(bucket: SingleBucketEntry, name: string, column: 1 | 2, isUnprotected = false): string {
    const lock = bucket.lock ? `locked, ${bucket.lock.mode.toLowerCase()}` : 'no lock';
    return this.node({
      id: this.idOfBucket(bucket, column, isUnprotected), column, kind: isUnprotected ? 'unprotected' : 'bucket', name, detail: isUnprotected ? 'unprotected' : lock, place: bucket, count: 1,
    });
  }

  private node(node: GraphNode): string {
    const { id, count, detail, place: { account, region } } = node;
    const known = this.nodes.get(id);
    const all = count + (known?.count ?? 0);
    this.nodes.set(id, {
      ...node,
      place: { account, region },
      count: all,
      name: all > 1 ? nameOfMany(node, all) : node.name,
      detail: !known || known.detail === detail ? detail : undefined,
    });
    return id;
  }

  private edge(from: string, to: string, label: string): void {
    const key = `${from}\n${to}`;
    const edge = this.edges.get(key) ?? { from, to, labels: [] };
    if (!edge.labels.includes(label)) {
      edge.labels.push(label);
    }
    this.edges.set(key, edge);
  }

  private vaultOf(arn: string | undefined) {
    return this.report.vaults.find((vault) => vault.arn === arn);
  }

  private idOfVault(vault: Place & { readonly arn: string }, column: number): string {
    return `vault ${column} ${this.report.vaults.length > DRAWN ? place(vault) : vault.arn}`;
  }

  private idOfBucket(bucket: SingleBucketEntry, column: 1 | 2, isUnprotected = false): string {
    return `bucket ${column} ${isUnprotected} ${this.report.buckets.length > DRAWN ? place(bucket) : bucket.arn}`;
  }
}
