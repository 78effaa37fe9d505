import { DescribeBackupVaultCommand, GetBackupPlanCommand, ListBackupPlansCommand, paginateListBackupJobs, paginateListCopyJobs } from '@aws-sdk/client-backup';
import type { BackupJob, CopyJob } from '@aws-sdk/client-backup';
import type { Context } from '../context';
import { isIn, placeOf } from '../context';
import { pointsIn } from '../points';
import type { Lifecycle, Promises, Vault } from '../promises';
import { nextRun } from '../schedule';
import { count, hold } from '../step';
import type { Step } from '../step';

const DAY = 86_400_000;
const MINUTE = 60_000;
/** A copy has no window of its own: it is waited for until the next day. */
const COPY_HOURS = 24;
const ENDED = ['COMPLETED', 'FAILED', 'EXPIRED', 'ABORTED', 'PARTIAL'];

/** The rule runs by its own schedule, and what it makes is where the plan says, for as long as it says. */
export function backups(promises: Promises): Step[] {
  const { rule, tables, source, destinations, vaults } = promises;
  const hours = (rule.startWindowMinutes + rule.completionWindowMinutes) / 60;
  const locked = vaults.filter(({ lock }) => lock !== undefined);
  return [
    {
      id: 'backup',
      promise: `${rule.name}, ${rule.schedule}: ${count(tables.length, 'table')} backed up into ${source.name}, completed within ${rule.completionWindowMinutes} min`,
      needs: ['items'],
      run: async (context) => {
        const ran = nextRun(rule.schedule, await context.aws.clock.now());
        context.remember('ran', ran);
        await context.aws.clock.forwardTo(ran);
        const ruleId = await ruleIdOf(context);
        const jobs = await context.until(`${count(tables.length, 'backup job')} ended`, hours + 1, async () => {
          const found = (await backupJobs(context, ran)).filter(({ CreatedBy }) => CreatedBy?.BackupRuleId === ruleId);
          return found.length >= tables.length && found.every(({ State }) => ENDED.includes(State!)) ? found : undefined;
        });
        context.remember('backupJobs', jobs);
        const names = jobs.map(({ ResourceArn }) => ResourceArn!.split('/').at(-1)!);
        const minutes = Math.max(...jobs.map(({ CompletionDate }) => ((CompletionDate?.getTime() ?? Infinity) - ran.getTime()) / MINUTE));
        const seen = `${jobs.map((job) => job.State === 'COMPLETED' ? job.State : `${job.State} (${job.StatusMessage})`).join(', ')}; the last after ${minutes.toFixed(0)} min`;
        hold(jobs.every(({ State, BackupVaultName }) => State === 'COMPLETED' && BackupVaultName === source.name), seen);
        hold(sameSet(names, tables.map((table) => context.nameOf(table))), () => `backed up: ${names.join(', ')}`);
        hold(minutes <= rule.completionWindowMinutes, seen);
        hold(jobs.every(({ CreationDate }) => Math.abs(CreationDate!.getTime() - ran.getTime()) < MINUTE),
          () => `not at ${ran.toISOString()}, but at ${jobs.map(({ CreationDate }) => CreationDate!.toISOString()).join(', ')}`);
        return seen;
      },
    },
    ...destinations.map((destination) => copyInto(destination, tables.length)),
    {
      id: 'retention',
      promise: [[source, rule.lifecycle] as const, ...destinations.map((each) => [each, each.lifecycle] as const)]
        .map(([{ name }, lifecycle]) => `${name} ${spanOf(lifecycle)}`).join(', '),
      needs: ['backup', ...destinations.map(idOfCopy)],
      run: async (context) => {
        const checked = await Promise.all([
          retained(context, source, rule.lifecycle, context.recall('backupJobs').map(({ RecoveryPointArn }) => RecoveryPointArn!)),
          ...destinations.map((destination) => retained(context, destination, destination.lifecycle,
            context.recall('copyJobs').filter(isIn(destination)).map(({ DestinationRecoveryPointArn }) => DestinationRecoveryPointArn!))),
        ]);
        return `${count(checked.reduce((sum, each) => sum + each, 0), 'recovery point')}, each encrypted with the key of its vault, with these days from its backup on`;
      },
    },
    ...locked.length === 0 ? [] : [locks(locked)],
  ];
}

function copyInto(destination: Vault & { readonly lifecycle: Lifecycle }, tables: number): Step {
  return {
    id: idOfCopy(destination),
    promise: `${count(tables, 'copy').replace(/copys$/, 'copies')} in ${placeOf(destination)}`,
    needs: ['backup'],
    run: async (context) => {
      const points = context.recall('backupJobs').map(({ RecoveryPointArn }) => RecoveryPointArn);
      const all = await context.until(`every copy into ${destination.name} ended`, COPY_HOURS, async () => {
        const found = (await copyJobs(context)).filter(({ SourceRecoveryPointArn }) => points.includes(SourceRecoveryPointArn));
        const here = found.filter(isIn(destination));
        return here.length >= tables && here.every(({ State }) => ENDED.includes(State!)) ? found : undefined;
      });
      context.remember('copyJobs', all);
      const here = all.filter(isIn(destination));
      const hours = Math.max(...here.map(({ CompletionDate }) => ((CompletionDate?.getTime() ?? Infinity) - context.recall('ran').getTime()) / DAY * 24));
      const seen = `${here.map((job) => job.State === 'COMPLETED' ? job.State : `${job.State} (${job.StatusMessage})`).join(', ')}; ${(hours * 60).toFixed(0)} min after the rule ran`;
      hold(here.length === tables && here.every(({ State }) => State === 'COMPLETED'), seen);
      return seen;
    },
  };
}

