import type { AlarmSeverity } from '../notification/notify';

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
   * The value that the metric must be above: a number of jobs, of events or of
   * operations; seconds for `replication-late`, bytes for `replication-bytes-pending`. What is missing has none.
   *
   * @default - that of the catalogue: 0 for what fails, 900 seconds, 1 GiB, 10,000 operations
   */
  readonly threshold?: number;

  /**
   * How many periods in a row the metric must be beyond the threshold. A period is the `period` of the construct where jobs are
   * counted, an hour for `no-good-recovery-point` and `no-good-copy`, else 5 minutes. What happens once is in one period:
   * where a period is shorter than a day, more than one of what fails would be a silence, and is an error. Alarms on
   * events of jobs are on after one period in any case.
   *
   * @default - 1 for what fails and for `replication-late`, 6 for what else waits for replication, the computed hours for what
   * is missing
   */
  readonly evaluationPeriods?: number;

  /**
   * How soon somebody has to look at it.
   *
   * @default - that of the catalogue
   */
  readonly severity?: AlarmSeverity;
}
