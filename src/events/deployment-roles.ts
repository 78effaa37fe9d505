import { Token } from 'aws-cdk-lib';
import { describeValue } from '../private/props-errors';
import type { PropsErrors } from '../private/props-errors';

/** What a pattern of EventBridge has room for, beside calls and names. */
const LONGEST = 1000;

/** Adds what is wrong with the roles of deployments, if anything is. */
export function checkDeploymentRoles(errors: PropsErrors, roles: string[] | undefined): void {
  errors.whenEmpty('deploymentRoles', roles, 'role', 'for none leave it out');
  for (const role of roles ?? []) {
    const isText = typeof role === 'string';
    errors.when(isText && Token.isUnresolved(role), () => "'deploymentRoles' must be literal ARNs, since the alarms of other regions go by them too, got a token");
    errors.when(!isText || (!Token.isUnresolved(role) && !/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role)),
      () => `'deploymentRoles' must be exact ARNs of roles, such as 'arn:aws:iam::111122223333:role/deploy', without wildcards, got ${describeValue(role)}`);
  }
  const length = JSON.stringify(roles ?? []).length;
  errors.when(length > LONGEST, () => `'deploymentRoles' must have ${LONGEST} characters or less together, which is what the pattern of a rule has room for, got ${length}: name fewer`);
}

/** Who an event is by, in its details. The ARN of a role is with whoever assumed it only, so it is absent with root and IAM users. */
type UserIdentity = Record<string, unknown>;

/** Anybody but these roles; whoever has no role is not one of them. */
export function byOthersThan(roles: string[]): UserIdentity {
  return { sessionContext: { sessionIssuer: { arn: [{ 'anything-but': roles }, { exists: false }] } } };
}

/** These roles alone. */
export function byRoles(roles: string[]): UserIdentity {
  return { sessionContext: { sessionIssuer: { arn: roles } } };
}
