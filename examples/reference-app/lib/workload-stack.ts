import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Notify, ReplicatedBucket, ReplicationAlarms } from 'cdk-backup-dr';
import type { Construct } from 'constructs';
import type { ConfiguredStackProps } from './configured-stack-props';
import { clusterName, executionRoleName, nameOf, taskRoleName } from './naming';
import type { StageConfig } from '../config';

/** Data outlives its stack; only what a failed first deployment leaves behind is deleted. */
const removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** How long an object stays that was overwritten, deleted, or has expired. */
const noncurrentVersionExpiration = Duration.days(30);

/** No user of the image's own is known; this one is not root. */
const CONTAINER_USER = '1000:1000';

/**
 * The workload: what is backed up, in the infrastructure account.
 */
export class WorkloadStack extends Stack {
  private readonly config: StageConfig;
  private readonly key: kms.Key;

  constructor(scope: Construct, id: string, { config, ...props }: ConfiguredStackProps) {
    super(scope, id, props);
    this.config = config;
    this.key = new kms.Key(this, 'Key', { description: `Encrypts the data of ${id}`, enableKeyRotation: true, removalPolicy });

    this.defineBuckets();
    this.defineService(this.defineTables());
  }

  /** The VPC would look them up, with credentials. */
  public override get availabilityZones(): string[] {
    return this.config.availabilityZones;
  }

  private defineTables(): Record<string, dynamodb.Table> {
    const { deletionProtection, workload: { pointInTimeRecovery } } = this.config;
    const everyTable = {
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      deletionProtection,
      removalPolicy,
    };
    return {
      MAIN_TABLE: new dynamodb.Table(this, 'Main', {
        ...everyTable,
        partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
        sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
        stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
      }),
      DENYLIST_TABLE: new dynamodb.Table(this, 'Denylist', {
        ...everyTable,
        partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      }),
      IDEMPOTENCY_TABLE: new dynamodb.Table(this, 'Idempotency', {
        ...everyTable,
        partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
        timeToLiveAttribute: 'expiration',
      }),
    };
  }

  private defineBuckets(): void {
    const everyBucket = {
      versioned: true, enforceSSL: true, minimumTLSVersion: 1.2, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, removalPolicy,
    };
    const oldVersions: s3.LifecycleRule = { id: 'old-versions', noncurrentVersionExpiration, expiredObjectDeleteMarker: true };
    const uploads: s3.LifecycleRule = { id: 'uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) };
    const accessLogs = new s3.Bucket(this, 'AccessLogs', {
      ...everyBucket,
      encryption: s3.BucketEncryption.S3_MANAGED, // Amazon S3 delivers access logs into no other
      lifecycleRules: [{ id: 'retention', expiration: Duration.days(this.config.workload.logRetention), noncurrentVersionExpiration }, uploads],
    });
    const frontend = new ReplicatedBucket(this, 'Frontend', {
      encryptionKey: this.key,
      replicaRegion: this.config.secondaryRegion,
      serverAccessLogsBucket: accessLogs,
      objectives: this.config.workload.frontendObjectives,
      lifecycleRules: [oldVersions], // and of the replica
      removalPolicy,
    });
    if (this.config.secondaryRegion) {
      new ReplicationAlarms(this, 'ReplicationAlarms', { buckets: [frontend], notify: [Notify.email(this.config.email)] });
    }
    new s3.Bucket(this, 'Artifacts', {
      ...everyBucket,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'artifacts/',
      lifecycleRules: [oldVersions, uploads],
    });
  }

  private defineService(tables: Record<string, dynamodb.Table>): void {
    const { imageTag, minTasks, maxTasks } = this.config.workload;
    const repository = new ecr.Repository(this, 'Repository', {
      repositoryName: nameOf(this.config, 'app'),
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      // A tag is a version that may be running, or be gone back to. What has none is neither, unless it is a part of one that has.
      lifecycleRules: [{ description: 'Images without a tag', tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(14) }],
      removalPolicy,
    });
    this.replicateImages();
    // Whoever restores the service passes these roles by their names.
    const assumedBy = new iam.ServicePrincipal('ecs-tasks.amazonaws.com');
    const executionRole = new iam.Role(this, 'ExecutionRole', { roleName: executionRoleName(this.config), assumedBy });
    const logGroupName = `/ecs/${nameOf(this.config, 'app')}`; // literal: the secondary region has one of the same name
    const logGroup = this.defineLogGroup('AppLogs', logGroupName);
    this.letStartInSecondaryRegion(executionRole, logGroupName);
    const taskDefinition = new ecs.FargateTaskDefinition(this, 'Task', {
      family: nameOf(this.config, 'app'),
      taskRole: new iam.Role(this, 'TaskRole', { roleName: taskRoleName(this.config), assumedBy }),
      executionRole,
    });
    taskDefinition.addContainer('App', {
      image: ecs.ContainerImage.fromEcrRepository(repository, imageTag),
      user: CONTAINER_USER,
      environment: Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, table.tableName])),
      logging: ecs.LogDriver.awsLogs({ streamPrefix: 'app', logGroup }),
    });
    for (const table of Object.values(tables)) {
      table.grantReadWriteData(taskDefinition.taskRole);
    }

    const service = new ecs.FargateService(this, 'Service', {
      serviceName: nameOf(this.config, 'app'),
      cluster: new ecs.Cluster(this, 'Cluster', { clusterName: clusterName(this.config), vpc: this.defineVpc(), containerInsightsV2: ecs.ContainerInsights.ENABLED }),
      taskDefinition,
      // Left out, so that a deployment keeps what scaling arrived at. 0 lets the first one end before there is an image.
      desiredCount: minTasks === 0 ? 0 : undefined,
      minHealthyPercent: 100,
      circuitBreaker: { rollback: true },
      propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
    service.autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks }).scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
  }

  /** Of this stage's repositories. What was pushed before is not replicated, and most images are there within 30 minutes. */
  private replicateImages(): void {
    const { secondaryRegion, workload, accounts } = this.config;
    if (workload.replicateImages && secondaryRegion) {
      new ecr.CfnReplicationConfiguration(this, 'ImageReplication', {
        replicationConfiguration: {
          rules: [{
            destinations: [{ region: secondaryRegion, registryId: accounts.infrastructure }],
            repositoryFilters: [{ filter: nameOf(this.config, ''), filterType: 'PREFIX_MATCH' }],
          }],
        },
      });
    }
  }

  /** After the loss of the region, the service starts from the replica of its image, and logs there. The roles are the same in every region. */
  private letStartInSecondaryRegion(executionRole: iam.Role, logGroupName: string): void {
    const { secondaryRegion: region, workload } = this.config;
    if (workload.replicateImages && region) {
      executionRole.addToPolicy(new iam.PolicyStatement({
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [this.formatArn({ service: 'ecr', region, resource: 'repository', resourceName: nameOf(this.config, 'app') })],
      }));
      executionRole.addToPolicy(new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.formatArn({ service: 'logs', region, resource: 'log-group', resourceName: `${logGroupName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME })],
      }));
    }
  }

  private defineVpc(): ec2.Vpc {
    const destination = ec2.FlowLogDestination.toCloudWatchLogs(this.defineLogGroup('FlowLogs'));
    return new ec2.Vpc(this, 'Vpc', {
      maxAzs: this.availabilityZones.length,
      natGateways: this.config.workload.natGateways,
      flowLogs: { all: { destination } },
    });
  }

  private defineLogGroup(id: string, logGroupName?: string): logs.LogGroup {
    return new logs.LogGroup(this, id, { logGroupName, retention: this.config.workload.logRetention, removalPolicy });
  }
}
