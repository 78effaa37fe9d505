import { coverageGroups } from './coverage-section';
import { day, lockText, place } from './report-texts';
import { startsText } from './schedule-sections';
import type { CoverageEntry, Place, RecoveryReport, SingleBucketEntry } from '../report/report-model';

/** Above so many of one kind, those of an account and region are drawn as one. */
const DRAWN = 40;

export interface GraphNode {
  readonly id: string;
  /** `resource`, `vault`, `bucket`, `topic`, `bus`; for its color. */
  readonly kind: 'resource' | 'unprotected' | 'vault' | 'bucket' | 'topic' | 'bus';
  readonly lines: string[];
  readonly place: Place;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly labels: string[];
}

/** What is drawn: each node once, and between two nodes one edge. */
export class ArchitectureGraph {
  public readonly nodes = new Map<string, GraphNode & { count: number }>();
  public readonly edges = new Map<string, GraphEdge>();

  constructor(private readonly report: RecoveryReport) {
    report.vaults.forEach((vault) => this.node(this.idOfVault(vault), 'vault', vault, vault.name, lockText(vault.lock)));
    report.buckets.forEach((bucket) => {
      this.bucketNode(bucket, bucket.path);
      if (bucket.replica) {
        this.bucketNode(bucket.replica, `replica of ${bucket.path}`);
        this.edge(this.idOfBucket(bucket), this.idOfBucket(bucket.replica), bucket.hasTimeControl ? 'replicated within 15 minutes' : 'replicated');
      }
    });
    this.addPlans();
    this.addResources();
    this.addNotifications();
  }

  private addPlans(): void {
    for (const { destinations } of this.report.plans) {
      const own = this.vaultOf(destinations.find(({ isOwn }) => isOwn)?.vault);
      for (const { vault, retention } of destinations.filter(({ isOwn }) => !isOwn)) {
        const into = this.vaultOf(vault);
        if (own && into) {
          retention.forEach(({ tier, deleteAfterDays }) => this.edge(this.idOfVault(own), this.idOfVault(into), `copy ${tier}, ${day(deleteAfterDays)}`));
        }
      }
    }
  }

  private addResources(): void {
    const { report } = this;
    for (const { of, paths } of coverageGroups(report)) {
      const bucket = report.buckets.find(({ path }) => path === of.path);
      const plans = of.by.filter(({ kind }) => kind === 'plan');
      if (bucket && plans.length === 0) {
        continue; // it is there as a bucket
      }
      const id = this.resourceNode(of, paths.length);
      for (const { path } of plans) {
        const plan = report.plans.find((each) => each.path === path);
        const own = this.vaultOf(plan?.destinations.find(({ isOwn }) => isOwn)?.vault);
        plan?.tiers.forEach((tier) => own && this.edge(id, this.idOfVault(own), `${tier.name}, ${startsText(tier)}`));
      }
      for (const { path } of of.by.filter(({ kind }) => kind === 'snapshots')) {
        const capture = report.captures.find((each) => each.path === path);
        const into = report.buckets.find(({ arn }) => arn === capture?.bucket);
        if (capture && into) {
          capture.schedules.forEach((tier) => this.edge(id, this.idOfBucket(into), `${tier.name}, ${startsText(tier)}`));
        }
      }
    }
  }

  private addNotifications(): void {
    for (const topic of this.report.topics) {
      this.node(`topics ${place(topic)}`, 'topic', topic, 'Amazon SNS topics', '');
    }
    for (const { to, ...from } of this.report.forwarding) {
      const [, , , region, account, name] = to.split(':');
      this.node(`bus ${to}`, 'bus', { account, region }, name?.replace('event-bus/', '') ?? to, 'events of all accounts');
      const topics = `topics ${place(from)}`;
      if (this.nodes.has(topics)) {
        this.edge(topics, `bus ${to}`, 'events forwarded');
      }
    }
  }

  private resourceNode(of: CoverageEntry, count: number): string {
    const { type, status, by } = of;
    const plans = this.report.coverage.length > DRAWN ? '' : by.map(({ path }) => path).join();
    const id = `resource ${place(of)} ${type} ${status} ${plans}`;
    this.node(id, status === 'protected' ? 'resource' : 'unprotected', of, type.replace('AWS::', '').replace('::', ' '), status, count);
    return id;
  }

  private bucketNode(bucket: SingleBucketEntry, name: string): void {
    this.node(this.idOfBucket(bucket), 'bucket', bucket, name, bucket.lock ? `locked, ${bucket.lock.mode.toLowerCase()}` : 'no lock');
  }

  private node(id: string, kind: GraphNode['kind'], { account, region }: Place, name: string, detail: string, count = 1): void {
    const known = this.nodes.get(id);
    if (known) {
      known.count += count;
    } else {
      this.nodes.set(id, { id, kind, lines: [name, detail].filter((line) => line !== ''), place: { account, region }, count });
    }
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

  private idOfVault(vault: Place & { readonly arn: string }): string {
    return `vault ${this.report.vaults.length > DRAWN ? place(vault) : vault.arn}`;
  }

  private idOfBucket(bucket: SingleBucketEntry): string {
    return `bucket ${this.report.buckets.length > DRAWN ? place(bucket) : bucket.arn}`;
  }
}
