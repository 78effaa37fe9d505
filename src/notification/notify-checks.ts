import { Token } from 'aws-cdk-lib';
import { checkChats } from './chat-checks';
import { callersTopics, isIn } from './message-topics';
import { AlarmSeverity } from './notify';
import type { Notify } from './notify';
import { checkTopic, checkTopicKind } from './topic-checks';
import type { TopicPlace } from './topic-checks';
import { Environment } from '../private/environment';
import { checkShape, hasAll } from '../private/props-errors';
import type { PropsErrors, Shape } from '../private/props-errors';

/** The type of `notify`, for languages without types. */
export const NOTIFY: Shape = {
  what: "recipients, such as Notify.email('operations@example.com') or Notify.topic(topic)", is: hasAll('_recipient', 'severity'), isList: true,
};

/** The maximum number of actions of a CloudWatch alarm, and of targets of an EventBridge rule. */
export const ACTIONS_LIMIT = 5;

/**
 * Adds problems of recipients.
 *
 * @param publisher The service that publishes: `AWS Backup`, `CloudWatch`
 * @param home The place of the construct
 * @param away Other places that it publishes from
 */
export function checkNotify(errors: PropsErrors, notify: Notify[] | undefined, publisher: string, home: TopicPlace, ...away: TopicPlace[]): void {
  if (!checkShape(errors, 'notify', notify, NOTIFY)) {
    return;
  }
  errors.whenEmpty('notify', notify, 'recipient', 'leave it out for no recipients');
  const all = notify ?? [];
  errors.when(all.some(({ _recipient }) => _recipient.kind === 'email' && Token.isUnresolved(_recipient.address)),
    () => "'notify' must have literal email addresses, because the subscriptions are identified by them, got a token");
  checkChats(errors, all, home, away);
  const homeRegion = home.environment.region;
  const places = [home, ...away];
  for (const { topic } of callersTopics(all)) {
    if (checkTopicKind(errors, 'notify', topic, publisher)) {
      const own = places.filter(({ environment }) => isIn(environment.region, topic, homeRegion));
      own.forEach((place) => checkTopic(errors, 'notify', topic, publisher, place));
      errors.when(own.length === 0, () => `'notify' must have topics in the region of ${sayPlaces(places)}, which publishes to them, `
        + `got '${topic.node.path}' in ${new Environment(topic.env.account, topic.env.region)}`);
    }
  }
  for (const region of new Set(places.map(({ environment }) => environment.region))) {
    const count = countActions(all, region, homeRegion);
    errors.when(count > ACTIONS_LIMIT, () => `'notify' makes ${count} actions of each alarm in ${new Environment(home.environment.account, region)}, and CloudWatch supports at most `
      + `${ACTIONS_LIMIT}, one for each topic: specify fewer topics, and subscribe to those`);
  }
}

/** Each topic once, and one or two shared topics for all other recipients. */
function countActions(notify: Notify[], region: string, home: string): number {
  const others = notify.filter(({ _recipient }) => _recipient.kind !== 'topic');
  const topics = callersTopics(notify).filter(({ topic }) => isIn(region, topic, home)).length;
  return topics + (others.length === 0 ? 0 : others.some(({ severity }) => severity === AlarmSeverity.CRITICAL) ? 2 : 1);
}

function sayPlaces(places: TopicPlace[]): string {
  return [...new Set(places.map(({ of, environment }) => `${of} (${environment})`))].join(' or of ');
}
