import type { Context } from 'aws-lambda';
import { explanationOf, isOutOfTime, reportOf } from './aws-reasons.lambda-shared';
import { runsBefore } from './exclusion.lambda-shared';
import { readExecution, readFirst, readSteps } from './execution-reads.lambda-shared';
import type { Execution } from './execution-reads.lambda-shared';
import { problemsOfExecution } from './own-execution.lambda-shared';
import { RecordStore, STEPS_WITH_RESULTS } from './record-store.lambda-shared';
import type { KeptResult, StepWithResult } from './record-store.lambda-shared';
import { logFrames, logRecovery } from './recovery-metrics.lambda-shared';
import { recordOf } from './recovery-record.lambda-shared';
import type { Ending, RecoveryRecord } from './recovery-record.lambda-shared';
import { summaryOf } from './recovery-summary.lambda-shared';
import { RunFailed } from './recovery-work.lambda-shared';
import type { RecoveryWork, Run, StepResult } from './recovery-work.lambda-shared';
import { APPROVAL_STEP, Outcome, SETTINGS_VARIABLE, STATUS_DETAIL_TYPE, WORKING_TIME } from './runbook.contract';
import type { RunbookSettings, StatusEvent, StepAnswer, StepName, StepRequest } from './runbook.contract';
import { answerOf, failureOf } from './step-answer.lambda-shared';
import { CaptureError, safely } from '../capture/aws-call.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';
import type { Place } from '../capture/document-store.lambda-shared';
import { CLOCK, paced } from '../capture/pacing.lambda-shared';
import type { Clock, Deadline } from '../capture/pacing.lambda-shared';

/** A run takes half of each rate: it matters more than a capture, and other deployments go on. */
const SHARE_OF_RUN = 1 / 2;

/** Calls a second to AWS Systems Manager, of each operation: as few as AWS grants for the least of its operations. */
const OWN_RATES = { ssm: 3 };

/** Of the time that Lambda gives the function: what is kept for records and for the answer, and for the answer alone. */
const TIME_TO_KEEP = 30_000;
const TIME_TO_ANSWER = 3_000;

/** How often a step that changes something looks whether its run was stopped, in milliseconds. */
const LOOK_INTERVAL = 5_000;

/** Of an execution that is not to go on. */
const STOPPED = ['Cancelling', 'Cancelled', 'TimedOut'];

/** How a run has ended, by the status of its execution. */
const ENDINGS: Record<string, Ending['how']> = { Cancelled: 'STOPPED', TimedOut: 'FAILED', Failed: 'FAILED', Rejected: 'FAILED' };

/**
 * A function of AWS Lambda that does the steps of a runbook, and writes the record of a run that was stopped.
 *
 * @param connect The APIs of AWS by their raw calls, with Amazon S3 in the region of the bucket. `Body` of an object is its bytes
 */
export function runbookHandler(work: RecoveryWork, connect: (settings: RunbookSettings) => Call, clock: Clock = CLOCK) {
  return async (event: StepRequest | StatusEvent, context: Context): Promise<StepAnswer | undefined> => {
    const settings = JSON.parse(process.env[SETTINGS_VARIABLE] ?? '{}') as RunbookSettings;
    const [, partition, , region, account] = context.invokedFunctionArn.split(':');
    const call = safely(connect(settings), explanationOf);
    const end = clock.now() + context.getRemainingTimeInMillis();
    const deadline = { at: Math.min(clock.now() + WORKING_TIME, end - TIME_TO_KEEP) };
    const runbook = new Runbook(work, settings, { partition, region, account }, clock, deadline,
      paced(call, work.rates, clock, deadline, SHARE_OF_RUN), paced(call, OWN_RATES, clock, { at: end - TIME_TO_ANSWER }, SHARE_OF_RUN));
    try {
      return 'detail-type' in event ? await runbook.receive(event) : await runbook.answer(event);
    } finally {
      deadline.at = -Infinity; // Lambda wakes the function for the next request, and what still waits would call on
    }
  };
}

class Runbook {
  /**
   * @param call The steps do their work by these calls, until the deadline
   * @param ownCall For all other calls
   */
  constructor(
    private readonly work: RecoveryWork, private readonly settings: RunbookSettings, private readonly place: Place, private readonly clock: Clock,
    private readonly deadline: Deadline, private readonly call: Call, private readonly ownCall: Call,
  ) {}

  public async answer(request: StepRequest): Promise<StepAnswer> {
    const { step } = request;
    try {
      if (step === 'record' || step === 'recordFailure') {
        const { record, report } = await this.end(request.execution, step === 'record' ? 'COMPLETED' : 'FAILED');
        if (step === 'record' && record.status === 'FAILED') {
          throw failureOf(step, record.problems, report);
        }
        logRecovery(record);
        return answerOf(step, { outcome: Outcome.DONE, summary: summaryOf(record), objects: record.objects, nextSteps: record.nextSteps }, report);
      }
      return request.only === undefined ? await this.take(step, request) : await this.repeat(step, request);
    } catch (error) {
      throw error instanceof Error && error.name === 'StepFailed' ? error : this.failure(step, error);
    }
  }

  /** A run that ended without its last steps gets its record here; another one has it. */
  public async receive({ 'detail-type': type, detail }: StatusEvent): Promise<undefined> {
    const { [detail.Status]: how } = ENDINGS;
    if (type === STATUS_DETAIL_TYPE && detail.Definition === this.settings.runbook && how !== undefined) {
      try {
        await this.end(detail.ExecutionId, how);
      } catch (error) {
        throw this.failure('recordFailure', error);
      }
    }
  }

