import { Token } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { checkShape, hasAll, PropsErrors } from '../private/props-errors';

/**
 * Amazon ECS clusters whose configuration is captured.
 *
 * @example
 * declare const cluster: ecs.Cluster;
 * declare const bucket: ConfigurationBucket;
 * new EcsConfigBackup(stack, 'EcsConfig', {
 *   clusters: [EcsClusterTarget.fromCluster(cluster), EcsClusterTarget.fromName('reports')],
 *   bucket,
 *   schedules: [BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) })],
 * });
 */
export class EcsClusterTarget {
  /**
   * A cluster that an app defines or imports, in the account and region of the construct that captures it.
   *
   * The name must be a literal, or the cluster in the stack of that construct.
   *
   * @param cluster The cluster, with all of its services
   * @throws if it is not a cluster
   */
  public static fromCluster(cluster: ecs.ICluster): EcsClusterTarget {
    const errors = new PropsErrors('EcsClusterTarget.fromCluster');
    checkShape(errors, 'cluster', cluster, { what: 'a cluster, such as an ecs.Cluster', is: hasAll('node', 'clusterName'), isRequired: true });
    errors.throwIfAny();
    return new EcsClusterTarget(cluster.clusterName, cluster);
  }

  /**
   * A cluster by its name, which does not have to exist yet.
   *
   * @param clusterName 1 to 255 letters, digits, hyphens and underscores
   * @throws if the name is not valid
   */
  public static fromName(clusterName: string): EcsClusterTarget {
    const errors = new PropsErrors('EcsClusterTarget.fromName');
    errors.whenMissing('clusterName', clusterName, "the name of a cluster, such as 'shop'");
    errors.when(Token.isUnresolved(clusterName), () => "'clusterName' must be a literal, got a token: use EcsClusterTarget.fromCluster");
    errors.when(typeof clusterName === 'string' && !Token.isUnresolved(clusterName) && !/^[\w-]{1,255}$/.test(clusterName),
      () => `'clusterName' must be 1 to 255 letters, digits, hyphens and underscores, and not an ARN, got '${clusterName}'`);
    errors.throwIfAny();
    return new EcsClusterTarget(clusterName);
  }

  /**
   * Every cluster of the account and region, also those that are created later.
   */
  public static all(): EcsClusterTarget {
    return new EcsClusterTarget();
  }

  /**
   * Name of the cluster.
   *
   * @default - every cluster
   */
  public readonly clusterName?: string;

  /** @internal */
  public readonly _cluster?: ecs.ICluster;

  private constructor(clusterName?: string, cluster?: ecs.ICluster) {
    this.clusterName = clusterName;
    this._cluster = cluster;
  }
}
