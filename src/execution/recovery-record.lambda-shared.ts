import type { ExecutedStep, Execution } from './execution-reads.lambda-shared';
import { inputOf } from './execution-reads.lambda-shared';
import { STEPS_WITH_RESULTS } from './record-store.lambda-shared';
import type { KeptResult, StepWithResult } from './record-store.lambda-shared';
import type { ReportedObject } from './recovery-work.lambda-shared';
import { ENTRY_STEPS, Outcome } from './runbook.contract';
import type { RunbookObjective, RunbookSettings } from './runbook.contract';
import type { Place } from '../capture/document-store.lambda-shared';

/** How a run ended. `PLANNED` is a dry run. */
export type RunStatus = 'COMPLETED' | 'PLANNED' | 'FAILED' | 'STOPPED';

/** Actions of steps, by whom they take time of. */
const INVOKE = 'aws:invokeLambdaFunction';
const SLEEP = 'aws:sleep';
const APPROVE = 'aws:approve';

/** Of an execution or a step that did not succeed. */
const UNSUCCESSFUL = ['Failed', 'TimedOut', 'Cancelled', 'Rejected'];

/** More than that is in the execution itself. */
const LONGEST_FAILURE = 500;

/** A run has a record, whose schema is `docs/schemas/recovery-record-1.json`. Times are in ISO 8601. */
export interface RecoveryRecord {
  readonly schemaVersion: 1;
  readonly kind: string;
  readonly runbook: string;
  readonly account: string;
  readonly region: string;
  readonly sourceRegion: string;
  readonly execution: string;
  readonly parameters: Record<string, string>;
  readonly startedBy: string;
  readonly reason: string;
  readonly isDryRun: boolean;
  readonly status: RunStatus;
  readonly detectedAt?: string;
  readonly begunAt: string;
  readonly endedAt: string;
  /** Steps of the document; a loop is one of them. */
  readonly steps: { readonly name: string; readonly begunAt: string; readonly endedAt?: string; readonly status: string }[];
  /** In seconds: in functions, in pauses for AWS, and for approvers. */
  readonly times: { readonly ours: number; readonly aws: number; readonly approvers: number };
  readonly objects: ReportedObject[];
  readonly source?: string;
  readonly dataFrom?: string;
  readonly dataLossSeconds?: number;
  /** Left out if nothing was recovered, also of a run that is complete: what it is about was there, or it was not in the snapshot. */
  readonly recoverySeconds?: number;
  readonly verdicts: Verdict[];
  readonly nextSteps: string[];
  readonly problems: string[];
  readonly libraryVersion: string;
}

/** What a run was against an objective. What is not known is left out. */
export interface Verdict {
  readonly objective: string;
  readonly survives: RunbookObjective['survives'];
  readonly rtoSeconds: number;
  readonly rpoSeconds: number;
  readonly isRtoMet?: boolean;
  readonly isRpoMet?: boolean;
}

/** What a record is made of. */
export interface Ending {
  readonly settings: RunbookSettings;
  readonly place: Place;
  readonly execution: Execution;
  readonly steps: ExecutedStep[];
  /** In the order of the steps. */
  readonly results: Map<StepWithResult, KeptResult>;
  /** Whether the document came to its end, or a step failed, or somebody stopped it. */
  readonly how: 'COMPLETED' | 'FAILED' | 'STOPPED';
  readonly endedAt: number;
}

export function recordOf(ending: Ending): RecoveryRecord {
  const { settings, place, execution, steps, results, endedAt } = ending;
  const parameters = inputOf(steps.find(({ name }) => ENTRY_STEPS.includes(name)), 'InputPayload')?.parameters ?? execution.parameters;
  const isDryRun = parameters.DryRun === 'true';
  const objects = objectsOf([...results.values()]);
  const problems = [...ending.how === 'COMPLETED' ? [] : failures(ending), ...objects.filter(({ state }) => state === 'FAILED').map(problemOf)];
  const status = ending.how !== 'COMPLETED' ? ending.how : problems.length > 0 ? 'FAILED' : isDryRun ? 'PLANNED' : 'COMPLETED';
  const detectedAt = Number.isNaN(Date.parse(parameters.DetectedAt)) ? undefined : Date.parse(parameters.DetectedAt);
  const since = detectedAt ?? execution.begunAt;
  const dataFrom = newestOf('dataFrom', results);
  const source = newestOf('source', results);
  const hasRecovered = status === 'COMPLETED' && results.get('work')?.objects.some(({ state }) => state === 'DONE');
  const measured = {
    ...dataFrom === undefined ? {} : { dataLossSeconds: seconds(since - Date.parse(dataFrom)) },
    ...hasRecovered ? { recoverySeconds: seconds(endedAt - since) } : {},
  };
  return {
    schemaVersion: 1,
    kind: settings.kind,
    runbook: settings.runbook,
    account: place.account,
    region: place.region,
    sourceRegion: settings.sourceRegion,
    execution: execution.id,
    parameters,
    startedBy: execution.startedBy,
    reason: parameters.Reason ?? '',
    isDryRun,
    status,
    ...detectedAt === undefined ? {} : { detectedAt: timestamp(detectedAt) },
    begunAt: timestamp(execution.begunAt),
    endedAt: timestamp(endedAt),
    steps: steps.filter(({ isInLoop }) => !isInLoop).map((step) => ({
      name: step.name,
      begunAt: timestamp(step.begunAt),
      ...step.endedAt === undefined ? {} : { endedAt: timestamp(step.endedAt) },
      status: step.status,
    })),
    times: { ours: timeIn(INVOKE, steps, endedAt), aws: timeIn(SLEEP, steps, endedAt), approvers: timeIn(APPROVE, steps, endedAt) },
    objects,
    ...source === undefined ? {} : { source },
    ...dataFrom === undefined ? {} : { dataFrom },
    ...measured,
    verdicts: hasRecovered ? settings.objectives.map((objective) => verdictOf(objective, measured)) : [],
    nextSteps: nextStepsOf(status, results),
    problems: [...new Set(problems)],
    libraryVersion: settings.libraryVersion,
  };
}

