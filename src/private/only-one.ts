import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { PropsErrors } from './props-errors';
import { isInTwinStack, outermostStack } from './region-stack';
import { FactKind, Registry } from './registry';

const TAKEN = new FactKind<{ readonly what: string; readonly within: IConstruct; readonly by: IConstruct }>('taken');

/**
 * Adds that something is defined twice of which there can be one: the second one would not deploy, or overwrite the first,
 * or say the same again. With tokens it may be anything, and is not compared.
 *
 * @param what In the user's words, with the account, and the region where there is one in each
 * @param within Where else it is looked for: a Stage; by default in the whole app, since AWS knows of no Stages
 */
export function checkOnlyOne(errors: PropsErrors, scope: IConstruct, what: string, advice: string, within: IConstruct = scope.node.root): void {
  const first = Registry.of(scope).find(TAKEN, (taken) => taken.what === what && taken.within === within && !isInTwinStack(taken.by, scope));
  errors.when(first !== undefined, () => `${what} is that of '${first!.by.node.path}': ${advice}`);
}

/**
 * Takes what `checkOnlyOne` found free.
 *
 * @param owner What has it, and frees it when it leaves the tree: elsewhere than `scope` where that defines it in another stack
 */
export function takeOnlyOne(scope: IConstruct, what: string, within: IConstruct = scope.node.root, owner: IConstruct = scope): void {
  if (!Token.isUnresolved(what)) {
    Registry.of(scope).register(TAKEN, owner, { what, within, by: scope });
  }
}

/** Takes the name of a role, and says whether it was free: IAM has one role of a name in an account, in small or large letters. */
export function takeRoleName(scope: IConstruct, roleName: string): readonly string[] {
  const errors = new PropsErrors('role', scope);
  const { account, node } = outermostStack(scope);
  const name = Token.isUnresolved(roleName) ? roleName : roleName.toLowerCase();
  const what = `role '${name}' of ${Token.isUnresolved(account) ? `the account of stack '${node.path}'` : `account ${account}`}`;
  checkOnlyOne(errors, scope, what, "IAM has one role of a name in an account, whatever the region, so give this one another 'roleName'");
  takeOnlyOne(scope, what);
  return errors.all;
}
