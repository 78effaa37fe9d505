import type { AlarmSeverity } from '../notification/notify';

/**
 * Overrides of the alarms of a name.
 */
export interface AlarmOptions {
  /**
   * Whether the alarms are created.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Threshold that the metric must exceed: a number of jobs, events or operations; seconds for `replication-late` and
   * `recovery-slower-than-objective`, bytes for `replication-bytes-pending`. Alarms on missing jobs have none.
   *
   * @default - 0 for failures, 900 seconds, 1 GiB, 10,000 operations, the shortest `rto`
   */
  readonly threshold?: number;

  /**
   * Number of consecutive periods in which the metric must exceed the threshold. A period is the `period` of the construct for
   * counts of jobs, an hour for `no-good-recovery-point` and `no-good-copy`, and 5 minutes otherwise. A single failure is in one
   * period: if a period is shorter than a day, more than one period for failures is an error. Alarms on events of jobs always
   * change to ALARM after one period.
   *
   * @default - 1 for failures and `replication-late`, 6 for other pending replication, the computed hours for missing jobs
   */
  readonly evaluationPeriods?: number;

  /**
   * How soon somebody must act on it.
   *
   * @default - the severity of the catalogue
   */
  readonly severity?: AlarmSeverity;
}
