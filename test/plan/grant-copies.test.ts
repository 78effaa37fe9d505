import { Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Setup } from './setup';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const OTHER_ARCHIVE = '555555555555';
const IMPORTED = 'arn:aws:kms:eu-west-2:222222222222:key/11111111-2222-3333-4444-555555555555';

const ROLE = ['arn:aws:iam::333333333333:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup'];
const READ = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::333333333333:root' },
  Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  Resource: '*',
  Condition: { ArnLike: { 'aws:PrincipalArn': ROLE } },
};
const GRANT = { ...READ, Action: 'kms:CreateGrant', Condition: { ...READ.Condition, Bool: { 'kms:GrantIsForAWSResource': 'true' } } };

let setup: Setup;
beforeEach(() => {
  setup = new Setup();
});

const archiveIn = (account: string) => new ReplicatedBackupVault(stackIn(account, LONDON, setup.app, `Archive${account}`), 'Vault', { backupVaultName: `of-${account}` });
const volume = (key?: kms.IKey, id = 'Volume') =>
  new ec2.CfnVolume(setup.stack, id, { availabilityZone: 'eu-west-2a', encrypted: true, kmsKeyId: key?.keyArn });
const copying = (resources: ec2.CfnVolume[]): TieredBackupPlan =>
  setup.selecting(resources.map((each) => BackupTarget.fromConstruct(each)), { copyTo: [BackupCopy.to(archiveIn(LOG_ARCHIVE))] });
const warnings = () => Annotations.fromStack(setup.stack).findWarning('*', Match.stringLikeRegexp('resourceKeys\\]$')).map(({ entry: { data } }) => data as string);
const statements = (stack = setup.stack): any[] =>
  Object.entries(Template.fromStack(stack).findResources('AWS::KMS::Key')).find(([id]) => id.startsWith('Own'))![1].Properties.KeyPolicy.Statement.slice(1);

test('a key of the app lets AWS Backup of the account that is copied into read, and its warning is gone', () => {
  const key = new kms.Key(setup.stack, 'Own');
  const { statementAdded } = copying([volume(key)]).grantCopies(key);

  expect(statementAdded).toBe(true);
  expect(statements()).toEqual([READ, GRANT]);
  expect(warnings()).toEqual([]);
});

test('all accounts that are copied into are let in, by statements that are there once for two plans', () => {
  const key = new kms.Key(setup.stack, 'Own');
  const copyTo = [LOG_ARCHIVE, OTHER_ARCHIVE].map((account) => BackupCopy.to(archiveIn(account)));
  const plan = setup.selecting([BackupTarget.fromConstruct(volume(key))], { copyTo });
  const other = setup.plan({ copyTo, backupPlanName: 'other' }, 'Other');
  other.addSelection('Volumes', { resources: [BackupTarget.fromConstruct(volume(key, 'Second'))] });
  [plan, other].forEach((each) => each.grantCopies(key));

  expect(statements().map(({ Principal }) => Principal.AWS)).toEqual(Array(2).fill(['arn:aws:iam::333333333333:root', 'arn:aws:iam::555555555555:root']));
  expect(warnings()).toEqual([]);
});

test('a key of another stack of the app is known by the reference to it', () => {
  const key = new kms.Key(stackIn(INFRASTRUCTURE, LONDON, setup.app, 'Keys'), 'Own');
  copying([volume(key)]).grantCopies(key);

  expect(warnings()).toEqual([]);
});

test('of two keys the one that is not granted has a warning with what to do and the statements', () => {
  const [key, other] = ['Own', 'Other'].map((id) => new kms.Key(setup.stack, id));
  copying([volume(key), volume(other, 'Second')]).grantCopies(key);

  expect(warnings()).toEqual([
    "copies of EBS into account 333333333333 are read with the keys of the resources ('Backup/Second'), and fail unless each of them is a customer managed key that AWS Backup in that account may use: call 'grantCopies' (grant_copies) of the plan with each key that this app defines, and add to the policy of each other key "
    + `${sorted(READ)}, ${sorted(GRANT)}, or acknowledge this warning if it already contains them [ack: cdk-backup-dr:resourceKeys]`,
  ]);
});

test('an imported key gets no statements, and a warning has them', () => {
  const key = kms.Key.fromKeyArn(setup.stack, 'Own', IMPORTED);
  const { statementAdded } = copying([volume(key)]).grantCopies(key);

  expect(statementAdded).toBe(false);
  expect(warnings()).toEqual([
    "the policy of key 'Backup/Own', which AWS Backup in account 333333333333 needs to read the source, which is not managed here: it must contain "
    + `${sorted(READ)}, ${sorted(GRANT)} [ack: cdk-backup-dr:resourceKeys]`,
  ]);
});

test('copies within the account need no statement', () => {
  setup = new Setup({ replicaRegion: IRELAND });
  const key = new kms.Key(setup.stack, 'Own');
  const { statementAdded } = setup.selecting([BackupTarget.fromConstruct(volume(key))]).grantCopies(key);

  expect(statementAdded).toBe(false);
  expect(statements()).toEqual([]);
  expect(warnings()).toEqual([]);
});

test('a key of a Stage that is synthesized already is refused, since its policy is written', () => {
  const stage = new Stage(setup.app, 'Data');
  const key = new kms.Key(stackIn(INFRASTRUCTURE, LONDON, stage, 'Keys'), 'Own');
  const plan = copying([volume()]);
  stage.synth();

  expect(problemsOf(() => plan.grantCopies(key))).toEqual([
    "key 'Data/Keys/Own' is in a Stage that is already synthesized, so its policy can't be changed any more: call 'grantCopies' (grant_copies) before, or define the plan in the Stage of the key",
  ]);
});

test('anything but a key is refused', () => {
  const plan = copying([volume()]);

  expect(problemsOf(() => plan.grantCopies('key' as never))).toEqual(["'key' must be a key, such as Key.fromKeyArn(…), got 'key'"]);
});

/** In the order in which the AWS CDK writes a statement. */
function sorted({ Action, Condition, Effect, Principal, Resource }: typeof READ | typeof GRANT): string {
  return JSON.stringify({ Action, Condition, Effect, Principal, Resource });
}
