import { differences, digestsOf, NOT_UPDATABLE, ownTags, scalingInputs, serviceInput, updateInput } from './ecs-inputs.lambda-shared';
import type { ScalingInputs } from './ecs-inputs.lambda-shared';
import type { Found, Health, Restorable, Restoration } from './ecs-restoration.lambda-shared';
import type { CapturedService } from '../ecs-config/ecs-cluster-reads.lambda-shared';
import { describeServices, readRevisions, readScaling, rolloutStateOf, unless } from '../ecs-config/ecs-cluster-reads.lambda-shared';

/** A service as it is now: what is captured of it, without what a restore does not read. */
type CurrentService = Pick<CapturedService, 'service' | 'revision' | 'scaling'>;

/** Whether there is a service of the name, which may still be about to go. */
const isThere = ({ service }: CurrentService) => service.status !== 'INACTIVE';

/** What happens to the services of a snapshot, read by as few calls as there may be. */
export async function servicesToRestore(restoration: Restoration, captured: CapturedService[]): Promise<Restorable[]> {
  const { run: { call }, cluster } = restoration;
  const idOf = (name: string) => `service/${cluster}/${name}`;
  const names: string[] = captured.map(({ service }) => service.serviceName);
  const [described, scalingOf] = await Promise.all([
    unless(['ClusterNotFoundException'], describeServices(call, cluster, names) as Promise<any>) as Promise<any[] | undefined>,
    names.length === 0 ? undefined : readScaling(call, names.map(idOf)),
  ]);
  const services = described ?? [];
  const revisions = await readRevisions(call, services.filter(({ status }) => status === 'ACTIVE'));
  return captured.map((each) => {
    const { serviceName } = each.service;
    const service = services.find((one) => one.serviceName === serviceName) ?? { status: 'INACTIVE' };
    return new ServiceToRestore(restoration, each, { service, revision: revisions.get(service.serviceArn), scaling: scalingOf!(idOf(serviceName)) });
  });
}

class ServiceToRestore implements Restorable {
  public readonly what = 'service';
  public readonly name: string;
  private readonly input: any;
  private readonly scaling: ScalingInputs;

  constructor(private readonly restoration: Restoration, private readonly captured: CapturedService, private readonly current: CurrentService) {
    const { translation, cluster, isZero, run } = restoration;
    this.name = captured.service.serviceName;
    const input = translation.translate(serviceInput(captured, cluster));
    const running = isThere(current) ? current.service.desiredCount ?? 0 : 0;
    const wanted = isZero ? 0 : input.desiredCount;
    // Nothing is stopped that runs: neither what an earlier run began and somebody uses by now, nor what had no tasks when it was captured.
    this.input = 'desiredCount' in input ? { ...input, desiredCount: wanted === 0 ? running : wanted } : input;
    const scaling = scalingInputs(translation.translate(captured.scaling), isZero && running === 0, run.clock.now());
    const { targets } = scaling; // a maximum of zero would stop what runs
    this.scaling = running === 0 ? scaling : { ...scaling, targets: targets.filter(({ MaxCapacity }) => MaxCapacity > 0) };
  }

  public async find(): Promise<Found> {
    const { service } = this.current;
    if (!isThere(this.current)) {
      return { state: 'MISSING', differences: [] };
    }
    if (service.status !== 'ACTIVE') {
      return { state: 'WAITING', differences: [] };
    }
    return {
      state: 'HERE',
      ...this.restoration.madeBy(service.tags),
      differences: [...this.differencesOfService(), ...await this.differencesOfTask(), ...differences(byName(this.scaling), byName(this.currentScaling), 'scaling')],
    };
  }

  public check(): void {
    const scaling = scalingInputs(this.captured.scaling, false, -Infinity); // without the ARNs that policies had
    this.restoration.refuseUnresolved(serviceInput(this.captured, this.restoration.cluster), scaling, this.definition ?? {});
  }

  public async announce(): Promise<string> {
    this.check();
    return this.definedBy ? (await this.restoration.chooseTaskDefinition(this.definedBy, this.digestOf)).why : '';
  }

  public async make(): Promise<string> {
    this.check();
    const { restoration, captured, input } = this;
    const task = this.definedBy && await restoration.ensureTaskDefinition(this.definedBy, this.digestOf);
    const { service } = await restoration.run.call('ecs', 'CreateService', {
      ...input, ...task && { taskDefinition: task.arn }, tags: restoration.tagsOf(captured.service.tags),
    });
    await this.applyScaling();
    await restoration.finish(service.serviceArn);
    return `Created. ${task ? task.why : ''}`.trim();
  }

  public async change({ differences: paths, isUnfinished }: Found): Promise<string> {
    this.check();
    const { restoration, input, current: { service } } = this;
    const members = [...new Set(paths.map((path) => path.replace('+', '').split('.')[0]))];
    const task = members.includes('taskDefinition') && this.definedBy ? await restoration.ensureTaskDefinition(this.definedBy, this.digestOf) : undefined;
    const update = updateInput({ ...input, ...task && { taskDefinition: task.arn } }, members);
    if (Object.keys(update).length > 2) { // more than the names of cluster and service
      await restoration.run.call('ecs', 'UpdateService', update);
    }
    if (members.includes('tags') && input.tags.length > 0) {
      await restoration.run.call('ecs', 'TagResource', { resourceArn: service.serviceArn, tags: input.tags });
    }
    await this.applyScaling();
    if (isUnfinished) {
      await restoration.finish(service.serviceArn);
    }
    const fixed = members.filter((member) => member !== 'tags' && NOT_UPDATABLE.includes(member));
    return [isUnfinished ? 'Finished what an earlier run began.' : 'Updated.', task?.why ?? '', fixed.length > 0 ? `AWS can't change ${fixed.join(', ')}.` : ''].join(' ').trim();
  }

