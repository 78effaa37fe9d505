import { Token } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { sideFor } from './runbook-bucket';
import type { RunbookDesign } from './runbook-design';
import type { RunbookProps } from './runbook-props';
import { checkOverrides } from '../alarms/alarm-checks';
import { checkPresentation } from '../alarms/names-and-runbooks';
import { checkNotify, NOTIFY } from '../notification/notify-checks';
import { FailureScope } from '../objectives/recovery-objective';
import { differ, Environment } from '../private/environment';
import { checkOnlyOne } from '../private/only-one';
import { hasAll, SHAPES } from '../private/props-errors';
import type { PropsErrors, Shape } from '../private/props-errors';
import { renderedResource } from '../private/rendered-resource';

/** The names of the alarms of a runbook. */
const RUNBOOK_ALARMS = ['recovery-slower-than-objective', 'event-not-delivered'] as const;

/** The types of the properties that all runbooks have, for languages without types. */
export const RUNBOOK_SHAPES = {
  bucket: { what: 'a ConfigurationBucket', is: hasAll('node', 'bucketName', 'schedules'), isRequired: true },
  documentName: SHAPES.text,
  approvers: SHAPES.texts,
  minRequiredApprovals: SHAPES.number,
  approvalTopic: { what: 'a topic, such as the topic of a NotificationTopic', is: hasAll('node', 'env', 'topicArn') },
  objectives: { what: 'objectives (RecoveryObjective)', is: hasAll('name', 'rto', 'rpo', 'survives'), isList: true },
  notify: NOTIFY,
  overrides: SHAPES.map,
} satisfies Record<string, Shape>;

/** The maximum of Automation. */
const MOST_APPROVERS = 10;

/** What AWS reserves, in any case, so that no name of this library depends on whether it counts. `aws` covers `AWSEC2`, `AWSConfigRemediation` and `AWSSupport`. */
const RESERVED = /^(aws|amazon|amzn)/i;

const PRINCIPAL = /^arn:[\w-]+:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/;

/**
 * Adds all problems of what every runbook has.
 *
 * @param documentName With its default
 */
export function checkRunbook(
  scope: IConstruct, errors: PropsErrors, { sourceRegion }: Pick<RunbookDesign, 'sourceRegion'>, documentName: string, props: RunbookProps,
): void {
  const home = Environment.of(scope);
  checkName(errors, documentName);
  checkOnlyOne(errors, scope, documentIn(documentName, home), "the name of a document is unique in an account and region, so set another 'documentName' for this one");
  checkApproval(errors, props);
  checkApprovalTopic(errors, props.approvalTopic, home);
  checkObjectives(errors, home, sourceRegion, props);
  checkNotify(errors, props.notify, 'CloudWatch', { of: 'the runbook', environment: home, scope, isForRules: true });
  checkPresentation(errors, props);
  checkOverrides(errors, props.overrides, [...RUNBOOK_ALARMS]);
}

/** What there can be only one of. */
export function documentIn(documentName: string, { account, region }: Environment): string {
  return `document '${documentName}' of account ${account} in ${region}`;
}

function checkName(errors: PropsErrors, name: string): void {
  if (Token.isUnresolved(name)) {
    errors.add("'documentName' must be a literal name, because the records and the policies of operators contain it, got a token");
    return;
  }
  errors.when(!/^[\w.-]{3,128}$/.test(name), () => `'documentName' must be 3 to 128 letters, digits, hyphens, underscores and dots, got '${name}'`);
  errors.when(RESERVED.test(name), () => `'documentName' must not begin with 'aws', 'amazon' or 'amzn', which AWS reserves, got '${name}'`);
}

