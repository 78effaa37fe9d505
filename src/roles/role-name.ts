import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { partitionOf } from '../private/environment';
import { renderedResource } from '../private/rendered-resource';

/**
 * The current name of a role with its path in its template, if it is known at synthesis without a reference to the role. Aspects
 * and overrides can change both until the Stage of the role is synthesized.
 *
 * A policy of another account refers to a role by this literal. Without one, it could only allow the entire account.
 */
export function literalRoleName(role: iam.IRole): string | undefined {
  const resource = renderedResource(role.node.defaultChild);
  if (resource?.Type === 'AWS::IAM::Role') {
    const { Path = '/', RoleName } = resource.Properties;
    return typeof Path === 'string' && typeof RoleName === 'string' ? `${Path.slice(1)}${RoleName}` : undefined;
  }
  // An imported or precreated role: its partition can be a token, and only the rest matters.
  const [, name] = /:role\/(.+)$/.exec(role.roleArn) ?? [];
  return name === undefined || Token.isUnresolved(name) ? undefined : name;
}

/** Advice on how to set a literal name of a role. */
export function howToName(role: iam.IRole): string {
  return isMadeBeforehand(role) ? `set the name of '${role.node.path}' in 'usePrecreatedRoles' of 'iam.Role.customizeRoles'` : "set 'roleName' on the role";
}

/** Whether `iam.Role.customizeRoles` prevents the AWS CDK from creating the role. */
function isMadeBeforehand(role: iam.IRole): boolean {
  return iam.Role.isRole(role) && role.node.defaultChild === undefined;
}

/** The problem of a role whose ARN is in another partition than the region. */
export function partitionProblem(property: string, { roleArn, node }: iam.IRole, region: string): string | undefined {
  const [, partition] = Token.isUnresolved(region) ? [] : /^arn:([\w-]+):/.exec(roleArn) ?? [];
  return partition === undefined || partition === partitionOf(region) ? undefined
    : `${property} must be in the partition ${partitionOf(region)}, got '${node.path}' in the partition ${partition}`;
}
