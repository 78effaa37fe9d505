import { BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS } from './job-problem-events';
import type { JobStateChange } from './job-state-change';
import type { EventMessage } from '../alarms/event-message';
import { inGroups } from '../alarms/event-pattern-size';
import type { EventRules } from '../alarms/event-rules';
import { consoleDomain } from '../private/environment';
import type { Environment } from '../private/environment';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/**
 * The message about the jobs of a type.
 */
interface JobMessage {
  readonly id: string;
  readonly description: string;
  readonly detailType: string;
  readonly stateField: string;
  /** The path of the vault in the details, if they contain it. */
  readonly vaultField?: string;
  /** What they say of it. */
  readonly vaultValue?: (vault: IReplicatedBackupVault) => string;
  readonly message: EventMessage;
}

/** Publishes a message about each of these events, a rule for each type of jobs. */
export function tellOfJobs(rules: EventRules, home: Environment, events: JobStateChange[], vaults?: IReplicatedBackupVault[]): void {
  for (const { id, description, detailType, stateField, vaultField, vaultValue, message } of jobMessages(home, rules.runbooks)) {
    const states = [...new Set(events.filter((event) => event.detailType === detailType).map(({ state }) => state))];
    const groups: [string, string[]?][] = vaults && vaultValue ? inGroups(vaults.map(vaultValue)) : [['']];
    for (const [end, values] of states.length === 0 ? [] : groups) {
      rules.publish(`${id}${end}`, description, {
        'source': ['aws.backup'],
        'detail-type': [detailType],
        'detail': { [stateField]: states, ...values && { [vaultField!]: values } },
      }, message);
    }
  }
}

/**
 * The message for each type of jobs. States and variables differ, and so do the fields with the vault.
 */
function jobMessages({ region }: Environment, runbooks: string): JobMessage[] {
  const whatToDo = `What to do: ${runbooks}`;
  const console = `https://<region>.${consoleDomain(region)}/backup/home?region=<region>`;
  return [
    {
      id: 'BackupJobs',
      description: 'Publishes messages about backup jobs',
      ...BACKUP_JOBS,
      vaultField: 'backupVaultName',
      vaultValue: ({ backupVaultName }) => backupVaultName,
      message: {
        title: 'Backup job <state>: <type>',
        description: ['Backup job <job> of <resource> into vault <vault> is <state>.'],
        nextSteps: [
          'Details: aws backup describe-backup-job --backup-job-id <job> --region <region>', `Vault: ${console}#/backupvaults/details/<vault>`, whatToDo,
        ],
        paths: {
          state: '$.detail.state', type: '$.detail.resourceType', job: '$.detail.backupJobId', resource: '$.detail.resourceArn', vault: '$.detail.backupVaultName',
        },
      },
    },
    {
      id: 'CopyJobs',
      description: 'Publishes messages about copy jobs',
      ...COPY_JOBS,
      vaultField: 'sourceBackupVaultArn',
      vaultValue: ({ backupVaultArn }) => backupVaultArn,
      message: {
        title: 'Copy job <state>: <type>',
        description: ['Copy job <job> of <resource> from vault <from> into vault <into> is <state>.'],
        nextSteps: ['Details: aws backup describe-copy-job --copy-job-id <job> --region <region>', `Console: ${console}`, whatToDo],
        paths: {
          state: '$.detail.state',
          type: '$.detail.resourceType',
          job: '$.detail.copyJobId',
          resource: '$.detail.resourceArn',
          from: '$.detail.sourceBackupVaultArn',
          into: '$.detail.destinationBackupVaultArn',
        },
      },
    },
    {
      id: 'RestoreJobs',
      description: 'Publishes messages about restore jobs',
      ...RESTORE_JOBS,
      message: {
        title: 'Restore job <state>: <type>',
        description: ['Restore job <job> of recovery point <point> is <state>. Resource: <resource>. Vault: <vault>. Restored: <created>.'],
        nextSteps: ['Details: aws backup describe-restore-job --restore-job-id <job> --region <region>', `Console: ${console}`, whatToDo],
        paths: {
          state: '$.detail.status',
          type: '$.detail.resourceType',
          job: '$.detail.restoreJobId',
          point: '$.resources[0]',
          resource: '$.detail.sourceResourceArn',
          vault: '$.detail.backupVaultArn',
          created: '$.detail.createdResourceArn',
        },
      },
    },
  ];
}
