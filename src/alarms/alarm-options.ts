import type { AlarmSeverity } from './alarm-severity';

/**
 * What is other than usual with the alarms of a name.
 */
export interface AlarmOptions {
  /**
   * Whether the alarms are made.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * The value that the metric must be above, or below where a missing value is the alarm.
   *
   * @default - that of the catalogue
   */
  readonly threshold?: number;

  /**
   * How many periods in a row the metric must be beyond the threshold.
   *
   * @default - that of the catalogue
   */
  readonly evaluationPeriods?: number;

  /**
   * How soon somebody has to look at it.
   *
   * @default - that of the catalogue
   */
  readonly severity?: AlarmSeverity;
}
