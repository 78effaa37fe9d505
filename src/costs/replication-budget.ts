import { Lazy, Stage, Token } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import { REGION_CODES, WITHOUT_BUDGETS } from './billing-regions';
import { BUCKETS } from '../buckets/buckets-in-app';
import { letPublish } from '../notification/callers-topic';
import { callersTopics, takes } from '../notification/message-topics';
import { AlarmSeverity } from '../notification/notify';
import type { Notify } from '../notification/notify';
import { NOTIFY } from '../notification/notify-checks';
import { distinctAddresses } from '../notification/recipients';
import type { Recipient } from '../notification/recipients';
import { checkTopicKind } from '../notification/topic-checks';
import { fromAccount } from '../notification/topic-policies';
import { ResourceType } from '../objectives/resource-type';
import { destinationsOf } from '../plan/destinations';
import { PLANS } from '../plan/plans-in-app';
import type { PlanFact } from '../plan/plans-in-app';
import { differ, Environment } from '../private/environment';
import { validate } from '../private/messages';
import { checkOnlyOne, takeOnlyOne } from '../private/only-one';
import { checkShapes, PropsErrors, SHAPES } from '../private/props-errors';
import { Registry } from '../private/registry';

/**
 * Properties of a budget for replication.
 */
export interface ReplicationBudgetProps {
  /**
   * Monthly limit of the costs of the transfer between regions, in US dollars.
   */
  readonly monthlyLimit: number;

  /**
   * Recipients of the notifications at 80 % of the limit (a warning) and at 100 % (critical): at most 10 email addresses, which do
   * not have to confirm, and one topic in the account of the budget. A change replaces the budget.
   *
   * AWS does not document which regions the topic can be in, or which policy its key needs: test it, or use email.
   */
  readonly notify: Notify[];

  /**
   * The usage types that the budget counts.
   *
   * @default - the transfer from the regions of the buckets and plans that this app defines in the account to those of their
   * replicas and copies: of Amazon S3, of S3 Replication Time Control, and of AWS Backup
   */
  readonly usageTypes?: string[];
}

/**
 * A budget for the costs of the transfer between regions by replication and copies, one for each account.
 *
 * It counts all transfer that the account pays for, including that of other applications between the same regions, which bills
 * do not distinguish. It does not include storage and requests. Costs are updated with a delay of some hours.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 *
 * @example
 * new ReplicationBudget(stack, 'Budget', { monthlyLimit: 100, notify: [Notify.email('operations@example.com')] });
 */
