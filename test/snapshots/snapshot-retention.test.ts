import { Duration, Lazy, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DAILY, Setup, WEEKLY } from './setup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import type { ConfigurationBucketProps } from '../../src/snapshots/configuration-bucket';
import { bucketOf } from '../buckets/setup';
import { problemsOf } from '../problems';

const GOVERNANCE = s3.ObjectLockMode.GOVERNANCE;
const named = (name: string, days = 35) => BackupTier.daily({ name, deleteAfter: Duration.days(days) });

function refusals(props: Partial<ConfigurationBucketProps>): string[] {
  return problemsOf(() => new Setup().bucket(props));
}

test.each<[string, Partial<ConfigurationBucketProps>, string]>([
  ['no schedules', { schedules: [] }, "'schedules' must contain at least one tier, got none: the names of the tiers are the prefixes of the snapshots"],
  ['schedules that are left out', { schedules: undefined }, "'schedules' is required: a list of tiers (BackupTier), got nothing"],
  ['schedules of another type', { schedules: DAILY as never }, "'schedules' must be a list of tiers (BackupTier), got an object of another kind"],
  ['schedules with something else', { schedules: ['daily' as never] }, "'schedules' must be a list of tiers (BackupTier), got one with 'daily'"],
  ['two schedules of one name', { schedules: [DAILY, WEEKLY, named('daily', 7)] },
    "'name' of 'schedules[2]' must differ from that of 'schedules[0]', because it is a prefix of the bucket, got 'daily' twice"],
  ['the name of changes', { schedules: [named('change')] },
    "'name' of 'schedules[0]' must be another one than 'change' and 'records', which are prefixes of the bucket themselves, got 'change'"],
  ['the name of records', { schedules: [named('records')] },
    "'name' of 'schedules[0]' must be another one than 'change' and 'records', which are prefixes of the bucket themselves, got 'records'"],
  ['a name of dots', { schedules: [named('..')] }, "'name' of 'schedules[0]' must have a letter or a digit, because it is a prefix of the bucket, got '..'"],
  ['a name that is a token', { schedules: [named(Lazy.string({ produce: () => 'daily' }))] },
    "'name' of 'schedules[0]' must be a literal, because it is a prefix of the bucket, got a token"],
  ['cold storage', { schedules: [BackupTier.daily({ deleteAfter: Duration.days(365), moveToColdStorageAfter: Duration.days(30) })] },
    "'moveToColdStorageAfter' (move_to_cold_storage_after) of 'schedules[0]' must be left out: snapshots have no cold storage; move them with 'transitions' in 'lifecycleRules' (lifecycle_rules), got 30 days"],
  ['a continuous tier', { schedules: [BackupTier.continuous({ deleteAfter: Duration.days(35) })] },
    "'schedules[0]' must be a tier that runs at set times, such as 'BackupTier.daily', got a continuous one: there is no continuous backup of configuration"],
  ['a retention of changes in hours', { changeRetention: Duration.hours(36) }, "'changeRetention' (change_retention) must be a whole number of days from 1 to 36500, got 36 hours"],
  ['a retention of records of nothing', { recordRetention: Duration.days(0) }, "'recordRetention' (record_retention) must be a whole number of days from 1 to 36500, got 0 days"],
  ['a retention that is a number', { changeRetention: 30 as never }, "'changeRetention' (change_retention) must be a Duration, such as Duration.minutes(5), got 30"],
  ['a mode that there is not', { objectLockMode: 'FOREVER' as never },
    "'objectLockMode' (object_lock_mode) must be a mode of S3 Object Lock, such as 's3.ObjectLockMode.GOVERNANCE', got 'FOREVER'"],
  ['a token with a lock', { objectLockMode: GOVERNANCE, schedules: [DAILY, named('other', Token.asNumber('days'))] },
    "'deleteAfter' (delete_after) of 'schedules[1]' must be a literal with 'objectLockMode' (object_lock_mode), because the lock of the bucket is the shortest retention, got a token"],
])('%s is refused', (_, props, problem) => {
  expect(refusals(props)).toEqual([problem]);
});

test('a tier refuses a retention that is no whole number of days itself', () => {
  expect(problemsOf(() => BackupTier.daily({ deleteAfter: Duration.hours(36) }))).toEqual(["'deleteAfter' (delete_after) must be a whole number of days from 1 to 36500, got 36 hours"]);
});

test('all problems are said at once, with those of every replicated bucket', () => {
  expect(refusals({ schedules: [named('change'), named('change')], recordRetention: Duration.hours(1), bucketName: 'UPPER', replicaRegion: undefined })).toEqual([
    "'name' of 'schedules[0]' must be another one than 'change' and 'records', which are prefixes of the bucket themselves, got 'change'",
    "'name' of 'schedules[1]' must be another one than 'change' and 'records', which are prefixes of the bucket themselves, got 'change'",
    "'name' of 'schedules[1]' must differ from that of 'schedules[0]', because it is a prefix of the bucket, got 'change' twice",
    "'recordRetention' (record_retention) must be a whole number of days from 1 to 36500, got 1 hour",
    "'bucketName' (bucket_name) must be 3 to 63 lowercase letters, digits and hyphens, and neither begin nor end with a hyphen, got 'UPPER' (5 characters)",
  ]);
});

