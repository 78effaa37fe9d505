import { parametersOf } from './runbook-design';
import type { LOOPED_STEPS, RunbookDesign } from './runbook-design';
import { Outcome, WAITING } from '../execution/runbook.contract';
import type { StepName, StepRequest } from '../execution/runbook.contract';

/**
 * A step of a document.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 */
export interface DocumentStep {
  readonly name: string;
  readonly action: string;
  readonly description: string;
  readonly inputs: Record<string, unknown>;
  readonly nextStep?: string;
  readonly isEnd?: boolean;
  readonly isCritical?: boolean;
  readonly onFailure?: string;
  readonly timeoutSeconds?: number;
}

/** The maximum of Automation, in seconds. The function has less, so that it is the function that ends. */
const STEP_TIMEOUT = 300;

/** The maximum of Automation. A loop that reaches it succeeds. */
const MOST_ROUNDS = 100;

/** How long a round lasts in which there is nothing to do but to wait. */
const WAIT = 'PT3M';

/** A step that does nothing: sleeping is the cheapest action. */
const NO_TIME = 'PT1S';

/** The step that records a failure, to which every failure leads. */
export const RECORD_FAILURE = 'recordFailure';

type LoopedStep = typeof LOOPED_STEPS[number];

/** Asks the function. */
export function ask(
  name: string, step: StepName, description: string, { functionName, design }: Asked, only?: StepRequest['only'],
): Omit<DocumentStep, 'onFailure'> {
  return {
    name,
    action: 'aws:invokeLambdaFunction',
    description,
    timeoutSeconds: STEP_TIMEOUT,
    inputs: {
      FunctionName: functionName,
      InputPayload: {
        step,
        ...only === undefined ? {} : { only },
        execution: '{{ automation:EXECUTION_ID }}',
        targets: design.targets,
        parameters: Object.fromEntries(parametersOf(design).map((parameter) => [parameter.name, `{{ ${parameter.name} }}`])),
      },
    },
  };
}

/**
 * Whom the steps of a document ask.
 */
export interface Asked {
  readonly functionName: string;
  readonly design: Pick<RunbookDesign, 'parameters' | 'targets' | 'steps'>;
}

/**
 * Asks the function again and again until it is done, then for its last result, and branches on that. AWS does not document whether a step
 * after a loop sees the outputs of the steps in it, nor whether an error of a function makes its step fail: a step outside of the loop asks
 * once more, and the step that follows compares its answer, so whatever AWS does leads to the same step.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-loop.html
 */
export function askUntilDone(step: LoopedStep, next: string, asked: Asked): DocumentStep[] {
  const [answer, decide, wait, round] = [`${step}Ask`, `${step}Decide`, `${step}Wait`, `${step}Round`];
  const description = asked.design.steps[step];
  return [
    {
      name: step,
      action: 'aws:loop',
      description,
      onFailure: `step:${RECORD_FAILURE}`,
      nextStep: resultOf(step),
      inputs: {
        MaxIterations: MOST_ROUNDS,
        LoopCondition: contains(answer, Outcome.ASK_AGAIN),
        // None of them is an end: AWS does not say whether it would be that of the round or that of the run. None of them names a step outside of
        // the loop: AWS checks a document when it is created, and does not say that a loop may. A step that fails ends its round with an answer.
        Steps: [
          ask(answer, step, description, asked),
          branch(decide, 'Waits if AWS has not finished yet.', round, { ...contains(answer, WAITING), NextStep: wait }),
          { ...sleep(wait, 'Waits for AWS.', WAIT), nextStep: round },
          sleep(round, 'Ends this round.', NO_TIME),
        ],
      },
    },
    {
      ...ask(resultOf(step), step, 'Shows the result of the previous step.', asked, 'RESULT'),
      onFailure: `step:${RECORD_FAILURE}`,
      nextStep: outcomeOf(step),
    },
    {
      ...branch(
        outcomeOf(step), 'Continues if the step is complete. Otherwise the run fails.', RECORD_FAILURE,
        { ...contains(resultOf(step), Outcome.ASK_AGAIN), NextStep: RECORD_FAILURE }, { ...contains(resultOf(step), Outcome.DONE), NextStep: next },
      ),
      onFailure: `step:${RECORD_FAILURE}`,
    },
  ];
}

/** The step that asks for the last result of a step. */
export function resultOf(step: LoopedStep): string {
  return `${step}Result`;
}

/** The step that branches on the last answer of a step. */
export function outcomeOf(step: LoopedStep | 'record'): string {
  return `${step}Outcome`;
}

/** A condition on an answer. No output of it is selected, because AWS's pages about that contradict each other. */
export function contains(answer: string, word: string): Record<string, string> {
  return { Variable: `{{ ${answer}.Payload }}`, Contains: word };
}

/** Goes to the step of the first choice that is true. */
export function branch(name: string, description: string, otherwise: string, ...choices: Record<string, string>[]): DocumentStep {
  return { name, action: 'aws:branch', description, inputs: { Choices: choices, Default: otherwise } };
}

/** Does nothing for a while. */
export function sleep(name: string, description: string, duration = NO_TIME): DocumentStep {
  return { name, action: 'aws:sleep', description, inputs: { Duration: duration } };
}
