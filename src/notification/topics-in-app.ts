import type { IDependable } from 'constructs';
import { FactKind } from '../private/registry';

/**
 * A service that may publish to a topic and use its key.
 */
export interface PublisherOfTopic {
  readonly service: string;
  /** The policy of the topic that lets it, to wait for. */
  readonly policy?: IDependable;
}

/** Who may publish to the topics of this library, whatever else their policies say. */
export const PUBLISHERS = new FactKind<PublisherOfTopic>('publisher of a topic');
