import { App, Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BackupTier } from '../../src/objectives/backup-tier';
import { WeekDay } from '../../src/schedules/week-day';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import type { ConfigurationBucketProps, IConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { admitCapture, captureStatements } from '../../src/snapshots/snapshot-writers';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

export const DAILY = BackupTier.daily({ deleteAfter: Duration.days(35) });
export const WEEKLY = BackupTier.weekly({ weekDay: WeekDay.SUNDAY, deleteAfter: Duration.days(365) });

/**
 * An app with a bucket for snapshots in one account, and a workload in another one.
 */
export class Setup {
  public readonly app = new App();
  public readonly stack: Stack = stackIn(LOG_ARCHIVE, LONDON, this.app, 'Archive');
  public readonly workload: Stack = stackIn(INFRASTRUCTURE, LONDON, this.app, 'Workload');

  public readonly other: Stack = stackIn('444444444444', LONDON, this.app, 'Other');

  /** A bucket called `snapshots`, with a replica called `snapshots-replica`. */
  public bucket(props: Partial<ConfigurationBucketProps> = {}, id = 'Configuration'): ConfigurationBucket {
    return new ConfigurationBucket(this.stack, id, { bucketName: 'snapshots', replicaRegion: IRELAND, schedules: [DAILY, WEEKLY], ...props });
  }

  /** A role of a stack that captures into a bucket, with all that it needs. */
  public capture(bucket: IConfigurationBucket, stack = this.workload, roleName = 'capture', kind = 'ecs'): iam.Role {
    const statements = [...captureStatements(bucket, kind, stack.account).keys()];
    const role = new iam.Role(stack, roleName, {
      roleName, assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), inlinePolicies: { capture: new iam.PolicyDocument({ statements }) },
    });
    admitCapture(bucket, { by: role, kind, role, account: stack.account });
    return role;
  }

  public get away(): Stack {
    return supportStackOf(this.stack, IRELAND);
  }
}
