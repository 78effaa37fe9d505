import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { DrRole } from './dr-role';
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
  if (role instanceof DrRole) {
    return role._literalRoleName;
  }
  // An imported role: its partition may be a token, and only what follows counts.
  const [, name] = /:role\/(.+)$/.exec(role.roleArn) ?? [];
  return name === undefined || Token.isUnresolved(name) ? undefined : name;
}
