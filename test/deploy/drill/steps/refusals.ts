import {
  CreateBackupVaultCommand, DeleteBackupVaultCommand, DeleteRecoveryPointCommand, DescribeCopyJobCommand, PutBackupVaultAccessPolicyCommand,
  StartCopyJobCommand, UpdateRecoveryPointLifecycleCommand,
} from '@aws-sdk/client-backup';
import type { CopyJob, StartCopyJobCommandInput } from '@aws-sdk/client-backup';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Context } from '../context';
import { isIn } from '../context';
import type { Promises, Vault } from '../promises';
import { hold } from '../step';
import type { Step } from '../step';
import { idOfCopy } from './backups';

/** Why something is refused. */
const DENIED = /^AccessDeniedException: .* explicit deny|^InvalidRequestException: .*locked/;
const ACCESS = /access denied/i;
const RETENTION = /retention|lock/i;

const SHORT = { DeleteAfterDays: 1 };
const ADMINISTRATOR = 'drill-administrator';
const ELSEWHERE = 'drill-elsewhere';
const COPY_HOURS = 24;
/** Where the simulator says which statement of docs/aws-behaviour.md a refusal rests on. */
const STATEMENT_HEADER = 'x-local-aws-statement';

/** What must not be possible, not even for the root user of the account or an administrator in it. */
export function refusals({ source, destinations, plan, wayBack, tables }: Promises): Step[] {
  const archives = destinations.filter(({ account }) => account !== plan.account);
  const held = [source, ...destinations].filter(({ denied, lock }) => denied.includes('backup:DeleteRecoveryPoint') || lock);
  return [
    ...held.map((vault): Step => ({
      id: `refuse:delete-from:${vault.name}`,
      promise: `nobody deletes a recovery point of ${vault.name}, nor shortens how long it is kept`,
      needs: [vault === source ? 'backup' : idOfCopy(vault)],
      run: async (context) => {
        const last = context.nameOf(tables.at(-1)!); // if it is deleted after all, the other steps do without it
        const target = { BackupVaultName: vault.name, RecoveryPointArn: pointOf(context, vault, last) };
        return [
          await refused(context.backup(vault).send(new DeleteRecoveryPointCommand(target)), DENIED),
          await refused(context.backup(vault).send(new UpdateRecoveryPointLifecycleCommand({ ...target, Lifecycle: SHORT })), DENIED),
        ].join('; ');
      },
    })),
    ...destinations.map((vault): Step => ({
      id: `refuse:delete-vault:${vault.name}`,
      promise: `nobody deletes the vault ${vault.name}, which has recovery points`,
      needs: [idOfCopy(vault)],
      run: (context) => refused(context.backup(vault).send(new DeleteBackupVaultCommand({ BackupVaultName: vault.name })), /contains recovery points/),
    })),
    ...archives.map((vault): Step => ({
      id: `refuse:other-role:${vault.name}`,
      promise: `an administrator of ${plan.account} copies nothing into ${vault.name} with another role than ${plan.roleArn.split('/').at(-1)}`,
      needs: ['backup'],
      run: async (context) => failing(context, source, {
        ...copyOf(context, vault),
        IamRoleArn: await administratorOf(context, plan.account),
        Lifecycle: { DeleteAfterDays: vault.lifecycle.DeleteAfterDays },
      }, ACCESS),
    })),
    ...archives.filter(({ lock }) => lock).map((vault): Step => ({
      id: `refuse:other-retention:${vault.name}`,
      promise: `no copy in ${vault.name} for less than ${vault.lock!.minDays} days, or more than ${vault.lock!.maxDays}`,
      needs: ['backup'],
      run: async (context) => {
        const copy = { ...copyOf(context, vault), IamRoleArn: plan.roleArn };
        return [
          await failing(context, source, { ...copy, Lifecycle: { DeleteAfterDays: vault.lock!.minDays - 1 } }, RETENTION),
          await failing(context, source, { ...copy, Lifecycle: { DeleteAfterDays: vault.lock!.maxDays + 1 } }, RETENTION),
        ].join('; ');
      },
    })),
    {
      id: 'refuse:copy-back-elsewhere',
      promise: `${wayBack.copyBackRoleArn.split('/').at(-1)} copies into no other vault of ${plan.account}, even one that lets everybody in`,
      needs: [idOfCopy(wayBack.from)],
      run: async (context) => failing(context, wayBack.from, {
        RecoveryPointArn: pointOf(context, wayBack.from),
        SourceBackupVaultName: wayBack.from.name,
        DestinationBackupVaultArn: await openVault(context, wayBack.to),
        IamRoleArn: wayBack.copyBackRoleArn,
        Lifecycle: { DeleteAfterDays: 30 },
      }, /not authorized to perform: backup:CopyFromBackupVault/),
    },
  ];
}

