import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { partitionOf } from '../private/environment';
import { renderedResource } from '../private/rendered-resource';

/**
 * The name of a role with its path, where it is known at synthesis without a reference to the role: as its template would have it
 * now. Aspects and overrides may change both until the Stage of the role is synthesized.
 *
 * A policy of another account names a role by this literal. Without one, it could only let in the whole account.
 */
export function literalRoleName(role: iam.IRole): string | undefined {
  const resource = renderedResource(role.node.defaultChild);
  if (resource?.Type === 'AWS::IAM::Role') {
    const { Path = '/', RoleName } = resource.Properties;
    return typeof Path === 'string' && typeof RoleName === 'string' ? `${Path.slice(1)}${RoleName}` : undefined;
  }
  // An imported role, or one that is made beforehand: its partition may be a token, and only what follows counts.
  const [, name] = /:role\/(.+)$/.exec(role.roleArn) ?? [];
  return name === undefined || Token.isUnresolved(name) ? undefined : name;
}

/** What to do for a role to have a literal name. */
export function howToName(role: iam.IRole): string {
  return isMadeBeforehand(role) ? `give '${role.node.path}' its name in the 'usePrecreatedRoles' of 'iam.Role.customizeRoles'` : "set 'roleName' on the role";
}

/** Whether AWS CDK is told not to make the role, with `iam.Role.customizeRoles`. */
function isMadeBeforehand(role: iam.IRole): boolean {
  return iam.Role.isRole(role) && role.node.defaultChild === undefined;
}

/** What is wrong with a role in a region, if its ARN says another partition. */
export function partitionProblem(property: string, { roleArn, node }: iam.IRole, region: string): string | undefined {
  const [, partition] = Token.isUnresolved(region) ? [] : /^arn:([\w-]+):/.exec(roleArn) ?? [];
  return partition === undefined || partition === partitionOf(region) ? undefined
    : `${property} must be of the partition ${partitionOf(region)}, got '${node.path}' of the partition ${partition}`;
}
