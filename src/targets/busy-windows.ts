import type { Target } from './candidate';
import { some } from './target-messages';
import type { TargetMessage } from './target-messages';
import type { TemplateProperties } from './template-properties';
import { UNKNOWN } from './template-properties';
import type { BackupTier } from '../objectives/backup-tier';
import { ResourceType } from '../objectives/resource-type';
import { inMinutes } from '../private/spans';
import { DAY, saySpan } from '../schedules/calendar';

const WEEK = 7 * DAY;
const WEEK_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/**
 * A time of the week in which a resource starts no backup, in minutes after Monday 00:00, with the time before it in which it starts none either.
 */
interface BusyWindow {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  /** Whether it occurs every day. */
  readonly isDaily: boolean;
  /** Whether AWS documents that a backup fails in this time. */
  readonly isSure: boolean;
}

/**
 * Finds runs in the maintenance window or the automatic backup window of a resource.
 *
 * Databases start no backup in their maintenance window and in the hour before it, Amazon Aurora excepted; Amazon FSx starts none in
 * its maintenance window and its automatic backup window, and in the three hours before them. If this applies to every
 * run of a tier, the tier creates no backups.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html#backup-window
 */
export function windowFindings(targets: Target[], tiers: BackupTier[]): { problems: string[]; messages: TargetMessage[] } {
  const problems: string[] = [];
  const mayFail = new Map<string, string[]>();
  const unnamed = new Set<string>();
  for (const { resource, type, properties } of targets) {
    const rule = resource && properties && (resource.cfnResourceType in RULES ? RULES[resource.cfnResourceType](properties, type!) : undefined);
    if (!rule) {
      continue;
    }
    const { path } = resource.node;
    if (rule.isUnnamed) {
      unnamed.add(path);
    }
    for (const tier of tiers) {
      for (const window of rule.windows) {
        const { example, isAlways } = runsIn(window, tier) ?? {};
        if (example && isAlways) {
          problems.push(`tier '${tier.name}' never backs up '${path}': all of its jobs fail, because the start window, ${example}, is within the ${window.what} `
            + "or the time before it in which AWS starts no backup: choose another hour or a longer 'startWindow', or move the window");
        } else if (example) {
          const text = `tier '${tier.name}' might start jobs (${example}) within the ${window.what} or the time before it in which AWS starts no backup, and such jobs fail`;
          mayFail.set(text, [...mayFail.get(text) ?? [], path]);
        }
      }
    }
  }
  return {
    problems,
    messages: [
      ...[...mayFail].map(([text, paths]) => ({ id: 'busyWindow', text: `${text}: choose another hour, or move the window of ${some(paths)}` })),
      ...unnamed.size === 0 ? [] : [{
        id: 'unknownMaintenanceWindow',
        isUnchecked: true,
        text: `whether jobs start within the maintenance windows of ${some([...unnamed])} or the time before them, when backups fail: `
          + 'their templates specify none, so AWS chooses them',
      }],
    ],
  };
}

/** A run whose start window meets the busy window, and whether the start windows of all runs are wholly within it. */
function runsIn(window: BusyWindow, { _schedule: schedule, startWindow }: BackupTier): { example: string; isAlways: boolean } | undefined {
  const length = inMinutes(startWindow);
  if (!schedule.isKnown || length === undefined) {
    return undefined;
  }
  const period = window.isDaily ? DAY : WEEK;
  const runs = schedule.starts(0, Math.max(7, schedule.cycleDays)).map((start) => {
    // How long the busy window has lasted, or how long until it comes.
    const since = (((start - window.from) % period) + period) % period;
    const isIn = since < window.to - window.from;
    return { start, isMet: isIn || period - since < length, isWithin: window.isSure && since + length <= window.to - window.from };
  });
  const met = runs.find(({ isMet }) => isMet);
  return met && { example: saySpan(met.start, met.start + length), isAlways: runs.every(({ isWithin }) => isWithin) };
}

interface BusyTimes {
  readonly windows: BusyWindow[];
  /** Whether there is a maintenance window that the template does not name. */
  readonly isUnnamed: boolean;
}

