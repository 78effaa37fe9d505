import { App, Aspects, CfnParameter, RemovalPolicies, RemovalPolicy } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsAtSynthesis } from '../problems';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/*
 * Keys of the caller, as their templates have them.
 */

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
});

const USES: [string, (key: kms.IKey) => unknown][] = [
  ['vault', (encryptionKey) => new ReplicatedBackupVault(stack, 'Vault', { encryptionKey })],
  ['bucket', (encryptionKey) => new ReplicatedBucket(stack, 'Bucket', { encryptionKey, replicaRegion: IRELAND })],
  ['topic', (encryptionKey) => new NotificationTopic(stack, 'Topic', { encryptionKey, emailAddresses: ['operations@example.com'] })],
];

function override(name: string, value: unknown): kms.Key {
  const key = new kms.Key(stack, 'Key');
  (key.node.defaultChild as kms.CfnKey).addPropertyOverride(name, value);
  return key;
}

describe.each(USES)('a %s', (what, use) => {
  test.each<[string, () => kms.IKey, string]>([
    ['that signs', () => new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY }), 'RSA_2048 and SIGN_VERIFY'],
    ['that is asymmetric and encrypts', () => new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.RSA_4096 }), 'RSA_4096 and ENCRYPT_DECRYPT'],
    ['for message authentication', () => new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.HMAC_256, keyUsage: kms.KeyUsage.GENERATE_VERIFY_MAC }), 'HMAC_256 and GENERATE_VERIFY_MAC'],
    ['that an override makes asymmetric', () => override('KeySpec', 'ECC_NIST_P256'), 'ECC_NIST_P256 and ENCRYPT_DECRYPT'],
  ])('can\'t use a key %s', (_, keyOf, got) => {
    use(keyOf());

    expect(problemsAtSynthesis(app)).toContain(`'encryptionKey' (encryption_key, 'Archive/Key') must be a symmetric key for encryption and decryption, which a ${what} requires: set its 'keySpec' (key_spec) to SYMMETRIC_DEFAULT and its 'keyUsage' (key_usage) to ENCRYPT_DECRYPT, got ${got}`);
  });

  test.each<[string, () => kms.IKey]>([
    ['', () => new kms.Key(stack, 'Key', { enabled: false })],
    ['by an override', () => override('Enabled', false)],
    ['by a resource of CloudFormation', () => kms.Key.fromCfnKey(new kms.CfnKey(stack, 'Key', {
      enabled: false, keyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${LOG_ARCHIVE}:root` }, Action: 'kms:*', Resource: '*' }] },
    }))],
  ])('can\'t use a key that is disabled %s', (_, keyOf) => {
    use(keyOf());

    expect(problemsAtSynthesis(app).join()).toContain("must be enabled, because a disabled key can't encrypt or decrypt: set its 'enabled' to true");
  });

  test.each<[string, () => kms.IKey]>([
    ['of another app', () => kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-2:${LOG_ARCHIVE}:key/1a2b`)],
    ['that is retained', () => new kms.Key(stack, 'Key', { enabled: true, multiRegion: true })],
    ['whose spec is a parameter', () => override('KeySpec', new CfnParameter(stack, 'Spec').valueAsString)],
  ])('takes a key %s', (_, keyOf) => {
    use(keyOf());

    expect(problemsAtSynthesis(app)).toEqual([]);
  });
});

describe.each(USES.slice(0, 2))('a retained %s', (what, use) => {
  test.each<[string, () => kms.IKey, string]>([
    ['is destroyed with its stack', () => new kms.Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY }), 'Delete'],
    ['has no policy for that', () => {
      const key = new kms.Key(stack, 'Key');
      (key.node.defaultChild as kms.CfnKey).cfnOptions.deletionPolicy = undefined;
      return key;
    }, 'Delete (none is set)'],
  ])('can\'t have a key that %s', (_, keyOf, got) => {
    use(keyOf());

    expect(problemsAtSynthesis(app)).toContain(`'encryptionKey' (encryption_key, 'Archive/Key') must be retained, because the ${what} is, and its content can't be read without its key: set the 'removalPolicy' (removal_policy) of the key to RETAIN, got a 'DeletionPolicy' of ${got}`);
  });

  test('can\'t have a key that an aspect gives up later', () => {
    const key = new kms.Key(stack, 'Key');
    use(key);
    Aspects.of(app).add({ visit: (node) => node === key.node.defaultChild && (node as kms.CfnKey).applyRemovalPolicy(RemovalPolicy.DESTROY) });

    expect(problemsAtSynthesis(app)).toHaveLength(1);
  });

  test('may be destroyed with its key', () => {
    use(new kms.Key(stack, 'Key'));
    RemovalPolicies.of(app).destroy();

    expect(problemsAtSynthesis(app)).toEqual([]);
  });
});

test('a vault that is destroyed with its stack may have a key that is destroyed too', () => {
  const encryptionKey = new kms.Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY });
  new ReplicatedBackupVault(stack, 'Vault', { encryptionKey, removalPolicy: RemovalPolicy.DESTROY });

  expect(problemsAtSynthesis(app)).toEqual([]);
});

test('the key of a replica is checked as well', () => {
  const away = stackIn(LOG_ARCHIVE, IRELAND, app, 'Away');
  new ReplicatedBackupVault(stack, 'Vault', { replicaScope: away, replicaEncryptionKey: new kms.Key(away, 'Key', { enabled: false }) });

  expect(problemsAtSynthesis(app)).toEqual([expect.stringMatching(/^'replicaEncryptionKey' \(replica_encryption_key, 'Away\/Key'\) must be enabled/)]);
});