test('the attributes of an imported bucket are checked in the same way', () => {
  const setup = new Setup();

  expect(problemsOf(() => ConfigurationBucket.fromConfigurationBucketAttributes(setup.workload, 'Imported', {
    bucketName: 'snapshots', account: '3', region: 'eu-west-2', schedules: [], changeRetention: Duration.hours(1),
  }))).toEqual([
    "'schedules' must contain at least one tier, got none: the names of the tiers are the prefixes of the snapshots",
    "'changeRetention' (change_retention) must be a whole number of days from 1 to 36500, got 1 hour",
    "'account' must be 12 digits, got '3'",
  ]);
});

test('a token is kept as it is, where nothing is locked', () => {
  const setup = new Setup();
  setup.bucket({ schedules: [named('daily', Token.asNumber({ Ref: 'Days' }))] });

  expect(bucketOf(setup.stack, 'snapshots').LifecycleConfiguration.Rules[1]).toMatchObject({ Prefix: 'daily/', ExpirationInDays: { Ref: 'Days' } });
});

describe('additional lifecycle rules', () => {
  test.each<[string, s3.LifecycleRule, string]>([
    ['expire everything before the longest retention', { expiration: Duration.days(399) }, "'expiration' of '{}[0]' must not be shorter than 'recordRetention' (record_retention, 400 days), got 399 days"],
    ['expire a tier before its end', { prefix: 'weekly/', expiration: Duration.days(364) },
      "'expiration' of '{}[0]' must not be shorter than 'deleteAfter' (delete_after) of 'schedules[1]' (365 days), got 364 days"],
    ['expire a part of a tier', { prefix: 'daily/ecs/222222222222/', expiration: Duration.days(34) },
      "'expiration' of '{}[0]' must not be shorter than 'deleteAfter' (delete_after) of 'schedules[0]' (35 days), got 34 days"],
    ['expire the tiers that begin like it', { prefix: 'd', expiration: Duration.days(34) },
      "'expiration' of '{}[0]' must not be shorter than 'deleteAfter' (delete_after) of 'schedules[0]' (35 days), got 34 days"],
    ['expire at a date', { expirationDate: new Date('2030-01-01') }, "'expirationDate' (expiration_date) of '{}[0]' must be left out: a date can't keep a retention"],
    ['have an id of ours', { id: 'retention-daily', expiration: Duration.days(1000) }, "'id' of '{}[0]' must be another one than 'retention-daily', which this library uses"],
  ])('must not %s', (_, rule, problem) => {
    expect(refusals({ lifecycleRules: [rule] })).toEqual([problem.replace("'{}[0]'", "'lifecycleRules[0]' (lifecycle_rules)")]);
    expect(refusals({ replicaLifecycleRules: [rule] })).toEqual([problem.replace("'{}[0]'", "'replicaLifecycleRules[0]' (replica_lifecycle_rules)")]);
  });

  test.each<[string, s3.LifecycleRule]>([
    ['expire a tier later', { prefix: 'daily/', expiration: Duration.days(35) }],
    ['expire what is no snapshot', { prefix: 'notes/', expiration: Duration.days(1) }],
    ['move a tier', { prefix: 'weekly/', transitions: [{ storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(30) }] }],
    ['delete versions, as the library does after a day', { noncurrentVersionExpiration: Duration.days(7) }],
  ])('may %s', (_, rule) => {
    const setup = new Setup();
    setup.bucket({ lifecycleRules: [rule], replicaLifecycleRules: [rule] });

    for (const [stack, name] of [[setup.stack, 'snapshots'], [setup.away, 'snapshots-replica']] as const) {
      expect(bucketOf(stack, name).LifecycleConfiguration.Rules).toHaveLength(6);
    }
  });

  test.each<[string, string, s3.LifecycleRule]>([
    ['expiration', '', { prefix: 'notes/', expiration: Duration.days(29) }],
    ['noncurrentVersionExpiration', ' (noncurrent_version_expiration)', { noncurrentVersionExpiration: Duration.days(29) }],
  ])('must not delete what is locked (%s)', (name, form, rule) => {
    expect(refusals({ objectLockMode: GOVERNANCE, lifecycleRules: [rule] })).toEqual([
      `'${name}'${form} of 'lifecycleRules[0]' (lifecycle_rules) must not be shorter than 'changeRetention' (change_retention, 30 days), got 29 days`,
    ]);
    expect(refusals({ objectLockMode: GOVERNANCE, lifecycleRules: [{ ...rule, [name]: Duration.days(30) }] })).toEqual([]);
  });

  test('those of the bucket are those of the replica, without transitions', () => {
    const setup = new Setup();
    setup.bucket({ lifecycleRules: [{ id: 'own', expiration: Duration.days(500), transitions: [{ storageClass: s3.StorageClass.GLACIER, transitionAfter: Duration.days(90) }] }] });

    expect(bucketOf(setup.away, 'snapshots-replica').LifecycleConfiguration.Rules.map(({ Id, Transitions }: { Id: string; Transitions?: object }) => [Id, Transitions])).toEqual(
      ['abort-incomplete-uploads', 'own', 'retention-daily', 'retention-weekly', 'retention-change', 'retention-records'].map((id) => [id, undefined]),
    );
  });
});
