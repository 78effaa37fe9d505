import { Duration, Lazy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { DAILY, Setup } from './setup';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { PropsErrors } from '../../src/private/props-errors';
import type { RunbookProps } from '../../src/recovery/runbook-props';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { problemsAtSynthesis, problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn } from '../stacks';

function problems(props: Partial<RunbookProps>, setup = new Setup()): string[] {
  return problemsOf(() => setup.define(props));
}

const approver = (name: string) => `arn:aws:iam::222222222222:role/${name}`;
const approvers = (count: number) => Array.from({ length: count }, (_, index) => approver(`Approver${index}`));
const regional = (name = 'Region') => new RecoveryObjective({ name, rto: Duration.hours(1), rpo: Duration.days(2), survives: FailureScope.REGION });

test.each<[string, Partial<RunbookProps>, string[]]>([
  ['no approvers in a list of them', { approvers: [] }, ["'approvers' must contain at least one role or user, got none: leave it out for runs that wait for no approval"]],
  ['more approvers than Automation takes', { approvers: approvers(11) }, ["'approvers' must contain at most 10 roles and users, the maximum of AWS Systems Manager, got 11"]],
  ['an approver that is the name of a user', { approvers: ['alice'] }, ["'approvers' must be ARNs of roles and users, such as 'arn:aws:iam::111122223333:role/Approver', got 'alice'"]],
  ['an approver that is a group', { approvers: ['arn:aws:iam::222222222222:group/Approvers'] },
    ["'approvers' must be ARNs of roles and users, such as 'arn:aws:iam::111122223333:role/Approver', got 'arn:aws:iam::222222222222:group/Approvers'"]],
  ['an approver that is a session', { approvers: ['arn:aws:sts::222222222222:assumed-role/Approver/alice'] },
    ["'approvers' must be ARNs of roles and users, such as 'arn:aws:iam::111122223333:role/Approver', got 'arn:aws:sts::222222222222:assumed-role/Approver/alice'"]],
  ['an approver twice', { approvers: [approver('A'), approver('A')] }, [`'approvers' must contain each role and user once, got '${approver('A')}' several times`]],
  ['more approvals than approvers', { approvers: approvers(2), minRequiredApprovals: 3 },
    ["'minRequiredApprovals' (min_required_approvals) must be a whole number from 1 to the number of 'approvers', 2, got 3"]],
  ['no approvals', { approvers: approvers(2), minRequiredApprovals: 0 },
    ["'minRequiredApprovals' (min_required_approvals) must be a whole number from 1 to the number of 'approvers', 2, got 0"]],
  ['half an approval', { approvers: approvers(2), minRequiredApprovals: 1.5 },
    ["'minRequiredApprovals' (min_required_approvals) must be a whole number from 1 to the number of 'approvers', 2, got 1.5"]],
  ['approvals without approvers', { minRequiredApprovals: 1 },
    ["'minRequiredApprovals' (min_required_approvals) has no effect without 'approvers': set 'approvers', or leave it out"]],
  ['a name that is too short', { documentName: 'ab' }, ["'documentName' (document_name) must be 3 to 128 letters, digits, hyphens, underscores and dots, got 'ab'"]],
  ['a name with other characters', { documentName: 'restore shop' },
    ["'documentName' (document_name) must be 3 to 128 letters, digits, hyphens, underscores and dots, got 'restore shop'"]],
  ...['aws-restore', 'AWSEC2-Restore', 'AWSSupport-Restore', 'AWSConfigRemediation-Restore', 'amazon.restore', 'Amzn-Restore'].map((name): [string, Partial<RunbookProps>, string[]] => [
    `the reserved name ${name}`, { documentName: name }, [`'documentName' (document_name) must not begin with 'aws', 'amazon' or 'amzn', which AWS reserves, got '${name}'`],
  ]),
  ['a name that is known only at deployment', { documentName: Lazy.string({ produce: () => 'restore' }) },
    ["'documentName' (document_name) must be a literal name, because the records and the policies of operators contain it, got a token"]],
  ['an objective that is known only at deployment', { objectives: [new RecoveryObjective({ name: 'Shop', rto: Duration.minutes(Lazy.number({ produce: () => 5 })), rpo: Duration.days(1) })] },
    ["'rto' and 'rpo' of objective 'Shop' must be known at synthesis, got a token"]],
  ['an override of another alarm', { overrides: { backupJobFailed: {} } as any },
    ["'overrides' must use the names of alarms (recoverySlowerThanObjective, eventNotDelivered), got 'backupJobFailed' (backup_job_failed)"]],
  ['an override that would never trigger the alarm', { overrides: { recoverySlowerThanObjective: { evaluationPeriods: 2 } } },
    ["'evaluationPeriods' (evaluation_periods) of 'recoverySlowerThanObjective' (recovery_slower_than_objective) must be 1 with periods of less than a day (5 minutes): a single failure is in one of them, and would not trigger the alarm, got 2; to ignore a few, set 'threshold'"]],
])('refuses %s', (_, props, expected) => {
  expect(problems(props)).toEqual(expected);
});

test('refuses all at once, those of the construct for users included', () => {
  const setup = new Setup();
  const errors = new PropsErrors('RunbookProps');
  errors.add('a problem of its own');

  expect(problemsOf(() => setup.define({ documentName: 'aws', approvers: [...approvers(10), 'alice'], minRequiredApprovals: 12 }, {}, 'Restore', errors))).toHaveLength(5);
});

test.each([10, 1])('accepts %s approvers', (count) => {
  expect(problems({ approvers: approvers(count), minRequiredApprovals: count })).toEqual([]);
});

test('accepts users, roles with a path, and roles of the app', () => {
  const setup = new Setup();
  const role = new iam.Role(setup.stack, 'Approver', { assumedBy: new iam.AccountRootPrincipal() });

  expect(problems({ approvers: ['arn:aws:iam::222222222222:user/staff/alice', approver('on-call/Boss'), 'arn:aws-cn:iam::222222222222:role/X', role.roleArn] }, setup)).toEqual([]);
});

test.each([3, 128])('accepts a name of %s characters', (length) => {
  expect(problems({ documentName: 'r'.repeat(length) })).toEqual([]);
});

test('the default name is none that AWS reserves, in whatever stack', () => {
  const setup = new Setup({}, LONDON, stackIn(INFRASTRUCTURE, LONDON, undefined, 'AwsBackup'));

  expect(setup.define().documentName).toMatch(/^Recovery-AwsBackup-Restore-[0-9a-f]{8}$/);
});

describe('a topic for approvals', () => {
  test.each([
    ['another name', 'approvals', "'approvalTopic' (approval_topic) must have a name that begins with 'Automation', because AWS Systems Manager publishes only to topics whose name begins with 'Automation', got 'approvals'"],
    ['no name', undefined, "'approvalTopic' (approval_topic) must have a literal 'topicName' (topic_name), because AWS Systems Manager publishes only to topics whose name begins with 'Automation', got 'Workload/Topic' without one"],
  ])('is refused with %s', (_, topicName, expected) => {
    const setup = new Setup();
    const topic = new sns.Topic(setup.stack, 'Topic', { topicName });

    expect(problems({ approvers: approvers(1), approvalTopic: topic }, setup)).toEqual([expected]);
  });

  test('is refused without approvers, in another region, or as a FIFO topic', () => {
    const setup = new Setup();
    const abroad = sns.Topic.fromTopicArn(setup.stack, 'Abroad', 'arn:aws:sns:eu-west-1:222222222222:AutomationApprovals');
    const fifo = sns.Topic.fromTopicArn(setup.stack, 'Fifo', 'arn:aws:sns:eu-west-2:222222222222:AutomationApprovals.fifo');

    expect(problems({ approvalTopic: abroad }, setup)).toEqual([
      "'approvalTopic' (approval_topic) has no effect without 'approvers': set 'approvers', or leave it out",
      "'approvalTopic' (approval_topic) must be in the account and region of the runbook (account 222222222222, region eu-west-2), got 'Workload/Abroad' in account 222222222222, region eu-west-1",
    ]);
    expect(problemsOf(() => setup.define({ approvers: approvers(1), approvalTopic: fifo }, {}, 'Second'))).toEqual([
      "'approvalTopic' (approval_topic) must be a standard topic, got the FIFO topic 'Workload/Fifo'",
    ]);
  });

  test.each(['AutomationApprovals', 'Automation'])('is accepted with the name %s, defined or imported', (topicName) => {
    const setup = new Setup();
    const defined = new sns.Topic(setup.stack, 'Topic', { topicName });
    const imported = sns.Topic.fromTopicArn(setup.stack, 'Imported', `arn:aws:sns:eu-west-2:222222222222:${topicName}`);

    expect(problems({ approvers: approvers(1), approvalTopic: defined }, setup)).toEqual([]);
    expect(problemsOf(() => setup.define({ approvers: approvers(1), approvalTopic: imported }, {}, 'Second'))).toEqual([]);
  });
});

describe('two runbooks', () => {
  test('can\'t have one name in an account and region', () => {
    const setup = new Setup();
    setup.define({ documentName: 'restore-shop' });

    expect(problemsOf(() => setup.define({ documentName: 'restore-shop' }, {}, 'Second'))).toEqual([
      "document 'restore-shop' of account 222222222222 in eu-west-2 is already defined by 'Workload/Restore': the name of a document is unique in an account and region, so set another 'documentName' (document_name) for this one",
    ]);
  });

  test('can have one name in two regions', () => {
    const setup = new Setup();
    setup.define({ documentName: 'restore-shop' });

    expect(problemsOf(() => setup.define({ documentName: 'restore-shop' }, {}, 'Restore', undefined, stackIn(INFRASTRUCTURE, IRELAND, setup.app, 'Away')))).toEqual([]);
  });
});

describe('an objective that survives a region', () => {
  test('is refused by a runbook that is lost with the region', () => {
    expect(problems({ objectives: [regional()] })).toEqual([
      "objective 'Region' (survives REGION): the runbook recovers into the region of what it recovers, eu-west-2, so it is lost with it: define a runbook in a stack of another region, with this one as its 'sourceRegion' (source_region)",
    ]);
  });

  test('is accepted by a runbook in another region, which reads the replica there', () => {
    expect(problems({ objectives: [regional()] }, new Setup({}, IRELAND))).toEqual([]);
  });

  test('is refused where no snapshot is left', () => {
    const setup = new Setup({}, IRELAND);
    const bucket = new ConfigurationBucket(setup.archive, 'Single', { schedules: [DAILY] });

    expect(problems({ bucket, objectives: [regional()] }, setup)).toEqual([
      "objective 'Region' (survives REGION): the bucket is in the region of what is recovered, eu-west-2, so no snapshot survives its loss: use a bucket in another region, or with a replica there",
    ]);
  });
});

test('refuses a document that AWS Systems Manager does not accept, when all of it is known', () => {
  const setup = new Setup();
  setup.define({}, { parameters: [{ name: 'Cluster', description: 'The cluster.', allowedValues: Array.from({ length: 5000 }, (_, index) => `cluster-${index}`) }] });

  expect(problemsAtSynthesis(setup.app)).toEqual([
    expect.stringMatching(/^document 'Recovery-Workload-Restore-191f5106' has 8\d{4} bytes, and AWS Systems Manager accepts at most 65536: use several runbooks, each for fewer of what it recovers$/),
  ]);
});

test('refuses a policy that IAM does not accept', () => {
  const setup = new Setup();
  const resources = Array.from({ length: 200 }, (_, index) => `arn:aws:ecs:eu-west-2:222222222222:cluster/cluster-${index}`);
  setup.define({}, { statements: new Map([[new iam.PolicyStatement({ actions: ['ecs:DescribeClusters'], resources }), undefined]]) });

  expect(problemsAtSynthesis(setup.app)).toEqual([
    expect.stringMatching(/^the policy of role 'Workload\/Restore\/Role' has 1\d{4} characters, and IAM accepts at most 10240: use several runbooks, each for fewer of what it recovers$/),
  ]);
});
