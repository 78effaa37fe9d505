import { App, CfnParameter, Stage } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { ReplicationBudget } from '../../src/costs/replication-budget';
import type { ReplicationBudgetProps } from '../../src/costs/replication-budget';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { Notify } from '../../src/notification/notify';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { DAILY, Setup, TABLES } from '../plan/setup';
import { decide, Rendered } from '../policies';
import type { Case } from '../policies';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const EMAILS = { notify: [Notify.email('operations@example.com')] };

function budgetIn(stack: Stack, props: Partial<ReplicationBudgetProps> = {}): any {
  new ReplicationBudget(stack, 'Budget', { monthlyLimit: 100, ...EMAILS, ...props });
  return () => Rendered.of(stack).only('AWS::Budgets::Budget');
}

const usageTypesOf = (budget: any) => budget().Budget.FilterExpression.Dimensions.Values;

test('80 % and 100 % of a month are told, of what was spent', () => {
  const budget = budgetIn(stackIn(LOG_ARCHIVE, LONDON), { usageTypes: ['any'] })();

  expect(budget.Budget).toMatchObject({
    BudgetType: 'COST',
    TimeUnit: 'MONTHLY',
    BudgetLimit: { Amount: 100, Unit: 'USD' },
    Metrics: ['UnblendedCost'],
    FilterExpression: { Dimensions: { Key: 'USAGE_TYPE', Values: ['any'] } },
  });
  expect(budget.NotificationsWithSubscribers).toEqual([80, 100].map((Threshold) => ({
    Notification: { NotificationType: 'ACTUAL', ComparisonOperator: 'GREATER_THAN', Threshold, ThresholdType: 'PERCENTAGE' },
    Subscribers: [{ SubscriptionType: 'EMAIL', Address: 'operations@example.com' }],
  })));
});

test('a budget has no name of its own, so that a change of who is told can replace it', () => {
  expect(budgetIn(stackIn(LOG_ARCHIVE, LONDON), { usageTypes: ['any'] })().Budget.BudgetName).toBeUndefined();
});

test('the replication of buckets is counted, as bills name it, also of buckets that are defined later', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const budget = budgetIn(stack);
  new ReplicatedBucket(stack, 'Logs', { replicaRegion: IRELAND });
  new ReplicatedBucket(stack, 'Far', { replicaRegion: 'us-east-1' });
  new ReplicatedBucket(stack, 'Alone');

  expect(usageTypesOf(budget)).toEqual(['EUW2-EU-AWS-Out-Bytes', 'EUW2-EU-S3RTC-Out-Bytes', 'EUW2-USE1-AWS-Out-Bytes', 'EUW2-USE1-S3RTC-Out-Bytes']);
});

test('copies of plans into another region are counted, for each resource type, and those within the region are not', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const near = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central' });
  const budget = budgetIn(setup.stack);
  setup.selecting([...TABLES(), BackupTarget.allOf(ResourceType.EFS)], { copyTo: [BackupCopy.toReplicaOf(setup.vault), BackupCopy.to(near)] });

  expect(usageTypesOf(budget)).toEqual([
    'EUW2-EU-AWS-Out-Bytes', 'EUW2-EU-CrossRegion-WarmBytes-DynamoDB', 'EUW2-EU-CrossRegion-WarmBytes-EFS', 'EUW2-EU-S3RTC-Out-Bytes',
  ]);
});

test('where tags decide, all types are counted that AWS Backup copies into another region', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.plan({ copyTo: [BackupCopy.toReplicaOf(setup.vault)] }).addSelection('Tagged', { tags: { backup: 'daily' } });
  const counted = usageTypesOf(budgetIn(setup.stack)).filter((name: string) => /WarmBytes/.test(name)).map((name: string) => name.split('-').at(-1));

  expect(counted).toEqual(expect.arrayContaining(['DynamoDB', 'EFS', 'RDS', 'S3']));
  expect(counted).not.toContain('Redshift');
});

test('what another account pays for is not counted', () => {
  const app = new App();
  new ReplicatedBucket(stackIn(INFRASTRUCTURE, LONDON, app, 'Workload'), 'Frontend', { replicaRegion: 'eu-central-1' });
  const archive = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
  new ReplicatedBucket(archive, 'Logs', { replicaRegion: IRELAND });
  const theirs = stackIn(INFRASTRUCTURE, 'eu-north-1', app, 'Theirs');
  const plan = new TieredBackupPlan(theirs, 'Plan', { vault: new ReplicatedBackupVault(theirs, 'Vault', { replicaRegion: 'eu-central-1' }), tiers: [DAILY()] });
  plan.addSelection('Selection', { resources: TABLES() });

  expect(usageTypesOf(budgetIn(archive))).toEqual(['EUW2-EU-AWS-Out-Bytes', 'EUW2-EU-S3RTC-Out-Bytes']);
});

