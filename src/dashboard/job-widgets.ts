import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { literalAlarmName } from '../alarms/catalogued-alarms';
import { RUNBOOKS } from '../alarms/names-and-runbooks';
import { jobMetric } from '../central/job-metrics';
import { RESTORE_JOBS } from '../events/job-problem-events';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import { destinationsOf } from '../plan/destinations';
import type { PlanFact } from '../plan/plans-in-app';
import { Environment, partitionOf } from '../private/environment';
import { describe, inMinutes } from '../private/spans';
import { backupMetric } from '../vault/backup-metrics';

export function headline(dashboardName: string, objectives: RecoveryObjective[], namespace?: string): cloudwatch.IWidget[] {
  const promises = objectives.map(({ name, rpo, rto, survives }) => `| ${name} | ${survives} | ${describe(rpo)} | ${describe(rto)} |`);
  const table = promises.length === 0 ? [] : ['| objective | survives the loss of the | RPO | RTO |', '|---|---|---|---|', ...promises];
  return [new cloudwatch.TextWidget({
    width: 24,
    height: 3 + Math.ceil(0.75 * (promises.length === 0 ? 0 : 1 + promises.length)), // of heading and lines, and of the rows of the table
    markdown: [
      `# Backups: ${dashboardName}`,
      `[What to do about an alarm](${RUNBOOKS})`,
      namespace === undefined ? 'AWS Backup counts jobs in the account and region in which they run.' : 'Jobs are counted from the events that the accounts forward.',
      ...table.length === 0 ? [] : [table.join('\n')],
    ].join('\n\n'), // a single line break would not end a paragraph
  })];
}

/** In as many widgets as it takes: CloudWatch shows 100 alarms in one. */
export function alarmWidgets(scope: IConstruct, alarms: cloudwatch.IAlarm[]): cloudwatch.IWidget[] {
  return inGroupsOf(100, alarms.map((alarm) => withLiteralArn(scope, alarm))).map((some, index) => new cloudwatch.AlarmStatusWidget({
    title: index === 0 ? 'Alarms' : `Alarms (${100 * index + 1} to ${100 * index + some.length})`,
    width: 24,
    height: Math.min(8, 1 + Math.ceil(some.length / 4)),
    alarms: some,
  }));
}

/** By a literal where there is one, so that the dashboard needs no stack of an alarm: those may need the dashboard's own. */
function withLiteralArn(scope: IConstruct, alarm: cloudwatch.IAlarm): cloudwatch.IAlarm {
  const name = literalAlarmName(alarm);
  const home = Environment.of(scope);
  const alarmArn = `arn:${home.partitionIn(scope)}:cloudwatch:${home.region}:${home.account}:alarm:${name}`;
  return name === undefined ? alarm : { alarmArn, alarmRef: { alarmArn } } as cloudwatch.IAlarm; // all that a widget asks for, of whatever version
}

function inGroupsOf<T>(size: number, all: T[]): T[][] {
  return all.flatMap((_, index) => index % size === 0 ? [all.slice(index, index + size)] : []);
}

/**
 * Jobs by their state: of backups, copies and restores. Without a plan that copies there is no graph of copies, since
 * CloudWatch refuses a graph without a metric.
 */
export function jobWidgets(plans: PlanFact[], { region }: Environment, namespace?: string): cloudwatch.IWidget[] {
  const { GREEN, RED, ORANGE, GREY, PURPLE } = cloudwatch.Color;
  const states = { Completed: GREEN, Failed: RED, Expired: ORANGE, Aborted: GREY, Partial: PURPLE };
  return (['Backup', 'Copy', 'Restore'] as const).flatMap((what) => {
    const all = Object.entries(states).filter(([state]) => what === 'Backup' || ['Completed', 'Failed'].includes(state));
    const left = all.flatMap(([state, color]) => countsOf(plans, namespace, what, state)
      .map((metric) => metric.with({ color, period: Duration.hours(1) })));
    return left.length === 0 ? [] : [new cloudwatch.GraphWidget({ title: `${what} jobs`, width: 8, region, stacked: true, left })];
  });
}

/** In the events of all accounts, or of each vault that a plan backs up into or copies into. */
function countsOf(plans: PlanFact[], namespace: string | undefined, what: 'Backup' | 'Copy' | 'Restore', state: string): cloudwatch.Metric[] {
  const metricName = `NumberOf${what}Jobs${state}`;
  if (namespace !== undefined) {
    return [jobMetric(namespace, metricName).with({ label: state })];
  }
  const found = new Map<string, cloudwatch.Metric>();
  for (const plan of plans) {
    const { account, region } = plan.environment;
    for (const { backupVaultName: name } of destinationsOf(plan).filter(({ isOwn }) => isOwn === (what !== 'Copy'))) {
      found.set(`${account} ${region} ${name}`, backupMetric({ account, region, backupVaultName: name }, metricName, { label: `${state}: ${name}` }));
    }
  }
  return [...found.values()];
}

/** How long restores took, from the first event of a job to its last: AWS Backup sends events every 5 minutes. */
export function restoreWidgets(objectives: RecoveryObjective[], { region }: Environment, logGroupName?: string): cloudwatch.IWidget[] {
  const rto = objectives.map((objective) => `${objective.name} ${inMinutes(objective.rto) ?? '?'}`);
  return logGroupName === undefined ? [] : [new cloudwatch.LogQueryWidget({
    title: `Restore jobs in minutes${rto.length === 0 ? '' : ` (RTO: ${[...new Set(rto)].join(', ')})`}`,
    width: 24,
    height: 6,
    region,
    logGroupNames: [logGroupName],
    view: cloudwatch.LogQueryVisualizationType.TABLE,
    queryLines: [
      'fields toMillis(@timestamp) as ms',
      `filter \`detail-type\` = "${RESTORE_JOBS.detailType}"`,
      'stats (max(ms) - min(ms)) / 60000 as minutes, latest(detail.status) as status, latest(detail.resourceType) as resourceType, latest(account) as inAccount by detail.restoreJobId',
      'sort minutes desc',
    ],
  })];
}

/** By the month, as bills add up. Other partitions have neither the region nor the currency. */
export function costWidgets(account: string, { region }: Environment): cloudwatch.IWidget[] {
  if (!Token.isUnresolved(region) && partitionOf(region) !== 'aws') {
    return [];
  }
  const { BLUE, ORANGE, GREY } = cloudwatch.Color;
  const costs: [string, string, string][] = [['AWSBackup', 'AWS Backup', BLUE], ['AmazonS3', 'Amazon S3', ORANGE], ['AWSDataTransfer', 'data transfer', GREY]];
  return [new cloudwatch.GraphWidget({
    title: 'Costs of the month, in US dollars',
    width: 24,
    region: 'us-east-1', // where AWS has all of them
    left: costs.map(([service, label, color]) => new cloudwatch.Metric({
      namespace: 'AWS/Billing',
      metricName: 'EstimatedCharges',
      dimensionsMap: { Currency: 'USD', ServiceName: service },
      statistic: cloudwatch.Stats.MAXIMUM,
      period: Duration.hours(6),
      account,
      region: 'us-east-1',
      label,
      color,
    })),
  })];
}
