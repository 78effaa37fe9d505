import { Approval, APPROVAL_SECONDS } from './approval';
import { holds, plain } from './conditions';
import type { Choice, DocumentStep } from '../document';
import { endOfSleep } from './durations';
import type { Caller, InvocationAnswer, Ports } from '../ports';
import { declaredOutputs, select } from './selectors';

/** What an attempt of a step comes to, or waits for. An attempt that throws has failed. */
export type Outcome = Done | Until | Asked | Approval;

export class Done {
  /** @param next The step that `aws:branch` chose. */
  constructor(readonly outputs: Record<string, unknown> = {}, readonly next?: string) {}
}

export class Until {
  constructor(readonly time: Date, readonly then: () => Outcome) {}
}

/** A call that a port answers, now or later. */
export class Asked {
  constructor(readonly ask: () => unknown, readonly then: (answer: never) => Outcome) {}
}

/** A failure that leaves outputs to be seen, which no other step can use. */
export class FailedWithOutputs extends Error {
  constructor(message: string, readonly outputs: Record<string, unknown>) {
    super(message);
  }
}

/** AWS lists `FunctionError` among the outputs of a step, and doesn't say whether the step has failed then. Both are to be tried. */
export type FunctionErrors = 'FAIL_THE_STEP' | 'ARE_OUTPUTS';

