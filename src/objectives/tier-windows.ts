import { Duration } from 'aws-cdk-lib';
import type { BackupTierOptions } from './backup-tier-options';
import { inMinutes } from '../private/spans';
import type { Schedule } from '../schedules/schedule';

const START_WINDOW = 60;

/** That of AWS Backup. */
const COMPLETION_WINDOW = 7 * 24 * 60;

const EXPECTED_DURATION = 5 * 60;

/**
 * The windows of the job of a tier, with the defaults.
 */
export interface TierWindows {
  readonly startWindow: Duration;
  readonly completionWindow: Duration;
  readonly expectedDuration: Duration;
  /** Whether the duration of a job is the default. */
  readonly isDurationAssumed: boolean;
}

/** The windows of a tier, as far as the options have valid types. */
export function windowsOf(options: BackupTierOptions): TierWindows {
  const { startWindow = Duration.minutes(START_WINDOW) } = options;
  const { completionWindow = completionAfter(startWindow) } = options;
  const isDurationAssumed = !options.expectedDuration && !options.completionWindow;
  const { expectedDuration = isDurationAssumed ? Duration.minutes(EXPECTED_DURATION) : completionWindow } = options;
  return { startWindow, completionWindow, expectedDuration, isDurationAssumed };
}

/** 7 days, unless the start window is as long as that. A token can't be compared. */
function completionAfter(startWindow: Duration): Duration {
  const isDuration = typeof (startWindow as Duration | null)?.toMinutes === 'function';
  return Duration.minutes(Math.max(COMPLETION_WINDOW, Math.ceil((isDuration ? inMinutes(startWindow) : undefined) ?? 0) + 60));
}

const gaps = new Map<string, number>();

/** When clocks change, a gap can be longer than in the calendar. */
export function intervalOf(schedule: Schedule, interval: Duration): Duration {
  const minutes = inMinutes(interval);
  if (!schedule.changes || !schedule.isKnown || minutes === undefined) {
    return interval;
  }
  const gap = gaps.get(schedule.key) ?? schedule.longestGap() ?? minutes;
  gaps.set(schedule.key, gap);
  return gap > minutes ? Duration.minutes(gap) : interval;
}
