import { CloudWatchLogsClient, CreateLogGroupCommand, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { idOfCapture } from './configuration';
import { UNUSED } from './ecs-recovery-unused';
import type { Context } from '../context';
import { leastPrivilege } from '../privileges';
import type { Promises } from '../promises';
import { comparableOf, pinnedIn } from '../restored';
import type { Runbook } from '../restores';
import { startOf, startsOn } from '../runbook-page';
import { endOf, metricOf } from '../runs';
import type { Ended } from '../runs';
import { ask, configurationOf, differences, ECS, SCALING, valuesIn } from '../snapshots';
import type { Json } from '../snapshots';
import { count, hold } from '../step';
import type { Step } from '../step';

const PAGE = 'ecs-service-gone.md';
const { plan, restore } = startsOn(PAGE);
/** Calls by which a run changes something other than what it writes into the bucket. */
const CHANGES = /^(Create|Update|Put|Register|Tag)/;
const DELETION_HOURS = 1;

/** A service and its cluster are deleted, and come back by the command of the page that operators follow. */
export function ecsRecovery({ captures, restores }: Promises): Step[] {
  const { cluster, schedules: [first] } = captures;
  const { document, roleName, allowed, objectives, startCommand } = restores;
  const promised = objectives.map(({ rtoSeconds }) => ` within ${rtoSeconds / 3600} h`).join('');
  return [
    {
      id: 'ecs:lose-service',
      promise: `somebody deletes a service of ${cluster}, whose tasks and scaling go with it`,
      needs: ['image', idOfCapture(first)],
      run: async (context) => {
        const captured = await configurationOf(context);
        context.remember('captured', captured);
        context.remember('deletedAt', await context.aws.clock.now());
        await deleteServices(context);
        const { ScalableTargets } = await ask(context, SCALING, 'DescribeScalableTargets', { ServiceNamespace: 'ecs' });
        hold(!(ScalableTargets as Json[]).some(({ ResourceId }) => ResourceId.startsWith(`service/${cluster}/`)), 'it scales still');
        return `${namesIn(captured).join(', ')} is gone, and nothing scales it`;
      },
    },
    {
      id: 'ecs:plan',
      promise: `${document} with DryRun says what it would do, and changes nothing`,
      needs: ['ecs:lose-service'],
      run: async (context) => {
        const before = await whatIsThere(context);
        const { status, record, execution } = await endOf(context, startOf(plan, variables(context)));
        hold(status === 'Success' && record.status === 'PLANNED', () => wordsOf(status, record));
        const changes = await changesSince(context, execution.ExecutionStartTime!);
        hold(changes.length === 0, () => `it called ${changes.join(', ')}`);
        const different = differences(before, await whatIsThere(context));
        hold(different.length === 0, () => `it changed ${different.join(', ')}`);
        const planned = (record.objects as Json[]).find(({ what, name }) => what === 'service' && name === namesIn(context.recall('captured'))[0]);
        hold(planned?.state === 'PENDING', () => `the plan is ${JSON.stringify(record.objects)}`);
        const shown = execution.StepExecutions!.find(({ StepName }) => StepName === 'planAsk')!.Outputs!.Payload[0];
        hold(shown.includes(planned.name), `operators see ${shown}`);
        return `${planned.name}: ${planned.why}`;
      },
    },
    {
      id: 'ecs:fail',
      promise: 'a run that can\'t restore fails before it makes anything, says why, and notifies of it',
      needs: ['ecs:lose-service'],
      run: async (context) => {
        const logGroupName = logGroupIn(context.recall('captured'));
        const logs = context.aws.client(CloudWatchLogsClient, captures.account, captures.region);
        await logs.send(new DeleteLogGroupCommand({ logGroupName }));
        const { status, record, execution } = await endOf(context, startOf(restore, variables(context)))
          .finally(() => logs.send(new CreateLogGroupCommand({ logGroupName }))); // the next steps need it
        hold(status === 'Failed' && record.status === 'FAILED', () => wordsOf(status, record));
        const changes = await changesSince(context, execution.ExecutionStartTime!);
        hold(changes.length === 0, () => `it called ${changes.join(', ')}`);
        const problem = (record.problems as string[]).find((each) => each.includes(logGroupName));
        hold(problem !== undefined, () => `its record does not name ${logGroupName}: ${record.problems.join(' ')}`);
        hold(await metricOf(context, 'RecoveryTime', execution.ExecutionStartTime!) === undefined, 'it counts as a recovery');
        return `Failed: ${problem}`;
      },
    },
    {
      id: 'ecs:restore-service',
      promise: `the command of ${PAGE} brings it back under its name${promised}, member for member, with its scaling`,
      needs: ['ecs:lose-service'],
      run: async (context) => {
        const ended = await endOf(context, startOf(restore, variables(context)));
        return `${await cameBack(context, ended)}; ${await measured(context, ended)}`;
      },
    },
    {
      id: 'ecs:restore-cluster',
      promise: `the command of ${PAGE} brings back a deleted cluster${promised} with its services, whose images are those of the snapshot by digest`,
      needs: ['ecs:lose-service'],
      run: async (context) => {
        context.remember('deletedAt', await context.aws.clock.now());
        await deleteCluster(context);
        const ended = await endOf(context, startOf(restore, { ...variables(context), SERVICE: '*' }));
        const seen = await cameBack(context, ended);
        const images = pinnedIn(await configurationOf(context));
        const expected = pinnedIn({ ...context.recall('captured'), taskDefinitions: {} });
        hold(images.length > 0 && images.every((image) => expected.includes(image)), () => `the task definitions have ${images.join(', ') || 'no image by digest'}`);
        return `${seen}; ${await measured(context, ended)}`;
      },
    },
    {
      id: 'ecs:restore-nothing',
      promise: 'the start command of the template leaves alone what exists',
      needs: ['image', idOfCapture(first)],
      run: async (context) => {
        const { status, record, execution } = await endOf(context, startOf(startCommand.replace('<reason>', 'drill')));
        hold(status === 'Success' && record.status === 'COMPLETED', () => wordsOf(status, record));
        const changes = await changesSince(context, execution.ExecutionStartTime!);
        hold(changes.length === 0, () => `it called ${changes.join(', ')}`);
        return (record.objects as Json[]).map(({ what, name, state, why }) => `${what} ${name} ${state}: ${why}`).join(' ');
      },
    },
    {
      id: 'ecs:least-privilege',
      promise: `${roleName} is refused nothing, and uses each of the ${count(allowed.length, 'action')} that it is allowed, but for ${allowed.filter((action) => UNUSED[action]).length} that are listed with the reason and AWS's page`,
      needs: ['ecs:plan', 'ecs:fail', 'ecs:restore-service', 'ecs:restore-cluster', 'ecs:restore-nothing'],
      run: (context) => leastPrivilege(context, roleName, allowed, UNUSED),
    },
  ];
}

/** The block of variables of the page, as an operator fills it in. */
export function variables(context: Context): Record<string, string> {
  const { cluster } = context.promises.captures;
  const DETECTED = `${context.recall('deletedAt').toISOString().slice(0, 19)}Z`;
  return { CLUSTER: cluster, SERVICE: namesIn(context.recall('captured')).join(','), DOCUMENT: context.promises.restores.document, REASON: 'drill', DETECTED };
}

export function namesIn({ services }: Json): string[] {
  return services.map(({ service }: Json) => service.serviceName as string);
}

export function logGroupIn({ taskDefinitions }: Json): string {
  const [{ containerDefinitions: [{ logConfiguration }] }] = Object.values<Json>(taskDefinitions);
  return logConfiguration.options['awslogs-group'];
}

async function deleteServices(context: Context): Promise<void> {
  const { cluster } = context.promises.captures;
  const { serviceArns: services } = await ask(context, ECS, 'ListServices', { cluster });
  for (const service of services) {
    await ask(context, ECS, 'DeleteService', { cluster, service, force: true });
  }
  if (services.length === 0) {
    return;
  }
  await context.until('the services are gone', DELETION_HOURS, async () => {
    const { services: found } = await ask(context, ECS, 'DescribeServices', { cluster, services });
    return (found as Json[]).every(({ status, runningCount }) => status === 'INACTIVE' && runningCount === 0) ? true : undefined;
  });
}

/** Whoever deletes a cluster can also deregister the task definitions. */
async function deleteCluster(context: Context): Promise<void> {
  const { cluster } = context.promises.captures;
  const { taskDefinitions } = context.recall('captured');
  await deleteServices(context);
  await ask(context, ECS, 'DeleteCluster', { cluster });
  for (const taskDefinition of Object.keys(taskDefinitions)) {
    await ask(context, ECS, 'DeregisterTaskDefinition', { taskDefinition });
  }
}

async function whatIsThere(context: Context): Promise<Json> {
  const { cluster } = context.promises.captures;
  return {
    clusters: await ask(context, ECS, 'DescribeClusters', { clusters: [cluster], include: ['SETTINGS', 'TAGS'] }),
    services: await ask(context, ECS, 'ListServices', { cluster }),
    taskDefinitions: await ask(context, ECS, 'ListTaskDefinitions', {}),
    scaling: await ask(context, SCALING, 'DescribeScalableTargets', { ServiceNamespace: 'ecs' }),
  };
}

/** What the role of the function has changed since a time, besides records. */
async function changesSince(context: Context, since: Date): Promise<string[]> {
  const { roleName } = context.promises.restores;
  const calls = (await context.aws.calls()).filter(({ principal, time }) => principal.includes(`role/${roleName}`) && time * 1000 >= since.getTime());
  return calls.filter(({ service, action }) => service !== 's3' && CHANGES.test(action)).map(({ service, action }) => `${service}:${action}`);
}

/** Everything that was captured is there again, and works. */
async function cameBack(context: Context, { id, status, record }: Ended): Promise<string> {
  hold(status === 'Success' && record.status === 'COMPLETED', () => wordsOf(status, record));
  const before = context.recall('captured');
  const after = await configurationOf(context);
  hold(after.services.length > 0 && after.services.every(({ service }: Json) => service.runningCount === service.desiredCount), 'not all tasks run');
  const [expected, found] = [comparableOf(before), comparableOf(after, id)];
  const different = differences(expected, found);
  hold(different.length === 0, () => `different in ${count(different.length, 'value')}: ${different.slice(0, 5).join(', ')}`);
  return `${namesIn(after).join(', ')}, ${valuesIn(found)} values as they were`;
}

/** The parts of the recovery time, against the objectives. Nothing of it was measured on AWS. */
export async function measured(context: Context, { record, execution }: Ended, runbook?: Runbook): Promise<string> {
  const since = execution.ExecutionStartTime!;
  const [time, loss] = [await metricOf(context, 'RecoveryTime', since, runbook), await metricOf(context, 'DataLoss', since, runbook)];
  hold(time === record.recoverySeconds && loss === record.dataLossSeconds,
    `the metrics are ${time} and ${loss}, and the record has ${record.recoverySeconds} and ${record.dataLossSeconds}`);
  const verdicts = record.verdicts as Json[];
  hold(verdicts.length === context.promises.restores.objectives.length && verdicts.every(({ isRtoMet, isRpoMet }) => isRtoMet && isRpoMet), () => `objectives are missed: ${JSON.stringify(verdicts)}`);
  const toStart = (Date.parse(record.begunAt) - Date.parse(record.detectedAt)) / 1000;
  const steps = (record.steps as Json[]).filter(({ endedAt, name }) => endedAt !== undefined && !/Outcome|Only/.test(name))
    .map(({ name, begunAt, endedAt }) => `${name} ${minutes((Date.parse(endedAt) - Date.parse(begunAt)) / 1000)}`);
  const { ours, aws } = record.times;
  return `simulated: ${minutes(record.recoverySeconds)} from the detection, of which ${minutes(toStart)} until it was started, ${minutes(ours)} in functions, ${minutes(aws)} in pauses (${steps.join(', ')}); data ${minutes(record.dataLossSeconds)} old`;
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

export function wordsOf(status: string, record: Json): string {
  return `${status}, its record is ${record.status}: ${(record.problems as string[]).join(' ')}`;
}
