/* eslint-disable @stylistic/max-len */
import { reportOf, resourcesOf, STAGES } from './assemblies';

/*
 * The promises of the recovery report, computed a second time from what the CDK CLI synthesized: from the templates alone, hour by hour.
 */

interface Rule {
  readonly RuleName: string;
  readonly ScheduleExpression: string;
  readonly StartWindowMinutes: number;
  readonly CompletionWindowMinutes: number;
  readonly Lifecycle: Lifecycle;
  readonly CopyActions?: { readonly DestinationBackupVaultArn: string; readonly Lifecycle: Lifecycle }[];
}

interface Lifecycle {
  readonly DeleteAfterDays: number;
  readonly MoveToColdStorageAfterDays?: number;
}

function rulesOf(stage: string): Rule[] {
  return resourcesOf(stage, 'AWS::Backup::BackupPlan').flatMap(({ Properties }) => (Properties.BackupPlan as { BackupPlanRule: Rule[] }).BackupPlanRule);
}

const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK_DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/** The runs of eight weeks, in minutes after a Monday, of the expressions that the reference app has. */
function runsOf(expression: string): number[] {
  const [, minute, hour, weekDay] = /^cron\((\d+) (\d+) \? \* (\*|[A-Z]{3}) \*\)$/.exec(expression)!;
  return Array.from({ length: 56 }, (_, day) => day).filter((day) => weekDay === '*' || WEEK_DAYS[day % 7] === weekDay)
    .map((day) => day * DAY + Number(hour) * HOUR + Number(minute));
}

/** The age of the newest recovery point that is surely usable, at the worst minute of the last four weeks: a job that takes longer than its window fails. */
function worstAge(rules: { readonly runs: number[]; readonly minutes: number; readonly days: number }[]): number {
  const points = rules.flatMap(({ runs, minutes, days }) => runs.map((start) => ({ start, from: start + minutes, to: start + days * DAY })));
  let worst = 0;
  for (let now = 28 * DAY; now < 56 * DAY; now += 5) {
    const newest = Math.max(...points.filter(({ from, to }) => from <= now + 4 && now + 4 <= to).map(({ start }) => start));
    worst = Math.max(worst, now + 4 - newest);
  }
  return worst;
}

const inVault = (rules: Rule[], arn?: string) => rules.flatMap((rule) => {
  const lifecycle = arn === undefined ? rule.Lifecycle : rule.CopyActions?.find(({ DestinationBackupVaultArn }) => DestinationBackupVaultArn === arn)?.Lifecycle;
  return lifecycle ? [{ rule, lifecycle }] : [];
});

describe.each(STAGES)('%s', (stage) => {
  const report = reportOf(stage);
  const rules = rulesOf(stage);
  const [plan] = report.plans;

  test('there is one plan, with the rules of the template', () => {
    expect(report.plans).toHaveLength(1);
    expect(plan.tiers.map(({ name, schedule, startWindowMinutes, completionWindowMinutes }) => [name, schedule, startWindowMinutes, completionWindowMinutes]))
      .toEqual(rules.map(({ RuleName, ScheduleExpression, StartWindowMinutes, CompletionWindowMinutes }) => [RuleName, ScheduleExpression, StartWindowMinutes, CompletionWindowMinutes]));
  });

  test('the worst case in each vault is that of the schedules, windows and copies of the template', () => {
    const ages = plan.destinations.map(({ vault, isOwn }) => worstAge(inVault(rules, isOwn ? undefined : vault).map(({ rule, lifecycle }) => ({
      runs: runsOf(rule.ScheduleExpression), minutes: rule.StartWindowMinutes + rule.CompletionWindowMinutes, days: lifecycle.DeleteAfterDays,
    }))));

    expect(plan.destinations.map(({ worstCaseMinutes }) => worstCaseMinutes)).toEqual(ages.map((age) => age + 1));
    expect(Math.max(...report.objectives.filter(({ kind }) => kind === 'plan').map(({ worstCaseMinutes }) => worstCaseMinutes!))).toBe(Math.max(...ages) + 1);
  });

  test('what is kept in each vault, and for how long, is what the template says', () => {
    expect(plan.destinations.map(({ retention }) => retention)).toEqual(plan.destinations.map(({ vault, isOwn }) =>
      inVault(rules, isOwn ? undefined : vault).map(({ rule, lifecycle }) => ({
        tier: rule.RuleName,
        ...lifecycle.MoveToColdStorageAfterDays === undefined ? {} : { moveToColdStorageAfterDays: lifecycle.MoveToColdStorageAfterDays },
        deleteAfterDays: lifecycle.DeleteAfterDays,
      }))));
    expect(plan.destinations.filter(({ isOwn }) => !isOwn).map(({ vault }) => vault).sort())
      .toEqual([...new Set(rules.flatMap(({ CopyActions = [] }) => CopyActions.map((copy) => copy.DestinationBackupVaultArn)))].sort());
  });

  test('the locks are those of the templates', () => {
    const locks = resourcesOf(stage, 'AWS::Backup::BackupVault').map(({ Properties: { BackupVaultName: name, LockConfiguration: lock } }) => {
      const { MinRetentionDays: min, MaxRetentionDays: max, ChangeableForDays: changeable } = (lock ?? {}) as Record<string, number>;
      return [name, min, max, changeable];
    });

    expect(report.vaults.map(({ name, lock }) => [name, lock.minRetentionDays, lock.maxRetentionDays, lock.changeableForDays]).sort()).toEqual(locks.sort());
  });

  test('every table of the templates is protected, with its own point-in-time recovery if it has one', () => {
    const tables = resourcesOf(stage, 'AWS::DynamoDB::Table');
    const recoverable = tables.filter(({ Properties }) => (Properties.PointInTimeRecoverySpecification as { PointInTimeRecoveryEnabled?: boolean } | undefined)?.PointInTimeRecoveryEnabled);
    const entries = report.coverage.filter(({ type }) => type === 'AWS::DynamoDB::Table');

    expect(entries.map(({ status }) => status)).toEqual(tables.map(() => 'protected'));
    expect(entries.filter(({ by }) => by.some(({ kind }) => kind === 'pointInTimeRecovery'))).toHaveLength(recoverable.length);
  });

  test('the replicas of the buckets are those of the templates', () => {
    const replicated = resourcesOf(stage, 'AWS::S3::Bucket').filter(({ Properties }) => Properties.ReplicationConfiguration).map(({ Properties }) => {
      const [{ Destination }] = (Properties.ReplicationConfiguration as { Rules: { Destination: { Bucket: string; ReplicationTime?: { Status: string } } }[] }).Rules;
      return [Properties.BucketName, Destination.Bucket, Destination.ReplicationTime?.Status === 'Enabled'];
    });

    expect(report.buckets.filter(({ replica }) => replica).map(({ name, replica, hasTimeControl }) => [name, replica!.arn, hasTimeControl]).sort()).toEqual(replicated.sort());
  });
});
