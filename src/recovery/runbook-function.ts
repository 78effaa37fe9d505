import * as path from 'path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { SETTINGS_VARIABLE } from '../execution/runbook.contract';
import type { RunbookSettings } from '../execution/runbook.contract';
import { handlerRuntime, suppressFindings } from '../handlers/handler-function';
import { Environment } from '../private/environment';
import { validate } from '../private/messages';
import { suppressWildcards } from '../private/nag-suppressions';
import { stableNameOfAccount } from '../private/physical-names';

/** Less than what Automation waits for a function, so that the function ends by itself. */
const TIMEOUT = Duration.seconds(290);

const MEMORY = 512;

/** What IAM accepts for the inline policies of a role, without white space. */
const POLICY_LIMIT = 10_240;

/**
 * The function of a runbook, and what it may do.
 */
export interface RunbookFunctionProps {
  /** The folder of the bundle below `assets`. */
  readonly bundle: string;
  readonly settings: RunbookSettings;
  readonly permissionsBoundary?: iam.IManagedPolicy;
  /** What it may do for the runbook, each statement with the reason for its wildcard, if it has one. */
  readonly statements: ReadonlyMap<iam.PolicyStatement, string | undefined>;
}

/**
 * A function with its role.
 */
export interface RunbookFunction {
  readonly handler: lambda.Function;
  readonly role: iam.Role;
}

/** Defines the function. No reserved concurrency: it fails in an account with a quota of 10. */
export function defineRunbookFunction(scope: Construct, { bundle, settings, permissionsBoundary, ...props }: RunbookFunctionProps): RunbookFunction {
  const description = `Recovers for the runbook ${settings.runbook}`;
  const logGroup = new logs.LogGroup(scope, 'Logs', { retention: logs.RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.DESTROY });
  const statements = new Map([...props.statements, ...ownStatements(scope, logGroup)]);
  const role = new iam.Role(scope, 'Role', {
    roleName: stableNameOfAccount(64, scope, 'Role'), // policies of buckets in other accounts contain it
    description,
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    permissionsBoundary,
    inlinePolicies: { Recover: new iam.PolicyDocument({ statements: [...statements.keys()] }) },
  });
  suppressWildcards(role, statements);
  const handler = new lambda.Function(scope, 'Handler', {
    description,
    code: lambda.Code.fromAsset(path.join(__dirname, '../../assets', bundle)),
    handler: 'index.handler',
    runtime: handlerRuntime(),
    architecture: lambda.Architecture.ARM_64,
    memorySize: MEMORY,
    timeout: TIMEOUT,
    environment: { [SETTINGS_VARIABLE]: Stack.of(scope).toJsonString(settings) },
    role,
    logGroup,
  });
  suppressFindings(handler);
  validate(scope, () => policyProblems(role));
  return { handler, role };
}

function ownStatements(scope: Construct, { logGroupArn }: logs.ILogGroup): [iam.PolicyStatement, string | undefined][] {
  const allow = (sid: string, actions: string[], resource: string) => new iam.PolicyStatement({ sid, actions, resources: [resource] });
  return [
    [allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroupArn), undefined],
    [
      allow('ListExecutions', ['ssm:DescribeAutomationExecutions'], '*'),
      'Listing executions can not be limited to some. The function looks for other runs that touch what this one touches.',
    ],
    [
      allow('ReadExecutions', ['ssm:GetAutomationExecution', 'ssm:DescribeAutomationStepExecutions'], executionsOf(scope)),
      'The ID of an execution is known only when it starts. The function reads the steps of its own run, and the targets of other runs.',
    ],
  ];
}

/** Pattern of the ARNs of all executions of the account and region. */
export function executionsOf(scope: Construct): string {
  const home = Environment.of(scope);
  return `arn:${home.partitionIn(scope)}:ssm:${home.region}:${home.account}:automation-execution/*`;
}

function policyProblems(role: iam.Role): string[] {
  const { policies } = role.node.defaultChild as iam.CfnRole;
  const size = JSON.stringify(Stack.of(role).resolve(policies) ?? '').length;
  return size <= POLICY_LIMIT ? [] : [
    `the policy of role '${role.node.path}' has ${size} characters, and IAM accepts at most ${POLICY_LIMIT}: use several runbooks, each for fewer of what it recovers`,
  ];
}