  private async take(step: StepWithResult, request: StepRequest): Promise<StepAnswer> {
    const execution = await readExecution(this.ownCall, request.execution);
    const store = this.storeFor(execution, request.parameters);
    if (step === 'work' && !await this.isApproved(request)) {
      return answerOf(step, { outcome: Outcome.ASK_AGAIN, summary: 'AWS does not list the approval of the plan yet.', objects: [] });
    }
    const run: Run = {
      call: step === 'work' ? this.untilStopped(request.execution) : this.call,
      clock: this.clock,
      deadline: this.deadline.at,
      place: this.place,
      settings: this.settings,
      execution: request.execution,
      parameters: request.parameters,
      previous: async (name) => unfailed(await store.newest(name)),
    };
    try {
      const result = await this.checked(step, request, run);
      return answerOf(step, result, await store.keep(step, result));
    } catch (error) {
      if (isOutOfTime(error)) {
        return answerOf(step, { outcome: Outcome.ASK_AGAIN, summary: `${step} is not complete yet and continues.`, objects: [] });
      }
      const problems = this.problemsIn(error);
      const before = await store.newest(step).catch(() => undefined);
      const objects = error instanceof RunFailed && error.objects.length > 0 ? error.objects : before?.objects ?? [];
      const failed: KeptResult = { ...before, outcome: Outcome.FAILED, summary: `${step} failed.`, objects, problems };
      const location = await store.keep(step, failed).catch(() => undefined);
      if (location === undefined) {
        throw failureOf(step, problems, location); // nobody who asks for the result would get it
      }
      return answerOf(step, failed, location);
    }
  }

  /** The newest result of a step: that of the last round of its loop. */
  private async repeat(step: StepWithResult, { execution }: StepRequest): Promise<StepAnswer> {
    const store = await this.storeOf(execution);
    const [kept, result, location] = [await store.newest(step), unfailed(await store.newest(step)), await store.newestLocation(step)];
    if (result === undefined) {
      throw failureOf(step, kept?.problems ?? [`${step} has no result`], location);
    }
    return answerOf(step, result, location);
  }

  private async isApproved({ execution }: StepRequest): Promise<boolean> {
    return !this.settings.isApproved || (await readFirst(this.ownCall, execution, [APPROVAL_STEP]))?.status === 'Success';
  }

  /** AWS Systems Manager does not end a function whose run is stopped. It ends by itself: it has no more time then. */
  private untilStopped(id: string): Call {
    let nextLook = this.clock.now();
    return async (...request) => {
      if (this.clock.now() >= nextLook) {
        nextLook = this.clock.now() + LOOK_INTERVAL;
        const execution = await readExecution(this.ownCall, id).catch(() => undefined); // what can't be asked does not stop the work
        if (STOPPED.includes(execution?.status ?? '')) {
          this.deadline.at = -Infinity;
        }
      }
      return this.call(...request);
    };
  }

  /** A step, and before it what all runbooks check: all problems of the preflight are found at once. */
  private async checked(step: StepWithResult, request: StepRequest, run: Run) {
    const problems = step === 'preflight' ? this.detectionProblems(request) : [];
    if (step === 'preflight' || step === 'work') {
      problems.push(...await runsBefore(this.ownCall, request));
    }
    if (problems.length > 0 && step !== 'preflight') {
      throw new RunFailed(problems);
    }
    try {
      const result = await this.work[step](run);
      if (problems.length === 0) {
        return result;
      }
      throw new RunFailed([], result.objects);
    } catch (error) {
      throw problems.length === 0 ? error : new RunFailed([...problems, ...this.problemsIn(error)], error instanceof RunFailed ? error.objects : []);
    }
  }

  private detectionProblems({ parameters: { DetectedAt = '' } }: StepRequest): string[] {
    const time = Date.parse(DetectedAt);
    if (DetectedAt === '' || time <= this.clock.now()) {
      return [];
    }
    const what = Number.isNaN(time) ? 'not a valid time' : 'not in the past';
    return [`DetectedAt is ${DetectedAt}, which is ${what}: write when the loss was detected, such as 2026-11-29T05:00:00Z`];
  }

  private async end(id: string, how: Ending['how']): Promise<{ record: RecoveryRecord; report: string }> {
    const execution = await readExecution(this.ownCall, id);
    const store = this.storeFor(execution);
    const steps = await readSteps(this.ownCall, id);
    const results = new Map<StepWithResult, KeptResult>();
    for (const step of STEPS_WITH_RESULTS) {
      const result = await store.newest(step);
      if (result !== undefined) {
        results.set(step, result);
      }
    }
    const { settings, place } = this;
    const endedAt = execution.endedAt ?? this.clock.now();
    return { record: await store.putRecord(recordOf({ settings, place, execution, steps, results, how, endedAt })), report: store.record };
  }

  private async storeOf(id: string): Promise<RecordStore> {
    return this.storeFor(await readExecution(this.ownCall, id));
  }

  /** @param asked The parameters of a step that is to be done */
  private storeFor(execution: Execution, asked?: StepRequest['parameters']): RecordStore {
    const problems = problemsOfExecution(this.settings, this.place, execution, asked);
    if (problems.length > 0) {
      throw new RunFailed(problems);
    }
    return new RecordStore(this.ownCall, this.settings, this.place, execution, this.clock);
  }

  private problemsIn(error: unknown): string[] {
    if (error instanceof RunFailed) {
      return error.problems;
    }
    if (!(error instanceof CaptureError)) {
      logFrames(error);
    }
    return [reportOf(error)];
  }

  private failure(step: StepName, error: unknown): Error {
    return failureOf(step, this.problemsIn(error), undefined);
  }
}

function unfailed(result: KeptResult | undefined): StepResult | undefined {
  return result?.outcome === Outcome.FAILED ? undefined : result as StepResult | undefined;
}
