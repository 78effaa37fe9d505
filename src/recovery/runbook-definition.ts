import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { RunbookDesign } from './runbook-design';
import { DOCUMENT_LIMIT, documentOf } from './runbook-document';
import { executionsOf } from './runbook-function';
import type { RunbookProps } from './runbook-props';
import { RUNBOOK_TAG } from '../execution/runbook.contract';
import { Environment } from '../private/environment';
import { validate } from '../private/messages';
import { stableNameOfAccount } from '../private/physical-names';

/**
 * Defines the role of a document: it may invoke the one function, and publish the request for approval.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
 */
export function defineDocumentRole(
  scope: Construct, documentName: string, handler: lambda.IFunction, { approvalTopic, permissionsBoundary }: RunbookProps,
): iam.Role {
  return new iam.Role(scope, 'DocumentRole', {
    roleName: stableNameOfAccount(64, scope, 'DocumentRole'),
    description: `Runs the document ${documentName}`,
    assumedBy: new iam.ServicePrincipal('ssm.amazonaws.com').withConditions({
      StringEquals: { 'aws:SourceAccount': Environment.of(scope).account },
      ArnLike: { 'aws:SourceArn': executionsOf(scope) },
    }),
    permissionsBoundary,
    inlinePolicies: {
      Run: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({ sid: 'AskFunction', actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }),
          ...approvalTopic === undefined ? [] : publishStatements(scope, approvalTopic),
        ],
      }),
    },
  });
}

function publishStatements(scope: Construct, { topicArn, masterKey }: sns.ITopic): iam.PolicyStatement[] {
  const service = `sns.${Stack.of(scope).region}.amazonaws.com`;
  return [
    new iam.PolicyStatement({ sid: 'RequestApproval', actions: ['sns:Publish'], resources: [topicArn] }),
    ...masterKey === undefined ? [] : [new iam.PolicyStatement({
      sid: 'UseTopicKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [masterKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': Environment.of(scope).partitionIn(scope) === 'aws-cn' ? [service, `${service}.cn`] : service } },
    })],
  ];
}

/** Defines the document. A change makes a new version of it, and whoever starts it asks for the latest one. */
export function defineDocument(
  scope: Construct, documentName: string, design: RunbookDesign, { functionName }: lambda.IFunction, { roleArn }: iam.IRole, props: RunbookProps,
): ssm.CfnDocument {
  const { approvers, minRequiredApprovals = 1, approvalTopic } = props;
  const approval = approvers && { approvers, minRequiredApprovals, topicArn: approvalTopic?.topicArn };
  const content = documentOf({ ...design, functionName, assumeRole: roleArn, approval });
  validate(scope, () => sizeProblems(scope, documentName, content));
  return new ssm.CfnDocument(scope, 'Document', {
    name: documentName,
    documentType: 'Automation',
    documentFormat: 'JSON',
    updateMethod: 'NewVersion',
    content,
    tags: [{ key: RUNBOOK_TAG, value: documentName }],
  });
}

function sizeProblems(scope: Construct, documentName: string, content: object): string[] {
  const size = Buffer.byteLength(JSON.stringify(Stack.of(scope).resolve(content)));
  return size <= DOCUMENT_LIMIT ? [] : [
    `document '${documentName}' has ${size} bytes, and AWS Systems Manager accepts at most ${DOCUMENT_LIMIT}: use several runbooks, each for fewer of what it recovers`,
  ];
}