  public async health(): Promise<Health> {
    const { service } = this.current;
    if (service.deploymentController?.type === 'EXTERNAL') {
      return { state: 'HEALTHY', why: 'It exists without tasks: start a deployment with its deployment controller.' };
    }
    const [primary = {}] = (service.deployments ?? []).filter(({ status }: any) => status === 'PRIMARY');
    const latest = service.events?.[0]?.message;
    switch (rolloutStateOf(service)) {
      case 'FAILED': return { state: 'FAILED', why: `Its deployment failed: ${primary.rolloutStateReason ?? latest ?? 'AWS gives no reason'}` };
      case 'COMPLETED': break;
      default: return { state: 'WAITING', why: `Its deployment is in progress. ${latest ?? ''}`.trim() };
    }
    if (service.runningCount !== service.desiredCount || service.pendingCount > 0) {
      return { state: 'WAITING', why: `${service.runningCount} of ${service.desiredCount} tasks run. ${latest ?? ''}`.trim() };
    }
    const unhealthy = service.desiredCount === 0 ? [] : await this.unhealthyTargetGroups();
    return unhealthy.length > 0
      ? { state: 'WAITING', why: `Not all targets of ${unhealthy.map((arn) => arn.split('/')[1]).join(', ')} are healthy.` }
      : { state: 'HEALTHY', why: `${service.runningCount} of ${service.desiredCount} tasks run.` };
  }

  /** The ARN of the task definition. A service whose deployments another program makes has none. */
  private get definedBy(): string | undefined {
    return this.captured.service.taskDefinition;
  }

  private get definition(): any {
    return this.definedBy && this.restoration.snapshot.document.taskDefinitions[this.definedBy];
  }

  private readonly digestOf = (container: any) => this.restoration.digestsOf(this.captured)(container);

  private get currentScaling(): ScalingInputs {
    return scalingInputs(this.current.scaling, false, -Infinity);
  }

  private differencesOfService(): string[] {
    const found = serviceInput(this.current, this.restoration.cluster);
    const isScaled = this.current.scaling.targets.length > 0 || (this.scaling.targets.length > 0 && !this.restoration.isZero);
    const comparable = ({ taskDefinition, desiredCount, ...others }: any) => ({
      ...others, tags: ownTags(others.tags), ...isScaled ? {} : { desiredCount },
    });
    return differences(comparable(this.input), comparable(found));
  }

  private async differencesOfTask(): Promise<string[]> {
    const { definition, current, restoration } = this;
    const arn: string | undefined = current.service.taskDefinition;
    if (definition === undefined || arn === undefined) {
      return this.definedBy === arn ? [] : ['taskDefinition'];
    }
    const found = arn === this.definedBy ? definition : await restoration.definitions.read(arn) ?? {};
    return restoration.differencesOfTaskDefinitions(definition, this.digestOf, found, digestsOf(current.revision));
  }

  private async applyScaling(): Promise<void> {
    const { call } = this.restoration.run;
    const now = byName(this.currentScaling);
    const wanted = byName(this.scaling);
    for (const [list, operation] of [['targets', 'RegisterScalableTarget'], ['policies', 'PutScalingPolicy'], ['scheduledActions', 'PutScheduledAction']] as const) {
      for (const [name, input] of Object.entries(wanted[list])) { // a policy needs its target
        if (differences(input, now[list][name]).length > 0) {
          await call('application-autoscaling', operation, input);
        }
      }
    }
  }

  /** A deployment between two target groups leaves one of them without targets. */
  private async unhealthyTargetGroups(): Promise<string[]> {
    const groups: string[][] = (this.current.service.loadBalancers ?? []).map(({ targetGroupArn, advancedConfiguration }: any) =>
      [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].filter((arn) => arn !== undefined));
    const unhealthy = await Promise.all(groups.filter(([arn]) => arn !== undefined).map(async (arns) => {
      const answers = await Promise.all(arns.map((TargetGroupArn) => this.restoration.run.call('elasticloadbalancing', 'DescribeTargetHealth', { TargetGroupArn })));
      const targets: any[] = answers.flatMap(({ TargetHealthDescriptions = [] }) => TargetHealthDescriptions);
      const states: string[] = targets.map(({ TargetHealth }) => TargetHealth.State);
      const isHealthy = states.includes('healthy') && states.every((state) => state === 'healthy' || state === 'draining');
      return isHealthy ? [] : arns.slice(0, 1);
    }));
    return unhealthy.flat();
  }
}

/** Scaling as maps, so that its parts are compared with those of the same name. */
function byName({ targets, policies, scheduledActions }: ScalingInputs): Record<keyof ScalingInputs, Record<string, any>> {
  const map = (list: any[], member: string) => Object.fromEntries(list.map((each) => [each[member], each]));
  return { targets: map(targets, 'ScalableDimension'), policies: map(policies, 'PolicyName'), scheduledActions: map(scheduledActions, 'ScheduledActionName') };
}
