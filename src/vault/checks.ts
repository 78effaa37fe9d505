import { Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import type { ReplicatedBackupVaultProps } from './replicated-backup-vault-props';
import { differ, Environment } from '../private/environment';
import { PropsErrors } from '../private/props-errors';

/**
 * Everything that can be said of the properties of a vault at synthesis.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html
 */
export function checkVaultProps(scope: IConstruct, props: ReplicatedBackupVaultProps, home: Environment): void {
  const errors = new PropsErrors('ReplicatedBackupVaultProps', scope);
  const hasReplica = props.replicaRegion !== undefined || props.replicaScope !== undefined;
  checkNames(errors, props, hasReplica);
  checkReplica(errors, props, home, hasReplica);
  checkNotification(errors, props, home);
  checkKey(errors, 'encryptionKey', props.encryptionKey, home);
  errors.throwIfAny();
}

function checkNames(errors: PropsErrors, { backupVaultName, replicaVaultName }: ReplicatedBackupVaultProps, hasReplica: boolean): void {
  for (const [property, name] of Object.entries({ backupVaultName, replicaVaultName })) {
    if (name === undefined) {
      continue;
    }
    if (Token.isUnresolved(name)) {
      errors.add(`'${property}' must be a literal name: its ARN stands in templates of other accounts and regions, got a token`);
      continue;
    }
    errors.when(!/^[A-Za-z0-9\-_]{2,50}$/.test(name),
      () => `'${property}' must be 2 to 50 letters, digits, hyphens and underscores, got '${name}' (${name.length} characters)`);
    errors.when(/^aws-?controltower/i.test(name),
      () => `'${property}' must not begin with 'aws-controltower': those names are AWS Control Tower's, got '${name}'`);
    errors.when(name === 'Default', () => `'${property}' must not be 'Default': nothing can be copied into AWS Backup's default vault from another account`);
  }
  const named = hasReplica && replicaVaultName === undefined && backupVaultName !== undefined && !Token.isUnresolved(backupVaultName);
  errors.when(named && backupVaultName.length > 42 && backupVaultName.length <= 50,
    () => "'backupVaultName' must be at most 42 characters, since the replica's name has '-replica' behind it, "
      + `got '${backupVaultName}' (${backupVaultName!.length} characters); shorten it, or set 'replicaVaultName'`);
}

function checkReplica(errors: PropsErrors, props: ReplicatedBackupVaultProps, home: Environment, hasReplica: boolean): void {
  const { replicaRegion, replicaScope } = props;
  if (!hasReplica) {
    for (const property of ['replicaVaultName', 'replicaEncryptionKey', 'replicaVaultLock'] as const) {
      errors.when(props[property] !== undefined, () => `'${property}' is of no use without a replica: set 'replicaRegion' too, or leave it out`);
    }
    return;
  }

  errors.when(replicaRegion !== undefined && Token.isUnresolved(replicaRegion),
    () => "'replicaRegion' must be a literal region, such as 'eu-west-1', got a token");
  errors.when(!home.isLiteral,
    () => `a replica needs the account and the region of the vault's own stack: set its 'env' to literal values, got ${home}`);

  const away = replicaScope ? Environment.of(replicaScope) : new Environment(home.account, replicaRegion!);
  errors.when(replicaScope && !away.isLiteral,
    () => `'replicaScope' must be in a stack with a literal account and region: set its 'env', got ${away}`);
  errors.when(replicaScope && replicaRegion !== undefined && differ(away.region, replicaRegion),
    () => `'replicaScope' must be in 'replicaRegion' (${replicaRegion}), got ${away}`);
  errors.when(away.isLiteral && away.region === home.region,
    () => `'${replicaRegion === undefined ? 'replicaScope' : 'replicaRegion'}' must be another region than the vault's own, ${home.region}`);
  checkKey(errors, 'replicaEncryptionKey', props.replicaEncryptionKey, away);
}

function checkNotification(errors: PropsErrors, props: ReplicatedBackupVaultProps, home: Environment): void {
  const { notificationTopic: topic, notificationEvents: events } = props;
  errors.when(events && !topic, () => "'notificationEvents' is of no use without a topic: set 'notificationTopic' too, or leave it out");
  errors.when(events?.length === 0, () => "'notificationEvents' must name at least one event, got none: for the usual ones leave it out");
  if (!topic) {
    return;
  }
  const where = new Environment(topic.env.account, topic.env.region);
  errors.when(topic.fifo, () => `'notificationTopic' must be a standard topic: AWS Backup does not publish to a FIFO topic, got '${topic.node.path}'`);
  errors.when(where.differsFrom(home), () => `'notificationTopic' must be in the vault's own environment (${home}), got ${where}`);
}

function checkKey(errors: PropsErrors, property: string, key: kms.IKey | undefined, home: Environment): void {
  if (!key) {
    return;
  }
  const where = new Environment(key.env.account, key.env.region);
  errors.when(where.differsFrom(home), () => `'${property}' must be a key in the environment of the vault (${home}), got ${where}`);
}
