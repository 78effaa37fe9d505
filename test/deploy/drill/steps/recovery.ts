import { DescribeRestoreJobCommand, StartCopyJobCommand, StartRestoreJobCommand } from '@aws-sdk/client-backup';
import { DeleteTableCommand, DescribeTableCommand, paginateScan, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Context, Item } from '../context';
import { placeOf } from '../context';
import type { Promises } from '../promises';
import { count, hold } from '../step';
import type { Step } from '../step';
import { idOfCopy } from './backups';
import { endOfCopy, pointOf, refused } from './refusals';

const RESTORE_HOURS = 24;
const KEPT_DAYS = 30;

/** A table is lost, and comes back from the other account, in the other region if there is one. */
export function recovery({ plan, tables, wayBack }: Promises): Step[] {
  const [table] = tables;
  const last = tables.at(-1)!; // if it is deleted after all, the other steps do without it
  return [
    ...last.isProtected ? [{
      id: 'refuse:delete-table',
      promise: 'a table is not deleted by mistake',
      needs: ['items'],
      run: (context: Context) => refused(context.tables(last).send(new DeleteTableCommand({ TableName: context.nameOf(last) })), /deletion protection/),
    }] : [],
    {
      id: 'lose',
      promise: 'somebody who may do everything in the account deletes it nevertheless',
      needs: ['backup', idOfCopy(wayBack.from)],
      run: async (context) => {
        const name = context.nameOf(table);
        const client = context.tables(table);
        await client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
        await client.send(new DeleteTableCommand({ TableName: name }));
        context.remember('lostAt', await context.aws.clock.now());
        await context.until('the table is gone', 1, () => client.send(new DescribeTableCommand({ TableName: name }))
          .then(() => undefined, (error: Error) => error.name === 'ResourceNotFoundException' ? true : undefined));
        context.remember('lost', name);
        return `${name} is gone`;
      },
    },
    {
      id: 'copy-back',
      promise: `from ${wayBack.from.name} into ${wayBack.to.name} of ${placeOf(wayBack.to)}, with ${wayBack.copyBackRoleArn.split('/').at(-1)}`,
      needs: ['lose'],
      run: async (context) => {
        const { CopyJobId } = await context.backup(wayBack.from).send(new StartCopyJobCommand({
          RecoveryPointArn: pointOf(context, wayBack.from, context.recall('lost')),
          SourceBackupVaultName: wayBack.from.name,
          DestinationBackupVaultArn: wayBack.to.arn,
          IamRoleArn: wayBack.copyBackRoleArn,
          Lifecycle: { DeleteAfterDays: KEPT_DAYS },
        }));
        const job = await endOfCopy(context, wayBack.from, CopyJobId!);
        hold(job.State === 'COMPLETED', `${job.State} ${job.StatusMessage ?? ''}`);
        context.remember('cameBack', job.DestinationRecoveryPointArn!);
        return `COMPLETED in ${minutesOf(job)} min`;
      },
    },
    {
      id: 'restore',
      promise: `as a table in ${placeOf(wayBack.to)}, with ${wayBack.restoreRoleArn.split('/').at(-1)}`,
      needs: ['copy-back'],
      run: async (context) => {
        const client = context.backup(wayBack.to);
        const restored = `${context.recall('lost')}-restored`;
        const { RestoreJobId } = await client.send(new StartRestoreJobCommand({
          RecoveryPointArn: context.recall('cameBack'),
          IamRoleArn: wayBack.restoreRoleArn,
          ResourceType: 'DynamoDB',
          Metadata: { targetTableName: restored, encryptionType: 'Default' },
        }));
        const job = await context.until('the restore ended', RESTORE_HOURS, async () => {
          const found = await client.send(new DescribeRestoreJobCommand({ RestoreJobId }));
          return ['PENDING', 'RUNNING'].includes(found.Status!) ? undefined : found;
        });
        hold(job.Status === 'COMPLETED', `${job.Status} ${job.StatusMessage ?? ''}`);
        context.remember('restored', restored);
        return `COMPLETED in ${minutesOf(job)} min: ${job.CreatedResourceArn}`;
      },
    },
    {
      id: 'compare',
      promise: 'every item is as it was',
      needs: ['restore'],
      run: async (context) => {
        const before = context.recall('items').get(context.recall('lost'))!;
        const after = await itemsOf(context, context.recall('restored'));
        const known = new Set(after.map(wordsOf));
        const same = before.filter((item) => known.has(wordsOf(item))).length;
        hold(same === before.length && after.length === before.length, `${same} of ${count(before.length, 'item')} are the same, and there are ${after.length}`);
        const seen = `${same} of ${count(before.length, 'item')} are the same`;
        const lostAt = context.recall('lostAt').getTime();
        context.recoveries.push({
          plan: plan.name,
          survives: wayBack.to.region === table.region ? 'ACCOUNT' : 'REGION',
          what: `a deleted table, restored in ${wayBack.to.region} from ${wayBack.from.name}: ${seen}`,
          recoverySeconds: ((await context.aws.clock.now()).getTime() - lostAt) / 1000,
          dataLossSeconds: (lostAt - context.recall('ran').getTime()) / 1000,
        });
        return seen;
      },
    },
  ];
}

async function itemsOf(context: Context, table: string): Promise<Item[]> {
  const found: Item[] = [];
  for await (const page of paginateScan({ client: context.tables(context.promises.wayBack.to) }, { TableName: table })) {
    found.push(...page.Items ?? []);
  }
  return found;
}

/** An item as a text in which the order of attributes does not matter. */
function wordsOf(item: unknown): string {
  return JSON.stringify(item, (_, value: unknown) => {
    if (value instanceof Uint8Array) {
      return Buffer.from(value).toString('base64');
    }
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
  });
}

function minutesOf({ CreationDate, CompletionDate }: { CreationDate?: Date; CompletionDate?: Date }): string {
  return CreationDate && CompletionDate ? ((CompletionDate.getTime() - CreationDate.getTime()) / 60_000).toFixed(0) : '?';
}
