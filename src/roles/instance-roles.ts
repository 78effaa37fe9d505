import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { partitionProblem } from './role-name';
import { passRoleStatement } from './role-statements';
import type { StatementsContext } from './role-statements';
import { ResourceType } from '../objectives/resource-type';
import { differ } from '../private/environment';
import { warn } from '../private/messages';
import type { PropsErrors } from '../private/props-errors';

interface InstanceRoles {
  readonly resourceTypes: ResourceType[];
  readonly instanceRoles?: iam.IRole[];
}

/** Adds problems of the roles that a restore role passes. */
export function checkInstanceRoles(errors: PropsErrors, role: iam.IRole, { instanceRoles, resourceTypes }: InstanceRoles): void {
  if (instanceRoles === undefined) {
    return;
  }
  if (!Array.isArray(instanceRoles) || instanceRoles.some((each) => typeof each?.roleArn !== 'string')) {
    errors.add("'instanceRoles' must be a list of roles, without missing values");
    return;
  }
  errors.when(resourceTypes.length > 0 && !resourceTypes.some(isEc2),
    () => "'instanceRoles' are for restored EC2 instances: add ResourceType.EC2 to 'resourceTypes', or leave it out");
  for (const each of instanceRoles) {
    const { env: { account }, node } = each;
    errors.when(differ(account, role.env.account),
      () => `'instanceRoles' must be in the account of the role, ${role.env.account}, got '${node.path}' in account ${account}`);
    const problem = partitionProblem("'instanceRoles'", each, Stack.of(role).region);
    errors.when(problem !== undefined, () => problem!);
  }
}

/** Allows a restore role to pass the roles, or warns that it can't. */
export function passInstanceRoles(role: iam.IRole, { instanceRoles, resourceTypes }: InstanceRoles, context: StatementsContext): void {
  if (instanceRoles && instanceRoles.length > 0) {
    role.addToPrincipalPolicy(passRoleStatement(context, instanceRoles.map(({ roleArn }) => roleArn)));
  } else if (!instanceRoles && resourceTypes.some(isEc2)) {
    warn(role, 'instanceRoles',
      "the role can't restore EC2 instances with their instance profile, which requires iam:PassRole for its role: "
      + "set 'instanceRoles' to the roles of the instances, or to an empty list if restored instances need none");
  }
}

function isEc2({ resourceTypeName }: ResourceType): boolean {
  return resourceTypeName === ResourceType.EC2.resourceTypeName;
}
