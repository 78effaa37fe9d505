import type { Stack } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { EventRules } from '../alarms/event-rules';
import { topicFor } from '../alarms/notification-topic';
import { stableName } from '../private/physical-names';

/**
 * Where the alarms of an account and region are, and whom they tell: metrics, events and topics are of one region.
 */
export interface Post {
  readonly scope: Construct;
  readonly topic: sns.ITopic;
  readonly rules: EventRules;
}

/**
 * Topics of the caller, for the post at home and for those in other stacks.
 */
export interface PostTopics {
  readonly topic?: sns.ITopic;
  readonly replicaTopic?: sns.ITopic;
  readonly emailAddresses?: string[];
}

/**
 * The posts of a construct: one at home, and one in each other stack that is asked for.
 */
export class Posts {
  public readonly home: Post;
  private readonly away = new Map<Stack, Post>();

  constructor(private readonly scope: Construct, private readonly made: CataloguedAlarms, private readonly topics: PostTopics) {
    this.home = this.define(scope, topics.topic);
  }

  public in(stack: Stack): Post {
    const post = this.away.get(stack) ?? this.define(new Construct(stack, stableName(80, this.scope)), this.topics.replicaTopic);
    this.away.set(stack, post);
    return post;
  }

  /** The topics of the other stacks: the caller's is there once. */
  public get replicaTopics(): sns.ITopic[] {
    return [...new Set([...this.away.values()].map(({ topic }) => topic))];
  }

  private define(scope: Construct, own?: sns.ITopic): Post {
    const topic = topicFor(scope, own, { emailAddresses: this.topics.emailAddresses });
    return { scope, topic, rules: new EventRules(scope, topic, this.made) };
  }
}
