import { clusterToRestore, runnersToRestore } from './ecs-cluster-restore.lambda-shared';
import { PREFLIGHT_RATES } from './ecs-preflight-checks.lambda-shared';
import { checkWanted } from './ecs-preflight.lambda-shared';
import { NotRestorable, Restoration } from './ecs-restoration.lambda-shared';
import type { Found, Restorable } from './ecs-restoration.lambda-shared';
import { ECS_RESTORE_RATES } from './ecs-restore-calls.contract';
import { asksForAll, contradictions } from './ecs-restore-parameters.contract';
import { servicesToRestore } from './ecs-service-restore.lambda-shared';
import { CallError } from '../capture/aws-call.lambda-shared';
import type { CapturedService } from '../ecs-config/ecs-cluster-reads.lambda-shared';
import { isOutOfTime, reportOf } from '../execution/aws-reasons.lambda-shared';
import { RunFailed } from '../execution/recovery-work.lambda-shared';
import type { RecoveryWork, ReportedObject, Run, StepResult } from '../execution/recovery-work.lambda-shared';
import { Outcome } from '../execution/runbook.contract';

/** What became of an object in a round. */
interface Reported extends ReportedObject {
  /** Of one that is pending: whether there is nothing to do but to wait for AWS. */
  readonly isWaiting?: boolean;
}

/** How an object is treated by a step. */
type Treatment = (one: Restorable, found: Found) => Promise<Omit<Reported, 'what' | 'name'>>;

const NO_TIME = 'There was no time for it yet.';

/** Errors that say that AWS is still busy with what was done before. */
const BUSY = ['UpdateInProgressException', 'ResourceInUseException', 'ConcurrentModificationException', 'ConcurrentUpdateException'];

/** What the runbook does that restores services of Amazon ECS. */
export const ECS_RESTORE: RecoveryWork = { rates: { ...ECS_RESTORE_RATES, ...PREFLIGHT_RATES }, preflight, plan, work, verify };

async function preflight(run: Run): Promise<StepResult> {
  const restoration = await Restoration.open(run).catch((error) => {
    throw error instanceof RunFailed ? new RunFailed([...contradictions(run.parameters), ...error.problems]) : error;
  });
  const { snapshot, translation } = restoration;
  const services = await servicesToRestore(restoration, snapshot.services);
  const [cluster, runners] = [clusterToRestore(restoration), runnersOf(restoration)];
  const judged = await Promise.all([cluster, ...services, ...runners].map(async (one) => {
    const found = await one.find();
    const isWanted = one.whyNot === undefined && (found.state !== 'HERE' || found.isUnfinished || (restoration.isUpdate && found.differences.length > 0));
    return { one, isWanted, problem: isWanted ? problemOf(one) : undefined };
  }));
  const problems = judged.flatMap(({ one, problem }) => problem ? [`The ${one.what} ${one.name}: ${problem}`] : []);
  const wanted = new Set(judged.filter(({ isWanted }) => isWanted).map(({ one }) => one));
  const { rules, schedules, ...document } = snapshot.document;
  const touched = { // what the run leaves alone needs nothing
    ...document,
    cluster: wanted.has(cluster) ? document.cluster : { clusterName: cluster.name },
    rules: rules.filter((_: any, index: number) => wanted.has(runners[index])),
    schedules: schedules.filter((_: any, index: number) => wanted.has(runners[rules.length + index])),
  };
  const names = services.filter((one) => wanted.has(one)).map(({ name }) => name);
  const result = await checkWanted(run, { snapshot: translation.translate(touched), services: names, problems: [...snapshot.missing, ...problems] });
  return { ...result, ...originOf(restoration), nextSteps: snapshot.notes };
}

function problemOf(one: Restorable): string | undefined {
  try {
    one.check();
    return undefined;
  } catch (error) {
    return whyOf(error);
  }
}

function plan(run: Run): Promise<StepResult> {
  return step(run, 'plan', async (restoration, one, found) => {
    if (found.state === 'WAITING') {
      return { state: 'PENDING', why: 'To be created after AWS deletes the existing one with this name.' };
    }
    if (isLeftAlone(restoration, found)) {
      return leftAlone(found);
    }
    const todo = found.state === 'MISSING' ? 'To be created.' : found.isUnfinished ? 'To be finished: an earlier run began it.' : 'To be updated.';
    return { state: 'PENDING', why: `${todo} ${await one.announce()}`.trim(), ...differencesOf(found) };
  });
}

