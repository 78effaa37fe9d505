import type { AutomationDocument, DocumentStep } from '../document';
import { allSteps, innerSteps } from '../document';
import type { Flow } from './flow';
import { conditionOf } from './flow';
import { references, SYSTEM_VARIABLES } from '../machine/substitution';

/** The outputs of the actions, which no document has to declare. Others have those that they declare. */
const OUTPUTS: Record<string, string[]> = {
  'aws:approve': ['ApprovalStatus', 'ApproverDecisions'], // automation-action-approve.html
  'aws:executeScript': ['Payload'], // automation-action-executeScript.html
  'aws:invokeLambdaFunction': ['StatusCode', 'FunctionError', 'LogResult', 'Payload'], // automation-action-lamb.html
  'aws:loop': ['CurrentIteration', 'CurrentIteratorValue'], // automation-action-loop.html
};

/**
 * Each `{{ }}` is a parameter, a system variable, or an output of a step that can have succeeded before.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-variables.html
 */
export function referenceProblems(document: AutomationDocument, flow: Flow): string[] {
  const parameters = Object.keys(document.parameters ?? {});
  const steps = allSteps(document.mainSteps);
  const known = (name: string) => parameters.includes(name) || SYSTEM_VARIABLES.includes(name);
  const problemsAt = (place: string, at: string, value: unknown): string[] => [...new Set(references(value))].flatMap((name) => {
    const [step, output] = name.split('.');
    const named = steps.find((each) => each.name === step);
    if (output === undefined || !named) {
      return known(name) ? [] : [`${place}: {{ ${name} }} is no parameter, no variable of Automation and no output of a step`];
    }
    if (!outputsOf(named).includes(output)) {
      return [`${place}: step ${step} has no output ${output}`];
    }
    return contains(named, at) || flow.canPrecede(step, at) ? [] : [`${place}: step ${step} can't have succeeded before, so {{ ${name} }} has no value`];
  });
  return [
    ...references(document.assumeRole).filter((name) => !parameters.includes(name)).map((name) => `assumeRole: {{ ${name} }} is no parameter`),
    ...steps.flatMap((step) => {
      const { Steps: _, LoopCondition, ...inputs } = step.inputs;
      return [
        ...problemsAt(`step ${step.name}`, step.name, [inputs, step.timeoutSeconds]),
        ...problemsAt(`step ${step.name}`, conditionOf(step.name), LoopCondition),
      ];
    }),
    ...(document.outputs ?? []).filter((name) => !steps.some((step) => outputsOf(step).some((output) => name === `${step.name}.${output}`)))
      .map((name) => `outputs: ${name} is no output of a step`),
  ];
}

const outputsOf = ({ action, outputs = [] }: DocumentStep): string[] => [...OUTPUTS[action] ?? [], ...outputs.map(({ Name }) => Name)];

/** Whether a place is in a loop, whose round it can ask for. */
function contains(loop: DocumentStep, place: string): boolean {
  return place === conditionOf(loop.name) || allSteps(innerSteps(loop)).some(({ name }) => name === place);
}