export function idOfCopy({ name }: Vault): string {
  return `copy:${name}`;
}

async function retained(context: Context, vault: Vault, lifecycle: Lifecycle, arns: string[]): Promise<number> {
  const points = (await pointsIn(context, vault)).filter(({ RecoveryPointArn }) => arns.includes(RecoveryPointArn!));
  const { EncryptionKeyArn } = await context.backup(vault).send(new DescribeBackupVaultCommand({ BackupVaultName: vault.name }));
  hold(points.length === arns.length, () => `${vault.name} has ${points.length} of ${count(arns.length, 'recovery point')}`);
  for (const point of points) {
    const days = (date: Date | undefined) => date && Math.round((date.getTime() - point.CreationDate!.getTime()) / DAY * 1000) / 1000;
    const seen = { cold: days(point.CalculatedLifecycle?.MoveToColdStorageAt), deleted: days(point.CalculatedLifecycle?.DeleteAt) };
    hold(seen.cold === lifecycle.MoveToColdStorageAfterDays && seen.deleted === lifecycle.DeleteAfterDays,
      () => `${point.RecoveryPointArn} in ${vault.name}: cold after ${seen.cold ?? 'no'} days, deleted after ${seen.deleted ?? 'no'}`);
    hold(point.EncryptionKeyArn === EncryptionKeyArn, () => `${point.RecoveryPointArn} in ${vault.name} is encrypted with ${point.EncryptionKeyArn}, the vault with ${EncryptionKeyArn}`);
  }
  return points.length;
}

function locks(vaults: Vault[]): Step {
  return {
    id: 'lock',
    promise: vaults.map(({ name, lock }) => `${name} ${lock!.minDays} to ${lock!.maxDays} days${lock!.changeableForDays === undefined ? '' : `, final after ${lock!.changeableForDays}`}`).join('; '),
    needs: ['deploy'],
    run: async (context) => {
      const seen = await Promise.all(vaults.map(async (vault) => {
        const { Locked, MinRetentionDays, MaxRetentionDays, LockDate, CreationDate } = await context.backup(vault)
          .send(new DescribeBackupVaultCommand({ BackupVaultName: vault.name }));
        const finalAfter = LockDate && Math.round((LockDate.getTime() - CreationDate!.getTime()) / DAY);
        const here = `${vault.name} ${Locked ? '' : 'not '}locked, ${MinRetentionDays} to ${MaxRetentionDays} days, final ${LockDate?.toISOString().slice(0, 16) ?? 'never'}`;
        const { minDays, maxDays, changeableForDays } = vault.lock!;
        hold(Locked === true && MinRetentionDays === minDays && MaxRetentionDays === maxDays && finalAfter === changeableForDays, here);
        return here;
      }));
      return seen.join('; ');
    },
  };
}

async function ruleIdOf(context: Context): Promise<string> {
  const { plan, rule } = context.promises;
  const { BackupPlansList = [] } = await context.backup(plan).send(new ListBackupPlansCommand({}));
  const found = BackupPlansList.find(({ BackupPlanName }) => BackupPlanName === plan.name);
  hold(found !== undefined, `there is no plan ${plan.name}`);
  const { BackupPlan } = await context.backup(plan).send(new GetBackupPlanCommand({ BackupPlanId: found!.BackupPlanId }));
  const id = BackupPlan!.Rules!.find(({ RuleName }) => RuleName === rule.name)?.RuleId;
  hold(id !== undefined, `the plan ${plan.name} has no rule ${rule.name}`);
  return id!;
}

async function backupJobs(context: Context, since: Date): Promise<BackupJob[]> {
  const found: BackupJob[] = [];
  const request = { ByCreatedAfter: new Date(since.getTime() - MINUTE) };
  for await (const page of paginateListBackupJobs({ client: context.backup(context.promises.plan) }, request)) {
    found.push(...page.BackupJobs ?? []);
  }
  return found;
}

async function copyJobs(context: Context): Promise<CopyJob[]> {
  const found: CopyJob[] = [];
  for await (const page of paginateListCopyJobs({ client: context.backup(context.promises.plan) }, {})) {
    found.push(...page.CopyJobs ?? []);
  }
  return found;
}

function spanOf({ MoveToColdStorageAfterDays, DeleteAfterDays }: Lifecycle): string {
  return `${DeleteAfterDays} d${MoveToColdStorageAfterDays === undefined ? '' : `, cold after ${MoveToColdStorageAfterDays}`}`;
}

function sameSet(one: string[], other: string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}
