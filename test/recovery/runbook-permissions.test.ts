import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Setup } from './setup';
import type { RunbookProps } from '../../src/recovery/runbook-props';
import { decide, Rendered } from '../policies';
import type { Request } from '../policies';
import { INFRASTRUCTURE, IRELAND, LONDON, supportStackOf } from '../stacks';

const NAME = 'restore-shop';
const ssmArn = (resource: string) => `arn:aws:ssm:${LONDON}:${INFRASTRUCTURE}:${resource}`;
const DOCUMENT = ssmArn(`document/${NAME}`);
const EXECUTION = ssmArn('automation-execution/333ba70b-2333-48db-b17e-a5e69c6f4d1c');
const FUNCTION = `arn:aws:lambda:${LONDON}:${INFRASTRUCTURE}:function:RestoreHandlerE9B29CA8`;
const [FUNCTION_ROLE, DOCUMENT_ROLE] = ['Workload-Restore-Role-3e273e92-eu-west-2', 'Workload-Restore-DocumentRole-5591a951-eu-west-2'];

/** What a role of the stack may do by its own policies. */
function decisions(setup: Setup, role: string, ...asked: Pick<Request, 'action' | 'resource' | 'context'>[]): string[] {
  const identityPolicies = setup.rendered.identityPolicies(role);
  return decide(asked.map((rest, index) => ({
    name: `${index}`, identityPolicies, request: { principal: `arn:aws:iam::${INFRASTRUCTURE}:role/${role}`, resourceAccount: INFRASTRUCTURE, ...rest },
  })));
}

function defined(props: Partial<RunbookProps> = {}): Setup {
  const setup = new Setup();
  setup.define({ documentName: NAME, ...props });
  return setup;
}

test('the role of the document may invoke its function, and nothing else', () => {
  const setup = defined();

  expect(decisions(setup, DOCUMENT_ROLE,
    { action: 'lambda:InvokeFunction', resource: FUNCTION },
  )).toEqual(['Allowed']);
  expect(setup.rendered.identityPolicies(DOCUMENT_ROLE)).toEqual([{
    Version: '2012-10-17', Statement: [{ Sid: 'AskFunction', Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: FUNCTION }],
  }]);
});

test('with a topic for approvals, it may publish there, with the key of the topic', () => {
  const setup = new Setup();
  const masterKey = new kms.Key(setup.stack, 'Key');
  const approvalTopic = new sns.Topic(setup.stack, 'Topic', { topicName: 'AutomationApprovals', masterKey });
  setup.define({ approvers: ['arn:aws:iam::222222222222:role/Approver'], approvalTopic });

  expect(setup.rendered.identityPolicies(DOCUMENT_ROLE)[0]).toMatchObject({
    Statement: [
      { Sid: 'AskFunction' },
      { Sid: 'RequestApproval', Action: 'sns:Publish', Resource: expect.stringMatching(/^arn:aws:sns:eu-west-2:222222222222:/) },
      {
        Sid: 'UseTopicKey',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: expect.stringMatching(/^arn:aws:kms:eu-west-2:222222222222:key\//),
        Condition: { StringEquals: { 'kms:ViaService': 'sns.eu-west-2.amazonaws.com' } },
      },
    ],
  });
});

test('only AWS Systems Manager of the account, for an execution, assumes the role of the document', () => {
  const { AssumeRolePolicyDocument } = defined().rendered.only('AWS::IAM::Role', ({ RoleName }) => RoleName === DOCUMENT_ROLE);

  expect(AssumeRolePolicyDocument.Statement).toEqual([{
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'ssm.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': INFRASTRUCTURE }, ArnLike: { 'aws:SourceArn': ssmArn('automation-execution/*') } },
  }]);
});