export class ReplicationBudget extends Construct {
  /**
   * Defines the budget.
   *
   * @throws if there are no recipients, the topic is in another account, CloudFormation has no budgets in the region, or the
   * account already has a budget for all replication; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: ReplicationBudgetProps) {
    super(scope, id);
    checkShapes(this, 'ReplicationBudgetProps', props, PROPS);
    const { monthlyLimit, notify, usageTypes } = props;
    const home = Environment.of(this);
    check(this, props, home);
    if (usageTypes === undefined) {
      takeOnlyOne(this, budgetOf(home), Stage.of(this));
    }

    const resource = new budgets.CfnBudget(this, 'Resource', {
      // Without a custom name: a change of the recipients replaces the budget, and a replacement can't have the same name.
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyLimit, unit: 'USD' },
        metrics: ['UnblendedCost'],
        filterExpression: { dimensions: { key: 'USAGE_TYPE', values: usageTypes ?? Lazy.list({ produce: () => usageTypesOf(this) }) } },
      },
      notificationsWithSubscribers: THRESHOLDS.map(([threshold, severity]) => ({
        notification: { notificationType: 'ACTUAL', comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
        subscribers: subscribersOf(notify, severity),
      })).filter(({ subscribers }) => subscribers.length > 0),
    });
    const [{ topic } = { topic: undefined }] = callersTopics(notify);
    const policy = topic && letPublish(this, topic, {
      sid: 'BudgetsPublish',
      service: 'budgets.amazonaws.com',
      conditions: fromAccount(home.account, `arn:${home.partitionIn(this)}:budgets::${home.account}:*`),
    });
    if (policy) {
      resource.node.addDependency(policy);
    }
    validate(this, () => usageTypes ? [] : problemsOf(this));
  }
}

const PROPS = { monthlyLimit: { ...SHAPES.number, isRequired: true }, notify: { ...NOTIFY, isRequired: true }, usageTypes: SHAPES.texts };

/** Thresholds in percent of the limit, with their severity. */
const THRESHOLDS: [number, AlarmSeverity][] = [[80, AlarmSeverity.WARNING], [100, AlarmSeverity.CRITICAL]];

function subscribersOf(notify: Notify[], severity: AlarmSeverity): budgets.CfnBudget.SubscriberProperty[] {
  const told = notify.filter((each) => takes(each.severity, severity)).map(({ _recipient }) => _recipient);
  return [
    ...addressesOf(told).map((address) => ({ subscriptionType: 'EMAIL', address })),
    ...[...new Set(told.flatMap((each) => each.kind === 'topic' ? each.topic.topicArn : []))].map((address) => ({ subscriptionType: 'SNS', address })),
  ];
}

function addressesOf(recipients: Recipient[]): string[] {
  return distinctAddresses(recipients.flatMap((each) => each.kind === 'email' ? each.address : []));
}

/** A transfer between two regions, with the resource types of AWS Backup, if any. */
interface Transfer {
  readonly from: string;
  readonly into: string;
  readonly resourceTypeNames: string[];
}

function transfersOf(scope: Construct): Transfer[] {
  const { account } = Environment.of(scope);
  const registry = Registry.of(scope);
  return [
    ...registry.all(BUCKETS).map(({ bucket }) => bucket).filter((bucket) => !differ(bucket.account, account) && bucket.replicaRegion !== undefined)
      .map(({ region, replicaRegion }) => ({ from: region, into: replicaRegion!, resourceTypeNames: [] })),
    ...registry.all(PLANS).filter(({ environment }) => !differ(environment.account, account)).flatMap(copiesOf),
  ];
}

/** The source account pays for types that AWS Backup fully manages; for other types, the destination account does. */
function copiesOf(plan: PlanFact): Transfer[] {
  const types = new Set(plan.selections.flatMap((selection) => selection.targets().map(({ type }) => type)));
  const known = types.size === 0 || types.has(undefined) ? ResourceType.all() : [...types] as ResourceType[];
  const resourceTypeNames = known.filter(({ capabilities }) => capabilities.crossRegionCopy)
    .map(({ resourceTypeName }) => resourceTypeName).filter((name) => /^\w+$/.test(name)); // the usage types of others are unknown
  const regions = destinationsOf(plan).map(({ environment }) => environment.region);
  return [...new Set(regions)].filter((region) => region !== plan.environment.region)
    .map((into) => ({ from: plan.environment.region, into, resourceTypeNames }));
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html */
function usageTypesOf(scope: Construct): string[] {
  return [...new Set(transfersOf(scope).flatMap(({ from, into, resourceTypeNames }) => {
    const pair = `${REGION_CODES[from]}-${REGION_CODES[into]}`;
    return [
      ...resourceTypeNames.map((name) => `${pair}-CrossRegion-WarmBytes-${name}`),
      `${pair}-AWS-Out-Bytes`, `${pair}-S3RTC-Out-Bytes`,
    ];
  }))].sort();
}

function problemsOf(scope: Construct): string[] {
  const transfers = transfersOf(scope);
  const regions = new Set(transfers.flatMap(({ from, into }) => [from, into]));
  return [
    ...transfers.length === 0 ? ["a budget for replication requires a bucket with a replica or a plan with copies in its account and app: set 'usageTypes', or remove the budget"] : [],
    ...[...regions].filter((region) => REGION_CODES[region] === undefined)
      .map((region) => `'usageTypes' is required, because the code of the region '${region}' in bills is unknown`),
  ];
}

function budgetOf({ account }: Environment): string {
  return `the budget for all replication of account ${account}`;
}

function check(scope: Construct, { monthlyLimit, notify, usageTypes }: ReplicationBudgetProps, home: Environment): void {
  const errors = new PropsErrors('ReplicationBudgetProps', scope);
  errors.when(!Token.isUnresolved(monthlyLimit) && !(monthlyLimit > 0 && monthlyLimit < Infinity), () => `'monthlyLimit' must be more than 0 US dollars, got ${monthlyLimit}`);
  errors.whenEmpty('notify', notify, 'recipient');
  const emails = addressesOf(notify.map(({ _recipient }) => _recipient)).length;
  errors.when(emails > 10, () => `'notify' must have at most 10 email addresses, got ${emails}`);
  errors.when(notify.some(({ _recipient: { kind } }) => kind === 'chat' || kind === 'existingChat'),
    () => "'notify' must have only email addresses and a topic: AWS Budgets does not publish to chat channels, so specify a topic that the channel receives, such as "
      + 'Notify.topic(alarms.topic)');
  const topics = callersTopics(notify);
  errors.when(topics.length > 1, () => `'notify' must have at most one topic, got ${topics.length}: AWS Budgets does not accept more, so subscribe to one`);
  for (const { topic } of topics.filter((each) => checkTopicKind(errors, 'notify', each.topic, 'AWS Budgets'))) {
    errors.when(differ(topic.env.account, home.account),
      () => `'notify' must have a topic in the account of the budget (${home.account}), got '${topic.node.path}' in account ${topic.env.account}`);
  }
  errors.whenEmpty('usageTypes', usageTypes, 'usage type', 'leave it out for those of this app');
  if (usageTypes === undefined) {
    checkOnlyOne(errors, scope, budgetOf(home), "remove this one, or set its own 'usageTypes'", Stage.of(scope));
  }
  errors.when(WITHOUT_BUDGETS.includes(home.region), () => `CloudFormation has no budgets in ${home.region}: ${home.region.startsWith('us-gov-')
    ? 'define it in the standard account that pays for this account, in us-east-1, with its own \'usageTypes\''
    : 'define it in a stack of another region of the account, such as us-east-1'}`);
  errors.throwIfAny();
}
