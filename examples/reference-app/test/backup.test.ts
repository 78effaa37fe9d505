import assert from 'node:assert/strict';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { stages } from './assembly';
import type { Assembly } from './assembly';
import { test } from './test';

const { dev, prod } = stages;
const template = (assembly: Assembly, stack: string) => Template.fromJSON(assembly.stack(stack).template);

const CENTRAL = 'arn:aws:backup:eu-west-2:333333333333:backup-vault:acme-prod-central';
const LANDING = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:acme-prod-landing';
const REPLICA = 'arn:aws:backup:eu-west-1:333333333333:backup-vault:acme-prod-central-replica';

const copies = (lifecycle: object, ...arns: string[]) => arns.map((arn) => ({ DestinationBackupVaultArn: arn, Lifecycle: lifecycle }));

test('production backs up daily at 5, weekly on Sunday at 6 and in the evening, and copies each into both vaults of the log archive account, those of every day into the landing vault too', () => {
  template(prod, 'acme-prod-backup').hasResourceProperties('AWS::Backup::BackupPlan', {
    BackupPlan: {
      BackupPlanName: 'acme-prod-backup',
      BackupPlanRule: [
        {
          RuleName: 'daily',
          TargetBackupVault: 'acme-prod-local',
          ScheduleExpression: 'cron(0 5 ? * * *)',
          StartWindowMinutes: 60,
          CompletionWindowMinutes: 300,
          Lifecycle: { DeleteAfterDays: 30 },
          CopyActions: [
            ...copies({ DeleteAfterDays: 120, MoveToColdStorageAfterDays: 30 }, CENTRAL, REPLICA), ...copies({ DeleteAfterDays: 7 }, LANDING),
          ],
        },
        {
          RuleName: 'weekly',
          TargetBackupVault: 'acme-prod-local',
          ScheduleExpression: 'cron(0 6 ? * SUN *)',
          StartWindowMinutes: 360,
          CompletionWindowMinutes: 720,
          Lifecycle: { DeleteAfterDays: 30 },
          CopyActions: copies({ DeleteAfterDays: 360, MoveToColdStorageAfterDays: 30 }, CENTRAL, REPLICA),
        },
        {
          RuleName: 'evening',
          TargetBackupVault: 'acme-prod-local',
          ScheduleExpression: 'cron(0 17 ? * * *)',
          StartWindowMinutes: 60,
          CompletionWindowMinutes: 300,
          Lifecycle: { DeleteAfterDays: 7 },
          CopyActions: copies({ DeleteAfterDays: 7 }, CENTRAL, REPLICA, LANDING),
        },
      ],
    },
  });
});

test('development backs up daily at 5 and weekly on Sunday at 6, and copies into the one vault of the log archive account', () => {
  const central = 'arn:aws:backup:eu-west-2:333333333333:backup-vault:acme-dev-central';
  template(dev, 'acme-dev-backup').hasResourceProperties('AWS::Backup::BackupPlan', {
    BackupPlan: {
      BackupPlanRule: [
        {
          RuleName: 'daily',
          TargetBackupVault: 'acme-dev-local',
          ScheduleExpression: 'cron(0 5 ? * * *)',
          StartWindowMinutes: 60,
          CompletionWindowMinutes: 300,
          Lifecycle: { DeleteAfterDays: 30 },
          CopyActions: copies({ DeleteAfterDays: 30 }, central),
        },
        {
          RuleName: 'weekly',
          TargetBackupVault: 'acme-dev-local',
          ScheduleExpression: 'cron(0 6 ? * SUN *)',
          StartWindowMinutes: 360,
          CompletionWindowMinutes: 720,
          Lifecycle: { DeleteAfterDays: 30 },
          CopyActions: copies({ DeleteAfterDays: 120 }, central),
        },
      ],
    },
  });
});

