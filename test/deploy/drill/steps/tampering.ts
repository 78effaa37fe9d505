import { GetBackupVaultAccessPolicyCommand, PutBackupVaultAccessPolicyCommand } from '@aws-sdk/client-backup';
import { resourcesOf } from '../../assembly/assembly';
import type { AssemblyStack, DeclaredResource } from '../../assembly/assembly';
import type { Context } from '../context';
import { literal } from '../literals';
import type { Promises, Vault } from '../promises';
import { count, hold } from '../step';
import type { Step } from '../step';
import { alarmsOn } from './signals';

const CALL = 'PutBackupVaultAccessPolicy';
const ALARM_HOURS = 1;

/** Who is at the vaults is reported, and everything that is reported arrives. */
export function tampering(promises: Promises): Step[] {
  const { source, stacks, eventLog } = promises;
  return [
    {
      id: 'tampering',
      promise: `who changes the policy of ${source.name} raises an alarm beside it, and one in ${eventLog.account}`,
      needs: ['deploy'],
      run: async (context) => {
        const expected = [alarmsOnCall(stacks, source, isBeside(source)), alarmsOnCall(stacks, source, isCentral(promises))];
        hold(expected.every(({ length }) => length > 0), `the templates have ${expected.map(({ length }) => length).join(' and ')} such alarms`);
        await putPolicyAgain(context, source);
        const names = expected.flat().map(({ properties }) => literal(properties.AlarmName));
        let silent = names;
        await context.until('every alarm raised', ALARM_HOURS, async () => {
          const on = await alarmsOn(context, expected.flat());
          silent = names.filter((name) => !on.includes(name));
          return silent.length === 0 ? true : undefined;
        }).catch((error: Error) => {
          hold(silent.length === 0, `silent: ${silent.join(', ')}`);
          throw error;
        });
        return `${count(names.length, 'alarm')} raised`;
      },
    },
    {
      id: 'delivered',
      promise: 'no event and no message of an alarm was lost on the way',
      needs: ['deploy'],
      run: async (context) => {
        const lost = await context.aws.undelivered() as { target: string; reason: string }[];
        const words = [...new Set(lost.map(({ target, reason }) => `${target}: ${reason}`))];
        hold(lost.length === 0, `${lost.length} lost, such as ${words.slice(0, 2).join('; ')}`);
        return 'every one has arrived at its topic, queue, bus or log group';
      },
    },
  ];
}

/** The call is made, and nothing changes. */
async function putPolicyAgain(context: Context, vault: Vault): Promise<void> {
  const target = { BackupVaultName: vault.name };
  const { Policy } = await context.backup(vault).send(new GetBackupVaultAccessPolicyCommand(target));
  await context.backup(vault).send(new PutBackupVaultAccessPolicyCommand({ ...target, Policy }));
}

/** Alarms that count how often a rule on this call has matched. */
function alarmsOnCall(stacks: readonly AssemblyStack[], vault: Vault, isWatched: (rule: DeclaredResource) => boolean): DeclaredResource[] {
  const rules = resourcesOf(stacks, 'AWS::Events::Rule').filter((rule) => isWatched(rule) && branchesOf(rule).some((branch) => watches(branch, vault)));
  return resourcesOf(stacks, 'AWS::CloudWatch::Alarm').filter((alarm) => rules.some((rule) => {
    const isSamePlace = rule.stack.account === alarm.stack.account && rule.stack.region === alarm.stack.region;
    return isSamePlace && rulesCountedBy(alarm).includes(literal(rule.properties.Name));
  }));
}

function isBeside({ account, region }: Vault): (rule: DeclaredResource) => boolean {
  return ({ stack, properties }) => properties.EventBusName === undefined && stack.account === account && stack.region === region;
}

function isCentral({ eventLog: { account, region } }: Promises): (rule: DeclaredResource) => boolean {
  return ({ stack, properties }) => properties.EventBusName !== undefined && stack.account === account && stack.region === region;
}

/** A pattern matches what one of its branches matches. */
function branchesOf({ properties }: DeclaredResource): Record<string, any>[] {
  const { $or = [{}], ...rest } = (properties.EventPattern ?? {}) as { $or?: object[]; [name: string]: unknown };
  return $or.map((branch) => ({ ...rest, ...branch }));
}

/** Whether a branch is about the call on this vault by somebody who is no role, as the root user of the account. */
function watches({ detail }: Record<string, any>, { name }: Vault): boolean {
  const of = (...path: string[]) => path.reduce((value, key) => value?.[key], detail);
  const issuers = JSON.stringify(of('userIdentity', 'sessionContext', 'sessionIssuer', 'arn') ?? [{ exists: false }]);
  const vaults = of('requestParameters', 'backupVaultName') ?? [name];
  return (of('eventName') ?? []).includes(CALL) && vaults.includes(name) && issuers.includes('{"exists":false}');
}

/** The rules that an alarm counts, by itself or in an expression. */
function rulesCountedBy({ properties }: DeclaredResource): string[] {
  const queries = (properties.Metrics ?? []) as { MetricStat?: { Metric: Record<string, unknown> } }[];
  return [properties, ...queries.map(({ MetricStat }) => MetricStat?.Metric ?? {})]
    .filter(({ MetricName }) => MetricName === 'TriggeredRules')
    .flatMap(({ Dimensions }) => (Dimensions as { Name: string; Value: string }[]).filter(({ Name }) => Name === 'RuleName'))
    .map(({ Value }) => Value);
}