test('AWS Budgets publishes to a topic, for budgets of the account alone', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  budgetIn(stack, { notify: [Notify.topic(new NotificationTopic(stack, 'Topic').topic)], usageTypes: ['any'] });
  const rendered = Rendered.of(stack);
  const publish = (account: string, action: string, resource: string, resourcePolicy: Case['resourcePolicy'], ofBudget = account): Case => ({
    name: action,
    request: {
      principal: 'budgets.amazonaws.com', action, resource, resourceAccount: LOG_ARCHIVE, context: { 'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:budgets::${ofBudget}:budget/any` },
    },
    resourcePolicy,
  });
  const [key] = rendered.keyArns;

  expect(decide([
    publish(LOG_ARCHIVE, 'sns:Publish', rendered.topicArn, rendered.topicPolicy),
    publish('999999999999', 'sns:Publish', rendered.topicArn, rendered.topicPolicy),
    publish('999999999999', 'sns:Publish', rendered.topicArn, rendered.topicPolicy, LOG_ARCHIVE),
    publish(LOG_ARCHIVE, 'kms:GenerateDataKey', key, rendered.keyPolicy(key)),
  ])).toEqual(['Allowed', 'ImplicitlyDenied', 'ImplicitlyDenied', 'Allowed']);
  expect(rendered.only('AWS::Budgets::Budget').NotificationsWithSubscribers[0].Subscribers).toContainEqual({ SubscriptionType: 'SNS', Address: rendered.topicArn });
});

test('the budget waits for the policy of the topic', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  budgetIn(stack, { notify: [Notify.topic(new NotificationTopic(stack, 'Topic').topic)], usageTypes: ['any'] });

  expect(Object.values(Template.fromStack(stack).findResources('AWS::Budgets::Budget'))[0].DependsOn).toEqual([expect.stringContaining('TopicPolicy')]);
});

test('what the policy of an imported topic must say is reported', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  budgetIn(stack, { notify: [Notify.topic(sns.Topic.fromTopicArn(stack, 'Theirs', `arn:aws:sns:eu-west-2:${LOG_ARCHIVE}:theirs`))], usageTypes: ['any'] });

  expect(Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^the policy of topic 'Backup\/Theirs', .*"budgets.amazonaws.com"/), expect.stringMatching(/^whether topic 'Backup\/Theirs' is encrypted/),
  ]);
});

describe('synthesis refuses', () => {
  const problems = (define: (stack: Stack) => void) => {
    const app = new App();
    define(stackIn(LOG_ARCHIVE, LONDON, app));
    return () => app.synth();
  };

  test('a budget where nothing is replicated', () => {
    expect(problems((stack) => budgetIn(stack))).toThrow("set 'usageTypes' (usage_types), or remove the budget");
    expect(problems((stack) => budgetIn(stack, { usageTypes: ['any'] }))).not.toThrow();
  });

  test('a region that bills may call anything', () => {
    expect(problems((stack) => {
      budgetIn(stack);
      new ReplicatedBucket(stack, 'Logs', { replicaRegion: 'eu-west-9' });
    })).toThrow("'usageTypes' (usage_types) is required, because the code of the region 'eu-west-9' in bills is unknown");
  });
});

describe('where CloudFormation has no budgets', () => {
  // From the resource schemas that AWS publishes for each region: those without AWS::Budgets::Budget.
  test.each([
    'af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-3', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6',
    'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'il-central-1', 'me-central-1', 'mx-central-1',
  ])('a budget in %s is refused, with a region that has them', (region) => {
    expect(problemsOf(() => budgetIn(stackIn(LOG_ARCHIVE, region), { usageTypes: ['any'] })))
      .toEqual([`CloudFormation has no budgets in ${region}: define it in a stack of another region of the account, such as us-east-1`]);
  });

  test.each(['us-gov-east-1', 'us-gov-west-1'])('a budget in %s is refused, with the account that pays, since no region there has them', (region) => {
    expect(problemsOf(() => budgetIn(stackIn(LOG_ARCHIVE, region), { usageTypes: ['any'] })))
      .toEqual([`CloudFormation has no budgets in ${region}: define it in the standard account that pays for this account, in us-east-1, with its own 'usageTypes' (usage_types)`]);
  });

  test.each([
    'ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ca-central-1', 'eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3',
    'me-south-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2',
  ])('a budget in %s is taken', (region) => {
    expect(problemsOf(() => budgetIn(stackIn(LOG_ARCHIVE, region), { usageTypes: ['any'] }))).toEqual([]);
  });
});

/*
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-region-billing-codes.html, row by row: the codes of Asia
 * Pacific follow the order in which the regions opened, and Ireland, the oldest region of Europe, has no number.
 */