function checkApproval(errors: PropsErrors, { approvers, minRequiredApprovals, approvalTopic }: RunbookProps): void {
  errors.whenEmpty('approvers', approvers, 'role or user', 'leave it out for runs that wait for no approval');
  errors.when((approvers ?? []).length > MOST_APPROVERS, () => `'approvers' must contain at most ${MOST_APPROVERS} roles and users, the maximum of AWS Systems Manager, got ${approvers!.length}`);
  const literal = (approvers ?? []).filter((each) => !Token.isUnresolved(each));
  for (const other of literal.filter((each) => !PRINCIPAL.test(each))) {
    errors.add(`'approvers' must be ARNs of roles and users, such as 'arn:aws:iam::111122223333:role/Approver', got '${other}'`);
  }
  for (const twice of new Set(literal.filter((each, index) => literal.indexOf(each) !== index))) {
    errors.add(`'approvers' must contain each role and user once, got '${twice}' several times`);
  }
  if (approvers === undefined) {
    errors.when(minRequiredApprovals !== undefined, () => "'minRequiredApprovals' has no effect without 'approvers': set 'approvers', or leave it out");
    errors.when(approvalTopic !== undefined, () => "'approvalTopic' has no effect without 'approvers': set 'approvers', or leave it out");
  } else if (minRequiredApprovals !== undefined) {
    errors.when(Token.isUnresolved(minRequiredApprovals), () => "'minRequiredApprovals' must be known at synthesis, got a token");
    const isPossible = Number.isInteger(minRequiredApprovals) && minRequiredApprovals >= 1 && minRequiredApprovals <= approvers.length;
    errors.when(!Token.isUnresolved(minRequiredApprovals) && !isPossible,
      () => `'minRequiredApprovals' must be a whole number from 1 to the number of 'approvers', ${approvers.length}, got ${minRequiredApprovals}`);
  }
}

function checkApprovalTopic(errors: PropsErrors, topic: sns.ITopic | undefined, home: Environment): void {
  if (topic === undefined) {
    return;
  }
  const { path } = topic.node;
  const where = new Environment(topic.env.account, topic.env.region);
  errors.when(where.differsFrom(home), () => `'approvalTopic' must be in the account and region of the runbook (${home}), got '${path}' in ${where}`);
  errors.when(topic.fifo, () => `'approvalTopic' must be a standard topic, got the FIFO topic '${path}'`);
  const name = topicNameOf(topic);
  const advice = "AWS Systems Manager publishes only to topics whose name begins with 'Automation'";
  errors.when(name === undefined, () => `'approvalTopic' must have a literal 'topicName', because ${advice}, got '${path}' without one`);
  errors.when(name !== undefined && !name.startsWith('Automation'), () => `'approvalTopic' must have a name that begins with 'Automation', because ${advice}, got '${name}'`);
}

function topicNameOf(topic: sns.ITopic): string | undefined {
  const rendered = renderedResource(topic.node.defaultChild);
  const name: unknown = rendered?.Type === 'AWS::SNS::Topic' ? rendered.Properties.TopicName : topic.topicArn.split(':').pop();
  return typeof name === 'string' && !Token.isUnresolved(name) ? name : undefined;
}

function checkObjectives(errors: PropsErrors, home: Environment, sourceRegion: string, { objectives = [], bucket }: RunbookProps): void {
  for (const { name, rto, rpo, survives } of objectives) {
    const subject = `objective '${name}' (survives ${survives})`;
    errors.when(rto.isUnresolved() || rpo.isUnresolved(), () => `'rto' and 'rpo' of objective '${name}' must be known at synthesis, got a token`);
    if (survives !== FailureScope.REGION) {
      continue;
    }
    errors.when(sourceRegion === home.region, () => `${subject}: the runbook recovers into the region of what it recovers, ${home.region}, so it is lost with it: `
      + "define a runbook in a stack of another region, with this one as its 'sourceRegion'");
    const { region } = sideFor(bucket, home.region, sourceRegion).environment;
    errors.when(differ(sourceRegion, home.region) && region === sourceRegion, () => `${subject}: the bucket ${bucket.replicaRegion === undefined ? 'is' : 'and its replica are'} in the region `
      + `of what is recovered, ${sourceRegion}, so no snapshot survives its loss: use a bucket in another region, or with a replica there`);
  }
}
