/**
 * How soon somebody has to look at an alarm.
 */
export enum AlarmSeverity {
  /** Within the working day: nothing is lost yet. */
  WARNING = 'WARNING',

  /** At once: what was promised is not kept, or soon will not be. */
  CRITICAL = 'CRITICAL',
}
