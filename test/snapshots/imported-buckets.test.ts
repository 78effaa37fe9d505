import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { DAILY, Setup } from './setup';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import type { IConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { admitRestore } from '../../src/snapshots/snapshot-readers';
import { admitCapture, admitRecords } from '../../src/snapshots/snapshot-writers';
import { messagesAbout } from '../messages';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON } from '../stacks';

const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');

describe('what is not managed here is said, with the statements that it needs:', () => {
  function importedInto(setup: Setup): IConfigurationBucket {
    return ConfigurationBucket.fromConfigurationBucketAttributes(setup.workload, 'Imported', {
      bucketName: 'theirs', account: LOG_ARCHIVE, region: LONDON, replicaRegion: IRELAND, replicaBucketName: 'theirs-replica', schedules: [DAILY],
    });
  }

  test('an imported bucket and its key', () => {
    const setup = new Setup();
    setup.capture(importedInto(setup));
    const party = '"Principal":{"AWS":"arn:aws:iam::222222222222:root"}';
    const role = '"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::222222222222:role/capture"}';

    expect(messagesAbout(setup.workload, /imported bucket/)).toEqual([
      'the policy of the imported bucket \'theirs\', which is not managed here: it must contain '
        + `{"Action":"s3:PutObject","Condition":{${role}},"Effect":"Allow",${party},"Resource":["arn:aws:s3:::theirs/daily/ecs/222222222222/*","arn:aws:s3:::theirs/change/ecs/222222222222/*"]}, `
        + `{"Action":"s3:ListBucket","Condition":{${role},"StringLike":{"s3:prefix":["daily/ecs/222222222222/*","change/ecs/222222222222/*"]}},"Effect":"Allow",${party},"Resource":"arn:aws:s3:::theirs"} `
        + '[ack: cdk-backup-dr:importedSnapshotPolicy]',
      'the policy of the key of the imported bucket \'theirs\', which is not managed here: it must contain '
        + `{"Action":"kms:GenerateDataKey","Condition":{${role},"StringEquals":{"kms:ViaService":"s3.eu-west-2.amazonaws.com"},"StringLike":{"kms:EncryptionContext:aws:s3:arn":`
        + '["arn:aws:s3:::theirs","arn:aws:s3:::theirs/daily/ecs/222222222222/*","arn:aws:s3:::theirs/change/ecs/222222222222/*"]}},"Effect":"Allow",'
        + `${party},"Resource":"*"} [ack: cdk-backup-dr:importedSnapshotKeyPolicy]`,
    ]);
  });

  test('for records, its replica as well', () => {
    const setup = new Setup();
    const role = new iam.Role(setup.workload, 'Role', { roleName: 'runbook', assumedBy });
    admitRecords(importedInto(setup), { by: role, role, account: INFRASTRUCTURE });

    expect(messagesAbout(setup.workload, /imported bucket/).map((message) => message.split(',')[0])).toEqual([
      "the policy of the imported bucket 'theirs'", "the policy of the key of the imported bucket 'theirs'",
      "the policy of the imported bucket 'theirs-replica'", "the policy of the key of the imported bucket 'theirs-replica'",
    ]);
  });

  test.each([
    ['both, if it may use both', undefined, ['theirs', 'theirs-replica']], ['the one in a region', IRELAND, ['theirs-replica']],
  ])('for restores, to read, list and decrypt in %s', (_, region, names) => {
    const setup = new Setup();
    const role = new iam.Role(setup.workload, 'Role', { roleName: 'runbook', assumedBy });
    admitRestore(importedInto(setup), { by: role, kind: 'ecs', role, account: INFRASTRUCTURE, region });

    const messages = messagesAbout(setup.workload, /imported bucket/);
    expect(messages.map((message) => message.split(',')[0])).toEqual(names.flatMap((name) => [
      `the policy of the imported bucket '${name}'`, `the policy of the key of the imported bucket '${name}'`,
    ]));
    expect(messages.map((message) => [...message.matchAll(/"Action":"([^"]+)"/g)].map(([, action]) => action).join())).toEqual(names.flatMap(() => ['s3:GetObject,s3:ListBucket', 'kms:Decrypt']));
    expect(messages.filter((message) => !message.includes('/records/222222222222/*') || !message.includes('/daily/ecs/222222222222/*'))).toEqual([]);
  });

  test('an imported bucket of the same account needs nothing', () => {
    const setup = new Setup();
    const bucket = ConfigurationBucket.fromConfigurationBucketAttributes(setup.workload, 'Imported', {
      bucketName: 'own', account: INFRASTRUCTURE, region: LONDON, schedules: [DAILY],
    });
    setup.capture(bucket);

    expect(messagesAbout(setup.workload, /imported/)).toEqual([]);
  });

  test('a role without a literal name is refused by an imported bucket, too', () => {
    const setup = new Setup();
    const role = new iam.Role(setup.workload, 'Role', { assumedBy });

    expect(() => admitCapture(importedInto(setup), { by: role, kind: 'ecs', role, account: INFRASTRUCTURE })).toThrow("bucket 'theirs' can't allow the role 'Workload/Role'");
  });

  test.each([
    ['to write into from another account', ({ workload }: Setup) => workload, [
      'the policy of key \'Archive/Key\', which is not managed here: it must contain {"Action":"kms:GenerateDataKey","Condition":{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::222222222222:role/capture"]},'
        + '"StringEquals":{"kms:ViaService":"s3.eu-west-2.amazonaws.com"},"StringLike":{"kms:EncryptionContext:aws:s3:arn":["arn:aws:s3:::snapshots",'
        + '"arn:aws:s3:::snapshots/daily/ecs/${aws:PrincipalAccount}/*","arn:aws:s3:::snapshots/weekly/ecs/${aws:PrincipalAccount}/*","arn:aws:s3:::snapshots/change/ecs/${aws:PrincipalAccount}/*"]}},'
        + '"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Resource":"*","Sid":"EncryptEcsArchiveConfiguration036ca4ae"} [ack: cdk-backup-dr:snapshotKeyPolicy]',
    ]],
    ['but not to write into from its own, which its key leaves to IAM', ({ stack }: Setup) => stack, []],
  ])('an imported key of a bucket, %s', (_, stackOf, messages) => {
    const setup = new Setup();
    const encryptionKey = kms.Key.fromKeyArn(setup.stack, 'Key', `arn:aws:kms:eu-west-2:${LOG_ARCHIVE}:key/1234abcd-12ab-34cd-56ef-1234567890ab`);
    setup.capture(setup.bucket({ encryptionKey, replicaRegion: undefined }), stackOf(setup));

    expect(messagesAbout(setup.stack, /the policy of key/)).toEqual(messages);
  });
});
