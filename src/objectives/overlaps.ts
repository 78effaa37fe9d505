import type { BackupTier } from './backup-tier';
import { DAY, inOrder, sayMoment, saySpan } from './schedule';
import { describe, inMinutes } from '../private/spans';

/**
 * How the runs of the tiers of one plan get in each other's way.
 */
export interface Overlaps {
  /** Start windows that overlap: AWS Backup then keeps only the run with the longer retention. */
  readonly errors: string[];
  /** A job that may still run when the start window of another one closes: AWS Backup runs one job per resource at a time. */
  readonly warnings: string[];
  /** Tiers whose runs are not known: they are not compared. */
  readonly unknown: BackupTier[];
}

/** A run of a tier, with its windows in minutes: to convert them for each run would take longer than all the rest. */
interface Run {
  readonly tier: BackupTier;
  readonly start: number;
  /** When its start window closes. */
  readonly closes: number;
  /** When its job has ended, as the completion window says. It counts from the scheduled start, as the API reference of StartBackupJob says. */
  readonly ends: number;
}

/** Something that two runs do to each other. */
interface Finding {
  /** When the later one starts. */
  readonly at: number;
  readonly isError: boolean;
  /** What is told once of a pair. */
  readonly key: string;
  readonly text: string;
}

/** Days after which a schedule by the week repeats; the others go by the calendar. */
const WEEK = 7;

/** What the runs of tiers do to each other, by all that decides it. */
const cache = new Map<string, Pick<Overlaps, 'errors' | 'warnings'>>();

/**
 * Compares every run of every tier with the runs before it, over a whole cycle of the calendar. Equal tiers are compared
 * once, however many plans have them.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html#overlapping-backup-rules
 */
export function overlapsOf(tiers: BackupTier[]): Overlaps {
  const isComparable = (tier: BackupTier) =>
    tier._schedule.isKnown && inMinutes(tier.startWindow) !== undefined && inMinutes(tier.completionWindow) !== undefined;
  const known = tiers.filter(isComparable);
  const key = JSON.stringify(known.map(({ name, scheduleExpression, startWindow, completionWindow }) =>
    [name, scheduleExpression, inMinutes(startWindow), inMinutes(completionWindow)]));
  const found = cache.get(key) ?? compareAll(known);
  cache.set(key, found);
  return { errors: [...found.errors], warnings: [...found.warnings], unknown: tiers.filter((tier) => !isComparable(tier)) };
}

/** Each pair is compared by itself, since a run is compared with the newest run before it of each tier. */
function compareAll(tiers: BackupTier[]): Pick<Overlaps, 'errors' | 'warnings'> {
  const found = tiers.flatMap((one, index) => tiers.slice(index).map((other) => one === other ? [one] : [one, other])).flatMap(comparePair);
  const texts = (isError: boolean) =>
    [...new Set(found.filter((each) => each.isError === isError).sort((a, b) => a.at - b.at).map(({ text }) => text))];
  return { errors: texts(true), warnings: texts(false) };
}

/** What two tiers, or a tier and itself, do to each other, the first time they do it. */
function comparePair(tiers: BackupTier[]): Finding[] {
  const windows = tiers.map(({ startWindow, completionWindow }) => [inMinutes(startWindow)!, inMinutes(completionWindow)!]);
  const latest: (Run | undefined)[] = tiers.map(() => undefined);
  const found = new Map<string, Finding>();
  inOrder(startsOf(tiers), tiers.map(() => 0), (index, start) => {
    const run: Run = { tier: tiers[index], start, closes: start + windows[index][0], ends: start + windows[index][1] };
    for (const earlier of latest) {
      const isOwnPair = tiers.length === 1 || earlier?.tier !== run.tier; // a tier is compared with itself alone
      const finding = earlier && isOwnPair && earlier.ends > start ? compare(earlier, run) : undefined;
      if (finding && !found.has(finding.key)) {
        found.set(finding.key, finding);
      }
    }
    latest[index] = run;
    return true;
  });
  return [...found.values()];
}

/** The runs over a cycle of both. Beside one that runs by the calendar, only the runs next to its own count of the other one. */
function startsOf(tiers: BackupTier[]): number[][] {
  const cycle = Math.max(...tiers.map(({ _schedule }) => _schedule.cycleDays));
  const sparse = tiers.filter(({ _schedule }) => _schedule.cycleDays > WEEK).map(({ _schedule }) => _schedule.starts(-WEEK, cycle + WEEK));
  return tiers.map(({ _schedule }) => _schedule.cycleDays > WEEK || sparse.length === 0 ? _schedule.starts(-WEEK, cycle + WEEK)
    : [...new Set(sparse[0].map((start) => Math.floor(start / DAY)).flatMap((day) => _schedule.starts(day - WEEK - 1, day + WEEK + 2)))]);
}

function compare(earlier: Run, run: Run): Finding | undefined {
  const one = earlier.tier;
  const other = run.tier;
  const at = run.start;
  if (one === other && run.start < earlier.closes) {
    return {
      at,
      isError: false,
      key: `${one.name}\n${one.name}`,
      text: `the 'startWindow' of tier '${one.name}' (${describe(one.startWindow)}) is longer than the gap between `
        + 'two of its runs: AWS Backup runs one job per resource at a time, so some runs could expire unstarted; shorten it',
    };
  }
  if (run.start < earlier.closes) {
    return {
      at,
      isError: true,
      key: 'overlap',
      text: `the start windows of 'tiers' '${one.name}' (${saySpan(earlier.start, earlier.closes)}) and '${other.name}' `
        + `(from ${sayMoment(run.start)}) overlap: AWS Backup would keep only the one with the longer retention; `
        + "move one of them, or shorten the 'startWindow' of the first",
    };
  }
  return earlier.ends <= run.closes ? undefined : {
    at,
    isError: false,
    key: `${one.name}\n${other.name}`,
    text: `a job of tier '${one.name}' (${sayMoment(earlier.start)}) may run until ${sayMoment(earlier.ends)}, `
      + `past the start window of ${one === other ? 'its own next run' : `tier '${other.name}'`} (${saySpan(run.start, run.closes)}): `
      + 'AWS Backup runs one job per resource at a time, so that run could expire unstarted; '
      + `lengthen the 'startWindow' of '${other.name}' (${describe(other.startWindow)}) or shorten the 'completionWindow' of '${one.name}' (${describe(one.completionWindow)})`,
  };
}