export interface Attempt {
  readonly step: DocumentStep;
  readonly inputs: Record<string, unknown>;
  readonly caller: Caller;
  readonly ports: Ports;
  readonly functionErrors: FunctionErrors;
  readonly now: () => Date;
  readonly substitute: (value: unknown) => unknown;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html */
const LONGEST_INVOCATION = 300;
/** The action's default. @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-waitForAwsResourceProperty.html */
const PROPERTY_SECONDS = 3_600;
/** AWS does not say how often it asks. */
const ASK_AGAIN_SECONDS = 15;

const ACTIONS: Record<string, (one: Attempt) => Outcome> = {
  'aws:approve': approve,
  'aws:assertAwsResourceProperty': (one) => askForProperty(one, (value) => {
    throw new Error(`the property is ${plain(value)}, and not one of ${plain(one.inputs.DesiredValues)}`);
  }),
  'aws:branch': branch,
  'aws:executeAwsApi': (one) => new Asked(() => callApi(one), (response: unknown) => new Done(declared(one, response))),
  'aws:invokeLambdaFunction': invoke,
  'aws:sleep': ({ inputs, now }) => new Until(endOfSleep(inputs, now()), () => new Done()),
  'aws:waitForAwsResourceProperty': waitForProperty,
};

export function isKnown(action: string, ports: Ports): boolean {
  return action === 'aws:loop' || action in ACTIONS || action in (ports.actions ?? {});
}

export function attempt(one: Attempt): Outcome {
  const { step, inputs, caller, ports } = one;
  const supplied = ports.actions?.[step.action];
  return supplied
    ? new Asked(() => supplied(inputs, caller), (answer: Record<string, unknown> | undefined) => new Done({ ...answer, ...declared(one, answer) }))
    : ACTIONS[step.action](one);
}

/** After how many seconds an attempt has timed out; `undefined`: never. */
export function timeoutSeconds({ action }: DocumentStep, configured: number | undefined): number | undefined {
  switch (action) {
    case 'aws:invokeLambdaFunction':
      return Math.min(configured ?? LONGEST_INVOCATION, LONGEST_INVOCATION);
    case 'aws:approve':
      return Math.min(configured ?? APPROVAL_SECONDS.default, APPROVAL_SECONDS.longest);
    case 'aws:waitForAwsResourceProperty':
      return configured ?? PROPERTY_SECONDS;
    default:
      return configured;
  }
}

/** AWS does not say what the message looks like, nor what a topic that can't be written to does: the step fails. */
function approve({ inputs, ports, caller }: Attempt): Outcome {
  const approval = new Approval(inputs);
  const { NotificationArn, Message = '' } = inputs as { NotificationArn?: string; Message?: string };
  return NotificationArn === undefined
    ? approval
    : new Asked(() => ports.publish?.({ ...caller, topicArn: NotificationArn, message: Message }), () => approval);
}

/**
 * The first choice that holds, then the default, then the next step. Variables of later choices are not looked at.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html
 */
function branch({ step: { inputs }, substitute }: Attempt): Outcome {
  const { Choices, Default } = inputs as { Choices: Choice[]; Default?: string };
  const chosen = Choices.find((choice) => holds(substitute(choice) as Choice));
  return new Done({}, chosen?.NextStep ?? Default);
}

/**
 * `InputPayload` wins over `Payload`. There is no payload in the outputs unless the function was waited for.
 *
 * AWS's pages disagree on how to select from what a function returned: `$.Retry` on that of loops, `Payload` on that of functions. Both work.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html
 */
function invoke(one: Attempt): Outcome {
  const { inputs, caller, ports, functionErrors } = one;
  const { FunctionName, Qualifier, InvocationType = 'RequestResponse', InputPayload, Payload = '' } = inputs as Record<string, string | undefined>;
  if (FunctionName === undefined) {
    throw new Error('aws:invokeLambdaFunction needs a FunctionName');
  }
  const invocation = {
    ...caller,
    functionName: FunctionName,
    ...Qualifier !== undefined && { qualifier: Qualifier },
    invocationType: InvocationType,
    payload: InputPayload === undefined ? plain(Payload) : JSON.stringify(InputPayload),
  };
  return new Asked(() => ports.invoke(invocation), (answer: InvocationAnswer) => {
    const outputs = {
      StatusCode: answer.statusCode,
      ...answer.functionError !== undefined && { FunctionError: answer.functionError },
      ...answer.logResult !== undefined && { LogResult: answer.logResult },
      ...InvocationType === 'RequestResponse' && { Payload: answer.payload ?? '' },
    };
    if (answer.functionError !== undefined && functionErrors === 'FAIL_THE_STEP') {
      throw new FailedWithOutputs(`the function failed (${answer.functionError}): ${answer.payload}`, outputs);
    }
    const returned = parsed(answer.payload);
    return new Done({ ...outputs, ...declared(one, { ...outputs, Payload: returned }, returned) });
  });
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-assertAwsResourceProperty.html */
function askForProperty(one: Attempt, otherwise: (value: unknown) => Outcome): Outcome {
  const { PropertySelector, DesiredValues } = one.inputs as { PropertySelector: string; DesiredValues: unknown[] };
  return new Asked(() => callApi(one), (response: unknown) => {
    const values = [select(PropertySelector, response)].flat().map(plain);
    const desired = DesiredValues.map(plain);
    return values.length > 0 && values.every((value) => desired.includes(value)) ? new Done() : otherwise(values);
  });
}

function waitForProperty(one: Attempt): Outcome {
  return askForProperty(one, () => new Until(new Date(one.now().getTime() + ASK_AGAIN_SECONDS * 1000), () => waitForProperty(one)));
}

function callApi({ inputs, caller, ports }: Pick<Attempt, 'inputs' | 'caller' | 'ports'>): unknown {
  const { Service, Api, PropertySelector, DesiredValues, ...parameters } = inputs as Record<string, unknown>;
  if (!ports.callApi) {
    throw new Error(`nothing answers ${Service}:${Api} here`);
  }
  return ports.callApi({ ...caller, service: String(Service), api: String(Api), parameters });
}

function declared({ step }: Attempt, ...sources: unknown[]): Record<string, unknown> {
  return declaredOutputs(step.outputs ?? [], ...sources);
}

function parsed(payload: string | undefined): unknown {
  try {
    return JSON.parse(payload ?? '');
  } catch {
    return payload;
  }
}
