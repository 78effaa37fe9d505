import { App, Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { BackupTier } from '../../src/objectives/backup-tier';
import { PropsErrors } from '../../src/private/props-errors';
import { Runbook } from '../../src/recovery/recovery-runbook';
import type { RunbookDesign } from '../../src/recovery/runbook-design';
import type { RunbookProps } from '../../src/recovery/runbook-props';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import type { ConfigurationBucketProps } from '../../src/snapshots/configuration-bucket';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

export const DAILY = BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) });

/** What a runbook of these tests does. It has the bundle of another function, which is there. */
export const DESIGN: RunbookDesign = {
  kind: 'ecs-restore',
  description: 'Restores services of a cluster.',
  snapshots: 'ecs',
  bundle: 'ecs-config/ecs-capture.lambda',
  sourceRegion: LONDON,
  parameters: [
    { name: 'Cluster', description: 'The cluster.', allowedValues: ['shop'] },
    { name: 'Services', description: 'The services.', defaultValue: '*', allowedPattern: '^[a-z*,-]+$' },
  ],
  targets: ['ecs/{{ Cluster }}'],
  steps: { preflight: 'Looks for problems.', plan: 'Says what it will do.', work: 'Does it.', verify: 'Looks whether it works.' },
  statements: new Map([[new iam.PolicyStatement({ actions: ['ecs:DescribeClusters'], resources: ['arn:aws:ecs:eu-west-2:222222222222:cluster/shop'] }), undefined]]),
};

/** A bucket in the log archive, with a replica, and runbooks of the infrastructure account. */
export class Setup {
  public readonly app = new App();
  public readonly archive: Stack = stackIn(LOG_ARCHIVE, LONDON, this.app, 'Archive');
  public readonly bucket: ConfigurationBucket;

  constructor(props: Partial<ConfigurationBucketProps> = {}, region = LONDON, public readonly stack: Stack = stackIn(INFRASTRUCTURE, region, this.app, 'Workload')) {
    this.bucket = new ConfigurationBucket(this.archive, 'Configuration', { bucketName: 'snapshots', schedules: [DAILY], replicaRegion: IRELAND, ...props });
  }

  public define(props: Partial<RunbookProps> = {}, design: Partial<RunbookDesign> = {}, id = 'Restore', errors?: PropsErrors, stack = this.stack): Runbook {
    const scope = new Construct(stack, id);
    return new Runbook(scope, errors ?? new PropsErrors('RunbookProps', scope), { ...DESIGN, ...design }, { bucket: this.bucket, ...props });
  }

  /** A bucket of another stack, without a replica. */
  public bucketIn(stack: Stack): ConfigurationBucket {
    return new ConfigurationBucket(stack, 'Configuration', { schedules: [DAILY] });
  }

  public get rendered(): Rendered {
    return Rendered.of(this.stack);
  }

  /** The content of the only document. */
  public get document(): any {
    return this.rendered.only('AWS::SSM::Document').Content;
  }
}