function copyOf(context: Context, vault: Vault): Pick<StartCopyJobCommandInput, 'RecoveryPointArn' | 'SourceBackupVaultName' | 'DestinationBackupVaultArn'> {
  const { source } = context.promises;
  return { RecoveryPointArn: pointOf(context, source), SourceBackupVaultName: source.name, DestinationBackupVaultArn: vault.arn };
}

/** A recovery point that the rule has made in this vault. */
export function pointOf(context: Context, vault: Vault, table = context.nameOf(context.promises.tables[0])): string {
  const ofTable = ({ ResourceArn }: { ResourceArn?: string }) => ResourceArn?.endsWith(`/${table}`) ?? false;
  const point = vault.arn === context.promises.source.arn
    ? context.recall('backupJobs').find(ofTable)?.RecoveryPointArn
    : context.recall('copyJobs').filter(isIn(vault)).find(ofTable)?.DestinationRecoveryPointArn;
  hold(point !== undefined, `there is no recovery point in ${vault.name}`);
  return point!;
}

/**
 * A request that must be refused, for the reason that is promised and for no other.
 *
 * @returns the words of the refusal
 */
export async function refused(request: Promise<unknown>, reason: RegExp): Promise<string> {
  const words = await request.then(() => undefined, wordsOf);
  hold(words !== undefined, 'not refused');
  return because(reason, words!);
}

function because(reason: RegExp, words: string): string {
  hold(reason.test(words), `refused for another reason: ${words}`);
  return words;
}

interface ServiceError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Record<string, string> };
}

/** The words of a refusal, and the statement on AWS that it rests on. What nobody answers is no refusal. */
function wordsOf(error: ServiceError): string {
  const status = error.$metadata?.httpStatusCode;
  if (status === undefined || status >= 500) {
    throw error;
  }
  const statement = error.$response?.headers?.[STATEMENT_HEADER];
  return `${error.name}: ${brief(error.message)}${statement ? ` [${statement}]` : ''}`;
}

/** The words of AWS without the accounts and ARNs that the reader knows already. */
function brief(message: string): string {
  return message.replace(/^User: \S+ is/, '').replace(/ on resource: \S+/, '').replace(/arn:aws:\S+[:/]/g, '').trim();
}

/** A copy job that starts and fails, or does not even start. */
async function failing(context: Context, from: Vault, request: StartCopyJobCommandInput, reason: RegExp): Promise<string> {
  let id: string | undefined;
  try {
    ({ CopyJobId: id } = await context.backup(from).send(new StartCopyJobCommand(request)));
  } catch (error) {
    return because(reason, wordsOf(error as Error));
  }
  const job = await endOfCopy(context, from, id!);
  hold(job.State === 'FAILED', `the copy is ${job.State}`);
  context.remember('failedCopyJobs', [...context.recallOr('failedCopyJobs', []), job]);
  const statement = await context.aws.statementOf(id!);
  return because(reason, `${brief(job.StatusMessage ?? 'FAILED')}${statement ? ` [${statement}]` : ''}`);
}

export function endOfCopy(context: Context, from: Vault, id: string): Promise<CopyJob> {
  return context.until('the copy ended', COPY_HOURS, async () => {
    const { CopyJob: job } = await context.backup(from).send(new DescribeCopyJobCommand({ CopyJobId: id }));
    return job && !['CREATED', 'RUNNING'].includes(job.State!) ? job : undefined;
  });
}

/** A role that the app does not define, and that may do everything: whoever has taken over the account makes one. */
async function administratorOf(context: Context, account: string): Promise<string> {
  const iam = context.aws.client(IAMClient, account, context.promises.plan.region);
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  await iam.send(new CreateRoleCommand({
    RoleName: ADMINISTRATOR, AssumeRolePolicyDocument: policy({ Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' }),
  })).catch(ignore('EntityAlreadyExistsException', 'EntityAlreadyExists'));
  await iam.send(new PutRolePolicyCommand({ RoleName: ADMINISTRATOR, PolicyName: 'everything', PolicyDocument: policy({ Action: '*', Resource: '*' }) }));
  return `arn:aws:iam::${account}:role/${ADMINISTRATOR}`;
}

/** A vault beside another one, that lets everybody copy into it. */
async function openVault(context: Context, beside: Vault): Promise<string> {
  const client = context.backup(beside);
  await client.send(new CreateBackupVaultCommand({ BackupVaultName: ELSEWHERE })).catch(ignore('AlreadyExistsException'));
  await client.send(new PutBackupVaultAccessPolicyCommand({
    BackupVaultName: ELSEWHERE,
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'backup:CopyIntoBackupVault', Resource: '*' }] }),
  }));
  return beside.arn.replace(/[^:]+$/, ELSEWHERE);
}

function ignore(...names: string[]): (error: Error) => void {
  return (error) => {
    if (!names.includes(error.name)) {
      throw error;
    }
  };
}