test('the role of the function may do what the runbook does, and look at executions', () => {
  expect(decisions(defined(), FUNCTION_ROLE,
    { action: 'ecs:DescribeClusters', resource: `arn:aws:ecs:${LONDON}:${INFRASTRUCTURE}:cluster/shop` },
    { action: 'ssm:DescribeAutomationExecutions', resource: '*' },
    { action: 'ssm:GetAutomationExecution', resource: EXECUTION },
    { action: 'ssm:DescribeAutomationStepExecutions', resource: EXECUTION },
  )).toEqual(Array(4).fill('Allowed'));
});

test.each([
  ['the bucket', LONDON, 0, 'arn:aws:s3:::snapshots/', 's3.eu-west-2.amazonaws.com'],
  ['the replica', IRELAND, 1, 'arn:aws:s3:::snapshots-replica/', 's3.eu-west-1.amazonaws.com'],
])('a runbook reads snapshots in %s of its region, and writes records there, and neither in the other', (_, region, side, objects, service) => {
  const setup = new Setup({}, region);
  const { role } = setup.define({ documentName: NAME });
  const { roleName } = role.node.defaultChild as iam.CfnRole;
  const policies = [setup.archive, supportStackOf(setup.archive, IRELAND)].map((stack, index) => JSON.stringify(Rendered.of(stack).bucketPolicy(['snapshots', 'snapshots-replica'][index])));
  const own = JSON.stringify(setup.rendered.identityPolicies(roleName!));

  expect(policies.map((policy) => policy.includes(`arn:aws:iam::${INFRASTRUCTURE}:role/${roleName}`))).toEqual([side === 0, side === 1]);
  expect(['GetEcsAndRecords', 'ListEcsAndRecords', 'PutRecords'].filter((sid) => !policies[side].includes(`"${sid}"`))).toEqual([]);
  expect([...new Set(own.match(/arn:aws:s3:::[^/"]+\//g))]).toEqual([objects]);
  expect([...new Set(own.match(/s3\.[a-z0-9-]+\.amazonaws\.com/g))]).toEqual([service]);
});

test('the role of the function may put what it could not do into the queue of undelivered events, with its key only through Amazon SQS', () => {
  const setup = defined();
  const { KmsMasterKeyId: key } = setup.rendered.only('AWS::SQS::Queue');
  const { DestinationConfig: { OnFailure: { Destination: queue } } } = setup.rendered.only('AWS::Lambda::EventInvokeConfig');
  const request = { principal: `arn:aws:iam::${INFRASTRUCTURE}:role/${FUNCTION_ROLE}`, resourceAccount: INFRASTRUCTURE, action: 'kms:GenerateDataKey', resource: key };
  const useKey = (service: string) => decide([{
    name: service,
    identityPolicies: setup.rendered.identityPolicies(FUNCTION_ROLE),
    resourcePolicy: setup.rendered.keyPolicy(key),
    request: { ...request, context: { 'kms:ViaService': `${service}.eu-west-2.amazonaws.com` } },
  }]);

  expect(decisions(setup, FUNCTION_ROLE, { action: 'sqs:SendMessage', resource: queue }, { action: 'sqs:ReceiveMessage', resource: queue })).toEqual(['Allowed', 'ImplicitlyDenied']);
  expect([...useKey('sqs'), ...useKey('sns')]).toEqual(['Allowed', 'ImplicitlyDenied']);
});

test('the role of the function may neither start, signal nor stop executions, nor delete records', () => {
  expect(decisions(defined(), FUNCTION_ROLE,
    { action: 'ssm:StartAutomationExecution', resource: DOCUMENT },
    { action: 'ssm:SendAutomationSignal', resource: EXECUTION },
    { action: 'ssm:StopAutomationExecution', resource: EXECUTION },
    { action: 's3:DeleteObject', resource: 'arn:aws:s3:::snapshots/records/222222222222/restore-shop/x.json' },
    { action: 'iam:PassRole', resource: `arn:aws:iam::${INFRASTRUCTURE}:role/${DOCUMENT_ROLE}` },
    { action: 'lambda:InvokeFunction', resource: FUNCTION },
  )).toEqual(Array(6).fill('ImplicitlyDenied'));
});

test('both roles have the permissions boundary', () => {
  const setup = new Setup();
  setup.define({ permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(setup.stack, 'Boundary', 'arn:aws:iam::222222222222:policy/boundary') });

  expect([FUNCTION_ROLE, DOCUMENT_ROLE].map((role) => setup.rendered.only('AWS::IAM::Role', ({ RoleName }) => RoleName === role).PermissionsBoundary))
    .toEqual(Array(2).fill('arn:aws:iam::222222222222:policy/boundary'));
});

describe('an operator who may start the runbook', () => {
  const setup = new Setup();
  const runbook = setup.define({ documentName: NAME });
  const own = new iam.PolicyStatement({ actions: ['sts:GetCallerIdentity'], resources: ['*'] });
  const operator = new iam.Role(setup.stack, 'Operator', { roleName: 'operator', assumedBy: new iam.AccountRootPrincipal(), inlinePolicies: { own: new iam.PolicyDocument({ statements: [own] }) } });
  const grant = runbook.grants.start(operator);
  const TAG = { 'aws:ResourceTag/cdk-backup-dr:runbook': NAME };

  test('starts it with its tag, watches it, signals it and stops it', () => {
    expect(grant.success).toBe(true);
    expect(decisions(setup, 'operator',
      { action: 'ssm:StartAutomationExecution', resource: DOCUMENT },
      ...['Start', 'Get', 'Stop'].map((verb) => ({ action: `ssm:${verb}AutomationExecution`, resource: EXECUTION, context: TAG })),
      { action: 'ssm:DescribeAutomationStepExecutions', resource: EXECUTION },
      { action: 'ssm:SendAutomationSignal', resource: EXECUTION, context: TAG },
      { action: 'ssm:AddTagsToResource', resource: EXECUTION, context: { 'aws:RequestTag/cdk-backup-dr:runbook': NAME } },
      { action: 'ssm:AddTagsToResource', resource: EXECUTION, context: { 'aws:RequestTag/cdk-backup-dr:runbook': NAME, ...TAG } },
      { action: 'ssm:DescribeAutomationExecutions', resource: '*' },
      { action: 'iam:PassRole', resource: `arn:aws:iam::${INFRASTRUCTURE}:role/${DOCUMENT_ROLE}`, context: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
    )).toEqual(Array(10).fill('Allowed'));
  });

  test('can do nothing with another document, with an execution without the tag, and with the role elsewhere', () => {
    expect(decisions(setup, 'operator',
      { action: 'ssm:StartAutomationExecution', resource: ssmArn('document/other') },
      ...['Start', 'Get', 'Stop'].map((verb) => ({ action: `ssm:${verb}AutomationExecution`, resource: EXECUTION })),
      { action: 'ssm:StopAutomationExecution', resource: EXECUTION, context: { 'aws:ResourceTag/cdk-backup-dr:runbook': 'other' } },
      { action: 'ssm:SendAutomationSignal', resource: EXECUTION },
      { action: 'ssm:AddTagsToResource', resource: EXECUTION, context: { 'aws:RequestTag/cdk-backup-dr:runbook': 'other' } },
      { action: 'ssm:AddTagsToResource', resource: EXECUTION, context: { 'aws:RequestTag/cdk-backup-dr:runbook': NAME, 'aws:ResourceTag/cdk-backup-dr:runbook': 'other' } },
      { action: 'ssm:AddTagsToResource', resource: DOCUMENT, context: { 'aws:RequestTag/cdk-backup-dr:runbook': NAME } },
      { action: 'iam:PassRole', resource: `arn:aws:iam::${INFRASTRUCTURE}:role/${DOCUMENT_ROLE}`, context: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      { action: 'iam:PassRole', resource: `arn:aws:iam::${INFRASTRUCTURE}:role/${FUNCTION_ROLE}`, context: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
      { action: 'lambda:InvokeFunction', resource: FUNCTION },
      { action: 'ssm:UpdateDocument', resource: DOCUMENT },
    )).toEqual(Array(13).fill('ImplicitlyDenied'));
  });
});