for (const [stage, assembly] of Object.entries(stages)) {
  test(`${stage} selects all tables that have both tags, with the role that the central vault lets in`, () => {
    const backup = template(assembly, `acme-${stage}-backup`);
    const [role] = Object.keys(backup.findResources('AWS::IAM::Role', { Properties: { RoleName: `acme-${stage}-backup-role` } }));
    backup.hasResourceProperties('AWS::Backup::BackupSelection', {
      BackupSelection: {
        SelectionName: 'DynamoDB',
        IamRoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
        Resources: ['arn:aws:dynamodb:*:*:table/*'],
        ListOfTags: Match.absent(),
        Conditions: {
          StringEquals: [
            { ConditionKey: 'aws:ResourceTag/Environment', ConditionValue: stage },
            { ConditionKey: 'aws:ResourceTag/Project', ConditionValue: 'acme' },
          ],
        },
      },
    });
  });

  test(`${stage}'s central vaults let in the backup role of the infrastructure account and nobody else`, () => {
    const central = assembly.resources('AWS::Backup::BackupVault').filter(({ Properties }) => `${Properties.BackupVaultName}`.includes('central'));
    for (const vault of central) {
      const { Statement } = vault.Properties.AccessPolicy as { Statement: { Effect: string }[] };
      assert.deepEqual(Statement.filter(({ Effect }) => Effect === 'Allow'), [{
        Sid: 'CopyFromAccounts',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::222222222222:root' },
        Action: 'backup:CopyIntoBackupVault',
        Resource: '*',
        Condition: { ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::222222222222:role/acme-${stage}-backup-role`] } },
      }]);
    }
    assert.equal(central.length, stage === 'prod' ? 2 : 1);
  });

  test(`${stage}'s own vaults let in the copy-back role of the log archive account and nobody else`, () => {
    const own = assembly.resources('AWS::Backup::BackupVault').filter(({ Properties }) => /local|landing/.test(`${Properties.BackupVaultName}`));
    for (const vault of own) {
      const { Statement } = vault.Properties.AccessPolicy as { Statement: { Effect: string }[] };
      assert.deepEqual(Statement.filter(({ Effect }) => Effect === 'Allow'), [{
        Sid: 'CopyFromAccounts',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::333333333333:root' },
        Action: 'backup:CopyIntoBackupVault',
        Resource: '*',
        Condition: { ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::333333333333:role/acme-${stage}-copy-back-role`] } },
      }]);
    }
    assert.equal(own.length, stage === 'prod' ? 2 : 1);
  });

  test(`${stage}'s copy-back role copies into each vault of the infrastructure account, by the name that the vault has`, () => {
    const [role] = assembly.resources('AWS::IAM::Role', [assembly.stack(`acme-${stage}-log-archive`)])
      .filter(({ Properties }) => Properties.RoleName === `acme-${stage}-copy-back-role`);
    const [{ PolicyDocument: { Statement } }] = role.Properties.Policies as { PolicyDocument: { Statement: { Sid: string; Resource: unknown }[] } }[];
    const own = assembly.stacks.filter(({ environment }) => environment.account === '222222222222')
      .flatMap((stack) => assembly.resources('AWS::Backup::BackupVault', [stack])
        .map(({ Properties }) => `arn:aws:backup:${stack.environment.region}:222222222222:backup-vault:${Properties.BackupVaultName}`));
    assert.deepEqual([Statement.find(({ Sid }) => Sid === 'CopyIntoVaults')?.Resource].flat().sort(), own.sort());
  });
}

test('production has a key for the tables that are restored in the secondary region, and development none', () => {
  const aliases = (assembly: Assembly) => assembly.stacks.flatMap((stack) => assembly.resources('AWS::KMS::Alias', [stack])
    .filter(({ Properties }) => `${Properties.AliasName}`.includes('restored')).map(({ Properties }) => `${stack.stackName} ${Properties.AliasName}`));
  assert.deepEqual(aliases(prod), ['acme-prod-backup-support-eu-west-1-for-eu-west-2 alias/acme-prod-restored-tables']);
  assert.deepEqual(aliases(dev), []);
});

test('production has a vault and its replica in both accounts', () => {
  const vaults = Object.fromEntries(prod.stacks.flatMap((stack) => prod.resources('AWS::Backup::BackupVault', [stack]).map(({ Properties }) => [stack.stackName, Properties.BackupVaultName])));
  assert.deepEqual(vaults, {
    'acme-prod-log-archive': 'acme-prod-central',
    'acme-prod-log-archive-support-eu-west-1-for-eu-west-2': 'acme-prod-central-replica',
    'acme-prod-backup': 'acme-prod-local',
    'acme-prod-backup-support-eu-west-1-for-eu-west-2': 'acme-prod-landing',
  });
});

test('production locks the vaults of the log archive account for 7 to 720 days, from the shortest retention of a copy to twice the longest, after 3 days for good', () => {
  const locks = prod.resources('AWS::Backup::BackupVault').map(({ Properties }) => [Properties.BackupVaultName, Properties.LockConfiguration]);
  const lock = { MinRetentionDays: 7, MaxRetentionDays: 720, ChangeableForDays: 3 };
  assert.deepEqual(Object.fromEntries(locks), {
    'acme-prod-central': lock,
    'acme-prod-central-replica': lock,
    'acme-prod-local': undefined,
    'acme-prod-landing': undefined,
  });
});

test('development has no lock, no cold storage and no copies in another region: as drawn, those are for production only', () => {
  assert.deepEqual(dev.resources('AWS::Backup::BackupVault').map(({ Properties }) => Properties.BackupVaultName).sort(), ['acme-dev-central', 'acme-dev-local']);
  assert.deepEqual(dev.stacks.filter((stack) => dev.resources('AWS::Backup::BackupVault', [stack]).length > 0).map(({ environment }) => environment.region), ['eu-west-2', 'eu-west-2']);
  for (const { template: { Resources } } of dev.stacks) {
    assert.doesNotMatch(JSON.stringify(Resources), /"(LockConfiguration|MoveToColdStorageAfterDays)"/);
  }
});
