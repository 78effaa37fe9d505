import type { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { LogSource } from './log-source';
import { transitionProblems } from '../buckets/bucket-lifecycle';
import type { BucketDesign } from '../buckets/bucket-pair';
import { ReplicatedBucket } from '../buckets/replicated-bucket';
import type { ReplicatedBucketProps } from '../buckets/replicated-bucket-props';
import { describe, inDays, wholeDaysProblem } from '../private/spans';

/**
 * Properties of a replicated log bucket.
 */
export interface ReplicatedLogBucketProps extends ReplicatedBucketProps {
  /**
   * The service that writes the logs.
   */
  readonly source: LogSource;

  /**
   * How long logs are current versions, in whole days.
   *
   * A log that expires, or is deleted or overwritten before, stays as a noncurrent version for `noncurrentVersionExpiration`,
   * and incurs costs for that time.
   */
  readonly retention: Duration;

  /**
   * When logs move to other storage classes.
   *
   * @default - the defaults of the source, as far as the retention is longer: AWS CloudTrail and AWS Config to STANDARD_IA
   * after 90 days and GLACIER after 365, VPC flow logs, AWS WAF and server access logs to STANDARD_IA after 30
   */
  readonly transitions?: s3.Transition[];

  /**
   * How long a noncurrent version is kept after expiry, deletion or replacement by a new version.
   *
   * A shorter time costs less: by default, a log is stored for twice the retention. But if an attacker deletes logs that are
   * not locked, they are gone from the bucket after this time.
   *
   * @default - the same as `retention`
   */
  readonly noncurrentVersionExpiration?: Duration;
}

/**
 * A replicated bucket for logs, into which only one AWS service may deliver. Principals of the account have the permissions of
 * their own policies.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
 *
 * @example
 * new ReplicatedLogBucket(stack, 'FlowLogs', {
 *   source: LogSource.vpcFlowLogs({ organizationId: 'o-exampleorg12' }),
 *   retention: Duration.days(365),
 *   replicaRegion: 'eu-west-1',
 * });
 */
export class ReplicatedLogBucket extends ReplicatedBucket {
  /**
   * The service that writes the logs.
   */
  public readonly source: LogSource;

  /**
   * How long logs are kept.
   */
  public readonly retention: Duration;

  /**
   * Defines a log bucket and, with `replicaRegion` or `replicaScope`, its replica.
   *
   * @throws if S3 or the writer would reject a property, or an objective can't be met; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: ReplicatedLogBucketProps) {
    super(scope, id, props);
    this.source = props.source;
    this.retention = props.retention;
  }

  /**
   * A bucket that the source writes into, with the rule that keeps the logs for their retention.
   *
   * @internal
   */
  protected override _design(props: ReplicatedLogBucketProps): BucketDesign {
    const { source, retention, noncurrentVersionExpiration = retention, lifecycleRules = [] } = props;
    const problems = logProblems(props);
    const transitions = props.transitions ?? (problems.length > 0 ? [] : source._transitions(retention));
    return {
      subject: 'ReplicatedLogBucketProps',
      // If the rule itself has a problem, the other checks are not made against it.
      props: problems.length > 0 ? props : {
        ...props,
        lifecycleRules: [...lifecycleRules, {
          id: RETENTION, expiration: retention, noncurrentVersionExpiration, transitions: transitions.length > 0 ? transitions : undefined,
        }],
      },
      writer: source._writer,
      problems,
    };
  }
}

/** Id of the rule that keeps the logs for their retention. */
const RETENTION = 'retention';

function logProblems(props: ReplicatedLogBucketProps): string[] {
  const { retention, noncurrentVersionExpiration, transitions, lifecycleRules, replicaLifecycleRules, objectLock, replicaObjectLock } = props;
  const problems = [
    wholeDaysProblem('retention', retention, 1, 36_500),
    wholeDaysProblem('noncurrentVersionExpiration', noncurrentVersionExpiration, 1, 36_500),
  ].filter((problem) => problem !== undefined);
  problems.push(...transitionProblems("'transitions'", transitions ?? [], retention));
  const kept = inDays(retention);
  const least = { expiration: ['retention', retention], noncurrentVersionExpiration: ['noncurrentVersionExpiration', noncurrentVersionExpiration ?? retention] } as const;
  for (const [list, rules] of Object.entries({ lifecycleRules, replicaLifecycleRules })) {
    for (const [index, rule] of (rules ?? []).entries()) {
      for (const name of ['expiration', 'noncurrentVersionExpiration'] as const) {
        const [what, span] = least[name];
        const [days, expires] = [inDays(span), inDays(rule[name])];
        if (days !== undefined && expires !== undefined && expires < days) {
          problems.push(`'${name}' of '${list}[${index}]' must not be shorter than '${what}' (${describe(span)}), got ${describe(rule[name]!)}`);
        }
      }
      if (rule.expirationDate) {
        problems.push(`'expirationDate' of '${list}[${index}]' must be left out: a date can't keep the 'retention'`);
      }
      if (list === 'lifecycleRules' && rule.id === RETENTION) {
        problems.push(`'id' of '${list}[${index}]' must differ from '${RETENTION}', which this library uses`);
      }
    }
  }
  for (const [property, lock] of Object.entries({ objectLock, replicaObjectLock })) {
    const locked = inDays(lock?.duration);
    if (kept !== undefined && locked !== undefined && locked > kept) {
      problems.push(`'${property}' must not be longer than 'retention' (${describe(retention)}): S3 can't delete locked objects, got ${describe(lock!.duration)}`);
    }
  }
  return problems;
}
