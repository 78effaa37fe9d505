import { CfnResource } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { NagSuppressions } from 'cdk-nag';
import { nameOf } from './naming';
import type { StageConfig } from '../config';

/**
 * A finding of cdk-nag on a resource of this app that we mean to be so. The constructs of the library have their own suppressions.
 */
interface Suppression {
  /** End of the path of the construct whose resource it is about, or the path of a resource by itself. */
  readonly at: string;
  readonly id: string;
  readonly appliesTo?: string[];
  readonly reason: string;
}

/**
 * Suppresses what cdk-nag finds and we mean to be so, each on its one resource and with its reason.
 *
 * @throws if a suppression has lost its resource
 */
export function suppressFindings(app: App, config: StageConfig): void {
  const resources = app.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  for (const { at, ...suppression } of ofWorkload(config)) {
    const found = resources.filter(({ node: { path } }) => path.endsWith(`${at}/Resource`) || path === at);
    if (found.length === 0) {
      throw new Error(`no resource at '${at}' to suppress ${suppression.id} for: take the suppression out`);
    }
    NagSuppressions.addResourceSuppressions(found, [suppression]);
  }
  for (const resource of resources.filter(({ node: { path } }) => /\/Custom::[^/]+CustomResourceProvider\/Handler$/.test(path))) {
    // The CDK lets its own functions depend on their role, which they refer to as well. That is once too often for cfn-lint.
    resource.addMetadata('cfn-lint', { config: { ignore_checks: ['W3005'] } });
  }
}

function ofWorkload(config: StageConfig): Suppression[] {
  const { workload, secondaryRegion, accounts } = config;
  const withoutRecovery = ['/Denylist', '/Idempotency', ...workload.pointInTimeRecovery ? [] : ['/Main']];
  return [
    ...withoutRecovery.map((at) => ({
      at,
      id: 'AwsSolutions-DDB3',
      reason: 'The architecture has point-in-time recovery for the main table in production only; AWS Backup covers every table.',
    })),
    {
      at: '/TaskRole/DefaultPolicy',
      id: 'AwsSolutions-IAM5',
      appliesTo: ['Action::kms:GenerateDataKey*', 'Action::kms:ReEncrypt*'],
      reason: 'The variants of these two actions on the one key of the tables; DynamoDB chooses among them.',
    },
    {
      at: '/ExecutionRole/DefaultPolicy',
      id: 'AwsSolutions-IAM5',
      appliesTo: ['Resource::*'],
      reason: 'ecr:GetAuthorizationToken knows no resource.',
    },
    ...workload.replicateImages && secondaryRegion ? [{
      at: '/ExecutionRole/DefaultPolicy',
      id: 'AwsSolutions-IAM5',
      appliesTo: [`Resource::arn:aws:logs:${secondaryRegion}:${accounts.infrastructure}:log-group:/ecs/${nameOf(config, 'app')}:*`],
      reason: 'The log streams of one log group, in the secondary Region; Amazon ECS names them.',
    }] : [],
    {
      at: '/Task',
      id: 'AwsSolutions-ECS2',
      reason: 'The environment has the names of the tables, no secret. After a restore the table has another name, and the task gets it here.',
    },
  ];
}
