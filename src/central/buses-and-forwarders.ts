import { Stage } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { deployAfter, isInTree, waitsFor } from '../private/ordering';
import { outermostStack } from '../private/region-stack';
import { FactKind, Registry } from '../private/registry';

/**
 * A bus that the app defines, with what must be there before somebody puts events on it.
 */
export interface EventBusFact {
  readonly eventBusArn: string;
  readonly parts: CfnResource[];
  /** Whether it is synthesized already, with a policy that does not let an account in. */
  readonly keepsOut: (account: string) => boolean;
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

/** Whether somebody in the tree sends the same. */
export function isSent(scope: IConstruct, fact: SentFact): boolean {
  return Registry.of(scope).find(SENT, ({ within, account, region, destinationArn }) =>
    within === fact.within && account === fact.account && region === fact.region && destinationArn === fact.destinationArn) !== undefined;
}

/**
 * Deploys a rule after the bus that it forwards to, if the app defines the bus in the same Stage: its ARN is a literal, so the
 * order is not visible. Call it at synthesis, when all other dependencies are known.
 *
 * @returns whether the rule can't wait for the bus, because the bus waits for the stack of the rule
 */
export function deployAfterBus(rule: CfnResource, eventBusArn: string): boolean {
  const parts = Registry.of(rule).all(EVENT_BUSES).filter((bus) => bus.eventBusArn === eventBusArn).flatMap((bus) => bus.parts)
    .filter((part) => Stage.of(part) === Stage.of(rule) && isInTree(part));
  const isLate = parts.some((part) => waitsFor(outermostStack(part), outermostStack(rule)));
  if (!isLate) {
    parts.forEach((part) => deployAfter(rule, part));
  }
  return isLate;
}
