import { Aspects, Lazy, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { bucketStatements, keyStatement } from './snapshot-policies';
import type { Party, SnapshotArea } from './snapshot-policies';
import { SNAPSHOT_WRITERS } from './snapshot-writers-in-app';
import type { SnapshotWriterFact } from './snapshot-writers-in-app';
import type { WrittenBucket } from './written-bucket';
import { atSynthesis } from '../private/at-synthesis';
import { differ } from '../private/environment';
import { forUsers, validate } from '../private/messages';
import { stableNameAbroad } from '../private/physical-names';
import { Registry, uncheckedPolicy } from '../private/registry';
import { howToName, literalRoleName } from '../roles/role-name';

/** What S3 accepts for the policy of a bucket. */
const POLICY_LIMIT = 20_480;

/** The account of the caller, as S3 and AWS KMS know it. */
const OWN_ACCOUNT = '${aws:PrincipalAccount}';

/**
 * Who may write into a bucket or into its replica, or read from it. The policies are written once, when all of them are known; the names of roles in them follow
 * the templates of the roles until the template of the bucket is written.
 */
export class SnapshotAccess {
  private isWritten = false;
  /** The ARNs of roles in the template. */
  private rendered?: string[];

  /** What contains the bucket and its key, which are visited later, so that other aspects see the policies. */
  private readonly scope: Construct;

  constructor(private readonly target: WrittenBucket) {
    const scope = this.scope = target.bucket.node.scope as Construct;
    Aspects.of(scope).add({ visit: () => this.write() });
    atSynthesis(scope, () => {
      this.rendered = this.writers().map((writer) => this.roleArn(writer));
    });
    validate(scope, () => this.sizeProblems());
  }

  /**
   * Allows a role to write into an area or to read from it, as long as a construct is in the tree.
   *
   * @throws if the role is in another account and has no literal name, or the Stage of the bucket is synthesized already
   */
  public admit(by: Construct, area: SnapshotArea, account: string, role: iam.IRole): void {
    const { bucketArn, bucketName } = this.target;
    const roleName = literalRoleName(role);
    if (this.isAbroad(account)) {
      if (roleName === undefined) {
        throw new Error(forUsers(`bucket '${bucketName}' can't allow the role '${role.node.path}' of another account without a literal name: ${howToName(role)}`));
      }
      if (this.isWritten) {
        throw new Error(forUsers(`bucket '${bucketName}' is already synthesized, and now '${by.node.path}' requires that account ${account} ${area.isRead ? 'reads from' : 'writes into'} it: `
          + `define '${by.node.path}' before the Stage of the bucket is synthesized`));
      }
    }
    const writer: SnapshotWriterFact = { bucketArn, area, account, role, roleName };
    Registry.of(by).register(SNAPSHOT_WRITERS, by, writer);
    validate(by, () => this.nameProblems(by, writer));
  }

  /** The writers in the tree. */
  private writers(): SnapshotWriterFact[] {
    return Registry.of(this.scope).all(SNAPSHOT_WRITERS)
      .filter(({ bucketArn, roleName }) => bucketArn === this.target.bucketArn && roleName !== undefined);
  }

  private write(): void {
    if (this.isWritten) {
      return;
    }
    this.isWritten = true;
    const { bucket, key } = this.target;
    const writers = this.writers();
    for (const { area } of new Map(writers.map((writer) => [writer.area.name, writer])).values()) {
      const all = writers.filter((writer) => writer.area.name === area.name);
      const others = all.filter(({ account }) => this.isAbroad(account));
      // IAM alone decides about roles of the bucket's own account, but a key might leave nothing to IAM.
      const statements = others.length === 0 ? [] : bucketStatements(area, this.target, OWN_ACCOUNT, this.party(others));
      statements.forEach((statement) => bucket.addToResourcePolicy(statement));
      const keyed = keyStatement(area, this.target, OWN_ACCOUNT, '*', this.party(all));
      keyed.sid += stableNameAbroad(60, this.scope).replaceAll('-', ''); // two buckets can have the same key
      if (!key!.addToResourcePolicy(keyed, true).statementAdded && others.length > 0) {
        uncheckedPolicy(this.scope, 'snapshotKeyPolicy', `key '${key!.node.path}'`, keyed);
      }
    }
  }

  /** A role might not exist yet, so its account is the principal and a condition contains the role. */
  private party(writers: SnapshotWriterFact[]): Party {
    const { partition } = this.target;
    return {
      principals: [...new Set(writers.map(({ account }) => account))].map((account) => new iam.ArnPrincipal(`arn:${partition}:iam::${account}:root`)),
      conditions: { ArnLike: { 'aws:PrincipalArn': Lazy.uncachedList({ produce: () => [...new Set(writers.map((writer) => this.roleArn(writer)))] }) } },
    };
  }

  /** With the current name in its template: an aspect can change it. */
  private roleArn({ account, role, roleName }: SnapshotWriterFact): string {
    return `arn:${this.target.partition}:iam::${account}:role/${literalRoleName(role) ?? roleName}`;
  }

  private isAbroad(account: string): boolean {
    return differ(account, this.target.environment.account);
  }

  private nameProblems(by: Construct, writer: SnapshotWriterFact): string[] {
    const { role, roleName, account } = writer;
    if (!this.isAbroad(account)) {
      return [];
    }
    const subject = `the role '${role.node.path}', which bucket '${this.target.bucketName}' of another account allows by its name,`;
    if (literalRoleName(role) === undefined) {
      return [`${subject} has no literal name and path in its template: an aspect or an override changed '${roleName}'; set 'roleName' and 'path' to literals`];
    }
    // Within a Stage, the bucket takes the name from the same template.
    const isLate = this.rendered !== undefined && Stage.of(by) !== Stage.of(this.scope) && !this.rendered.includes(this.roleArn(writer));
    return isLate ? [`${subject} is '${literalRoleName(role)}' in its template, but the bucket, whose Stage was synthesized before, allows '${roleName}': `
      + "set 'roleName' and 'path' where the role is defined, not in an aspect or an override"] : [];
  }

  private sizeProblems(): string[] {
    const { bucket } = this.target;
    const size = JSON.stringify(Stack.of(bucket).resolve(bucket.policy?.document) ?? '').length;
    return size <= POLICY_LIMIT ? [] : [
      `the policy of bucket '${this.target.bucketName}' is longer than the 20 KB that Amazon S3 accepts (${size} characters): let fewer accounts write into it or read from it, and others use another bucket`,
    ];
  }
}
