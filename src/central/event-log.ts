import { Stack } from 'aws-cdk-lib';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EventRules } from '../alarms/event-rules';
import { Environment } from '../private/environment';
import { stableName } from '../private/physical-names';
import type { PropsErrors } from '../private/props-errors';
import { describe, inDays } from '../private/spans';

/** The retentions of Amazon CloudWatch Logs, in days. */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export function checkLogRetention(errors: PropsErrors, logRetention: Duration | undefined): void {
  const days = inDays(logRetention);
  errors.when(days !== undefined && !RETENTION_DAYS.includes(days),
    () => `'logRetention' must be one of ${RETENTION_DAYS.join(', ')} days, got ${describe(logRetention!)}`);
  errors.when(logRetention?.isUnresolved(), () => "'logRetention' must be known at synthesis, got a token");
}

/**
 * What is kept where.
 */
export interface EventLogProps {
  readonly logGroupName: string;
  readonly retention: Duration;
  readonly key: kms.IKey;
  readonly rules: EventRules;
  readonly pattern: object;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A log group, and the rule that puts events into it.
 */
export interface EventLog {
  readonly logGroup: logs.LogGroup;
  readonly rule: CfnRule;
}

/**
 * A log group for the events of a bus, encrypted with a customer managed key.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
 */
export function logEvents(scope: Construct, { logGroupName, retention, key, rules, pattern, removalPolicy }: EventLogProps): EventLog {
  const home = Environment.of(scope);
  const arn = `arn:${home.partitionIn(scope)}:logs:${home.region}:${home.account}:log-group:${logGroupName}`;
  key.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'LogGroupUsesKey',
    principals: [new iam.ServicePrincipal(`logs.${home.region}.amazonaws.com`)],
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    resources: ['*'],
    conditions: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': arn } },
  }));
  const logGroup = new logs.LogGroup(scope, 'Events', {
    logGroupName, retention: retention.toDays(), encryptionKey: key, removalPolicy,
  });

  const principals = [new iam.ServicePrincipal('events.amazonaws.com'), new iam.ServicePrincipal('delivery.logs.amazonaws.com')];
  const policyDocument = new iam.PolicyDocument({
    statements: [
      // Of the rule it is only said what it writes.
      new iam.PolicyStatement({ sid: 'MakeStreams', principals, actions: ['logs:CreateLogStream'], resources: [`${arn}:*`] }),
      new iam.PolicyStatement({
        sid: 'WriteEvents', principals, actions: ['logs:PutLogEvents'], resources: [`${arn}:*`], conditions: { ArnEquals: { 'aws:SourceArn': rules.arnOf('EventLog') } },
      }),
    ],
  });
  const policy = new logs.CfnResourcePolicy(scope, 'EventsPolicy', {
    policyName: stableName(200, scope, 'Events'),
    policyDocument: Stack.of(scope).toJsonString(policyDocument),
  });
  const rule = rules.deliver('EventLog', `Stores the events of backups in ${logGroupName}`, pattern, arn);
  rule.node.addDependency(logGroup, policy); // by its literal ARN, since that of the group ends otherwise
  return { logGroup, rule };
}
