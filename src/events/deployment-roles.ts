import { Token } from 'aws-cdk-lib';
import { describeValue } from '../private/props-errors';
import type { PropsErrors } from '../private/props-errors';

/** The room in an EventBridge pattern, in addition to calls and names. */
const LONGEST = 1000;

/** Adds problems of the roles of deployments. */
export function checkDeploymentRoles(errors: PropsErrors, roles: string[] | undefined): void {
  errors.whenEmpty('deploymentRoles', roles, 'role', 'leave it out for no roles');
  for (const role of roles ?? []) {
    const isText = typeof role === 'string';
    errors.when(isText && Token.isUnresolved(role), () => "'deploymentRoles' must be literal ARNs, because the alarms of other regions use them too, got a token");
    errors.when(!isText || (!Token.isUnresolved(role) && !/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role)),
      () => `'deploymentRoles' must be exact ARNs of roles, such as 'arn:aws:iam::111122223333:role/deploy', without wildcards, got ${describeValue(role)}`);
  }
  const length = JSON.stringify(roles ?? []).length;
  errors.when(length > LONGEST, () => `'deploymentRoles' must have at most ${LONGEST} characters together, because the size of an event pattern is limited, got ${length}: specify fewer`);
}

/** The caller in the details of an event. The ARN of a role is present only for assumed roles, not for the root user and IAM users. */
type UserIdentity = Record<string, unknown>;

/** Any caller except these roles, including callers without a role. */
export function byOthersThan(roles: string[]): UserIdentity {
  return { sessionContext: { sessionIssuer: { arn: [{ 'anything-but': roles }, { exists: false }] } } };
}

/** Only these roles. */
export function byRoles(roles: string[]): UserIdentity {
  return { sessionContext: { sessionIssuer: { arn: roles } } };
}
