import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { PropsErrors } from './props-errors';
import { isInTwinStack, outermostStack } from './region-stack';
import { FactKind, Registry } from './registry';

const TAKEN = new FactKind<{ readonly what: string; readonly within: IConstruct; readonly by: IConstruct }>('taken');

/**
 * Adds an error if something is defined twice that can exist only once: the second one would fail to deploy, overwrite the
 * first, or repeat it. Tokens can have any value and are not compared.
 *
 * @param what The thing in the words of the user, with the account, and with the region if each region can have one
 * @param within The scope of the search: a Stage; by default the entire app, because Stages do not exist in AWS
 */
export function checkOnlyOne(errors: PropsErrors, scope: IConstruct, what: string, advice: string, within: IConstruct = scope.node.root): void {
  const first = Registry.of(scope).find(TAKEN, (taken) => taken.what === what && taken.within === within && !isInTwinStack(taken.by, scope));
  errors.when(first !== undefined, () => `${what} is already defined by '${first!.by.node.path}': ${advice}`);
}

/**
 * Registers what `checkOnlyOne` found unused.
 *
 * @param owner The construct that uses it as long as it is in the tree; differs from `scope` if that defines it in another stack
 */
export function takeOnlyOne(scope: IConstruct, what: string, within: IConstruct = scope.node.root, owner: IConstruct = scope): void {
  if (!Token.isUnresolved(what)) {
    Registry.of(scope).register(TAKEN, owner, { what, within, by: scope });
  }
}

/** Registers the name of a role, and returns whether it was unused: role names are unique in an account and not case-sensitive. */
export function takeRoleName(scope: IConstruct, roleName: string): readonly string[] {
  const errors = new PropsErrors('role', scope);
  const { account, node } = outermostStack(scope);
  const name = Token.isUnresolved(roleName) ? roleName : roleName.toLowerCase();
  const what = `role '${name}' of ${Token.isUnresolved(account) ? `the account of stack '${node.path}'` : `account ${account}`}`;
  checkOnlyOne(errors, scope, what, "role names are unique in an account across all regions, so set another 'roleName' for this one");
  takeOnlyOne(scope, what);
  return errors.all;
}