function work(run: Run): Promise<StepResult> {
  return step(run, 'work', async (restoration, one, found) => {
    if (found.state === 'WAITING') {
      return { state: 'PENDING', why: 'Waiting until AWS deletes the existing one with this name.', isWaiting: true };
    }
    if (isLeftAlone(restoration, found)) {
      const isDone = found.isRestored && found.differences.length === 0; // so that it is verified, if the earlier run did not complete
      return isDone ? { state: 'DONE', why: 'An earlier run restored it.' } : leftAlone(found);
    }
    const why = found.state === 'MISSING' ? await one.make() : await one.change(found);
    return { state: 'DONE', why, ...differencesOf(found) };
  });
}

/** What the work has done is waited for and compared; what it left alone or could not do stays as it was reported. */
async function verify(run: Run): Promise<StepResult> {
  const worked = (await run.previous('work'))?.objects ?? [];
  const result = await step(run, 'verify', async (_, one, found) => {
    if (found.state !== 'HERE') {
      return { state: 'FAILED', why: found.state === 'MISSING' ? 'It does not exist.' : 'AWS is deleting it.' };
    }
    const health = await one.health();
    if (health.state !== 'HEALTHY') {
      return { state: health.state === 'FAILED' ? 'FAILED' : 'PENDING', why: health.why, isWaiting: true };
    }
    const changed = found.differences.filter((path) => !path.startsWith('+')); // what AWS has added by itself is listed only
    return changed.length > 0
      ? { state: 'FAILED', why: `It differs from the snapshot: ${changed.join(', ')}.`, ...differencesOf(found) }
      : { state: 'DONE', why: health.why, ...differencesOf(found) };
  }, worked.filter(({ state }) => state !== 'DONE'));
  const failed = result.objects.filter(({ state }) => state === 'FAILED');
  if (result.outcome === Outcome.DONE && failed.length > 0) {
    throw new RunFailed(failed.map(({ what, name, why }) => `The ${what} ${name} is not restored. ${why}`), result.objects);
  }
  return result;
}

/**
 * Treats what is not final yet: the cluster, then the services, then what starts tasks.
 *
 * @param known Objects that the step has nothing to do with
 */
async function step(
  run: Run, name: 'plan' | 'work' | 'verify',
  treat: (restoration: Restoration, ...rest: Parameters<Treatment>) => ReturnType<Treatment>, known: ReportedObject[] = [],
): Promise<StepResult> {
  const restoration = await Restoration.open(run);
  const problems = [...contradictions(run.parameters), ...restoration.snapshot.missing];
  if (problems.length > 0) {
    throw new RunFailed(problems);
  }
  const isFinal = ({ state, why }: ReportedObject) => name === 'plan' ? why !== NO_TIME : state !== 'PENDING';
  const before = new Map([...(await run.previous(name))?.objects ?? [], ...known].filter(isFinal).map((each) => [keyOf(each), each]));
  const apply = (objects: Restorable[]): Promise<Reported[]> => Promise.all(objects.map(async (one) => {
    const { what, name: of } = one;
    return before.get(keyOf(one)) ?? { what, name: of, ...await attempt(one, (found) => treat(restoration, one, found)) };
  }));

  const [cluster] = await apply([clusterToRestore(restoration)]);
  const isOpen = ({ service }: CapturedService) => !before.has(keyOf({ what: 'service', name: service.serviceName }));
  const open = await servicesToRestore(restoration, restoration.snapshot.services.filter(isOpen));
  const canGoOn = name !== 'work' || cluster.state === 'DONE' || cluster.state === 'SKIPPED';
  const services = await Promise.all(restoration.snapshot.services.map(async ({ service: { serviceName } }): Promise<Reported> => {
    const one = open.find((each) => each.name === serviceName);
    return one === undefined
      ? before.get(keyOf({ what: 'service', name: serviceName }))!
      : canGoOn ? (await apply([one]))[0] : { what: 'service', name: serviceName, ...withoutCluster(cluster) };
  }));
  const areServicesFinal = [cluster, ...services].every(({ state }) => state !== 'PENDING');
  const runners = name === 'work' && !areServicesFinal
    ? runnersOf(restoration).map((one): Reported => ({ what: one.what, name: one.name, state: 'PENDING', why: 'Waiting for the services.', isWaiting: true }))
    : await apply(runnersOf(restoration));
  return resultOf(restoration, name, [cluster, ...services, ...runners]);
}

function runnersOf(restoration: Restoration): Restorable[] {
  return asksForAll(restoration.run.parameters.Services) ? runnersToRestore(restoration) : [];
}

/** One object that fails does not end the others. */
async function attempt(one: Restorable, treat: (found: Found) => ReturnType<Treatment>): ReturnType<Treatment> {
  if (one.whyNot !== undefined) {
    return { state: 'SKIPPED', why: one.whyNot };
  }
  try {
    return await treat(await one.find());
  } catch (error) {
    if (isOutOfTime(error)) {
      return { state: 'PENDING', why: NO_TIME };
    }
    if (error instanceof CallError && BUSY.includes(error.name)) {
      return { state: 'PENDING', why: `AWS is busy with it: ${error.name}.`, isWaiting: true };
    }
    return { state: 'FAILED', why: whyOf(error) };
  }
}

