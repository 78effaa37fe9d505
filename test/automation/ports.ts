/** What the interpreter needs of its surroundings: time, functions, APIs, topics, the event bus. A test supplies each. */

export interface Clock {
  readonly now: () => Date;
}

/** Who calls: the role of the document, or whoever started it where the document has none. */
export interface Caller {
  readonly executionId: string;
  readonly stepName: string;
  readonly region: string;
  readonly accountId: string;
  /** The ARN of the role that Automation assumes. */
  readonly role?: string;
  /** The ARN of whoever started the execution. */
  readonly executedBy: string;
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export interface Invocation extends Caller {
  readonly functionName: string;
  readonly qualifier?: string;
  readonly invocationType: string;
  /** The JSON document that the function receives. */
  readonly payload: string;
}

export interface InvocationAnswer {
  readonly statusCode: number;
  /** `Handled` or `Unhandled`, where the function failed. */
  readonly functionError?: string;
  /** The JSON document that the function returned, or its error. */
  readonly payload?: string;
  readonly logResult?: string;
}

export interface ApiCall extends Caller {
  readonly service: string;
  readonly api: string;
  readonly parameters: Record<string, unknown>;
}

export interface Publication extends Caller {
  readonly topicArn: string;
  readonly message: string;
}

/** An event on the default bus. */
export interface AutomationEvent {
  readonly 'source': 'aws.ssm';
  readonly 'detail-type': string;
  readonly 'account': string;
  readonly 'region': string;
  readonly 'time': string;
  readonly 'resources': string[];
  readonly 'detail': Record<string, unknown>;
}

/** A port that throws, or rejects, has refused the call: the attempt of the step fails. */
export interface Ports {
  readonly invoke: (invocation: Invocation) => InvocationAnswer | Promise<InvocationAnswer>;
  /** @default - refuses */
  readonly callApi?: (call: ApiCall) => unknown;
  /** @default - nobody is told */
  readonly publish?: (publication: Publication) => unknown;
  /** Actions that the interpreter doesn't have, such as `aws:executeScript`: from inputs to outputs. */
  readonly actions?: Record<string, (inputs: Record<string, unknown>, caller: Caller) => unknown>;
  /** @default - no bus */
  readonly emit?: (event: AutomationEvent) => void;
}
