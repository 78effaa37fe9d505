import { Stage, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ConfigurationBucket } from './configuration-bucket';
import type { IConfigurationBucket } from './configuration-bucket';
import { bucketStatements, captureArea, keyStatement, RECORD_AREA } from './snapshot-policies';
import type { WrittenArea } from './snapshot-policies';
import { keyArnOf, primaryOf, sidesOf } from './written-bucket';
import type { WrittenBucket } from './written-bucket';
import { atSynthesis } from '../private/at-synthesis';
import { differ } from '../private/environment';
import { forUsers } from '../private/messages';
import { deployStackAfter, isInTree, waitsFor } from '../private/ordering';
import { outermostStack } from '../private/region-stack';
import { uncheckedPolicy } from '../private/registry';
import { howToName, literalRoleName } from '../roles/role-name';

/**
 * A role that writes into a configuration bucket.
 */
export interface SnapshotWriter {
  /** The construct that writes: the role is admitted as long as it is in the tree. */
  readonly by: Construct;
  readonly role: iam.IRole;
  /** Account of the role. */
  readonly account: string;
}

/**
 * A role that captures.
 */
export interface CaptureWriter extends SnapshotWriter {
  /** What it captures, lowercase letters: `ecs`. It is a part of the keys. */
  readonly kind: string;
}

/** Statements of the policy of a role, each with the reason for its wildcard, if it has one. */
export type OwnStatements = Map<iam.PolicyStatement, string | undefined>;

/**
 * What the policy of a role must allow that captures into a bucket: to put and list below `<tier>/<kind>/<account>/`, and to encrypt. It can't read.
 */
export function captureStatements(bucket: IConfigurationBucket, kind: string, account: string): OwnStatements {
  return ownStatements(captureAreaOf(bucket, kind), [primaryOf(bucket)], account);
}

/**
 * What the policy of a role must allow that records measured recoveries in a bucket or in its replica, below `records/<account>/`.
 */
export function recordStatements(bucket: IConfigurationBucket, account: string): OwnStatements {
  return ownStatements(RECORD_AREA, sidesOf(bucket), account);
}

/**
 * Has a bucket and its key allow what `captureStatements` allows: the policies of both decide about a role of another account.
 *
 * For an imported bucket, the messages contain the statements that its policies need.
 *
 * @throws if the role can't be allowed
 */
export function admitCapture(bucket: IConfigurationBucket, writer: CaptureWriter): void {
  admit(bucket, captureAreaOf(bucket, writer.kind), [primaryOf(bucket)], writer);
}

/**
 * Has a bucket, its replica and their keys allow what `recordStatements` allows.
 *
 * @throws if the role can't be allowed
 */
export function admitRecords(bucket: IConfigurationBucket, writer: SnapshotWriter): void {
  admit(bucket, RECORD_AREA, sidesOf(bucket), writer);
}

function captureAreaOf({ schedules }: IConfigurationBucket, kind: string): WrittenArea {
  return captureArea(kind, schedules.map(({ name }) => name));
}

function ownStatements(area: WrittenArea, sides: WrittenBucket[], account: string): OwnStatements {
  return new Map(sides.flatMap((side, index) => {
    const statements = [...bucketStatements(area, side, account), keyStatement(area, side, account, keyArnOf(side))];
    return statements.map((statement) => {
      statement.sid += index === 0 ? '' : 'Replica';
      return [statement, statement.sid!.startsWith('Encrypt') ? KEY_REASON : OBJECT_REASON] as const;
    });
  }));
}

const OBJECT_REASON = 'The names of the objects contain what is captured and the time. The role writes only below the prefixes of its own account.';
const KEY_REASON = 'The ID of the key is not known in advance. Conditions limit the role to Amazon S3 and the objects of this one bucket.';

function admit(bucket: IConfigurationBucket, area: WrittenArea, sides: WrittenBucket[], { by, role, account }: SnapshotWriter): void {
  if (Token.isUnresolved(account) !== Token.isUnresolved(bucket.account)) {
    throw new Error(forUsers(`'${by.node.path}' and the bucket '${bucket.bucketName}' must both be in stacks with a literal account, or in the same one: set the 'env' of their stacks, `
      + `got account ${account} and ${bucket.account}`));
  }
  atSynthesis(by, () => deployAfterBuckets(by, sides));
  for (const [index, side] of sides.entries()) {
    if (bucket instanceof ConfigurationBucket) {
      bucket._accesses[index].admit(by, area, account, role);
    } else if (differ(account, bucket.account)) {
      askFor(side, area, { by, role, account });
    }
  }
}

/** In one Stage, what writes is deployed after the buckets, unless one of them waits for it. */
function deployAfterBuckets(by: Construct, sides: WrittenBucket[]): void {
  const home = outermostStack(by);
  for (const { bucket } of sides.filter((side) => isInTree(side.bucket) && Stage.of(side.bucket) === Stage.of(home))) {
    const stack = outermostStack(bucket);
    if (stack !== home && !waitsFor(stack, home) && !home.dependencies.includes(stack)) {
      deployStackAfter(home, stack);
    }
  }
}

/** Says what the policies of an imported bucket must contain. */
function askFor(side: WrittenBucket, area: WrittenArea, { by, role, account }: SnapshotWriter): void {
  const roleName = literalRoleName(role);
  if (roleName === undefined) {
    throw new Error(forUsers(`bucket '${side.bucketName}' can't allow the role '${role.node.path}' of another account without a literal name: ${howToName(role)}`));
  }
  const party = {
    principals: [new iam.ArnPrincipal(`arn:${side.partition}:iam::${account}:root`)],
    conditions: { ArnLike: { 'aws:PrincipalArn': `arn:${side.partition}:iam::${account}:role/${roleName}` } },
  };
  const [statements, keyed] = [bucketStatements(area, side, account, party), keyStatement(area, side, account, '*', party)];
  [...statements, keyed].forEach((statement) => {
    statement.sid = undefined;
  });
  uncheckedPolicy(by, 'importedSnapshotPolicy', `the imported bucket '${side.bucketName}'`, ...statements);
  uncheckedPolicy(by, 'importedSnapshotKeyPolicy', `the key of the imported bucket '${side.bucketName}'`, keyed);
}
