import type { Outcome, RunbookSettings } from './runbook.contract';
import type { Call } from '../capture/aws-call.lambda-shared';
import type { Place } from '../capture/document-store.lambda-shared';
import type { Clock, Rates } from '../capture/pacing.lambda-shared';

/** What became of an object. `PENDING` is not final: the step asks again. */
export type ObjectState = 'DONE' | 'SKIPPED' | 'FAILED' | 'PENDING';

/**
 * An object that a run is about, for the report.
 */
export interface ReportedObject {
  /** What it is, such as `service` or `task definition`. */
  readonly what: string;
  readonly name: string;
  readonly state: ObjectState;
  /** What was done or is to be done, or why not, in a sentence. */
  readonly why: string;
  /** Members that differ, by their paths. */
  readonly differences?: string[];
}

/**
 * The result of a step that ended, or of a round of it.
 */
export interface StepResult {
  readonly outcome: Exclude<Outcome, Outcome.FAILED>;
  /** Whether there is nothing to do but to wait for AWS. */
  readonly isWaiting?: boolean;
  readonly summary: string;
  /** All that the step is about, with what earlier rounds did. */
  readonly objects: ReportedObject[];
  /** What an operator does next, in sentences. */
  readonly nextSteps?: string[];
  /** The time of the data that is restored, ISO 8601: the loss is counted from it. */
  readonly dataFrom?: string;
  /** The object from which is restored, such as the key of a snapshot. */
  readonly source?: string;
}

/** A step found problems that end the run. All of them are in one error. */
export class RunFailed extends Error {
  public override readonly name: string = 'RunFailed';

  constructor(public readonly problems: string[], public readonly objects: ReportedObject[] = []) {
    super(problems.join('\n'));
  }
}

/**
 * A run of a runbook, as its steps see it. Nothing is kept between two requests but in AWS.
 */
export interface Run {
  /**
   * Calls that fail throw a `CallError`, which `reportOf` puts into words. Calls are paced. None is made after `deadline`: it fails with the
   * name `OutOfTime`, and a step that lets this error through is asked again. Of an object, `OutOfTime` says nothing.
   */
  readonly call: Call;
  readonly clock: Clock;
  /** In milliseconds since 1970: a step answers `ASK_AGAIN` before. */
  readonly deadline: number;
  readonly place: Place;
  readonly settings: RunbookSettings;
  readonly execution: string;
  readonly parameters: Record<string, string>;
  /** The newest result of a step of this run, if it has one. */
  previous(step: 'preflight' | 'plan' | 'work' | 'verify'): Promise<StepResult | undefined>;
}

/**
 * What a runbook does in its own steps. The steps that all have in common, records and the exclusion of other runs are not part of it.
 */
export interface RecoveryWork {
  /** Calls a second that AWS sustains. A run takes half of them. */
  readonly rates: Rates;
  /** Checks everything that would make the work fail. It changes nothing. Problems are thrown together as `RunFailed`. */
  preflight(run: Run): Promise<StepResult>;
  /** What the work will do with each object. It changes nothing. */
  plan(run: Run): Promise<StepResult>;
  /** Does as much as there is time for. An object that fails does not end the others. */
  work(run: Run): Promise<StepResult>;
  /** Waits until what was recovered works, and compares it. It changes nothing. */
  verify(run: Run): Promise<StepResult>;
}
