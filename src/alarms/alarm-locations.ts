import type { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { CataloguedAlarms } from './catalogued-alarms';
import { EventRules } from './event-rules';
import { topicFor } from '../notification/callers-topic';
import { stableIdIn } from '../private/physical-names';

/**
 * Where the alarms of an account and region are, and whom they tell: metrics, events and topics are of one region.
 */
export interface AlarmLocation {
  readonly scope: Construct;
  readonly topic: sns.ITopic;
  readonly rules: EventRules;
}

/**
 * Topics of the caller, for the location at home and for those in other stacks.
 */
export interface AlarmTopics {
  readonly topic?: sns.ITopic;
  readonly replicaTopic?: sns.ITopic;
  readonly emailAddresses?: string[];
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The locations of a construct: one at home, and one in each other stack that is asked for.
 */
export class AlarmLocations {
  public readonly home: AlarmLocation;
  private readonly away = new Map<Stack, AlarmLocation>();

  constructor(private readonly scope: Construct, private readonly made: CataloguedAlarms, private readonly topics: AlarmTopics) {
    this.home = this.define(scope, topics.topic);
  }

  public in(stack: Stack): AlarmLocation {
    const location = this.away.get(stack) ?? this.define(new Construct(stack, stableIdIn(stack, this.scope)), this.topics.replicaTopic);
    this.away.set(stack, location);
    return location;
  }

  /** The topics of the other stacks: the caller's is there once. */
  public get replicaTopics(): sns.ITopic[] {
    return [...new Set([...this.away.values()].map(({ topic }) => topic))];
  }

  private define(scope: Construct, own?: sns.ITopic): AlarmLocation {
    const { emailAddresses, removalPolicy } = this.topics;
    const topic = topicFor(scope, own, { emailAddresses, removalPolicy });
    return { scope, topic, rules: new EventRules(scope, topic, this.made, { removalPolicy }) };
  }
}
