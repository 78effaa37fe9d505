import type { Stack } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { CataloguedAlarms } from './catalogued-alarms';
import { EventRules } from './event-rules';
import { MessageTopics } from '../notification/message-topics';
import type { Notifications } from '../notification/message-topics';
import { stableIdIn } from '../private/physical-names';

/**
 * The scope and the topics of the alarms of an account and region: metrics, events and topics are in one region.
 */
export interface AlarmLocation {
  readonly scope: Construct;
  readonly topics: MessageTopics;
  readonly rules: EventRules;
}

/**
 * The locations of a construct: one in its own stack, and one in each other required stack.
 */
export class AlarmLocations {
  public readonly home: AlarmLocation;
  private readonly away = new Map<Stack, AlarmLocation>();

  constructor(private readonly scope: Construct, private readonly made: CataloguedAlarms, private readonly notifications: Notifications) {
    this.home = this.define(scope);
  }

  public in(stack: Stack): AlarmLocation {
    const location = this.away.get(stack) ?? this.define(new Construct(stack, stableIdIn(stack, this.scope)));
    this.away.set(stack, location);
    return location;
  }

  /** The first topic of each of the other stacks: several can have the same topic of the user. */
  public get replicaTopics(): sns.ITopic[] {
    return [...new Set([...this.away.values()].map(({ topics }) => topics.main))];
  }

  private define(scope: Construct): AlarmLocation {
    const topics = new MessageTopics(scope, this.scope, this.notifications);
    return { scope, topics, rules: new EventRules(scope, topics, this.made, { home: this.scope }) };
  }
}
