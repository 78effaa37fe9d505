import type { ExecutedStep } from './execution-reads.lambda-shared';
import { inputOf, readFirst, timeOf } from './execution-reads.lambda-shared';
import { ENTRY_STEPS } from './runbook.contract';
import type { StepRequest } from './runbook.contract';
import { pages } from '../capture/aws-call.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';

/** Executions that have not ended. */
const UNENDED = ['Pending', 'InProgress', 'Waiting', 'Cancelling'];

/** Documents of AWS, which are no runbooks of this library: nobody else's may be called so. */
const DOCUMENT_OF_AWS = /^AWS/i;

/**
 * Other runs that touch what this one touches, and came before it; in words for an operator. Dry runs touch nothing.
 *
 * A run has come when its first step began. Whoever comes later sees that, whichever of the two was started first.
 */
export async function runsBefore(call: Call, request: StepRequest): Promise<string[]> {
  if (isDryRun(request)) {
    return [];
  }
  const unended = await pages(call, 'ssm', 'DescribeAutomationExecutions', { Filters: [{ Key: 'ExecutionStatus', Values: UNENDED }], MaxResults: 50 },
    { list: 'AutomationExecutionMetadataList', token: 'NextToken' });
  const others = unended.filter(({ AutomationExecutionId: id, DocumentName }) => id !== request.execution && !DOCUMENT_OF_AWS.test(DocumentName));
  if (others.length === 0) {
    return [];
  }
  const own = await readFirst(call, request.execution, ENTRY_STEPS);
  const problems: string[] = [];
  for (const { AutomationExecutionId: id, DocumentName, ExecutionStartTime, ExecutedBy } of others) {
    const first = await readFirst(call, id, ENTRY_STEPS);
    if (first === undefined || (own !== undefined && isBefore(own, request.execution, first, id))) {
      continue;
    }
    const input = inputOf(first, 'InputPayload') as StepRequest | undefined;
    if (!(input && isDryRun(input)) && touchesSame(request, input)) {
      const what = Array.isArray(input?.targets) ? `also changes ${input.targets.join(', ')}` : 'does not report what it changes';
      problems.push(`execution ${id} of ${DocumentName}, which ${ExecutedBy} started at ${new Date(timeOf(ExecutionStartTime)).toISOString()}, ${what}: `
        + `wait for its end, or stop it with aws ssm stop-automation-execution --automation-execution-id ${id}, and start this runbook again`);
    }
  }
  return problems;
}

/** Whether one run came before another. If they came at once, their IDs decide. */
function isBefore(one: ExecutedStep, id: string, other: ExecutedStep, otherId: string): boolean {
  return one.begunAt < other.begunAt || (one.begunAt === other.begunAt && id < otherId);
}

/** Whether one of the targets of a run is one of another's, or is below it. A run that does not say what it touches might touch all. */
function touchesSame({ targets }: StepRequest, other: StepRequest | undefined): boolean {
  const isBelow = (one: string, another: string) => `${one}/`.startsWith(`${another}/`);
  return !Array.isArray(other?.targets) || targets.some((one) => other.targets.some((another) => isBelow(one, another) || isBelow(another, one)));
}

function isDryRun({ parameters }: StepRequest): boolean {
  return parameters?.DryRun === 'true';
}
