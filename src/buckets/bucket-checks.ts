import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { ruleProblems } from './bucket-lifecycle';
import { ABORT_UPLOADS } from './bucket-parts';
import type { BucketWriter } from './bucket-writer';
import { BUCKET_NAMES } from './buckets-in-app';
import type { ReplicatedBucketAttributes, ReplicatedBucketProps } from './replicated-bucket-props';
import { FailureScope } from '../objectives/recovery-objective';
import { differ, Environment } from '../private/environment';
import { checkKey, checkRegion, checkReplicaPlace } from '../private/environment-checks';
import type { PropsErrors } from '../private/props-errors';
import { isInTwinStack } from '../private/region-stack';
import { Registry } from '../private/registry';
import { describe, inDays, inMinutes } from '../private/spans';

/** Time of S3 Replication Time Control, in minutes. */
export const REPLICATION_TIME = 15;

/**
 * The names and environments of a bucket and its replica.
 */
export interface PlannedBucket {
  readonly props: ReplicatedBucketProps;
  readonly home: Environment;
  /** Undefined without a replica. */
  readonly away?: Environment;
  readonly bucketName: string;
  readonly replicaBucketName: string;
  readonly writer?: BucketWriter;
}

/**
 * Checks of the properties of a bucket at synthesis.
 *
 * @param errors Collects the problems; for a log bucket, it can already contain some
 * @returns what could not be checked, and why
 */
export function checkBucketProps(scope: IConstruct, errors: PropsErrors, planned: PlannedBucket): string[] {
  const { props, home, away, writer } = planned;
  checkNames(errors, scope, planned);
  if (away) {
    checkReplica(errors, props, home, away);
  } else {
    for (const property of REPLICA_PROPERTIES) {
      errors.when(props[property] !== undefined, () => `'${property}' has no effect without a replica: set 'replicaRegion' too, or leave it out`);
    }
  }
  checkKey(errors, 'encryptionKey', props.encryptionKey, 'bucket', home);
  for (const [property, key] of Object.entries({ encryptionKey: props.encryptionKey, replicaEncryptionKey: props.replicaEncryptionKey })) {
    errors.when(key !== undefined && writer?.customerKeyProblem !== undefined, () => `'${property}' must be left out: ${writer!.customerKeyProblem}`);
  }
  errors.when(props.objectLock && writer?.objectLockProblem !== undefined,
    () => `'objectLock' must be left out: ${writer!.objectLockProblem}; lock only the replica, with 'replicaObjectLock'`);
  checkLifecycles(errors, props);
  errors.when(props.serverAccessLogsBucket && writer?.isSelfLogging,
    () => "'serverAccessLogsBucket' has no effect if the bucket logs to itself ('selfLogging'): leave one of them out");
  checkAccessLogs(errors, 'serverAccessLogsBucket', props.serverAccessLogsBucket, home);
  if (away) {
    checkAccessLogs(errors, 'replicaServerAccessLogsBucket', props.replicaServerAccessLogsBucket, away);
  }
  checkObjectives(errors, props, away);
  return (props.objectives ?? []).filter(({ rpo }) => rpo.isUnresolved()).map(({ name }) => `objective '${name}': its 'rpo' is a token`);
}

/**
 * Checks of the attributes of an imported bucket.
 *
 * @param errors Collects the problems; for a configuration bucket, it can already contain some
 */
export function checkBucketAttributes(errors: PropsErrors, attrs: ReplicatedBucketAttributes): void {
  const { bucketName, replicaBucketName, account, region, replicaRegion } = attrs;
  for (const [property, name] of Object.entries({ bucketName, replicaBucketName })) {
    // The name of an existing bucket can contain dots.
    errors.when(name !== undefined && !Token.isUnresolved(name) && !NAME.test(name.replaceAll('.', '-')), () => nameProblem(property, name!));
  }
  errors.when(!Token.isUnresolved(account) && !/^\d{12}$/.test(account), () => `'account' must be 12 digits, got '${account}'`);
  for (const [property, value] of Object.entries({ region, replicaRegion })) {
    checkRegion(errors, property, value);
  }
  errors.when(replicaRegion !== undefined && replicaRegion === region, () => `'replicaRegion' must differ from the region of the bucket, ${region}`);
  errors.when(replicaRegion !== undefined && replicaBucketName === undefined, () => "'replicaBucketName' is required with 'replicaRegion', because the name can't be derived");
  for (const property of ['replicaBucketName', 'replicationRuleId'] as const) {
    errors.when(replicaRegion === undefined && attrs[property] !== undefined,
      () => `'${property}' has no effect without a replica: set 'replicaRegion' too, or leave it out`);
  }
  errors.throwIfAny();
}

const NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3)$/;
const REPLICA_PROPERTIES = [
  'replicaBucketName', 'replicaEncryptionKey', 'replicaStorageClass', 'replicationTimeControl', 'deleteMarkerReplication', 'replicaObjectLock',
  'replicaLifecycleRules', 'replicaServerAccessLogsBucket',
] as const;

function nameProblem(property: string, name: string): string {
  return `'${property}' must be 3 to 63 lowercase letters, digits and hyphens, and neither begin nor end with a hyphen, got '${name}' (${name.length} characters)`;
}

function checkNames(errors: PropsErrors, scope: IConstruct, { props, away, writer, ...names }: PlannedBucket): void {
  const all = away ? (['bucketName', 'replicaBucketName'] as const) : (['bucketName'] as const);
  const prefix = writer?.bucketNamePrefix ?? '';
  for (const property of all) {
    const name = names[property];
    const isGiven = props[property] !== undefined;
    if (Token.isUnresolved(name)) {
      errors.when(isGiven, () => `'${property}' must be a literal name, because templates of other regions contain its ARN, got a token`);
      continue;
    }
    const isMade = !isGiven && props.bucketName === undefined; // from the region, which can be wrong itself
    errors.when(!isMade && !NAME.test(name), () => nameProblem(property, name));
    errors.when(RESERVED.test(name), () => `'${property}' must not begin or end with a reserved prefix or suffix of Amazon S3 (xn--, sthree-, amzn-s3-demo-, -s3alias, --ol-s3, --x-s3, --table-s3), got '${name}'`);
    errors.when(isGiven && !name.startsWith(prefix), () => `'${property}' must begin with '${prefix}', otherwise the writer rejects it, got '${name}'`);
    errors.when(/^aws-?controltower/.test(name), () => `'${property}' must not begin with 'aws-controltower', which is reserved for AWS Control Tower, got '${name}'`);
    const taken = Registry.of(scope).find(BUCKET_NAMES, ({ bucketName, by }) => bucketName === name && !isInTwinStack(by, scope));
    errors.when(taken !== undefined, () => `'${property}' must be a unique name, got '${name}', which '${taken!.by.node.path}' already uses`);
  }
  errors.when(props.replicaBucketName !== undefined && names.bucketName === names.replicaBucketName, () => `'replicaBucketName' must differ from the name of the bucket, got '${names.bucketName}'`);
}

function checkReplica(errors: PropsErrors, props: ReplicatedBucketProps, home: Environment, away: Environment): void {
  const { replicaRegion, replicaScope, replicaEncryptionKey } = props;
  checkReplicaPlace(errors, { what: 'bucket', whoCopies: 'S3 replicates', replicaRegion, replicaScope, home, away });
  errors.when(differ(away.account, home.account), () => `'replicaScope' must be in the account of the bucket (${home.account}), got ${away}`);
  checkKey(errors, 'replicaEncryptionKey', replicaEncryptionKey, 'replica', away);
}

