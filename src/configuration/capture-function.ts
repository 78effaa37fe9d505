import * as path from 'path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { CAPTURE_TIMEOUT } from './capture-queues';
import type { CaptureQueue, CaptureQueues } from './capture-queues';
import { throughSqs } from '../alarms/dead-letters';
import { EVENT_SOURCE, QUEUE_VARIABLE, SETTINGS_VARIABLE } from '../capture/capture.contract';
import type { CaptureSettings } from '../capture/capture.contract';
import { handlerRuntime, suppressFindings } from '../handlers/handler-function';
import { Environment } from '../private/environment';
import { validate } from '../private/messages';
import { suppressWildcards } from '../private/nag-suppressions';
import { stableNameOfAccount } from '../private/physical-names';

/** The lowest limit of AWS Lambda on the concurrency of an event source. */
const CONCURRENCY = 2;

/** Enough for a cluster with 2,000 services, by the benchmark. */
const MEMORY = 512;

/**
 * The function that captures, and what it may do.
 */
export interface CaptureFunctionProps {
  /** The folder of the bundle below `assets`. */
  readonly bundle: string;
  readonly settings: Omit<CaptureSettings, 'queueUrl'>;
  readonly queues: CaptureQueues;
  readonly queueKey: kms.IKey;
  readonly roleName?: string;
  readonly permissionsBoundary?: iam.IManagedPolicy;
  /** What it reads and writes, each statement with the reason for its wildcard, if it has one. */
  readonly statements: ReadonlyMap<iam.PolicyStatement, string | undefined>;
}

/**
 * A function with its role and its log group.
 */
export interface CaptureFunction {
  readonly handler: lambda.Function;
  readonly role: iam.Role;
}

/** Defines the function, and has it receive the messages of both queues. */
export function defineFunction(scope: Construct, props: CaptureFunctionProps): CaptureFunction {
  const { bundle, settings, queues } = props;
  const logGroup = new logs.LogGroup(scope, 'Logs', { retention: logs.RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.DESTROY });
  const statements = new Map([...props.statements, ...ownStatements(scope, props, logGroup).map((statement) => [statement, undefined] as const)]);
  const role = new iam.Role(scope, 'Role', {
    roleName: props.roleName ?? stableNameOfAccount(64, scope, 'Role'),
    description: `Captures configuration for ${settings.backup}`,
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    permissionsBoundary: props.permissionsBoundary,
    inlinePolicies: { Capture: new iam.PolicyDocument({ statements: [...statements.keys()] }) },
  });
  suppressWildcards(role, statements);
  const handler = new lambda.Function(scope, 'Handler', {
    description: `Captures configuration for ${settings.backup}`,
    code: lambda.Code.fromAsset(path.join(__dirname, '../../assets', bundle)),
    handler: 'index.handler',
    runtime: handlerRuntime(),
    architecture: lambda.Architecture.ARM_64,
    memorySize: MEMORY,
    timeout: CAPTURE_TIMEOUT,
    environment: { [SETTINGS_VARIABLE]: Stack.of(scope).toJsonString(settings), [QUEUE_VARIABLE]: queues.captures.url },
    role,
    logGroup,
  });
  suppressFindings(handler);
  validate(scope, () => policyProblems(role));
  receive(scope, 'Captures', handler, queues.captures);
  if (queues.changes) {
    receive(scope, 'Changes', handler, queues.changes);
  }
  return { handler, role };
}

/** What IAM accepts for the inline policies of a role, without white space. */
const POLICY_LIMIT = 10_240;

function policyProblems(role: iam.Role): string[] {
  const { policies } = role.node.defaultChild as iam.CfnRole;
  const size = JSON.stringify(Stack.of(role).resolve(policies) ?? '').length;
  return size <= POLICY_LIMIT ? [] : [
    `the policy of role '${role.node.path}' has ${size} characters, and IAM accepts at most ${POLICY_LIMIT}: capture all of the account and region, or use several constructs, each with fewer names`,
  ];
}

/** No reserved concurrency: it fails in an account with a quota of 10. */
function receive(scope: Construct, id: string, handler: lambda.Function, { arn }: CaptureQueue): void {
  new lambda.CfnEventSourceMapping(scope, `${id}Source`, {
    functionName: handler.functionName,
    eventSourceArn: arn,
    batchSize: 1,
    scalingConfig: { maximumConcurrency: CONCURRENCY },
  }).node.addDependency(handler.role!);
}

function ownStatements(scope: Construct, { queues, queueKey }: CaptureFunctionProps, logGroup: logs.ILogGroup): iam.PolicyStatement[] {
  const { account, region } = Environment.of(scope);
  const { captures, changes } = queues;
  return [
    new iam.PolicyStatement({ sid: 'WriteLogs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    new iam.PolicyStatement({
      sid: 'Receive',
      actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      resources: [captures.arn, ...changes ? [changes.arn] : []],
    }),
    new iam.PolicyStatement({ sid: 'Send', actions: ['sqs:SendMessage'], resources: [captures.arn] }),
    new iam.PolicyStatement({
      sid: 'UseQueueKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [queueKey.keyArn],
      conditions: throughSqs(scope),
    }),
    new iam.PolicyStatement({
      sid: 'Report',
      actions: ['events:PutEvents'],
      resources: [`arn:${Environment.of(scope).partitionIn(scope)}:events:${region}:${account}:event-bus/default`],
      conditions: {
        'ForAllValues:StringEquals': { 'events:source': EVENT_SOURCE }, // a call can put several events
        'Null': { 'events:source': 'false' }, // the other condition holds where there is no source
      },
    }),
  ];
}
