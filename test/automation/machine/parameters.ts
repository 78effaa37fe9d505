import { plain } from './conditions';
import type { AutomationDocument, DocumentParameter } from '../document';
import { Refusal } from '../refusals';

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html#systemsmanager-StartAutomationExecution-request-Parameters */
const LONGEST_VALUE = 512;
const MOST_VALUES = 50;

/**
 * The values of a document's parameters, from what StartAutomationExecution was given and the defaults, in the types that the document declares.
 *
 * All problems come in one refusal. AWS's reference names the error, not how it words it.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 */
export function parameterValues(document: AutomationDocument, given: Record<string, string[]>): Record<string, unknown> {
  const declared = document.parameters ?? {};
  const problems = [
    ...Object.keys(given).filter((name) => !(name in declared)).map((name) => `Parameter "${name}" is not defined in the document.`),
    ...Object.entries(declared).flatMap(([name, parameter]) => parameterProblems(name, parameter, given[name])),
  ];
  if (problems.length > 0) {
    throw new Refusal('InvalidAutomationExecutionParametersException', problems.join(' '));
  }
  return Object.fromEntries(Object.entries(declared)
    .map(([name, parameter]) => [name, given[name] ? typed(parameter, given[name]) : parameter.default]));
}

/** What is wrong with the values given for one parameter. */
export function parameterProblems(name: string, parameter: DocumentParameter, given: string[] | undefined): string[] {
  if (given === undefined) {
    return parameter.default === undefined ? [`Parameter "${name}" is required.`] : [];
  }
  const { allowedPattern, allowedValues, minItems = 0, maxItems = MOST_VALUES, minChars = 1, maxChars = LONGEST_VALUE } = parameter;
  const several = isList(parameter);
  return [
    ...!several && given.length !== 1 ? [`Parameter "${name}" takes one value.`] : [],
    ...several && (given.length < minItems || given.length > maxItems) ? [`Parameter "${name}" takes ${minItems} to ${maxItems} values.`] : [],
    ...given.flatMap((value) => [
      ...value.length < minChars || value.length > maxChars ? [`A value of parameter "${name}" has ${minChars} to ${maxChars} characters.`] : [],
      ...allowedValues && !allowedValues.map(plain).includes(value) ? [`"${value}" is not an allowed value of parameter "${name}".`] : [],
      ...allowedPattern && !new RegExp(allowedPattern).test(value) ? [`"${value}" of parameter "${name}" does not match ${allowedPattern}.`] : [],
      ...wrongType(parameter, value) ? [`"${value}" of parameter "${name}" is not of type ${parameter.type}.`] : [],
    ]),
  ];
}

const isList = ({ type }: DocumentParameter) => /^(StringList|List<.*>)$/.test(type);

function wrongType({ type }: DocumentParameter, value: string): boolean {
  switch (type) {
    case 'Boolean':
      return !/^(true|false)$/i.test(value);
    case 'Integer':
      return !/^-?\d+$/.test(value);
    case 'StringMap':
    case 'MapList':
      return !isJson(value);
    default:
      return false;
  }
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

function typed(parameter: DocumentParameter, values: string[]): unknown {
  switch (parameter.type) {
    case 'Boolean':
      return values[0].toLowerCase() === 'true';
    case 'Integer':
      return Number(values[0]);
    case 'StringMap':
    case 'MapList':
      return JSON.parse(values[0]);
    default:
      return isList(parameter) ? values : values[0];
  }
}
