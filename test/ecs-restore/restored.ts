import { App } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { EcsRestoreRunbook } from '../../src/ecs-restore/ecs-restore-runbook';
import type { EcsRestoreRunbookProps } from '../../src/ecs-restore/ecs-restore-runbook';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import type { ConfigurationBucketProps } from '../../src/snapshots/configuration-bucket';
import { DAILY } from '../ecs-config/captured';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/** A bucket in the log archive, with a replica, and runbooks of the infrastructure account. */
export class Restored {
  public readonly app = new App();
  public readonly archive: Stack = stackIn(LOG_ARCHIVE, LONDON, this.app, 'Archive');
  public readonly stack: Stack;
  public readonly bucket: ConfigurationBucket;

  constructor(props: Partial<ConfigurationBucketProps> = {}, region = LONDON) {
    this.stack = stackIn(INFRASTRUCTURE, region, this.app, 'Workload');
    this.bucket = new ConfigurationBucket(this.archive, 'Configuration', { bucketName: 'snapshots', schedules: [DAILY], replicaRegion: IRELAND, ...props });
  }

  public get rendered(): Rendered {
    return Rendered.of(this.stack);
  }

  /** The content of the only document. */
  public get document(): any {
    return this.rendered.only('AWS::SSM::Document').Content;
  }

  /** A role by its name. */
  public role(name: string): iam.IRole {
    return iam.Role.fromRoleName(this.stack, name, name);
  }

  /** Of the cluster `shop`, with the role `task`. */
  public define(props: Partial<EcsRestoreRunbookProps> = {}, id = 'Restore'): EcsRestoreRunbook {
    const passableRoles = props.passableRoles ?? [this.role('task')];
    return new EcsRestoreRunbook(this.stack, id, { bucket: this.bucket, clusters: [EcsClusterTarget.fromName('shop')], passableRoles, ...props });
  }
}
