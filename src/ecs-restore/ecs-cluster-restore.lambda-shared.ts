import { clusterInput, differences, isOver, providersInput, ruleInput, scheduleInput } from './ecs-inputs.lambda-shared';
import type { Tag } from './ecs-inputs.lambda-shared';
import { NotRestorable } from './ecs-restoration.lambda-shared';
import type { Found, Health, Restorable, Restoration } from './ecs-restoration.lambda-shared';
import { pages, parts, TargetGone } from '../capture/aws-call.lambda-shared';
import { readCluster, unless } from '../ecs-config/ecs-cluster-reads.lambda-shared';
import { RESTORED_BY_TAG, STATE_TAG } from '../execution/runbook.contract';

const GONE = ['ResourceNotFoundException'];

const MISSING: Found = { state: 'MISSING', differences: [] };

/** The targets that EventBridge takes in a call. */
const TARGETS_OF_CALL = 10;

/** What is restored before any service. */
export function clusterToRestore(restoration: Restoration): Restorable {
  return new ClusterToRestore(restoration);
}

/** What starts tasks in the cluster: it is restored last. */
export function runnersToRestore(restoration: Restoration): Restorable[] {
  const { rules, schedules } = restoration.snapshot.document;
  return [
    ...rules.map((rule: any) => new RuleToRestore(restoration, rule)),
    ...schedules.map((schedule: any) => new ScheduleToRestore(restoration, schedule)),
  ];
}

class ClusterToRestore implements Restorable {
  public readonly what = 'cluster';
  public readonly name: string;
  private readonly input: any;
  private readonly providers: any;
  private current: any;

  constructor(private readonly restoration: Restoration) {
    const { snapshot: { document }, translation, cluster } = restoration;
    this.name = cluster;
    this.input = translation.translate(clusterInput(document.cluster));
    this.providers = translation.translate(providersInput(document.cluster));
  }

  public async find(): Promise<Found> {
    try {
      this.current = await readCluster(this.restoration.run.call, this.name);
    } catch (error) {
      if (error instanceof TargetGone) {
        return MISSING;
      }
      throw error;
    }
    if (this.current.status !== 'ACTIVE') {
      return { state: 'WAITING', differences: [] };
    }
    const { cluster, ...providers } = this.providers;
    const { cluster: name, ...providersNow } = providersInput(this.current);
    return {
      state: 'HERE',
      ...this.restoration.madeBy(this.current.tags),
      differences: differences({ ...this.input, ...providers }, { ...clusterInput(this.current), ...providersNow }),
    };
  }

  public check(): void {
    this.restoration.refuseUnresolved(this.restoration.snapshot.document.cluster.serviceConnectDefaults);
  }

  public async announce(): Promise<string> {
    this.check();
    return '';
  }

  public async make(): Promise<string> {
    this.check();
    const { call } = this.restoration.run;
    const { cluster } = await call('ecs', 'CreateCluster', { ...this.input, tags: this.restoration.tagsOf(this.input.tags) });
    if (this.providers.capacityProviders.length > 0) {
      await call('ecs', 'PutClusterCapacityProviders', this.providers);
    }
    await this.restoration.finish(cluster.clusterArn);
    return 'Created.';
  }

  /** Capacity providers that are associated stay: services may use them. */
  public async change({ differences: paths, isUnfinished }: Found): Promise<string> {
    this.check();
    const { call } = this.restoration.run;
    const { clusterArn, capacityProviders = [] } = this.current;
    const changed = new Set(paths.map((path) => path.replace('+', '').split('.')[0]));
    const { clusterName, tags, ...input } = this.input;
    const members = Object.entries(input).filter(([member]) => changed.has(member));
    if (members.length > 0) {
      await call('ecs', 'UpdateCluster', { cluster: clusterName, ...Object.fromEntries(members) });
    }
    if (changed.has('capacityProviders') || changed.has('defaultCapacityProviderStrategy')) {
      const all = [...new Set([...capacityProviders, ...this.providers.capacityProviders])];
      await call('ecs', 'PutClusterCapacityProviders', { ...this.providers, capacityProviders: all });
    }
    if (changed.has('tags') && tags.length > 0) {
      await call('ecs', 'TagResource', { resourceArn: clusterArn, tags });
    }
    if (isUnfinished) {
      await this.restoration.finish(clusterArn);
    }
    return isUnfinished ? 'Finished what an earlier run began.' : 'Updated.';
  }

  public async health(): Promise<Health> {
    return { state: 'HEALTHY', why: `It is ${this.current.status}.` };
  }
}

/** What starts tasks: it comes back disabled, unless the operator wants it to be enabled. */
abstract class RunnerToRestore<T> implements Restorable {
  public abstract readonly what: string;
  public abstract readonly name: string;
  protected current: any;

  constructor(protected readonly restoration: Restoration, protected readonly captured: T) {}

  public abstract find(): Promise<Found>;
  public abstract make(): Promise<string>;
  public abstract change(found: Found): Promise<string>;

  public check(): void {
    this.restoration.refuseUnresolved(this.captured);
  }

  public async announce(): Promise<string> {
    this.check();
    return this.restoration.areSchedulesEnabled ? '' : 'It is disabled.';
  }

  public async health(): Promise<Health> {
    return { state: 'HEALTHY', why: `It is ${this.current.State}.` };
  }
}

class RuleToRestore extends RunnerToRestore<{ rule: any; targets: any[] }> {
  public readonly what = 'rule';
  public readonly name: string;
  public readonly whyNot?: string;

  constructor(restoration: Restoration, captured: { rule: any; targets: any[] }) {
    super(restoration, captured);
    const { Name, EventBusName, ManagedBy } = captured.rule;
    this.name = EventBusName === 'default' ? Name : `${EventBusName}/${Name}`;
    this.whyNot = ManagedBy && `${ManagedBy} manages it, and makes it again.`;
  }

