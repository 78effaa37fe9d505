import { CallError, CaptureError } from '../capture/aws-call.lambda-shared';

/** Members of inputs that may have values which nobody may repeat: variables, options of logging, commands, inputs and headers of targets. */
const MEMBERS_WITH_VALUES = [
  'containerDefinitions', 'containerOverrides', 'overrides', 'environment', 'options', 'command', 'Input', 'InputTransformer', 'HttpParameters',
  'RedshiftDataParameters', 'RunCommandParameters', 'SageMakerPipelineParameters', 'AppSyncParameters',
];

/** Where AWS says what is wrong with a member: `Value '…' at 'containerDefinitions.1.member.cpu' failed to satisfy constraint`. */
const MEMBER_PATH = /\bat '([A-Za-z0-9.]{1,200})' failed/g;

const LONGEST_EXPLANATION = 500;

/**
 * As much of a message of AWS as a report may have: all of it, or only the paths of members if the input has values in it.
 */
export function explanationOf(message: string, input: object): string | undefined {
  if (!hasValues(input)) {
    return message.slice(0, LONGEST_EXPLANATION) || undefined;
  }
  const paths = [...message.matchAll(MEMBER_PATH)].map(([, path]) => path).filter((path) => isPathIn(input, path.split('.')));
  return paths.length === 0 ? undefined : `not as it must be: ${[...new Set(paths)].join(', ')}`;
}

/** Why something failed, in words for an operator, without values of what is restored. */
export function reportOf(error: unknown): string {
  if (error instanceof CallError) {
    return error.explanation === undefined ? `${error.name}: ${error.message}` : `${error.name}: ${error.explanation} (${error.message})`;
  }
  if (error instanceof CaptureError) {
    return `${error.name}: ${error.message}`;
  }
  return `${error instanceof Error ? error.name : 'an unknown error'} in the function of the runbook: report it with the log of the function`;
}

/** Whether a call was not made because there was no more time for it. */
export function isOutOfTime(error: unknown): boolean {
  return error instanceof CallError && error.name === 'OutOfTime';
}

function hasValues(input: unknown): boolean {
  return typeof input === 'object' && input !== null && !Buffer.isBuffer(input)
    && Object.entries(input).some(([name, member]) => (MEMBERS_WITH_VALUES.includes(name) && member !== undefined) || hasValues(member));
}

/** Whether all names of a path are those of members, so that none is a value. Items of lists are `<number>.member`. */
function isPathIn(value: any, [name, ...rest]: string[]): boolean {
  if (name === undefined) {
    return true;
  }
  if (Array.isArray(value)) {
    return /^\d+$/.test(name) && rest[0] === 'member' && isPathIn(value[Number(name) - 1], rest.slice(1));
  }
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) && isPathIn(value[name], rest);
}
