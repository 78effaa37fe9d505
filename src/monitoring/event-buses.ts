import { Stack, Stage } from 'aws-cdk-lib';
import { Dependable } from 'constructs';
import type { IConstruct, IDependable } from 'constructs';
import { BUCKETS } from '../logs/facts';
import { isInTree } from '../private/ordering';
import { FactKind, Registry } from '../private/registry';

/**
 * A bus that the app defines, with what must be there before somebody puts events on it.
 */
export interface EventBusFact {
  readonly eventBusArn: string;
  readonly parts: IConstruct[];
}

export const EVENT_BUSES = new FactKind<EventBusFact>('event bus');

/**
 * Something that is sent from an account and region, to a bus or a sink.
 */
export interface SentFact {
  /** Where else nobody sends the same: a Stage or the app, or a stack that may be anywhere. */
  readonly within?: IConstruct;
  readonly account: string;
  readonly region: string;
  readonly destinationArn: string;
}

export const SENT = new FactKind<SentFact>('sent');

/**
 * A bus, to depend on where it is defined in the same Stage of the app, before or after: its ARN is a literal, so nobody
 * sees the order.
 */
export function busAt(scope: IConstruct, eventBusArn: string): IDependable {
  const dependable: IDependable = {};
  Dependable.implement(dependable, {
    get dependencyRoots() {
      return partsOf(scope, eventBusArn).filter((part) => !waitsFor(part, scope));
    },
  });
  return dependable;
}

/** Whether the bus can't be there first: a bucket of its stack has its replica in this one, and S3 wants that first. */
export function isBusLate(scope: IConstruct, eventBusArn: string): boolean {
  return partsOf(scope, eventBusArn).some((part) => waitsFor(part, scope));
}

function partsOf(scope: IConstruct, eventBusArn: string): IConstruct[] {
  return Registry.of(scope).all(EVENT_BUSES).filter((bus) => bus.eventBusArn === eventBusArn).flatMap(({ parts }) => parts)
    .filter((part) => Stage.of(part) === Stage.of(scope) && isInTree(part));
}

function waitsFor(part: IConstruct, scope: IConstruct): boolean {
  return Registry.of(scope).all(BUCKETS).some(({ bucket: { bucket, replica } }) =>
    replica !== undefined && Stack.of(replica) === Stack.of(scope) && Stack.of(bucket) === Stack.of(part));
}
