/**
 * Names and runbooks of the alarms of a construct.
 */
export interface AlarmPresentationOptions {
  /**
   * URL of the folder with your own runbooks, for example a copy of `docs/runbooks` of this library: the page of an alarm is
   * `<runbookBaseUrl>/<name of the alarm>.md`. It must be a literal that begins with `https://`.
   *
   * @default - the pages of this library on GitHub
   */
  readonly runbookBaseUrl?: string;

  /**
   * Prefix of the names of all alarms, such as `acme-prod-`: 1 to 30 letters, digits, hyphens, underscores and dots. A change
   * replaces the alarms.
   *
   * @default - the name of an alarm begins with what happened, such as `backup-job-failed`
   */
  readonly alarmNamePrefix?: string;
}
