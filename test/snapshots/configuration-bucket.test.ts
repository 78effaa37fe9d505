import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DAILY, Setup, WEEKLY } from './setup';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { bucketOf } from '../buckets/setup';

const RULES = [
  { Id: 'abort-incomplete-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
  ...[['daily', 35], ['weekly', 365], ['change', 30], ['records', 400]].map(([prefix, days]) => ({
    Id: `retention-${prefix}`, Status: 'Enabled', Prefix: `${prefix}/`, ExpirationInDays: days, NoncurrentVersionExpiration: { NoncurrentDays: 1 },
  })),
];

test('snapshots expire with their tier, in the bucket and in the replica, and versions a day later', () => {
  const setup = new Setup();
  setup.bucket();

  expect(bucketOf(setup.stack, 'snapshots').LifecycleConfiguration.Rules).toEqual(RULES);
  expect(bucketOf(setup.away, 'snapshots-replica').LifecycleConfiguration.Rules).toEqual(RULES);
});

test('changes and records have retentions of their own', () => {
  const setup = new Setup();
  setup.bucket({ changeRetention: Duration.days(7), recordRetention: Duration.days(800) });

  expect(bucketOf(setup.stack, 'snapshots').LifecycleConfiguration.Rules.slice(3)).toMatchObject([
    { Prefix: 'change/', ExpirationInDays: 7 }, { Prefix: 'records/', ExpirationInDays: 800 },
  ]);
});

test('without a mode, nothing is locked', () => {
  const setup = new Setup();
  setup.bucket();

  expect(bucketOf(setup.stack, 'snapshots')).not.toHaveProperty('ObjectLockEnabled');
  expect(bucketOf(setup.stack, 'snapshots')).not.toHaveProperty('ObjectLockConfiguration');
});

test.each([s3.ObjectLockMode.GOVERNANCE, s3.ObjectLockMode.COMPLIANCE])('in mode %s, the bucket and the replica lock for the shortest retention by default', (objectLockMode) => {
  const setup = new Setup();
  setup.bucket({ objectLockMode });
  const lock = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: objectLockMode, Days: 30 } } };

  expect(bucketOf(setup.stack, 'snapshots').ObjectLockConfiguration).toEqual(lock);
  expect(bucketOf(setup.away, 'snapshots-replica').ObjectLockConfiguration).toEqual(lock);
});

test('a capture learns from the bucket what is kept for how long', () => {
  const { schedules, changeRetention, recordRetention, objectLockMode } = new Setup().bucket({ objectLockMode: s3.ObjectLockMode.GOVERNANCE });

  expect([schedules, changeRetention.toDays(), recordRetention.toDays(), objectLockMode]).toEqual([[DAILY, WEEKLY], 30, 400, 'GOVERNANCE']);
});

test('an imported bucket has the same defaults', () => {
  const { schedules, changeRetention, recordRetention, objectLockMode } = ConfigurationBucket.fromConfigurationBucketAttributes(new Setup().workload, 'Imported', {
    bucketName: 'snapshots', account: '333333333333', region: 'eu-west-2', schedules: [DAILY],
  });

  expect([schedules, changeRetention.toDays(), recordRetention.toDays(), objectLockMode]).toEqual([[DAILY], 30, 400, undefined]);
});
