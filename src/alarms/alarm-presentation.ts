/**
 * How alarms are named, and where their runbooks are: for all constructs that have alarms.
 */
export interface AlarmPresentationOptions {
  /**
   * URL of the folder with your own runbooks, a copy of `docs/runbooks` of this library: the page of an alarm is
   * `<runbookBaseUrl>/<name of the alarm>.md`. A literal that begins with `https://`.
   *
   * @default - the pages of this library on GitHub
   */
  readonly runbookBaseUrl?: string;

  /**
   * What the names of all alarms begin with, such as `acme-prod-`: 1 to 30 letters, digits, hyphens, underscores and dots. A
   * change replaces the alarms.
   *
   * @default - the name of an alarm begins with what happened, such as `backup-job-failed`
   */
  readonly alarmNamePrefix?: string;
}