function checkLifecycles(errors: PropsErrors, { lifecycleRules, replicaLifecycleRules, objectLock, replicaObjectLock }: ReplicatedBucketProps): void {
  errors.add(
    ...ruleProblems('lifecycleRules', lifecycleRules ?? [], [ABORT_UPLOADS]),
    ...ruleProblems('replicaLifecycleRules', replicaLifecycleRules ?? [], [ABORT_UPLOADS]),
  );
  const isOther = objectLock && replicaObjectLock && (objectLock.mode !== replicaObjectLock.mode || differ(`${inDays(objectLock.duration)}`, `${inDays(replicaObjectLock.duration)}`));
  errors.when(isOther,
    () => "'replicaObjectLock' must be left out if 'objectLock' differs from it: in the replica, S3 keeps the lock that an object has in the bucket, "
      + `got ${lockText(replicaObjectLock!)} and ${lockText(objectLock!)}`);
  checkLock(errors, 'objectLock', objectLock, 'lifecycleRules', lifecycleRules);
  if (replicaLifecycleRules) {
    checkLock(errors, 'replicaObjectLock', replicaObjectLock ?? objectLock, 'replicaLifecycleRules', replicaLifecycleRules);
  } else {
    checkLock(errors, 'replicaObjectLock', replicaObjectLock, 'lifecycleRules', lifecycleRules);
  }
}

function checkLock(
  errors: PropsErrors, lockProperty: string, lock: s3.ObjectLockRetention | undefined, property: string, rules: s3.LifecycleRule[] | undefined,
): void {
  for (const [index, { expiration, noncurrentVersionExpiration }] of (rules ?? []).entries()) {
    // An object that expires becomes a noncurrent version, which is deleted later.
    const [name, span] = expiration ? ['expiration', expiration] as const : ['noncurrentVersionExpiration', noncurrentVersionExpiration] as const;
    const [locked, expires] = [inDays(lock?.duration), inDays(span)];
    errors.when(locked !== undefined && expires !== undefined && locked > expires,
      () => `'${lockProperty}' must not be longer than the '${name}' of '${property}[${index}]', ${describe(span!)}: `
        + `S3 can't delete locked objects, got ${describe(lock!.duration)}`);
  }
}

function checkAccessLogs(errors: PropsErrors, property: string, target: s3.IBucket | undefined, home: Environment): void {
  if (!target) {
    return;
  }
  const where = new Environment(target.env.account, target.env.region);
  errors.when(where.differsFrom(home), () => `'${property}' must be in the account and region of its bucket (${home}), got ${where}`);
  const resource = target.node.defaultChild;
  if (!resource || !CfnResource.isCfnResource(resource)) {
    return;
  }
  const { objectLockEnabled, bucketEncryption } = resource as s3.CfnBucket;
  errors.when(objectLockEnabled === true, () => `'${property}' must not have Object Lock, which blocks the delivery of server access logs, got '${target.node.path}'`);
  errors.when(/"(sseAlgorithm|SSEAlgorithm)":"aws:kms/.test(JSON.stringify(Stack.of(resource).resolve(bucketEncryption) ?? '')),
    () => `'${property}' must use SSE-S3: server access logs can't be delivered to a bucket with a key of AWS KMS, got '${target.node.path}'`);
}

function checkObjectives(errors: PropsErrors, props: ReplicatedBucketProps, away: Environment | undefined): void {
  for (const { name, rpo, survives } of props.objectives ?? []) {
    const subject = `objective '${name}' (survives ${survives})`;
    const minutes = inMinutes(rpo);
    if (survives === FailureScope.ACCOUNT) {
      errors.add(`${subject}: the replica is in the account of the bucket, so nothing remains to recover from: back up the bucket into a vault of another account`);
    } else if (!away) {
      errors.add(`${subject}: there is no replica to recover from: set 'replicaRegion'`);
    } else if (props.replicationTimeControl === false) {
      errors.add(`${subject}: without 'replicationTimeControl', S3 does not commit to a replication time, and 'rpo' is ${describe(rpo)}: turn it on`);
    } else {
      errors.when(minutes !== undefined && minutes < REPLICATION_TIME,
        () => `${subject}: S3 replicates within ${REPLICATION_TIME} minutes, and 'rpo' is ${describe(rpo)}: set a longer 'rpo'`);
    }
  }
}

function lockText({ mode, duration }: s3.ObjectLockRetention): string {
  return `${mode} for ${describe(duration)}`;
}
