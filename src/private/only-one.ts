import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { PropsErrors } from './props-errors';
import { FactKind, Registry } from './registry';

const TAKEN = new FactKind<{ readonly what: string; readonly path: string }>('taken');

/**
 * Adds that something is defined twice in the app, in whatever Stage, of which AWS takes one: the second one would not
 * deploy, or overwrite the first. With tokens it may be anything, and is not compared.
 *
 * @param what In the user's words, with the account, and the region where AWS has one in each
 */
export function checkOnlyOne(errors: PropsErrors, scope: IConstruct, what: string, advice: string): void {
  if (Token.isUnresolved(what)) {
    return;
  }
  const registry = Registry.of(scope);
  const first = registry.all(TAKEN).find((taken) => taken.what === what);
  errors.when(first !== undefined, () => `${what} is that of '${first!.path}': ${advice}`);
  if (!first) {
    registry.register(TAKEN, { what, path: scope.node.path });
  }
}
