import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { RESTORE_JOBS } from './job-event-types';
import { jobMetric } from './job-metrics';
import { RUNBOOKS } from '../alarms/alarm-catalogue';
import { BUCKETS } from '../logs/facts';
import type { RecoveryObjective } from '../objectives';
import { PLANS } from '../plan/facts';
import { Environment, partitionOf } from '../private/environment';
import { Registry } from '../private/registry';
import { describe, inMinutes } from '../private/spans';
import { backupMetric } from '../vault/backup-metrics';

export function headline(scope: IConstruct, isCentral: boolean): cloudwatch.IWidget[] {
  const promises = objectivesOf(scope).map(({ name, rpo, rto, survives }) => `| ${name} | ${survives} | ${describe(rpo)} | ${describe(rto)} |`);
  return [new cloudwatch.TextWidget({
    width: 24,
    height: 3 + Math.ceil(promises.length / 2),
    markdown: [
      '# Backups', `[What to do about an alarm](${RUNBOOKS})`,
      isCentral ? 'Jobs are counted from the events that the accounts forward.' : 'Jobs are counted by AWS Backup, in the account and region where they run.',
      ...promises.length === 0 ? [] : ['', '| objective | survives the loss of the | RPO | RTO |', '|---|---|---|---|', ...promises],
    ].join('\n'),
  })];
}

export function alarmWidgets(alarms: cloudwatch.IAlarm[]): cloudwatch.IWidget[] {
  return alarms.length === 0 ? [] : [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', width: 24, height: Math.min(8, 1 + Math.ceil(alarms.length / 4)), alarms })];
}

/** Jobs by their state: of backups, copies and restores. */
export function jobWidgets(scope: IConstruct, { region }: Environment, isCentral: boolean): cloudwatch.IWidget[] {
  const { GREEN, RED, ORANGE, GREY } = cloudwatch.Color;
  const states = { Completed: GREEN, Failed: RED, Expired: ORANGE, Aborted: GREY };
  return (['Backup', 'Copy', 'Restore'] as const).map((what) => {
    const all = Object.entries(states).filter(([state]) => what === 'Backup' || ['Completed', 'Failed'].includes(state));
    return new cloudwatch.GraphWidget({
      title: `${what} jobs`,
      width: 8,
      region,
      stacked: true,
      left: all.flatMap(([state, color]) => countsOf(scope, isCentral, what, state)
        .map((metric) => metric.with({ color, period: Duration.hours(1) }))),
    });
  });
}

/** In the events of all accounts, or of each vault that a plan backs up into or copies into. */
function countsOf(scope: IConstruct, isCentral: boolean, what: 'Backup' | 'Copy' | 'Restore', state: string): cloudwatch.Metric[] {
  const metricName = `NumberOf${what}Jobs${state}`;
  if (isCentral) {
    return [jobMetric(metricName).with({ label: state })];
  }
  const found = new Map<string, cloudwatch.Metric>();
  for (const { environment: { account, region }, backupVaultName, rules } of Registry.of(scope).all(PLANS)) {
    const names = what === 'Copy' ? rules.flatMap(({ copies }) => copies.map(({ copy }) => copy._destination.backupVaultName)) : [backupVaultName];
    for (const name of names) {
      found.set(`${account} ${region} ${name}`, backupMetric({ account, region, backupVaultName: name }, metricName, { label: `${state}: ${name}` }));
    }
  }
  return [...found.values()];
}

/** How long restores took, from the first event of a job to its last: AWS Backup tells of them every 5 minutes. */
export function restoreWidgets(scope: IConstruct, { region }: Environment, logGroupName?: string): cloudwatch.IWidget[] {
  const rto = objectivesOf(scope).map((objective) => `${objective.name} ${inMinutes(objective.rto) ?? '?'}`);
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

function objectivesOf(scope: IConstruct): RecoveryObjective[] {
  const registry = Registry.of(scope);
  return [...new Set([
    ...registry.all(PLANS).flatMap(({ objectives, selections }) => [...objectives, ...selections.flatMap((selection) => selection.objectives)]),
    ...registry.all(BUCKETS).flatMap(({ objectives }) => objectives),
  ])];
}
