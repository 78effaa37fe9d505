import { Captured } from './captured';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { ECS_READS } from '../../src/ecs-config/ecs-reads.contract';
import { decide, Rendered } from '../policies';
import type { Request } from '../policies';
import { INFRASTRUCTURE, LOG_ARCHIVE, LONDON } from '../stacks';

const ROLE_NAME = 'captures-ecs';
const PRINCIPAL = `arn:aws:iam::${INFRASTRUCTURE}:role/${ROLE_NAME}`;
const ecsArn = (resource: string) => `arn:aws:ecs:${LONDON}:${INFRASTRUCTURE}:${resource}`;

function asked(action: string, resource: string, context: Request['context'] = {}): Request {
  return { principal: PRINCIPAL, action, resource, resourceAccount: INFRASTRUCTURE, context };
}

/** What the role may do by its own policies. */
function decisions(requests: Request[], clusters = [EcsClusterTarget.fromName('shop')]): string[] {
  const captured = new Captured();
  captured.define({ clusters, roleName: ROLE_NAME });
  const identityPolicies = Rendered.of(captured.stack).identityPolicies(ROLE_NAME);
  return decide(requests.map((request, index) => ({ name: `${index}`, request, identityPolicies })));
}

const OF = (name: string) => ({ 'ecs:cluster': ecsArn(`cluster/${name}`) });

test('the role may read its clusters', () => {
  expect(decisions([
    asked('ecs:DescribeClusters', ecsArn('cluster/shop')),
    asked('ecs:ListServices', '*', OF('shop')),
    asked('ecs:DescribeServices', ecsArn('service/shop/web'), OF('shop')),
    asked('ecs:DescribeServiceRevisions', ecsArn('service-revision/shop/web/4980306466373577095'), OF('shop')),
    asked('ecs:DescribeTaskDefinition', '*'),
  ])).toEqual(Array(5).fill('Allowed'));
});

test('the role may read no other cluster, and change none', () => {
  expect(decisions([
    asked('ecs:DescribeClusters', ecsArn('cluster/payments')),
    asked('ecs:ListServices', '*', OF('payments')),
    asked('ecs:DescribeServices', ecsArn('service/payments/api'), OF('payments')),
    asked('ecs:ListClusters', '*'),
    asked('ecs:UpdateService', ecsArn('service/shop/web'), OF('shop')),
    asked('ecs:DeleteService', ecsArn('service/shop/web'), OF('shop')),
    asked('iam:PassRole', `arn:aws:iam::${INFRASTRUCTURE}:role/task`),
    asked('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${LONDON}:${INFRASTRUCTURE}:secret:shop`),
    asked('ecr:BatchGetImage', `arn:aws:ecr:${LONDON}:${INFRASTRUCTURE}:repository/shop`),
  ])).toEqual(Array(9).fill('ImplicitlyDenied'));
});

test('a capture of all clusters may list and read each of them', () => {
  expect(decisions([
    asked('ecs:ListClusters', '*'),
    asked('ecs:DescribeClusters', ecsArn('cluster/payments')),
    asked('ecs:DescribeServices', ecsArn('service/payments/api'), OF('payments')),
  ], [EcsClusterTarget.all()])).toEqual(Array(3).fill('Allowed'));
});

test('the role may write snapshots below its own account, and neither read nor delete them', () => {
  const captured = new Captured();
  captured.define({ roleName: ROLE_NAME });
  const archive = Rendered.of(captured.archive);
  const { bucketArn, bucketName } = captured.bucket;
  const resourcePolicy = archive.bucketPolicy(bucketName);
  const identityPolicies = Rendered.of(captured.stack).identityPolicies(ROLE_NAME);
  const request = (action: string, key: string): Request => ({
    principal: PRINCIPAL,
    action,
    resource: `${bucketArn}/${key}`,
    resourceAccount: LOG_ARCHIVE,
    context: { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 'aws:PrincipalAccount': INFRASTRUCTURE },
  });
  const all: [string, string][] = [
    ['s3:PutObject', `daily/ecs/${INFRASTRUCTURE}/eu-west-2/shop/2026-01-01T05-00-00Z-0123456789ab.json.gz`],
    ['s3:PutObject', `daily/ecs/${LOG_ARCHIVE}/eu-west-2/shop/2026-01-01T05-00-00Z-0123456789ab.json.gz`],
    ['s3:PutObject', `daily/dynamodb/${INFRASTRUCTURE}/eu-west-2/all/2026-01-01T05-00-00Z-0123456789ab.json.gz`],
    ['s3:PutObject', `records/${INFRASTRUCTURE}/ecs/1.json`],
    ['s3:GetObject', `daily/ecs/${INFRASTRUCTURE}/eu-west-2/shop/2026-01-01T05-00-00Z-0123456789ab.json.gz`],
    ['s3:DeleteObject', `daily/ecs/${INFRASTRUCTURE}/eu-west-2/shop/2026-01-01T05-00-00Z-0123456789ab.json.gz`],
    ['s3:BypassGovernanceRetention', `daily/ecs/${INFRASTRUCTURE}/eu-west-2/shop/2026-01-01T05-00-00Z-0123456789ab.json.gz`],
  ];

  expect(decide(all.map(([action, key]) => ({ name: `${action} ${key}`, request: request(action, key), identityPolicies, resourcePolicy }))))
    .toEqual(['Allowed', ...Array(6).fill('ImplicitlyDenied')]);
});

test('only the function may take captures, and only the schedules and the function put them', () => {
  const captured = new Captured();
  captured.define();
  const rendered = Rendered.of(captured.stack);
  const queue = `arn:aws:sqs:${LONDON}:${INFRASTRUCTURE}:EcsCaptures3934AB00`;
  const holders = rendered.all('AWS::IAM::Role').flatMap(({ Description, Policies }) => Policies.flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement)
    .filter(({ Resource }: any) => [Resource].flat().includes(queue)).flatMap(({ Action }: any) => [Action].flat().map((action: string) => `${Description.split(' ')[0]} ${action}`)));

  expect(holders.sort()).toEqual([
    'Captures sqs:DeleteMessage', 'Captures sqs:GetQueueAttributes', 'Captures sqs:ReceiveMessage', 'Captures sqs:SendMessage', 'Schedules sqs:SendMessage',
  ]);
});

