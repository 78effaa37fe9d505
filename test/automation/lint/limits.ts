import type { AutomationDocument, Condition, DocumentParameter, DocumentStep } from '../document';
import { allSteps, innerSteps, isTrue } from '../document';
import { APPROVAL_SECONDS, Approval } from '../machine/approval';
import { OPERATORS } from '../machine/conditions';
import { endOfSleep } from '../machine/durations';
import { MOST_ITERATIONS } from '../machine/loops';
import { parameterProblems } from '../machine/parameters';
import { references } from '../machine/substitution';

/** @see https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const LARGEST_DOCUMENT = 64 * 1024;
/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html */
const DOCUMENT_NAME = /^[a-zA-Z0-9_.-]{3,128}$/;
/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html#automation-common */
const STEP_NAME = /^[a-zA-Z0-9_]+$/;
/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html */
const LONGEST_PARAMETER_NAME = 50;
/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html */
const LONGEST_INVOCATION = 300;

export function limitProblems(name: string, document: AutomationDocument): string[] {
  const steps = allSteps(document.mainSteps);
  const names = steps.map((step) => step.name);
  const size = Buffer.byteLength(JSON.stringify(document));
  return [
    ...DOCUMENT_NAME.test(name) ? [] : [`document: its name has 3 to 128 of a-z A-Z 0-9 _ . -: ${name}`],
    ...size > LARGEST_DOCUMENT ? [`document: it has ${size} bytes, more than ${LARGEST_DOCUMENT}`] : [],
    ...[...new Set(names.filter((each, index) => names.indexOf(each) !== index))].map((each) => `step ${each}: several steps have this name`),
    ...steps.filter((step) => !STEP_NAME.test(step.name)).map((step) => `step ${step.name}: its name may have a-z A-Z 0-9 _ only`),
    ...steps.flatMap((step) => problemsOfStep(step).map((problem) => `step ${step.name}: ${problem}`)),
    ...steps.flatMap(innerSteps).filter(({ isEnd }) => isTrue(isEnd))
      .map((step) => `step ${step.name}: isEnd in a loop, where AWS does not say what ends`),
    ...Object.entries(document.parameters ?? {}).flatMap(([parameter, declared]) => ownRules(parameter, declared)),
  ];
}

function problemsOfStep(step: DocumentStep): string[] {
  const { action, inputs, timeoutSeconds, description } = step;
  const seconds = Number(timeoutSeconds ?? 0);
  const common = description ? [] : ['it has no description'];
  switch (action) {
    case 'aws:invokeLambdaFunction':
      return [...common, ...tooLong(seconds, LONGEST_INVOCATION)];
    case 'aws:approve':
      return [...common, ...approvalProblems(inputs), ...tooLong(seconds, APPROVAL_SECONDS.longest)];
    case 'aws:loop':
      return [...common, ...loopProblems(step)];
    case 'aws:branch':
      return [...common, ...(inputs.Choices as Condition[] ?? []).flatMap(unknownOperators)];
    case 'aws:sleep':
      return [...common, ...references(inputs).length > 0 ? [] : refusalOf(() => endOfSleep(inputs, new Date(0)))];
    default:
      return common;
  }
}

const tooLong = (seconds: number, longest: number) => seconds > longest ? [`timeoutSeconds is ${longest} at most: ${seconds}`] : [];

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html */
function approvalProblems(inputs: Record<string, unknown>): string[] {
  const { NotificationArn = 'Automation', Approvers, MinRequiredApprovals } = inputs;
  const topic = String(NotificationArn).split(':').pop()!;
  return [
    ...references([Approvers, MinRequiredApprovals]).length > 0 ? [] : refusalOf(() => new Approval(inputs)),
    ...topic.startsWith('Automation') || references(topic).length > 0 ? [] : [`the name of its topic begins with Automation: ${topic}`],
  ];
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-loop.html */
function loopProblems({ inputs, onCancel }: DocumentStep): string[] {
  const { Iterators, LoopCondition, MaxIterations = MOST_ITERATIONS } = inputs;
  const rounds = Number(MaxIterations);
  return [
    ...references(MaxIterations).length > 0 || Number.isInteger(rounds) && rounds >= 1 && rounds <= MOST_ITERATIONS ? [] : [`MaxIterations is 1 to ${MOST_ITERATIONS}: ${MaxIterations}`],
    ...(Iterators === undefined) === (LoopCondition === undefined) ? ['it has either Iterators or a LoopCondition'] : [],
    ...LoopCondition === undefined ? [] : unknownOperators(LoopCondition as Condition),
    ...onCancel === undefined ? [] : ['a loop has no onCancel'],
  ];
}

function unknownOperators({ And = [], Or = [], Not, Variable: _, NextStep: __, ...operators }: Condition): string[] {
  return [
    ...Object.keys(operators).filter((operator) => !(operator in OPERATORS)).map((operator) => `${operator} is no operator`),
    ...[...And, ...Or, ...Not ? [Not] : []].flatMap(unknownOperators),
  ];
}

/** Ours: an operator sees what a parameter is for, and what is refused is refused by the form. */
function ownRules(name: string, parameter: DocumentParameter): string[] {
  const { description, allowedPattern, allowedValues, default: value } = parameter;
  const given = value === undefined || value === '' ? undefined : [value].flat().map(String);
  return [
    ...description ? [] : ['it has no description'],
    ...allowedPattern === undefined && allowedValues === undefined ? ['it has neither allowedPattern nor allowedValues'] : [],
    ...allowedPattern === undefined || /^\^.*\$$/s.test(allowedPattern) ? [] : ['its allowedPattern is not anchored by ^ and $'],
    ...name.length > LONGEST_PARAMETER_NAME ? [`its name has ${LONGEST_PARAMETER_NAME} characters at most`] : [],
    ...given && parameterProblems(name, parameter, given).length > 0 ? ['its default is not an allowed value'] : [],
  ].map((problem) => `parameter ${name}: ${problem}`);
}

function refusalOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
