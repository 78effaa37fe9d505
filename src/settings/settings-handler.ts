import * as path from 'path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { handlerRuntime, suppressFindings } from '../handlers/handler-function';
import { suppress } from '../private/nag-suppressions';
import type { PropsErrors } from '../private/props-errors';

/**
 * What a handler is bundled as, and what it may do.
 */
export interface HandlerProps {
  readonly bundle: string;
  readonly description: string;
  readonly statements: iam.PolicyStatement[];
  /** Why some of the statements are for every resource. */
  readonly wildcardReason: string;
}

/** Shared by every copy of this library in an app. */
const HANDLER = Symbol.for('cdk-backup-dr.settings-handler');

function isHandler(construct: IConstruct): construct is Handler {
  return HANDLER in construct;
}

/**
 * The function behind a kind of custom resource: one for each stack, without properties of whoever asks first.
 */
export class Handler extends Construct {
  /** @throws if a construct of the user's has the id */
  public static getOrCreate(scope: Construct, id: string, props: () => HandlerProps): Handler {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(id);
    return existing && isHandler(existing) ? existing : new Handler(stack, id, props());
  }

  /** Adds that a construct of the user's has the id of the handler, if one has it. */
  public static checkId(errors: PropsErrors, scope: Construct, id: string): void {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(id);
    errors.when(existing && !isHandler(existing),
      () => `the function behind the settings needs the id '${id}' in stack '${stack.node.path}', which a construct of yours has: give that one another id`);
  }

  public readonly serviceToken: string;

  private constructor(scope: Construct, id: string, { bundle, description, statements, wildcardReason }: HandlerProps) {
    super(scope, id);
    Object.defineProperty(this, HANDLER, { value: true });
    const logGroup = new logs.LogGroup(this, 'Logs', { retention: logs.RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.DESTROY });
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description,
      inlinePolicies: {
        permissions: new iam.PolicyDocument({
          statements: [
            ...statements,
            new iam.PolicyStatement({ sid: 'WriteLogs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
          ],
        }),
      },
    });
    suppress(role, { id: 'AwsSolutions-IAM5', reason: wildcardReason, appliesTo: ['Resource::*'] });
    const handler = new lambda.Function(this, 'Function', {
      description,
      code: lambda.Code.fromAsset(path.join(__dirname, '../../assets/settings', bundle)),
      handler: 'index.handler',
      runtime: handlerRuntime(),
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      timeout: Duration.minutes(5),
      role,
      logGroup,
    });
    this.serviceToken = handler.functionArn;
    suppressFindings(handler);
  }
}
