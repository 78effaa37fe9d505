import { CfnResource } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { ReplicatedBucket } from 'cdk-backup-dr';
import { NagSuppressions } from 'cdk-nag';
import type { StageConfig } from '../config';

/**
 * A finding of cdk-nag that we mean to be so.
 */
interface Suppression {
  /** End of the path of the construct whose resource it is about, or the path of a resource by itself. */
  readonly at: string;
  readonly id: string;
  readonly appliesTo?: string[];
  readonly reason: string;
}

/**
 * Suppresses what cdk-nag and cfn-lint find and we mean to be so, each on its one resource and with its reason.
 *
 * @throws if a suppression has lost its resource
 */
export function suppressFindings(app: App, config: StageConfig): void {
  const resources = app.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  for (const { at, ...suppression } of [...ofSettings(), ...ofWorkload(config), ...ofBackup(config), ...ofReplicas(app), ...ofDeadLetters(app)]) {
    const found = resources.filter(({ node: { path } }) => path.endsWith(`${at}/Resource`) || path === at);
    if (found.length === 0) {
      throw new Error(`no resource at '${at}' to suppress ${suppression.id} for: take the suppression out`);
    }
    NagSuppressions.addResourceSuppressions(found, [suppression]);
  }
  for (const resource of resources.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::Lambda::Function')) {
    // The CDK lets every function depend on its role, which it refers to as well. That is once too often for cfn-lint.
    resource.addMetadata('cfn-lint', { config: { ignore_checks: ['W3005'] } });
  }
}

function ofSettings(): Suppression[] {
  return ['/BackupRegionSettingsHandler/Role', '/OrganizationBackupSettingsHandler/Role'].map((at) => ({
    at,
    id: 'AwsSolutions-IAM5',
    appliesTo: ['Resource::*'],
    reason: 'The actions on the settings of AWS Backup and of AWS Organizations know no resource; conditions narrow those that do more.',
  }));
}

function ofWorkload({ workload }: StageConfig): Suppression[] {
  const withoutRecovery = ['/Denylist', '/Idempotency', ...workload.pointInTimeRecovery ? [] : ['/Main']];
  return [
    ...withoutRecovery.map((at) => ({
      at,
      id: 'AwsSolutions-DDB3',
      reason: 'The architecture has point-in-time recovery for the main table in production only; AWS Backup covers every table.',
    })),
    {
      at: '/Task/TaskRole/DefaultPolicy',
      id: 'AwsSolutions-IAM5',
      appliesTo: ['Action::kms:GenerateDataKey*', 'Action::kms:ReEncrypt*'],
      reason: 'The variants of these two actions on the one key of the tables; DynamoDB chooses among them.',
    },
    {
      at: '/Task/ExecutionRole/DefaultPolicy',
      id: 'AwsSolutions-IAM5',
      appliesTo: ['Resource::*'],
      reason: 'ecr:GetAuthorizationToken knows no resource.',
    },
    {
      at: '/Task',
      id: 'AwsSolutions-ECS2',
      reason: 'The environment has the names of the tables, no secret. After a restore the table has another name, and the task gets it here.',
    },
  ];
}

function ofBackup({ primaryRegion, accounts: { infrastructure } }: StageConfig): Suppression[] {
  const at = '-backup/Role';
  const id = 'AwsSolutions-IAM5';
  const here = `${primaryRegion}:${infrastructure}`;
  return [
    {
      at,
      id,
      appliesTo: [`Resource::arn:aws:dynamodb:${here}:table/*`, `Resource::arn:aws:dynamodb:${here}:table/*/backup/*`],
      reason: 'The plan selects tables by their tags, those of tomorrow too, so their names are not known.',
    },
    {
      at,
      id,
      appliesTo: [`Resource::arn:aws:kms:${here}:key/*`],
      reason: 'The key of a table that is selected by its tags is not known; a condition allows its use through DynamoDB only.',
    },
    {
      at,
      id,
      appliesTo: ['Resource::arn:aws:kms:*:*:key/*'],
      reason: 'The keys of the vaults copied into are of other regions and accounts: they can be described, and granted to AWS services only.',
    },
    {
      at,
      id,
      appliesTo: [`Resource::arn:aws:backup:*:${infrastructure}:recovery-point:*`],
      reason: 'AWS Backup makes up the name of a recovery point when it makes one.',
    },
    {
      at,
      id,
      appliesTo: ['Resource::*'],
      reason: 'tag:GetResources and backup:CopyFromBackupVault know no resource; a condition names the vaults that the latter may copy into.',
    },
  ];
}

function ofDeadLetters(app: App): Suppression[] {
  const queues = app.node.findAll().filter((construct) => CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::SQS::Queue');
  return queues.map(({ node: { path } }) => ({
    at: path, id: 'AwsSolutions-SQS3', reason: 'The queue is for the dead letters of rules, which the rules name.',
  }));
}

function ofReplicas(app: App): Suppression[] {
  const buckets = app.node.findAll().filter((construct) => construct instanceof ReplicatedBucket);
  const present = new Set(app.node.findAll());
  return buckets.flatMap(({ account, bucketArn, replica, replicaBucketArn, replicaRegion, replicationRole }) => !replica || !replicationRole ? [] : [
    ...present.has(replica) ? [{
      at: replica.node.path,
      id: 'AwsSolutions-S1',
      reason: 'S3 alone writes here, and nobody reads before the primary region is lost. An access log would need one more bucket in this region, '
        + 'which the architecture does not have.',
    }] : [],
    {
      at: replicationRole.node.path,
      id: 'AwsSolutions-IAM5',
      appliesTo: [`Resource::${bucketArn}/*`, `Resource::${replicaBucketArn}/*`],
      reason: 'The objects of one bucket and of its replica: all of them are replicated.',
    },
    {
      at: replicationRole.node.path,
      id: 'AwsSolutions-IAM5',
      appliesTo: [`Resource::arn:aws:kms:${replicaRegion}:${account}:key/*`],
      reason: 'The key of the replica is known by its alias only, in another region; a condition allows no other key.',
    },
  ]);
}
