import { changeFunctions, changeNamed, changeNamedRole, dropStatement, replaceIn } from './faults';
import type { Properties } from './faults';
import type { Sabotage } from './sabotage';
import type { AssemblyStack } from '../assembly/assembly';
import { changeProperties } from '../assembly/changes';

const VAULT = 'AWS::Backup::BackupVault';
const PLAN = 'AWS::Backup::BackupPlan';
const ROLE = 'AWS::IAM::Role';
const CENTRAL = 'acme-prod-central';
const REPLICA = 'acme-prod-central-replica';
const LANDING = 'acme-prod-landing';
const LOCAL = 'acme-prod-local';

/** What breaks if nothing can be copied into another account: a copy that must be refused is so for another reason. */
const ACROSS_ACCOUNTS = [CENTRAL, REPLICA].flatMap((name) => [`copy:${name}`, `refuse:other-role:${name}`, `refuse:other-retention:${name}`]);

/** Faults of what backs up, copies, keeps and restores, and of what deploys it; in the stage prod. */
export const JOBS: readonly Sabotage[] = [
  {
    fault: 'the central vault has no lock',
    put: (stacks) => vault(stacks, CENTRAL, (properties) => { delete properties.LockConfiguration; }),
    breaks: ['lock', `refuse:other-retention:${CENTRAL}`],
  },
  {
    fault: 'the lock of the replica allows a longer retention than it is to',
    put: (stacks) => vault(stacks, REPLICA, ({ LockConfiguration }) => { LockConfiguration.MaxRetentionDays = 1000; }),
    breaks: ['lock', `refuse:other-retention:${REPLICA}`],
  },
  {
    fault: 'the retention of a copy is below what the lock of its vault allows',
    put: (stacks) => rule(stacks, 'daily', ({ CopyActions }) => { CopyActions[0].Lifecycle = { DeleteAfterDays: 5 }; }),
    breaks: [`copy:${CENTRAL}`],
  },
  {
    fault: 'everybody may delete recovery points of the local vault',
    put: (stacks) => vault(stacks, LOCAL, ({ AccessPolicy }) => {
      AccessPolicy.Statement = AccessPolicy.Statement.filter(({ Effect }: { Effect: string }) => Effect !== 'Deny');
    }),
    breaks: [`refuse:delete-from:${LOCAL}`],
  },
  {
    fault: 'a copy of the rule is missing',
    put: (stacks) => rule(stacks, 'daily', (daily) => {
      daily.CopyActions = daily.CopyActions.filter((copy: Properties) => !copy.DestinationBackupVaultArn.endsWith(REPLICA));
    }),
    breaks: [`copy:${REPLICA}`],
  },
  {
    fault: 'the policy of the replica lets another role in',
    put: (stacks) => vault(stacks, REPLICA, (properties) => replaceIn(properties, 'acme-prod-backup-role', 'acme-prod-bakup-role')),
    breaks: [`copy:${REPLICA}`, `refuse:other-retention:${REPLICA}`],
  },
  {
    fault: 'the policy of the central vault lets every role of the account in',
    put: (stacks) => vault(stacks, CENTRAL, ({ AccessPolicy }) => {
      AccessPolicy.Statement.forEach((statement: { Condition?: object }) => { delete statement.Condition; });
    }),
    breaks: [`refuse:other-role:${CENTRAL}`],
  },
  {
    fault: 'the role of the plan may not copy into the landing vault',
    put: (stacks) => changeNamedRole(stacks, 'acme-prod-backup-role', (properties) => replaceIn(properties, `backup-vault:${LANDING}`, 'backup-vault:elsewhere')),
    breaks: [`copy:${LANDING}`],
  },
  {
    fault: 'the role of the plan may not back tables up',
    put: (stacks) => changeNamedRole(stacks, 'acme-prod-backup-role', (properties) => dropStatement(properties, 'BackUpTables')),
    breaks: ['backup'],
  },
  {
    fault: 'AWS Backup may not assume the role of the plan',
    put: (stacks) => changeNamedRole(stacks, 'acme-prod-backup-role', (properties) => replaceIn(properties, 'backup.amazonaws.com', 'backups.amazonaws.com')),
    breaks: ['deploy'], // the selection is refused
  },
  {
    fault: 'a table has a tag that the selection does not take',
    put: (stacks) => changeProperties(stacks, 'AWS::DynamoDB::Table', (properties, id) => {
      if (id.startsWith('Denylist')) {
        properties.Tags.find(({ Key }: { Key: string }) => Key === 'Project').Value = 'other';
      }
    }),
    breaks: ['backup'],
  },
  {
    fault: 'the rule runs an hour later',
    put: (stacks) => rule(stacks, 'daily', (daily) => { daily.ScheduleExpression = 'cron(0 6 ? * * *)'; }),
    breaks: ['backup'],
  },
  {
    fault: 'recovery points are kept for longer in the local vault',
    put: (stacks) => rule(stacks, 'daily', ({ Lifecycle }) => { Lifecycle.DeleteAfterDays = 35; }),
    breaks: ['retention'],
  },
  {
    fault: 'the tables can be deleted by mistake',
    put: (stacks) => changeProperties(stacks, 'AWS::DynamoDB::Table', (properties) => { properties.DeletionProtectionEnabled = false; }),
    breaks: ['refuse:delete-table'],
  },
  {
    fault: 'the role that copies back may not copy into the landing vault',
    put: (stacks) => changeNamedRole(stacks, 'acme-prod-copy-back-role', (properties) => replaceIn(properties, `backup-vault:${LANDING}`, 'backup-vault:elsewhere')),
    breaks: ['copy-back'],
  },
  {
    fault: 'the role that copies back may copy anywhere',
    put: (stacks) => changeNamedRole(stacks, 'acme-prod-copy-back-role', (properties) => {
      properties.Policies[0].PolicyDocument.Statement.push({ Effect: 'Allow', Action: 'backup:*', Resource: '*' });
    }),
    breaks: ['refuse:copy-back-elsewhere'],
  },
  {
    fault: 'the landing vault does not let the log archive account in',
    put: (stacks) => vault(stacks, LANDING, ({ AccessPolicy }) => {
      AccessPolicy.Statement = AccessPolicy.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Deny');
    }),
    breaks: ['copy-back'],
  },
  {
    fault: 'the role that restores may not write items',
    put: (stacks) => changeNamedRole(stacks, 'acme-prod-restore-role', (properties) => dropStatement(properties, 'FillRestoredTables')),
    breaks: ['restore'],
  },
  {
    fault: 'the handler of the region settings may not change them',
    put: (stacks) => changeProperties(stacks, ROLE, (properties, id) => {
      if (id.startsWith('BackupRegionSettingsHandlerRole')) {
        dropStatement(properties, 'ChangeRegionSettings');
      }
    }),
    breaks: ['deploy'],
  },
  {
    fault: 'the handler of the organization settings says that it is done, and has left cross-account backup off',
    put: (stacks) => changeFunctions(stacks, 'isCrossAccountBackupEnabled: "true"', 'isCrossAccountBackupEnabled: "false"'),
    breaks: ACROSS_ACCOUNTS,
  },
  {
    fault: 'the rule backs up into a vault that does not exist',
    put: (stacks) => rule(stacks, 'daily', (daily) => { daily.TargetBackupVault = 'acme-prod-locall'; }),
    breaks: ['backup'],
  },
  {
    fault: 'the key of the replica is disabled',
    put: (stacks) => inStack(stacks, 'acme-prod-log-archive-support-eu-west-1-for-eu-west-2', (own) => changeProperties(own, 'AWS::KMS::Key',
      (properties, id) => { properties.Enabled = !id.includes('Vault'); })),
    breaks: ['deploy'], // a vault needs an enabled key
  },
  {
    fault: 'DynamoDB is left out of what AWS Backup manages in the account of the plan',
    put: (stacks) => inStack(stacks, 'acme-prod-backup', (own) => changeProperties(own, 'Custom::BackupRegionSettings', (properties) => {
      properties.resourceTypeManagement = [];
    })),
    breaks: [...ACROSS_ACCOUNTS, `copy:${LANDING}`],
  },
  {
    fault: 'the stacks that forward events do not wait for the bus',
    put: (stacks) => stacks.map((stack) => ({
      ...stack,
      dependencies: stack.name === 'acme-prod-monitoring'
        ? ['acme-prod-backup']
        : stack.dependencies.filter((id) => id !== 'acme-prod-monitoring'),
    })),
    breaks: ['deploy'], // PutTargets refuses a bus that is not there
  },
];

function vault(stacks: readonly AssemblyStack[], name: string, change: (properties: Properties) => void): AssemblyStack[] {
  return changeNamed(stacks, VAULT, 'BackupVaultName', name, change);
}

function rule(stacks: readonly AssemblyStack[], name: string, change: (rule: Properties) => void): AssemblyStack[] {
  return changeProperties(stacks, PLAN, ({ BackupPlan }) => {
    change(BackupPlan.BackupPlanRule.find(({ RuleName }: { RuleName: string }) => RuleName === name));
  });
}

function inStack(stacks: readonly AssemblyStack[], name: string, change: (own: AssemblyStack[]) => AssemblyStack[]): AssemblyStack[] {
  return stacks.map((stack) => stack.name === name ? change([stack])[0] : stack);
}