const RULES: Record<string, (properties: TemplateProperties, type: ResourceType) => BusyTimes | undefined> = {
  'AWS::DocDB::DBCluster': (properties) => databaseTimes(properties, true),
  'AWS::FSx::FileSystem': fileSystemTimes,
  'AWS::Neptune::DBCluster': (properties) => ({ ...databaseTimes(properties, false), isUnnamed: false }),
  'AWS::RDS::DBCluster': (properties, type) => type === ResourceType.AURORA ? undefined : databaseTimes(properties, true),
  'AWS::RDS::DBInstance': (properties) => databaseTimes(properties, true),
  'AWS::Redshift::Cluster': (properties) => ({ ...databaseTimes(properties, false), isUnnamed: false }),
};

function databaseTimes(properties: TemplateProperties, isSure: boolean): BusyTimes {
  const maintenance = properties.text('PreferredMaintenanceWindow');
  const backup = properties.text('PreferredBackupWindow');
  const hasBackups = properties.text('BackupRetentionPeriod') !== '0';
  const weekly = typeof maintenance === 'string' ? /^(\w{3}):(\d\d):(\d\d)-(\w{3}):(\d\d):(\d\d)$/.exec(maintenance.toLowerCase()) : undefined;
  const daily = typeof backup === 'string' && hasBackups ? /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(backup) : undefined;
  const windows: BusyWindow[] = [];
  if (weekly) {
    const at = (day: string, hour: string, minute: string) => WEEK_DAYS.indexOf(day) * DAY + minutesOf(hour, minute);
    windows.push(windowOf(`maintenance window (${maintenance as string})`, at(weekly[1], weekly[2], weekly[3]), at(weekly[4], weekly[5], weekly[6]), 60, false, isSure));
  }
  if (daily) {
    windows.push(windowOf(`automatic backup window (${backup as string})`, minutesOf(daily[1], daily[2]), minutesOf(daily[3], daily[4]), 0, true, false));
  }
  return { windows, isUnnamed: !weekly };
}

const CONFIGURATIONS: Record<string, string> = { LUSTRE: 'LustreConfiguration', OPENZFS: 'OpenZFSConfiguration', WINDOWS: 'WindowsConfiguration' };

/** The windows of Amazon FSx last 30 minutes. */
function fileSystemTimes(properties: TemplateProperties): BusyTimes | undefined {
  const type = properties.text('FileSystemType');
  const configuration = typeof type === 'string' ? CONFIGURATIONS[type] : undefined;
  if (!configuration) {
    return undefined;
  }
  const maintenance = properties.text(configuration, 'WeeklyMaintenanceStartTime');
  const backup = properties.text(configuration, 'DailyAutomaticBackupStartTime');
  const retention = properties.text(configuration, 'AutomaticBackupRetentionDays') ?? (type === 'WINDOWS' ? '30' : '0');
  const weekly = typeof maintenance === 'string' ? /^([1-7]):(\d\d):(\d\d)$/.exec(maintenance) : undefined;
  const daily = typeof backup === 'string' && retention !== '0' ? /^(\d\d):?(\d\d)$/.exec(backup) : undefined;
  const windows: BusyWindow[] = [];
  if (weekly) {
    const start = (Number(weekly[1]) - 1) * DAY + minutesOf(weekly[2], weekly[3]);
    windows.push(windowOf(`maintenance window (from ${maintenance as string}, 1 is Monday)`, start, start + 30, 180, false, true));
  }
  if (daily) {
    const start = minutesOf(daily[1], daily[2]);
    windows.push(windowOf(`automatic backup window (from ${backup as string})`, start, start + 30, 180, true, retention !== UNKNOWN));
  }
  return { windows, isUnnamed: !weekly };
}

function minutesOf(hour: string, minute: string): number {
  return Number(hour) * 60 + Number(minute);
}

/** @param before Minutes before the window in which no backup starts either */
function windowOf(what: string, start: number, end: number, before: number, isDaily: boolean, isSure: boolean): BusyWindow {
  return { what, from: start - before, to: end > start ? end : end + (isDaily ? DAY : WEEK), isDaily, isSure };
}
