import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { throughSqs } from '../alarms/dead-letters';
import type { EventMessage } from '../alarms/event-message';
import type { EventRules } from '../alarms/event-rules';
import { STATUS_DETAIL_TYPE } from '../execution/runbook.contract';
import { AlarmSeverity } from '../notification/notify';
import { consoleDomain, Environment } from '../private/environment';

/** Statuses of an execution that did not end well. */
const NOT_COMPLETE = ['Failed', 'Cancelled', 'TimedOut', 'Rejected'];

const STEP_STATUS = 'EC2 Automation Step Status-change Notification';

/** The values of an event that the messages contain. */
const PATHS = { runbook: '$.detail.Definition', execution: '$.detail.ExecutionId', status: '$.detail.Status' };

/**
 * A runbook whose runs are watched.
 */
export interface WatchedRunbook {
  readonly documentName: string;
  readonly handler: lambda.IFunction;
  /** Whether its runs wait for approval. */
  readonly isApproved: boolean;
}

/**
 * Publishes what happens to a run, and has the record of a run that was stopped be written.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
 */
export function watchRuns(scope: Construct, rules: EventRules, { documentName, handler, isApproved }: WatchedRunbook): void {
  const { region } = Environment.of(scope);
  const ended = statusOf(documentName, ...NOT_COMPLETE);
  rules.publish('Progress', `A run of ${documentName} started, or it is complete`, statusOf(documentName, 'InProgress', 'Success'), {
    title: 'WARNING: Run of runbook <runbook>: <status>, account <account>, region <region>',
    description: ['Started by <by>. InProgress: the run started, or continues after an approval. Success: it is complete.'],
    nextSteps: nextSteps('See its steps, and its record after it ended:', region),
    paths: { ...PATHS, by: '$.detail.ExecutedBy' },
  });
  rules.publish('NotComplete', `A run of ${documentName} failed or was stopped`, ended, {
    title: 'CRITICAL: Run of runbook <runbook>: <status>, account <account>, region <region>',
    description: ['Started by <by>. Nothing is rolled back. Start the runbook again to complete the recovery.'],
    nextSteps: nextSteps('Read its record, which contains completed work, remaining work and the reasons:', region),
    paths: { ...PATHS, by: '$.detail.ExecutedBy' },
  }, AlarmSeverity.CRITICAL);
  if (isApproved) {
    publishWaiting(rules, documentName, region);
  }
  recordWhatWasStopped(scope, rules, ended, documentName, handler);
}

function publishWaiting(rules: EventRules, documentName: string, region: string): void {
  rules.publish('Approval', `A run of ${documentName} waits for approval`, {
    'source': ['aws.ssm'], 'detail-type': [STEP_STATUS], 'detail': { Definition: [documentName], Action: ['aws:approve'], Status: ['Waiting'] },
  }, {
    title: 'CRITICAL: Run of runbook <runbook>: waiting for approval, account <account>, region <region>',
    description: ['It continues after the approvers approve its plan, and fails after 7 days.'],
    nextSteps: nextSteps('Approve or deny it:', region),
    paths: PATHS,
  }, AlarmSeverity.CRITICAL);
}

/** A run that was stopped ends without its last steps. The function writes the record only if there is none. */
function recordWhatWasStopped(scope: Construct, rules: EventRules, pattern: object, documentName: string, handler: lambda.IFunction): void {
  const permission = new CfnPermission(scope, 'LetRecord', {
    action: 'lambda:InvokeFunction',
    functionName: handler.functionArn,
    principal: 'events.amazonaws.com',
    sourceAccount: Environment.of(scope).account,
    sourceArn: rules.arnOf('Record'),
  });
  reportWhatFailed(scope, rules, handler);
  rules.deliver('Record', `Writes the record of a run of ${documentName} that was stopped`, pattern, handler.functionArn).node.addDependency(permission);
}

/**
 * EventBridge invokes the function asynchronously, so nobody gets its error. After its retries, AWS Lambda puts the event and the error into the
 * queue of what was not delivered, whose alarm reports it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
function reportWhatFailed(scope: Construct, { undelivered: { arn, keyArn } }: EventRules, { functionName, role }: lambda.IFunction): void {
  const policy = new iam.Policy(scope, 'ReportFailure', {
    roles: [role!],
    statements: [
      new iam.PolicyStatement({ sid: 'ReportFailure', actions: ['sqs:SendMessage'], resources: [arn] }),
      new iam.PolicyStatement({
        sid: 'UseKeyOfQueue', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn], conditions: throughSqs(scope),
      }),
    ],
  });
  const config = new CfnEventInvokeConfig(scope, 'FailedRecord', {
    functionName, qualifier: '$LATEST', destinationConfig: { onFailure: { destination: arn } },
  });
  config.node.addDependency(policy); // AWS Lambda checks the permission
}

function statusOf(documentName: string, ...statuses: string[]): object {
  return { 'source': ['aws.ssm'], 'detail-type': [STATUS_DETAIL_TYPE], 'detail': { Definition: [documentName], Status: statuses } };
}

function nextSteps(what: string, region: string): EventMessage['nextSteps'] {
  return [`${what} https://<region>.${consoleDomain(region)}/systems-manager/automation/execution/<execution>?region=<region>`];
}
