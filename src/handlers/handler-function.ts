import * as lambda from 'aws-cdk-lib/aws-lambda';
import { suppress } from '../private/nag-suppressions';

/** The runtime of all handlers of this library. A function, since a runtime that is looked up at load time makes AWS CDK load its table of deprecations. */
export function handlerRuntime(): lambda.Runtime {
  return lambda.Runtime.NODEJS_24_X;
}

/** What cfn-lint and cdk-nag find in a handler of this library, and what the reason is. */
export function suppressFindings(handler: lambda.Function): void {
  // AWS CDK lets a function depend on its role, which it refers to as well: once too often for cfn-lint.
  (handler.node.defaultChild as lambda.CfnFunction).addMetadata('cfn-lint', { config: { ignore_checks: ['W3005'] } });
  const { runtime } = handler;
  if (isOutdated(runtime)) {
    suppress(handler, {
      id: 'AwsSolutions-L1',
      reason: `This version of cdk-backup-dr builds and tests the function for ${runtime}, which AWS Lambda supports. A later version moves to a later runtime.`,
    });
  }
}

/** Whether the AWS CDK of the app knows a later runtime of the kind. */
function isOutdated({ name, family }: lambda.Runtime): boolean {
  const version = (runtime: string) => Number(/\d+/.exec(runtime)?.[0] ?? 0);
  return lambda.Runtime.ALL.some((other) => other.family === family && version(other.name) > version(name));
}