test('a rule of the construct may put changes into their queue, and no other rule', () => {
  const captured = new Captured();
  captured.define();
  const rendered = Rendered.of(captured.stack);
  const queue = `arn:aws:sqs:${LONDON}:${INFRASTRUCTURE}:EcsChangesA61A3DE0`;
  const resourcePolicy = rendered.all('AWS::SQS::QueuePolicy').map(({ PolicyDocument }) => PolicyDocument).find((document) => JSON.stringify(document).includes('events.amazonaws.com') && JSON.stringify(document).includes(queue));
  const rules = rendered.all('AWS::Events::Rule').map(({ Name }) => `arn:aws:events:${LONDON}:${INFRASTRUCTURE}:rule/${Name}`);
  const request = (rule: string): Request => ({
    principal: 'events.amazonaws.com',
    action: 'sqs:SendMessage',
    resource: queue,
    resourceAccount: INFRASTRUCTURE,
    context: { 'aws:SourceArn': rule, 'aws:SourceAccount': INFRASTRUCTURE, 'aws:SecureTransport': 'true' },
  });

  expect(rules).toHaveLength(3);
  expect(decide([...rules, `arn:aws:events:${LONDON}:${INFRASTRUCTURE}:rule/other`].map((rule) => ({ name: rule, request: request(rule), resourcePolicy }))))
    .toEqual(['Allowed', 'Allowed', 'Allowed', 'ImplicitlyDenied']);
});

test('each permission to read is in the role of a capture of all clusters, and no other action on services of AWS', () => {
  const captured = new Captured();
  captured.define({ clusters: [EcsClusterTarget.all()], roleName: ROLE_NAME });
  const actions = Rendered.of(captured.stack).identityPolicies(ROLE_NAME)
    .flatMap(({ Statement }: any) => Statement.flatMap(({ Action }: any) => Action)).sort();

  expect(actions.filter((action: string) => !ECS_READS.some((read) => read.action === action))).toEqual([
    'events:PutEvents', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKey',
    'logs:CreateLogStream', 'logs:PutLogEvents', 's3:ListBucket', 's3:PutObject',
    'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage',
  ]);
  expect(ECS_READS.filter(({ action }) => !actions.includes(action))).toEqual([]);
});