test.each([
  ['USE1', 'us-east-1'], ['USE2', 'us-east-2'], ['USW1', 'us-west-1'], ['USW2', 'us-west-2'], ['CAN1', 'ca-central-1'], ['CAN2', 'ca-west-1'], ['MXC1', 'mx-central-1'],
  ['AFS1', 'af-south-1'],
  ['APE1', 'ap-east-1'], ['APE2', 'ap-east-2'], ['APN1', 'ap-northeast-1'], ['APN2', 'ap-northeast-2'], ['APN3', 'ap-northeast-3'], ['APS1', 'ap-southeast-1'],
  ['APS2', 'ap-southeast-2'], ['APS3', 'ap-south-1'], ['APS4', 'ap-southeast-3'], ['APS5', 'ap-south-2'], ['APS6', 'ap-southeast-4'], ['APS7', 'ap-southeast-5'],
  ['APS8', 'ap-southeast-6'], ['APS9', 'ap-southeast-7'],
  ['EU', 'eu-west-1'], ['EUC1', 'eu-central-1'], ['EUC2', 'eu-central-2'], ['EUW3', 'eu-west-3'], ['EUN1', 'eu-north-1'], ['EUS1', 'eu-south-1'], ['EUS2', 'eu-south-2'],
  ['ILC1', 'il-central-1'], ['MEC1', 'me-central-1'], ['MES1', 'me-south-1'],
  ['SAE1', 'sa-east-1'],
])('bills call transfer into %s what goes into %s', (code, replicaRegion) => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const budget = budgetIn(stack);
  new ReplicatedBucket(stack, 'Logs', { replicaRegion });

  expect(usageTypesOf(budget)).toEqual([`EUW2-${code}-AWS-Out-Bytes`, `EUW2-${code}-S3RTC-Out-Bytes`]);
});

test('refuses a second budget for all replication of an account, which would count the same', () => {
  const app = new App();
  const second = (account: string, region: string, props = {}) => () => budgetIn(stackIn(account, region, app, `Stack-${account}-${region}`), props);
  budgetIn(stackIn(LOG_ARCHIVE, LONDON, app));

  expect(second(LOG_ARCHIVE, IRELAND)).toThrow("the budget for all replication of account 333333333333 is already defined by 'Backup/Budget': remove this one, or set its own 'usageTypes' (usage_types)");
  expect(second(LOG_ARCHIVE, 'us-east-1', { usageTypes: ['any'] })).not.toThrow();
  expect(second(INFRASTRUCTURE, LONDON)).not.toThrow();
  expect(() => budgetIn(stackIn(LOG_ARCHIVE, LONDON, new Stage(app, 'Stage')))).not.toThrow(); // which may be deployed alone
});

test('a limit that is a token is not compared', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const { valueAsNumber } = new CfnParameter(stack, 'Limit', { type: 'Number' });

  expect(() => budgetIn(stack, { monthlyLimit: valueAsNumber, usageTypes: ['any'] })).not.toThrow();
});

test('all problems are in one error', () => {
  const topic = new sns.Topic(stackIn(INFRASTRUCTURE, LONDON), 'Topic', { fifo: true });

  expect(() => budgetIn(stackIn(LOG_ARCHIVE, 'eu-north-1'), {
    monthlyLimit: 0, notify: [Notify.topic(topic), ...Array.from({ length: 11 }, (_, index) => Notify.email(`operations${index}@example.com`))], usageTypes: [],
  })).toThrow([
    "invalid ReplicationBudgetProps at 'Backup/Budget':",
    "- 'monthlyLimit' (monthly_limit) must be more than 0 US dollars, got 0",
    "- 'notify' must have at most 10 email addresses, got 11",
    "- 'notify' must be a standard topic, because AWS Budgets does not publish to FIFO topics, got 'Backup/Topic'",
    "- 'notify' must have a topic in the account of the budget (333333333333), got 'Backup/Topic' in account 222222222222",
    "- 'usageTypes' (usage_types) must contain at least one usage type, got none: leave it out for those of this app",
    '- CloudFormation has no budgets in eu-north-1: define it in a stack of another region of the account, such as us-east-1',
  ].join('\n'));
  expect(() => budgetIn(stackIn(LOG_ARCHIVE, LONDON), { notify: [], usageTypes: ['any'] })).toThrow("'notify' must contain at least one recipient, got none");
});

test('types with blanks in their names are not counted, since nobody knows how bills call them', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.plan({ copyTo: [BackupCopy.toReplicaOf(setup.vault)] }).addSelection('Tagged', { tags: { backup: 'daily' } });
  const counted: string[] = usageTypesOf(budgetIn(setup.stack));

  expect(ResourceType.all().filter(({ resourceTypeName, capabilities }) => / /.test(resourceTypeName) && capabilities.crossRegionCopy)
    .map(({ resourceTypeName }) => resourceTypeName)).toEqual(['SAP HANA on Amazon EC2', 'Storage Gateway']);
  expect(counted.filter((name) => / |SAP|Gateway/.test(name))).toEqual([]);
});

test('an address that is given twice is told once', () => {
  const notify = [Notify.email('operations@example.com'), Notify.email('operations@example.com')];

  expect(budgetIn(stackIn(LOG_ARCHIVE, LONDON), { notify, usageTypes: ['any'] })().NotificationsWithSubscribers.map(({ Subscribers }: any) => Subscribers))
    .toEqual(Array(2).fill([{ SubscriptionType: 'EMAIL', Address: 'operations@example.com' }]));
});
