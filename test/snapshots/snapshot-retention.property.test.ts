import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { Setup } from './setup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { bucketOf } from '../buckets/setup';
import { Rendered } from '../policies';

const days = fc.integer({ min: 1, max: 36_500 });
const name = fc.stringMatching(/^[a-z][a-zA-Z0-9_.-]{0,20}$/).filter((each) => each !== 'change' && each !== 'records');
const tiers = fc.uniqueArray(fc.record({ name, days }), { selector: (tier) => tier.name, minLength: 1, maxLength: 6 });

interface Rule {
  readonly Prefix?: string;
  readonly ExpirationInDays: number;
  readonly NoncurrentVersionExpiration: { readonly NoncurrentDays: number };
}

/** The limit of locks in the policy of a bucket. */
function limitOf(policy: { Statement?: { Sid?: string; Condition: any }[] }): number {
  const { Condition } = policy.Statement!.find(({ Sid }) => Sid === 'LimitRetention')!;
  return Number(Condition.NumericGreaterThan['s3:object-lock-remaining-retention-days']);
}

test('whatever the schedules, the lock of the bucket is the shortest retention, the limit is the longest, and nothing expires while it is locked', () => {
  fc.assert(fc.property(tiers, days, days, fc.constantFrom(...Object.values(s3.ObjectLockMode)), (all, change, records, objectLockMode) => {
    const setup = new Setup();
    setup.bucket({
      schedules: all.map((tier) => BackupTier.daily({ name: tier.name, deleteAfter: Duration.days(tier.days) })),
      changeRetention: Duration.days(change),
      recordRetention: Duration.days(records),
      objectLockMode,
    });
    const kept: Record<string, number> = { ...Object.fromEntries(all.map((tier) => [`${tier.name}/`, tier.days])), 'change/': change, 'records/': records };
    const [shortest, longest] = [Math.min(...Object.values(kept)), Math.max(...Object.values(kept))];

    for (const [stack, bucketName] of [[setup.stack, 'snapshots'], [setup.away, 'snapshots-replica']] as const) {
      const { ObjectLockConfiguration, LifecycleConfiguration } = bucketOf(stack, bucketName);
      const rules: Rule[] = LifecycleConfiguration.Rules.filter(({ Prefix }: Rule) => Prefix !== undefined);

      expect(ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Mode: objectLockMode, Days: shortest });
      expect(limitOf(Rendered.of(stack).bucketPolicy(bucketName))).toBe(longest);
      expect(Object.fromEntries(rules.map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays]))).toEqual(kept);
      expect(rules.filter(({ ExpirationInDays }) => ExpirationInDays < shortest || ExpirationInDays > longest)).toEqual([]);
      expect(rules.map(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration.NoncurrentDays)).toEqual(rules.map(() => 1));
    }
  }), { numRuns: 25 });
});
