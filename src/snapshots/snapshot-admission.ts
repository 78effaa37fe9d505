import { Stage, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ConfigurationBucket } from './configuration-bucket';
import type { IConfigurationBucket } from './configuration-bucket';
import { bucketStatements, keyStatement } from './snapshot-policies';
import type { SnapshotArea } from './snapshot-policies';
import { keyArnOf, sidesOf } from './written-bucket';
import type { WrittenBucket } from './written-bucket';
import { atSynthesis } from '../private/at-synthesis';
import { differ } from '../private/environment';
import { forUsers } from '../private/messages';
import { deployStackAfter, isInTree, waitsFor } from '../private/ordering';
import { outermostStack } from '../private/region-stack';
import { uncheckedPolicy } from '../private/registry';
import { howToName, literalRoleName } from '../roles/role-name';

/**
 * A role that writes into a configuration bucket or reads from it.
 */
export interface AdmittedRole {
  /** The construct that does: the role is admitted as long as it is in the tree. */
  readonly by: Construct;
  readonly role: iam.IRole;
  /** Account of the role. */
  readonly account: string;
}

/** Statements of the policy of a role, each with the reason for its wildcard, if it has one. */
export type OwnStatements = Map<iam.PolicyStatement, string | undefined>;

/** What the policy of a role must allow. */
export function ownStatements(area: SnapshotArea, sides: WrittenBucket[], account: string): OwnStatements {
  return new Map(sides.flatMap((side, index) => {
    const statements = [...bucketStatements(area, side, account), keyStatement(area, side, account, keyArnOf(side))];
    return statements.map((statement) => {
      statement.sid += index === 0 ? '' : 'Replica';
      return [statement, /^(En|De)crypt/.test(statement.sid!) ? KEY_REASON : OBJECT_REASON] as const;
    });
  }));
}

const OBJECT_REASON = 'The names of the objects contain what is captured and the time. The role is limited to the prefixes of its own account.';
const KEY_REASON = 'The ID of the key is not known in advance. Conditions limit the role to Amazon S3 and the objects of this one bucket.';

/**
 * Has a bucket or its replica, and their keys, allow what the policy of a role must allow.
 *
 * @throws if the role can't be allowed
 */
export function admit(bucket: IConfigurationBucket, area: SnapshotArea, sides: WrittenBucket[], { by, role, account }: AdmittedRole): void {
  if (Token.isUnresolved(account) !== Token.isUnresolved(bucket.account)) {
    throw new Error(forUsers(`'${by.node.path}' and the bucket '${bucket.bucketName}' must both be in stacks with a literal account, or in the same one: set the 'env' of their stacks, `
      + `got account ${account} and ${bucket.account}`));
  }
  atSynthesis(by, () => deployAfterBuckets(by, sides));
  const names = sidesOf(bucket).map(({ bucketName }) => bucketName);
  for (const side of sides) {
    if (bucket instanceof ConfigurationBucket) {
      bucket._accesses[names.indexOf(side.bucketName)].admit(by, area, account, role);
    } else if (differ(account, bucket.account)) {
      askFor(side, area, { by, role, account });
    }
  }
}

/** In one Stage, what uses the buckets is deployed after them, unless one of them waits for it. */
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
function askFor(side: WrittenBucket, area: SnapshotArea, { by, role, account }: AdmittedRole): void {
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
