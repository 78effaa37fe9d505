import { Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ECS_CHANGES } from './ecs-changes';
import type { EcsClusterTarget } from './ecs-cluster-target';
import { ecsReads } from './ecs-permissions';
import { captureMetric } from '../configuration/capture-metrics';
import type { ConfigurationCaptureProps } from '../configuration/capture-props';
import { ConfigurationCapture } from '../configuration/configuration-capture';
import { NOTIFY } from '../notification/notify-checks';
import { differ, Environment } from '../private/environment';
import { checkRegion } from '../private/environment-checks';
import { checkShapes, hasAll, PropsErrors, SHAPES } from '../private/props-errors';
import type { IConfigurationBucket } from '../snapshots/configuration-bucket';

/**
 * Properties of the capture of Amazon ECS configuration.
 */
export interface EcsConfigBackupProps extends ConfigurationCaptureProps {
  /**
   * Clusters of the account and region of the stack, with all of their services.
   */
  readonly clusters: EcsClusterTarget[];

  /**
   * Regions other than that of the stack in which each image that runs must be too: an image that is not there is a finding.
   *
   * @default - the region of the replica of the bucket, unless it is that of the stack
   */
  readonly imageRegions?: string[];
}

/**
 * Snapshots of the configuration of Amazon ECS clusters: services with their revisions, task definitions, scaling, image digests, and the
 * rules and schedules that run tasks. AWS Backup can't back up any of this.
 *
 * A snapshot is one document for each cluster and run. It has what AWS answers, member for member, what was not captured, and findings:
 * values in plaintext that look like secrets, and images that can change or be deleted. Environment variables are in it too, so only
 * those who restore may read the bucket; the construct itself may not.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
 *
 * @example
 * const daily = BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) });
 * const bucket = new ConfigurationBucket(stack, 'Configuration', { schedules: [daily], replicaRegion: 'eu-west-1' });
 * new EcsConfigBackup(stack, 'EcsConfig', { clusters: [EcsClusterTarget.fromName('shop')], bucket, schedules: [daily] });
 */
export class EcsConfigBackup extends Construct {
  /**
   * Role of the function that reads the configuration and writes the snapshots.
   */
  public readonly role: iam.IRole;

  /**
   * The function that captures.
   */
  public readonly handler: lambda.IFunction;

  /**
   * The alarms.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * Defines the capture.
   *
   * @throws if a cluster or a schedule can't be captured, the bucket does not keep a schedule, or an objective can't be met; the error lists all
   * problems
   */
  constructor(scope: Construct, id: string, props: EcsConfigBackupProps) {
    super(scope, id);
    checkShapes(this, 'EcsConfigBackupProps', props, PROPS);
    const errors = new PropsErrors('EcsConfigBackupProps', this);
    const { clusters, bucket } = props;
    const home = Environment.of(this);
    checkClusters(this, errors, clusters);
    const imageRegions = props.imageRegions ?? imageRegionsOf(bucket, home);
    checkImageRegions(errors, props.imageRegions, home);
    const targets = clusters.some(({ clusterName }) => clusterName === undefined) ? undefined : clusters.map(({ clusterName }) => clusterName!);

    const capture = new ConfigurationCapture(this, errors, {
      kind: KIND,
      what: 'cluster',
      property: 'clusters',
      targets,
      bundle: 'ecs-config/ecs-capture.lambda',
      reads: ecsReads(this, targets),
      changes: ECS_CHANGES,
      settings: { imageRegions },
    }, props);
    this.role = capture.role;
    this.handler = capture.handler;
    this.alarms = capture.alarms;
  }

  /**
   * The number of snapshots that were written. A scheduled run that finds no cluster counts as one.
   *
   * @default - sum over 5 minutes
   */
  public metricCaptured(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return captureMetric(this, KIND, 'Captured', options);
  }

