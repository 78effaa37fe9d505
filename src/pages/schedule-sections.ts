import { day, lockText, span, table } from './report-texts';
import type { Section, Table } from './report-texts';
import type { BucketEntry, RecoveryReport, RetentionEntry, SingleBucketEntry, TierEntry } from '../report/report-model';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** When everything runs, and how long everything is kept. */
export function scheduleSections(report: RecoveryReport): Section[] {
  const { plans, captures } = report;
  const runs = [
    ...plans.flatMap(({ name, tiers }) => tiers.map((tier) => [name, tier] as const)),
    ...captures.flatMap(({ path, schedules }) => schedules.map((tier) => [path, tier] as const)),
  ];
  return [
    {
      anchor: 'week',
      title: 'The week',
      text: ['A job starts within the start window and takes the expected duration at most. An expected duration that is assumed is the default of this library.'],
      tables: [table('Schedules', ['Of', 'Tier', 'Starts', 'Time zone', 'Longest gap', 'Start window', 'Canceled after', 'Expected duration'], runs.map(([of, tier]) => [
        of, tier.name, startsText(tier), tier.timeZone, span(tier.intervalMinutes), span(tier.startWindowMinutes), span(tier.completionWindowMinutes),
        `${span(tier.expectedDurationMinutes)}${tier.isDurationAssumed ? ' (assumed)' : ''}`,
      ]))],
    },
    { anchor: 'retention', title: 'Retention', text: ['Days count from the start of the backup, or from the creation of an object.'], tables: [planTable(report), ...captureAndBucketTables(report)] },
  ];
}

/** `05:00 every day`, `06:00 on Sunday`, or the expression of the schedule. */
export function startsText({ week, schedule, isContinuous }: TierEntry): string {
  if (!week || week.length === 0) {
    return isContinuous ? `continuous, ${schedule}` : schedule;
  }
  const times = new Map<number, number[]>();
  week.forEach((minute) => times.set(minute % 1440, [...times.get(minute % 1440) ?? [], Math.floor(minute / 1440)]));
  const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const byDays = new Map<string, string[]>();
  for (const [minute, on] of times) {
    const days = on.length === 7 ? 'every day' : `on ${on.map((each) => DAYS[each]).join(', ')}`;
    byDays.set(days, [...byDays.get(days) ?? [], clock(minute)]);
  }
  return [...byDays].map(([days, clocks]) => `${clocks.join(', ')} ${days}`).join('; ');
}

function planTable({ plans, vaults }: RecoveryReport): Table {
  return table('Recovery points', ['Plan', 'Tier', 'Vault', 'Warm', 'Cold', 'Deleted after', 'Lock', 'Permanent'], plans.flatMap(({ name, destinations }) =>
    destinations.flatMap(({ vault: arn, retention }) => {
      const vault = vaults.find((each) => each.arn === arn);
      return retention.map((kept) => [
        name, kept.tier, vault?.name ?? arn, ...warmAndCold(kept), day(kept.deleteAfterDays), vault ? lockText(vault.lock) : '',
        vault?.lock.changeableForDays === undefined ? '' : `${day(vault.lock.changeableForDays)} after its deployment`,
      ]);
    })));
}

function warmAndCold({ moveToColdStorageAfterDays: cold, deleteAfterDays: end }: RetentionEntry): [string, string] {
  return [day(cold ?? end), cold === undefined || end === undefined ? 'never' : `from day ${cold}, ${day(end - cold)}`];
}

function captureAndBucketTables({ captures, buckets }: RecoveryReport): Table[] {
  const sidesOf = ({ replica, ...bucket }: BucketEntry): SingleBucketEntry[] => [bucket, ...replica ? [replica] : []];
  const rows = (bucket: BucketEntry) => sidesOf(bucket).flatMap((side) => side.retention.map(({ prefix, transitions, expiresAfterDays }) => [
    side.name, prefix || 'all objects', transitions.map(({ storageClass, afterDays }) => `${storageClass} from day ${afterDays}`).join(', ') || 'never', day(expiresAfterDays),
  ]));
  return [
    table('Snapshots of configuration', ['Construct', 'Schedule', 'Deleted after'], captures.flatMap(({ path, retention }) =>
      retention.map(({ tier, deleteAfterDays }) => [path, tier, day(deleteAfterDays)]))),
    table('Objects', ['Bucket', 'Prefix', 'Moved to', 'Deleted after'], buckets.flatMap(rows)),
  ];
}