function verdictOf(
  { name, survives, rtoSeconds, rpoSeconds }: RunbookObjective,
  { recoverySeconds, dataLossSeconds }: Pick<RecoveryRecord, 'recoverySeconds' | 'dataLossSeconds'>,
): Verdict {
  return {
    objective: name,
    survives,
    rtoSeconds,
    rpoSeconds,
    ...recoverySeconds === undefined ? {} : { isRtoMet: recoverySeconds <= rtoSeconds },
    ...dataLossSeconds === undefined ? {} : { isRpoMet: dataLossSeconds <= rpoSeconds },
  };
}

/** All objects of all steps. A later step completes what an earlier one reports of an object; a failure stays one. */
function objectsOf(results: KeptResult[]): ReportedObject[] {
  const objects = new Map<string, ReportedObject>();
  for (const object of results.flatMap((result) => result.objects)) {
    const id = JSON.stringify([object.what, object.name]);
    const before = objects.get(id);
    const isFinal = before !== undefined && before.state !== 'PENDING' && before.why !== object.why;
    objects.set(id, {
      ...before,
      ...object,
      ...before?.state === 'FAILED' ? { state: 'FAILED' } : {},
      ...isFinal ? { why: `${before.why}; ${object.why}` } : {},
    });
  }
  return [...objects.values()];
}

function problemOf({ what, name, why }: ReportedObject): string {
  return `${what} ${name}: ${why}`;
}

/** Why a run did not come to its end: what its steps found, or what AWS says of those that found nothing. */
function failures({ execution, steps, results }: Ending): string[] {
  const found = STEPS_WITH_RESULTS.flatMap((step) => results.get(step)?.problems ?? []);
  const unended = STEPS_WITH_RESULTS.filter((step) => results.get(step)?.outcome === Outcome.ASK_AGAIN).pop();
  const ended = steps.filter(({ name, isInLoop, status }) => !isInLoop && UNSUCCESSFUL.includes(status)
    && !STEPS_WITH_RESULTS.some((step) => name.startsWith(step) && results.get(step)?.problems));
  const unfinished = unended !== undefined && steps.some(({ name, status }) => name === unended && status === 'Success')
    ? [`${unended} did not complete within the maximum number of rounds`] : [];
  const problems = [...found, ...unfinished, ...ended.map(({ name, status, failure }) => sentence(`${name} ended as ${status}`, failure))];
  return problems.length > 0 ? problems : [sentence(`the execution is ${execution.status}`, execution.failure)];
}

function sentence(what: string, why: string | undefined): string {
  return why === undefined ? what : `${what}: ${why.slice(0, LONGEST_FAILURE)}`;
}

function nextStepsOf(status: RunStatus, results: Ending['results']): string[] {
  const known = [...new Set([...results.values()].flatMap(({ nextSteps = [] }) => nextSteps))];
  const isUnfinished = results.has('work') && (status === 'FAILED' || status === 'STOPPED');
  return isUnfinished ? [...known, 'Start the runbook again with the same parameters: it finishes what this run began.'] : known;
}

/** What the last step says that says it. */
function newestOf(member: 'dataFrom' | 'source', results: Ending['results']): string | undefined {
  return [...results.values()].map((result) => result[member]).filter((value) => value !== undefined).pop();
}

function timeIn(action: string, steps: ExecutedStep[], now: number): number {
  const taken = steps.filter((step) => step.action === action).map(({ begunAt, endedAt = now }) => Math.max(0, endedAt - begunAt));
  return seconds(taken.reduce((sum, one) => sum + one, 0));
}

function seconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds / 1000));
}

function timestamp(time: number): string {
  return new Date(time).toISOString();
}