  /**
   * The number of snapshots that could not be made in time, after all attempts.
   *
   * @default - sum over 5 minutes
   */
  public metricFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return captureMetric(this, KIND, 'Failed', options);
  }

  /**
   * The number of services in a snapshot.
   *
   * @default - sum over 5 minutes
   */
  public metricServices(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return captureMetric(this, KIND, 'Services', options);
  }

  /**
   * The number of things in a cluster that a snapshot does not have. The snapshot names each of them.
   *
   * @default - sum over 5 minutes
   */
  public metricNotCaptured(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return captureMetric(this, KIND, 'NotCaptured', options);
  }

  /**
   * The number of values in plaintext that look like a secret.
   *
   * @default - sum over 5 minutes
   */
  public metricPlaintextSecrets(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return captureMetric(this, KIND, 'PlaintextSecrets', options);
  }

  /**
   * The number of images that might be missing when they are needed: not in each of `imageRegions`, or in a repository with a lifecycle
   * policy that could delete them.
   *
   * @default - sum over 5 minutes
   */
  public metricImagesNotKept(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return captureMetric(this, KIND, 'ImagesNotKept', options);
  }

  /**
   * How long a capture took, in seconds.
   *
   * @default - sum over 5 minutes
   */
  public metricSeconds(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return captureMetric(this, KIND, 'Seconds', options);
  }
}

const KIND = 'ecs';

/** A cluster itself has a name as well. The class is not checked, because an app can have two versions of it. */
function isTarget(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_cluster' in value;
}

const PROPS = {
  clusters: { what: 'clusters (EcsClusterTarget)', is: isTarget, isList: true, isRequired: true },
  bucket: { what: 'a ConfigurationBucket', is: hasAll('node', 'bucketName', 'schedules'), isRequired: true },
  schedules: { what: 'schedules (BackupTier)', is: hasAll('name', 'deleteAfter', 'startWindow'), isList: true, isRequired: true },
  changeDelay: SHAPES.duration,
  imageRegions: SHAPES.texts,
  notify: NOTIFY,
  overrides: SHAPES.map,
  roleName: SHAPES.text,
};

function checkClusters(scope: Construct, errors: PropsErrors, clusters: EcsClusterTarget[]): void {
  errors.whenEmpty('clusters', clusters, 'cluster');
  const hasAllOf = clusters.some(({ clusterName }) => clusterName === undefined);
  errors.when(hasAllOf && clusters.length > 1, () => "'clusters' must be EcsClusterTarget.all() alone, or name clusters: with both, clusters would be captured twice");
  const home = Environment.of(scope);
  for (const { clusterName, _cluster: cluster } of clusters) {
    if (!cluster) {
      continue;
    }
    const where = new Environment(cluster.env.account, cluster.env.region);
    errors.when(where.differsFrom(home), () => `'clusters' must be in the account and region of the construct (${home}), got '${cluster.node.path}' in ${where}: `
      + 'define an EcsConfigBackup in a stack there');
    errors.when(Token.isUnresolved(clusterName) && Stack.of(cluster) !== Stack.of(scope),
      () => `'clusters' must have literal names, or be in the stack of the construct, got '${cluster.node.path}', whose name AWS CloudFormation generates: set its 'clusterName'`);
  }
}

function checkImageRegions(errors: PropsErrors, imageRegions: string[] | undefined, home: Environment): void {
  for (const region of imageRegions ?? []) {
    errors.when(Token.isUnresolved(region), () => "'imageRegions' must be literal regions, got a token");
    checkRegion(errors, 'imageRegions', region);
    errors.when(!differ(region, home.region) && !Token.isUnresolved(region) && !Token.isUnresolved(home.region),
      () => `'imageRegions' must not contain the region of the construct, ${region}, where the images run: leave it out`);
  }
}

function imageRegionsOf({ replicaRegion }: IConfigurationBucket, home: Environment): string[] {
  return replicaRegion !== undefined && differ(replicaRegion, home.region) ? [replicaRegion] : [];
}