function whyOf(error: unknown): string {
  return error instanceof NotRestorable ? error.message : `${reportOf(error)}.`;
}

function isLeftAlone({ isUpdate }: Restoration, { state, isUnfinished, differences }: Found): boolean {
  return state === 'HERE' && !isUnfinished && (!isUpdate || differences.length === 0);
}

function leftAlone(found: Found): Omit<Reported, 'what' | 'name'> {
  return found.differences.length === 0
    ? { state: 'SKIPPED', why: 'It exists and matches the snapshot.' }
    : { state: 'SKIPPED', why: `It exists and differs: ${found.differences.join(', ')}. It was not changed.`, ...differencesOf(found) };
}

function withoutCluster(cluster: Reported): Omit<Reported, 'what' | 'name'> {
  return cluster.state === 'FAILED'
    ? { state: 'FAILED', why: 'Its cluster is not restored.' }
    : { state: 'PENDING', why: 'Waiting for its cluster.', isWaiting: cluster.isWaiting };
}

function differencesOf({ differences }: Found): { differences?: string[] } {
  return differences.length > 0 ? { differences } : {};
}

function keyOf({ what, name }: { readonly what: string; readonly name: string }): string {
  return `${what} ${name}`;
}

function originOf({ snapshot: { key, document } }: Restoration): Pick<StepResult, 'source' | 'dataFrom'> {
  return { source: key, dataFrom: document.begunAt };
}

function resultOf(restoration: Restoration, name: 'plan' | 'work' | 'verify', reported: Reported[]): StepResult {
  const open = reported.filter(({ state, why }) => name === 'plan' ? why === NO_TIME : state === 'PENDING');
  const count = (state: string) => reported.filter((each) => each.state === state).length;
  const done = name === 'plan' ? `${count('PENDING')} to do` : `${count('DONE')} ${name === 'work' ? 'restored' : 'work'}, ${count('PENDING')} pending`;
  return {
    outcome: open.length > 0 ? Outcome.ASK_AGAIN : Outcome.DONE,
    ...open.length > 0 && open.every(({ isWaiting }) => isWaiting) && { isWaiting: true },
    summary: `Of ${reported.length} objects: ${done}, ${count('SKIPPED')} skipped, ${count('FAILED')} failed.`,
    objects: reported.map(({ isWaiting, ...object }) => object),
    nextSteps: [...restoration.snapshot.notes, ...nextStepsOf(restoration, reported)],
    ...originOf(restoration),
  };
}

/** A service that is back under its name is its stack's again: a change set that compares with what is there proves it. */
function nextStepsOf({ snapshot, areSchedulesEnabled }: Restoration, reported: Reported[]): string[] {
  const isRestored = (what: string, name: string) => reported.some((each) => each.what === what && each.name === name && ['DONE', 'PENDING'].includes(each.state));
  const stacks = new Map<string, string[]>();
  for (const { stack, service: { serviceName } } of snapshot.services) {
    if (stack && isRestored('service', serviceName)) {
      stacks.set(stack.name, [...stacks.get(stack.name) ?? [], serviceName]);
    }
  }
  const disabled = areSchedulesEnabled ? [] : reported.filter(({ what, state }) => ['rule', 'schedule'].includes(what) && state !== 'SKIPPED' && state !== 'FAILED');
  const alarms = snapshot.services.filter(({ service }) => isRestored('service', service.serviceName)).flatMap(({ scaling }) => scaling.policies
    .filter(({ PolicyType }) => PolicyType === 'StepScaling').flatMap(({ PolicyName, Alarms = [] }) => Alarms.map(({ AlarmName }: any) => `${AlarmName} (${PolicyName})`)));
  return [
    ...[...stacks].map(([stack, names]) => `The stack ${stack} owns ${names.length > 5 ? `${names.length} services` : names.join(', ')}. See what differs from its template: `
      + `aws cloudformation create-change-set --stack-name ${stack} --change-set-name after-restore --use-previous-template --deployment-mode REVERT_DRIFT --capabilities CAPABILITY_NAMED_IAM`),
    ...disabled.length > 0 ? [`Enable when the services work: ${disabled.map(({ what, name }) => `${what} ${name}`).join(', ')}.`] : [],
    ...alarms.length > 0 ? [`Recreated policies have new ARNs. Update the actions of these alarms: ${alarms.join(', ')}.`] : [],
  ];
}
