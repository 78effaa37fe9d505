import { CfnResource, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { DrRole } from './dr-role';

/**
 * The name of a role with its path, where it is known at synthesis without a reference to the role.
 *
 * A policy of another account names a role by this literal. Without one, it could only let in the whole account.
 */
export function literalRoleName(role: iam.IRole): string | undefined {
  if (role instanceof DrRole) {
    return role._literalRoleName;
  }
  const resource = role.node.defaultChild;
  if (resource && CfnResource.isCfnResource(resource) && resource.cfnResourceType === 'AWS::IAM::Role') {
    const { path = '/', roleName } = resource as iam.CfnRole;
    return roleName === undefined || [path, roleName].some((part) => Token.isUnresolved(part)) ? undefined : `${path.slice(1)}${roleName}`;
  }
  // An imported role: its partition may be a token, and only what follows counts.
  const [, name] = /:role\/(.+)$/.exec(role.roleArn) ?? [];
  return name === undefined || Token.isUnresolved(name) ? undefined : name;
}