  public async find(): Promise<Found> {
    const { call } = this.restoration.run;
    const { Name, EventBusName } = this.captured.rule;
    this.current = await unless(GONE, call('events', 'DescribeRule', { Name, EventBusName }));
    if (this.current === undefined) {
      return MISSING;
    }
    const [targets, { Tags = [] }] = await Promise.all([
      pages(call, 'events', 'ListTargetsByRule', { Rule: Name, EventBusName }, { list: 'Targets', token: 'NextToken' }),
      call('events', 'ListTagsForResource', { ResourceARN: this.current.Arn }),
    ]);
    return {
      state: 'HERE',
      ...this.restoration.madeBy(Tags.map(({ Key, Value }: any): Tag => ({ key: Key, value: Value }))),
      differences: [...differences(this.inputFor(this.current), ruleInput(this.current, true)), ...differences(await this.targets(false), targets, 'Targets')],
    };
  }

  public async make(): Promise<string> {
    const note = await this.announce();
    const { run } = this.restoration;
    const Tags = [{ Key: RESTORED_BY_TAG, Value: run.execution }, { Key: STATE_TAG, Value: 'IN_PROGRESS' }];
    const { RuleArn } = await run.call('events', 'PutRule', { ...this.inputFor(undefined), Tags });
    await this.putTargets();
    await this.finish(RuleArn);
    return `Created. ${note}`.trim();
  }

  public async change({ isUnfinished }: Found): Promise<string> {
    this.check();
    await this.restoration.run.call('events', 'PutRule', this.inputFor(this.current));
    await this.putTargets();
    if (isUnfinished) {
      await this.finish(this.current.Arn);
    }
    return isUnfinished ? 'Finished what an earlier run began.' : 'Updated.';
  }

  /** A rule that is here keeps its state, unless the operator wants rules to be enabled. */
  private inputFor(current: any): any {
    const { restoration, captured } = this;
    const input = restoration.translation.translate(ruleInput(captured.rule, restoration.areSchedulesEnabled));
    return current && !restoration.areSchedulesEnabled ? { ...input, State: current.State } : input;
  }

  private targets(isRegistering: boolean): Promise<any[]> {
    return Promise.all(this.captured.targets.map((target) => withTaskDefinition(this.restoration, target, isRegistering)));
  }

  private async putTargets(): Promise<void> {
    const { Name, EventBusName } = this.captured.rule;
    for (const Targets of parts(await this.targets(true), TARGETS_OF_CALL)) {
      const { FailedEntries = [] } = await this.restoration.run.call('events', 'PutTargets', { Rule: Name, EventBusName, Targets });
      if (FailedEntries.length > 0) {
        throw new NotRestorable(`EventBridge refused the target ${FailedEntries[0].TargetId}: ${FailedEntries[0].ErrorCode}.`);
      }
    }
  }

  private async finish(ResourceARN: string): Promise<void> {
    await this.restoration.run.call('events', 'TagResource', { ResourceARN, Tags: [{ Key: STATE_TAG, Value: 'DONE' }] });
  }
}

/** A schedule is made by one call: there is none that is unfinished. */
class ScheduleToRestore extends RunnerToRestore<any> {
  public readonly what = 'schedule';
  public readonly name: string;
  public readonly whyNot?: string;

  constructor(restoration: Restoration, captured: any) {
    super(restoration, captured);
    const { GroupName, Name, ScheduleExpression, EndDate } = captured;
    this.name = GroupName === 'default' ? Name : `${GroupName}/${Name}`;
    this.whyNot = isOver(ScheduleExpression, EndDate, restoration.run.clock.now()) ? 'Its last time has passed.' : undefined;
  }

  public async find(): Promise<Found> {
    const { GroupName, Name } = this.captured;
    this.current = await unless(GONE, this.restoration.run.call('scheduler', 'GetSchedule', { GroupName, Name }));
    return this.current === undefined ? MISSING : {
      state: 'HERE', differences: differences(await this.inputFor(this.current, false), scheduleInput(this.current, true, -Infinity)),
    };
  }

  public async make(): Promise<string> {
    const note = await this.announce();
    await this.restoration.run.call('scheduler', 'CreateSchedule', await this.inputFor(undefined, true));
    return `Created. ${note}`.trim();
  }

  public async change(): Promise<string> {
    this.check();
    await this.restoration.run.call('scheduler', 'UpdateSchedule', await this.inputFor(this.current, true));
    return 'Updated.';
  }

  private async inputFor(current: any, isRegistering: boolean): Promise<any> {
    const { restoration, captured } = this;
    const input = scheduleInput(captured, restoration.areSchedulesEnabled, restoration.run.clock.now());
    const Target = await withTaskDefinition(restoration, captured.Target, isRegistering);
    return { ...restoration.translation.translate(input), Target, ...current && !restoration.areSchedulesEnabled && { State: current.State } };
  }
}

/** A target with the task definition that it runs here. One that must be registered first has its captured ARN until then. */
async function withTaskDefinition(restoration: Restoration, target: any, isRegistering: boolean): Promise<any> {
  const translated = restoration.translation.translate(target);
  const arn: string | undefined = target.EcsParameters?.TaskDefinitionArn;
  if (arn === undefined) {
    return translated;
  }
  const digestOf = restoration.digestsOf({});
  const found = isRegistering ? await restoration.ensureTaskDefinition(arn, digestOf) : await restoration.chooseTaskDefinition(arn, digestOf);
  const parameters = translated.EcsParameters;
  return { ...translated, EcsParameters: { ...parameters, TaskDefinitionArn: found.arn ?? parameters.TaskDefinitionArn } };
}
