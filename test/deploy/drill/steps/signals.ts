import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { resourcesOf } from '../../assembly/assembly';
import type { DeclaredResource } from '../../assembly/assembly';
import type { Context } from '../context';
import { isIn } from '../context';
import { literal } from '../literals';
import type { Promises, Vault } from '../promises';
import { count, hold } from '../step';
import type { Step } from '../step';
import { idOfCopy } from './backups';

const QUIET_HOURS = 3;
const ALARM_HOURS = 1;
const LOG_HOURS = 0.5;

/** What is seen where the jobs run, and what in the account of central monitoring. */
export function quiet({ stacks, destinations }: Promises): Step[] {
  const alarms = resourcesOf(stacks, 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm');
  return [{
    id: 'quiet',
    promise: `none of ${count(alarms.length, 'alarm')} is on after a good backup`,
    needs: ['image', 'backup', ...destinations.map(idOfCopy)],
    run: async (context) => {
      let last: string[] = [];
      try {
        await context.until('no alarm', QUIET_HOURS, async () => {
          last = await alarmsOn(context, alarms);
          return last.length === 0 ? true : undefined;
        });
      } catch (error) {
        hold(last.length === 0, `on for ${QUIET_HOURS} h: ${last.join(', ')}`);
        throw error;
      }
      return 'all are off';
    },
  }];
}

export function signals(promises: Promises): Step[] {
  const { eventLog, stacks, destinations, plan } = promises;
  const refusing = destinations.filter(({ account }) => account !== plan.account);
  return [
    {
      id: 'alarms',
      promise: `every alarm on failed copies into ${refusing.map(({ name }) => name).join(' and ')} is raised, and those that sum them up`,
      needs: refusing.map(({ name }) => `refuse:other-role:${name}`),
      run: async (context) => {
        const expected = refusing.flatMap((vault) => alarmsOnCopiesInto(stacks, vault));
        const names = [...new Set([...expected, ...compositesOf(stacks, expected)])];
        hold(names.length > 0, 'the templates have no such alarm');
        const raised = new Set<string>();
        const seen = () => `${raised.size} of ${names.length} raised`;
        await context.until('every alarm raised', ALARM_HOURS, async () => {
          (await alarmsOn(context, resourcesOf(stacks, 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm')))
            .filter((name) => names.includes(name)).forEach((name) => raised.add(name));
          return raised.size === names.length ? true : undefined;
        }).catch((error: Error) => {
          hold(raised.size === names.length, `not raised: ${names.filter((name) => !raised.has(name)).join(', ')}`);
          throw error;
        });
        return seen();
      },
    },
    {
      id: 'events',
      promise: `the end of every job is in ${eventLog.name} of ${eventLog.account}`,
      needs: ['backup', ...destinations.map(idOfCopy)],
      run: async (context) => {
        const expected = endedJobs(context);
        let missing = expected;
        await context.until('every event in the log', LOG_HOURS, async () => {
          const messages = await messagesOf(context);
          missing = expected.filter(({ id, state }) => !messages.some((message) => message.includes(id) && message.includes(`"${state}"`)));
          return missing.length === 0 ? true : undefined;
        }).catch((error: Error) => {
          hold(missing.length === 0, `missing: ${missing.map(({ id, state }) => `${state} of ${id}`).join(', ')}`);
          throw error;
        });
        return `${count(expected.length, 'event')} of ${expected.length}`;
      },
    },
  ];
}

/** Alarms on the metric of AWS Backup beside the jobs, and on the count of their events in the central account. */
function alarmsOnCopiesInto(stacks: Promises['stacks'], vault: Vault): string[] {
  return resourcesOf(stacks, 'AWS::CloudWatch::Alarm').filter((alarm) => {
    const { MetricName, Dimensions = [] } = alarm.properties as { MetricName?: string; Dimensions?: { Value: string }[] };
    const isAbout = (value: string) => Dimensions.some(({ Value }) => Value === value);
    return MetricName === 'NumberOfCopyJobsFailed' && (isBesideJobs(alarm) ? hasPlan(alarm) && isAbout(vault.name) : isAbout(vault.arn));
  }).map(({ properties }) => literal(properties.AlarmName));
}

function isBesideJobs({ properties }: DeclaredResource): boolean {
  return properties.Namespace === 'AWS/Backup';
}

/** The jobs of the drill are those of the plan. */
function hasPlan({ stack }: DeclaredResource): boolean {
  return resourcesOf([stack], 'AWS::Backup::BackupPlan').length > 0;
}

function compositesOf(stacks: Promises['stacks'], alarms: string[]): string[] {
  return resourcesOf(stacks, 'AWS::CloudWatch::CompositeAlarm')
    .filter(({ properties }) => alarms.some((name) => literal(properties.AlarmRule).includes(`"${name}"`)))
    .map(({ properties }) => literal(properties.AlarmName));
}

/** The names of those that are on now. */
export async function alarmsOn(context: Context, alarms: DeclaredResource[]): Promise<string[]> {
  const names = new Set(alarms.map(({ properties }) => properties.AlarmName));
  const places = new Map(alarms.map(({ stack: { account, region } }) => [`${account}/${region}`, { account, region }]));
  const found = await Promise.all([...places.values()].map(async ({ account, region }) => {
    const on: string[] = [];
    const client = context.aws.client(CloudWatchClient, account, region);
    for await (const page of paginateDescribeAlarms({ client }, { StateValue: 'ALARM', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] })) {
      on.push(...[...page.MetricAlarms ?? [], ...page.CompositeAlarms ?? []].map(({ AlarmName }) => AlarmName!));
    }
    return on;
  }));
  return found.flat().filter((name) => names.has(name));
}

function endedJobs(context: Context): { id: string; state: string }[] {
  const { destinations } = context.promises;
  return [
    ...context.recall('backupJobs').map(({ BackupJobId, State }) => ({ id: BackupJobId!, state: State! })),
    ...context.recall('copyJobs').filter((job) => destinations.some((vault) => isIn(vault)(job))).map(({ CopyJobId, State }) => ({ id: CopyJobId!, state: State! })),
    ...context.recallOr('failedCopyJobs', []).map(({ CopyJobId, State }) => ({ id: CopyJobId!, state: State! })),
  ];
}

async function messagesOf(context: Context): Promise<string[]> {
  const { name, account, region } = context.promises.eventLog;
  const found: string[] = [];
  for await (const page of paginateFilterLogEvents({ client: context.aws.client(CloudWatchLogsClient, account, region) }, { logGroupName: name })) {
    found.push(...(page.events ?? []).map(({ message }) => message!));
  }
  return found;
}
