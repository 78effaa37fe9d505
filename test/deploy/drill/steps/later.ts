import { DeleteBackupVaultLockConfigurationCommand, PutBackupVaultLockConfigurationCommand } from '@aws-sdk/client-backup';
import { DeleteScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Context } from '../context';
import { isIn } from '../context';
import { pointsIn } from '../points';
import { longest } from '../promises';
import type { Promises, Vault } from '../promises';
import { hold } from '../step';
import type { Step } from '../step';
import { idOfCopy } from './backups';
import { refused } from './refusals';

/** AWS Backup deletes within some hours after a recovery point has expired. */
const SPARE_DAYS = 10;

/** Time passes: what was to be deleted is, and what was to become final is. */
export function later({ rule, source, destinations, vaults }: Promises): Step[] {
  const days = longest(rule) + SPARE_DAYS;
  const locked = vaults.filter(({ lock }) => lock?.changeableForDays !== undefined);
  return [
    {
      id: 'expire',
      promise: `${days} days later AWS Backup has deleted what was kept for ${longest(rule)} days at most`,
      needs: ['backup', ...destinations.map(idOfCopy)],
      run: async (context) => {
        await stopSchedules(context);
        await context.aws.clock.forward({ days });
        const left = await Promise.all([source, ...destinations].map(async (vault) => {
          const made = madeIn(context, vault);
          const points = await pointsIn(context, vault);
          return { vault, newer: points.length, left: points.filter(({ RecoveryPointArn }) => made.includes(RecoveryPointArn!)).length };
        }));
        const old = left.filter((each) => each.left > 0).map((each) => `${each.vault.name} still has ${each.left}`);
        hold(old.length === 0, old.join(', '));
        return `all are gone; newer ones: ${left.map(({ vault, newer }) => `${newer} in ${vault.name}`).join(', ')}`;
      },
    },
    ...locked.length === 0 ? [] : [{
      id: 'lock-is-final',
      promise: `nobody removes or weakens the lock of ${locked.map(({ name }) => name).join(' and ')} any more`,
      needs: ['lock', 'expire'],
      run: async (context: Context) => (await Promise.all(locked.flatMap((vault) => [
        refused(context.backup(vault).send(new DeleteBackupVaultLockConfigurationCommand({ BackupVaultName: vault.name })), /is locked/),
        refused(context.backup(vault).send(new PutBackupVaultLockConfigurationCommand({ BackupVaultName: vault.name, MinRetentionDays: 1 })), /is locked/),
      ]))).join('; '),
    }],
  ];
}

/** Each would run a function of this machine several hundred times meanwhile, and no later step looks at what that does. */
async function stopSchedules({ aws, promises: { plan } }: Context): Promise<void> {
  const scheduler = aws.client(SchedulerClient, plan.account, plan.region);
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({}));
  await Promise.all(Schedules.map(({ Name, GroupName }) => scheduler.send(new DeleteScheduleCommand({ Name, GroupName }))));
}

function madeIn(context: Context, vault: Vault): string[] {
  return vault.arn === context.promises.source.arn
    ? context.recall('backupJobs').map(({ RecoveryPointArn }) => RecoveryPointArn!)
    : context.recall('copyJobs').filter(isIn(vault)).map(({ DestinationRecoveryPointArn }) => DestinationRecoveryPointArn!);
}
