import { CfnResource } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DAILY, Setup } from './setup';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import type { TieredBackupSelectionOptions } from '../../src/plan/tiered-backup-plan-props';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

function reasons({ app }: Setup): string[] {
  return Registry.of(app).all(UNCHECKED).map(({ reason }) => reason);
}

describe('copies of the vault Default', () => {
  /** Copies what is selected out of `Default`. */
  function copying(options: TieredBackupSelectionOptions, account = LOG_ARCHIVE): Setup {
    const setup = new Setup();
    const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Default', { backupVaultName: 'Default', account: INFRASTRUCTURE, region: LONDON });
    const destination = new ReplicatedBackupVault(stackIn(account, IRELAND, setup.app, 'Far'), 'Vault', { backupVaultName: 'far' });
    new TieredBackupPlan(setup.stack, 'Plan', { vault, tiers: [DAILY()], copyTo: [BackupCopy.to(destination)] }).addSelection('Selection', options);
    expect(setup.problems()).toEqual([]);
    return setup;
  }
  const WARNING = "the vault 'Default' is encrypted with the AWS managed key aws/backup, whose policy can't be changed to allow account 333333333333, and "
    + 'AWS advises against copies from it into another account: back up ';

  test.each<[TieredBackupSelectionOptions, string]>([
    [{ resources: [BackupTarget.allOf(ResourceType.S3), BackupTarget.allOf(ResourceType.EFS)] }, 'S3'],
    [{ tags: { Backup: 'yes' } }, 'all other selected types with full AWS Backup management except Amazon EFS'],
  ])('into another account are warned of with the types: %#', (options, types) => {
    const setup = copying(options);

    Annotations.fromStack(setup.stack).hasWarning('/Backup/Plan', Match.stringLikeRegexp(`${WARNING}${types} into a vault with a customer managed key`));
    expect(reasons(setup).filter((reason) => /key policy/.test(reason))).toEqual([]);
  });

  test.each([
    ['EFS, which does not need the key of the vault', [BackupTarget.allOf(ResourceType.EFS)], LOG_ARCHIVE],
    ['EBS, which has the key of its volume', [BackupTarget.allOf(ResourceType.EBS)], LOG_ARCHIVE],
    ['S3 within the account', [BackupTarget.allOf(ResourceType.S3)], INFRASTRUCTURE],
  ])('are not warned of for %s', (_, resources, account) => {
    Annotations.fromStack(copying({ resources }, account).stack).hasNoWarning('/Backup/Plan', Match.stringLikeRegexp('aws/backup'));
  });
});

describe('an option group', () => {
  type Options = { engine?: string; optionName?: string; optionGroupName?: string };

  function copying({ engine = 'oracle-se2', optionName, optionGroupName }: Options, replicaRegion: string | undefined = IRELAND): Setup {
    const setup = new Setup({ replicaRegion });
    const group = optionName && new rds.CfnOptionGroup(setup.stack, 'Options', {
      engineName: engine, majorEngineVersion: '19', optionGroupDescription: 'own', optionConfigurations: [{ optionName }],
    }).ref;
    const db = new rds.CfnDBInstance(setup.stack, 'Db', { engine, optionGroupName: group ?? optionGroupName });
    setup.selecting([BackupTarget.fromConstruct(db)]);
    expect(setup.problems()).toEqual([]);
    return setup;
  }

  test.each([
    ['oracle-se2', 'Timezone'], ['oracle-ee', 'TDE'], ['sqlserver-ee', 'TDE'],
  ])('of %s with the persistent option %s is warned of where copies go into another region', (engine, optionName) => {
    Annotations.fromStack(copying({ engine, optionName }).stack).hasWarning('/Backup/Plan', Match.stringLikeRegexp(
      `the option group of 'Backup/Db' has persistent options \\(${optionName}\\), which AWS Backup does not copy: copies into eu-west-1 fail unless that region`));
  });

  test.each<[string, Options]>([
    ['an option that is not persistent', { optionName: 'JVM' }],
    ['the default option group', { optionGroupName: 'default:oracle-se2-19' }],
    ['no option group', {}],
    ['an engine that has no persistent options', { engine: 'mysql', optionGroupName: 'own' }],
  ])('is not spoken of with %s', (_, options) => {
    const setup = copying(options);

    Annotations.fromStack(setup.stack).hasNoWarning('*', Match.stringLikeRegexp('option group'));
    expect(reasons(setup).filter((reason) => /option group/.test(reason))).toEqual([]);
  });

  test('that is not in the app is not checked', () => {
    expect(reasons(copying({ optionGroupName: 'own' }))).toContain("whether the option groups of 'Backup/Db' have persistent options: if so, copies into eu-west-1 fail "
      + 'unless that region has an option group with the same options');
  });

  test('does not matter to copies within the region', () => {
    const setup = new Setup();
    const group = new rds.CfnOptionGroup(setup.stack, 'Options', {
      engineName: 'oracle-se2', majorEngineVersion: '19', optionGroupDescription: 'own', optionConfigurations: [{ optionName: 'Timezone' }],
    });
    const archive = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central' });
    setup.selecting([BackupTarget.fromConstruct(new rds.CfnDBInstance(setup.stack, 'Db', { engine: 'oracle-se2', optionGroupName: group.ref }))],
      { copyTo: [BackupCopy.to(archive)] });

    expect(setup.problems()).toEqual([]);
    Annotations.fromStack(setup.stack).hasNoWarning('*', Match.stringLikeRegexp('option group'));
  });

  test('of a generic resource is found by its logical id', () => {
    const setup = new Setup({ replicaRegion: IRELAND });
    new CfnResource(setup.stack, 'Options', { type: 'AWS::RDS::OptionGroup', properties: { OptionConfigurations: [{ OptionName: 'Timezone' }] } });
    const db = new CfnResource(setup.stack, 'Db', { type: 'AWS::RDS::DBInstance', properties: { Engine: 'oracle-se2', OptionGroupName: { Ref: 'Options' } } });
    setup.selecting([BackupTarget.fromConstruct(db)]);

    expect(setup.problems()).toEqual([]);
    Annotations.fromStack(setup.stack).hasWarning('/Backup/Plan', Match.stringLikeRegexp('persistent options \\(Timezone\\)'));
  });
});
