import type { IConstruct } from 'constructs';
import { FactKind, Registry } from '../private/registry';

/** The parts of the app that somebody vouches for a trail of. */
export const TRAILS = new FactKind<{ readonly within: IConstruct }>('trail of management events');

/** Whether somebody vouches for a trail of a part of the app that a construct is in. */
export function hasTrail(scope: IConstruct): boolean {
  return Registry.of(scope).find(TRAILS, ({ within }) => scope.node.scopes.includes(within)) !== undefined;
}
