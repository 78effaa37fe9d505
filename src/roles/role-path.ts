import { Token } from 'aws-cdk-lib';

/** What IAM accepts as a path, without the wildcards of policies. */
const PATH = /^\/([!-)+->@-~]+\/)?$/;

/**
 * The problem of the path of a role, if there is one.
 *
 * @param property The property of the user
 */
export function pathProblem(property: string, path: string | undefined): string | undefined {
  if (path === undefined || Token.isUnresolved(path)) {
    return undefined;
  }
  if (!PATH.test(path) || path.length > 512) {
    return `'${property}' must begin and end with a slash, such as '/backup/', have at most 512 characters, and no spaces, '*' or '?', got '${path}'`;
  }
  return /^\/aws-(service-role|reserved)\//.test(path) ? `'${property}' must not begin with '/aws-service-role/' or '/aws-reserved/', which are reserved for AWS, got '${path}'` : undefined;
}

/**
 * The problem of the name of a role for a policy, if there is one.
 *
 * @param property The property of the user
 */
export function roleNameProblem(property: string, name: string | undefined): string | undefined {
  return Token.isUnresolved(name) || (name !== undefined && /^[\w+=,.@/-]{1,512}$/.test(name)) ? undefined
    : `'${property}' must be names of roles, including their path if they have one, without wildcards and not ARNs, got '${name}'`;
}
