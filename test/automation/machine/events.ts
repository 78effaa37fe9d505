import type { AutomationExecution, Status, StepExecution } from '../executions';
import type { AutomationEvent } from '../ports';
import { partitionOf } from './substitution';

interface Place {
  readonly region: string;
  readonly accountId: string;
}

/**
 * The event of an execution whose status changed.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
 */
export function executionEvent(place: Place, execution: AutomationExecution, at: Date): AutomationEvent {
  return {
    ...envelope(place, 'EC2 Automation Execution Status-change Notification', execution, at),
    detail: {
      ...definition(execution),
      ...times(execution.AutomationExecutionStatus, execution.ExecutionStartTime, execution.ExecutionEndTime, at),
      ExecutedBy: execution.ExecutedBy,
    },
  };
}

/** The event of a step whose status changed. */
export function stepEvent(place: Place, execution: AutomationExecution, step: StepExecution, at: Date): AutomationEvent {
  return {
    ...envelope(place, 'EC2 Automation Step Status-change Notification', execution, at),
    detail: {
      ...definition(execution),
      ...times(step.StepStatus, step.ExecutionStartTime, step.ExecutionEndTime, at),
      StepName: step.StepName,
      Action: step.Action,
    },
  };
}

function envelope({ region, accountId }: Place, type: string, execution: AutomationExecution, at: Date) {
  const { AutomationExecutionId, DocumentName, DocumentVersion } = execution;
  const prefix = `arn:${partitionOf(region)}:ssm:${region}:${accountId}`;
  return {
    'source': 'aws.ssm' as const,
    'detail-type': type,
    'account': accountId,
    region,
    'time': at.toISOString().replace(/\.\d+Z$/, 'Z'),
    'resources': [
      `${prefix}:automation-execution/${AutomationExecutionId}`,
      `${prefix}:automation-definition/${DocumentName}:${DocumentVersion}`,
    ],
  };
}

const definition = ({ AutomationExecutionId, DocumentName, DocumentVersion }: AutomationExecution) => ({
  ExecutionId: AutomationExecutionId,
  Definition: DocumentName,
  DefinitionVersion: Number(DocumentVersion),
});

/** `Time` is the duration in milliseconds: 2630 in AWS's example of a step that took two seconds. */
function times(status: Status, start: Date | undefined, end: Date | undefined, at: Date) {
  return {
    Status: status,
    ...start && { StartTime: written(start), Time: (end ?? at).getTime() - start.getTime() },
    ...end && { EndTime: written(end) },
  };
}

/** As in the example: `Nov 29, 2024 7:43:25 PM`. */
function written(time: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: 'UTC', month: 'short', day: 'numeric', year: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit', hour12: true,
  }).formatToParts(time);
  const part = (type: string) => parts.find((each) => each.type === type)!.value;
  return `${part('month')} ${part('day')}, ${part('year')} ${part('hour')}:${part('minute')}:${part('second')} ${part('dayPeriod')}`;
}
