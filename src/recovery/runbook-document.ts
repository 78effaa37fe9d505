import { parametersOf } from './runbook-design';
import type { RunbookDesign, RunbookParameter } from './runbook-design';
import { ask, askUntilDone, branch, contains, outcomeOf, RECORD_FAILURE, resultOf, sleep } from './runbook-steps';
import type { DocumentStep } from './runbook-steps';
import { APPROVAL_STEP, Outcome } from '../execution/runbook.contract';

/** What AWS Systems Manager accepts for the content of a document, in bytes. */
export const DOCUMENT_LIMIT = 65_536;

/** How long an approval is waited for, in seconds: the default of Automation. */
const APPROVAL_TIMEOUT = 604_800;

/** What no account is. */
const NO_ACCOUNT = 'the run failed, see the record';

/**
 * What a document is made of.
 */
export interface DocumentDesign extends Pick<RunbookDesign, 'description' | 'parameters' | 'steps' | 'targets'> {
  readonly functionName: string;
  /** The ARN of the role that Automation assumes. */
  readonly assumeRole: string;
  readonly approval?: Approval;
}

/**
 * Who approves a run.
 */
export interface Approval {
  /** ARNs. */
  readonly approvers: string[];
  readonly minRequiredApprovals: number;
  readonly topicArn?: string;
}

/**
 * A parameter in a document.
 */
export interface DocumentParameter {
  readonly type: string;
  readonly description: string;
  readonly default?: string;
  readonly allowedPattern?: string;
  readonly allowedValues?: string[];
}

/**
 * A document of AWS Systems Manager Automation.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
 */
export interface AutomationDocument {
  readonly schemaVersion: string;
  readonly description: string;
  readonly assumeRole: string;
  readonly parameters: Record<string, DocumentParameter>;
  readonly mainSteps: DocumentStep[];
}

/** The document of a runbook. */
export function documentOf(design: DocumentDesign): AutomationDocument {
  const { description, assumeRole } = design;
  return {
    schemaVersion: '0.3',
    description,
    assumeRole,
    parameters: Object.fromEntries(parametersOf(design).map((parameter) => [parameter.name, parameterOf(parameter)])),
    mainSteps: stepsOf(design),
  };
}

function parameterOf({ description, defaultValue, allowedPattern, allowedValues }: RunbookParameter): DocumentParameter {
  return {
    type: 'String',
    description,
    ...defaultValue === undefined ? {} : { default: defaultValue },
    ...allowedPattern === undefined ? {} : { allowedPattern },
    ...allowedValues === undefined ? {} : { allowedValues },
  };
}

function stepsOf(design: DocumentDesign): DocumentStep[] {
  const { functionName, approval } = design;
  const asked = { functionName, design };
  return [
    ...askUntilDone('preflight', 'plan', asked),
    ...askUntilDone('plan', 'planOnly', asked),
    branch(
      'planOnly', 'Ends the run after its plan if DryRun is true.', approval === undefined ? 'work' : APPROVAL_STEP,
      { Variable: '{{ DryRun }}', StringEquals: 'true', NextStep: 'record' },
    ),
    ...approval === undefined ? [] : [approve(approval)],
    ...askUntilDone('work', 'verify', asked),
    ...askUntilDone('verify', 'record', asked),
    { ...ask('record', 'record', 'Writes the record of the run into the bucket, and its measured times.', asked), onFailure: 'step:fail', nextStep: outcomeOf('record') },
    branch(outcomeOf('record'), 'Ends the run if its record is written.', 'fail', { ...contains('record', Outcome.DONE), NextStep: 'finish' }),
    { ...sleep('finish', 'The run is complete.'), isEnd: true },
    {
      ...ask(RECORD_FAILURE, 'recordFailure', 'Writes the record of a failed run: completed work, remaining work and the reasons.', asked),
      onFailure: 'step:fail',
      nextStep: 'fail',
    },
    fail(),
  ];
}

function approve({ approvers, minRequiredApprovals, topicArn }: Approval): DocumentStep {
  return {
    name: APPROVAL_STEP,
    action: 'aws:approve',
    description: 'Waits until the approvers have approved the plan, at most 7 days.',
    timeoutSeconds: APPROVAL_TIMEOUT,
    onFailure: `step:${RECORD_FAILURE}`,
    nextStep: 'work',
    inputs: {
      ...topicArn === undefined ? {} : { NotificationArn: topicArn },
      Message: `Approve this plan: {{ ${resultOf('plan')}.Payload }}`,
      MinRequiredApprovals: minRequiredApprovals,
      Approvers: approvers,
    },
  };
}

/** A step that can't succeed: after the record is written, the run must be Failed, whatever led here. */
function fail(): DocumentStep {
  return {
    name: 'fail',
    action: 'aws:assertAwsResourceProperty',
    description: 'Ends the run as failed. The record in the bucket says why.',
    isEnd: true,
    isCritical: true, // the default of AWS, on which the status of the run depends
    inputs: { Service: 'sts', Api: 'GetCallerIdentity', PropertySelector: '$.Account', DesiredValues: [NO_ACCOUNT] },
  };
}
