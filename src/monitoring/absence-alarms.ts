import { Duration, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { memberOf } from '../alarms/alarm-catalogue';
import type { AlarmName } from '../alarms/alarm-catalogue';
import { overrideOf } from '../alarms/alarm-checks';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import type { MessageTopics } from '../notification/message-topics';
import { smallestGaps } from '../plan/job-gaps';
import type { JobGap, JobGaps } from '../plan/job-gaps';
import type { PropsErrors } from '../private/props-errors';
import { unchecked } from '../private/registry';
import { describeMinutes } from '../private/spans';

/** Adds the problem of an override with which the alarm would always be in ALARM. */
export function checkAbsence(
  errors: PropsErrors, overrides: object | undefined, name: AlarmName, all: JobGaps | undefined,
): void {
  const override = overrideOf(overrides, name);
  const { enabled = true, evaluationPeriods } = override ?? {};
  if (override === undefined || !enabled) {
    return;
  }
  checkPlans(errors, overrides, name, all);
  for (const { backupVaultName, nominalHours } of all?.gaps ?? []) {
    errors.when(evaluationPeriods !== undefined && !Token.isUnresolved(evaluationPeriods) && evaluationPeriods < nominalHours,
      () => `'evaluationPeriods' of '${memberOf(name)}' must be ${nominalHours} hours or more, the gap of the schedules into '${backupVaultName}', `
        + `got ${evaluationPeriods}`);
  }
}

/** Adds an error for an override of an alarm that requires plans. */
export function checkPlans(errors: PropsErrors, overrides: object | undefined, name: AlarmName, plans: unknown): void {
  const override = overrideOf(overrides, name);
  errors.when(override !== undefined && (override.enabled ?? true) && plans === undefined,
    () => `'overrides' must refer to existing alarms: '${memberOf(name)}' requires 'plans', so set them, or leave it out`);
}

/**
 * Alarms on missing jobs.
 */
export interface AbsenceAlarms {
  readonly scope: Construct;
  readonly made: CataloguedAlarms;
  readonly topics: MessageTopics;
  readonly name: AlarmName;
  /** Distinguishes the alarm on a gap from others of its name. */
  readonly idOf: (gap: JobGap) => string;
  readonly metricOf: (gap: JobGap) => cloudwatch.Metric;
  /** Which gaps share an alarm where those of one name are merged. */
  readonly groupOf: (gap: JobGap) => string;
}

/**
 * An alarm for each gap that is counted separately, and a report of those that can't have one.
 *
 * @param countedBy What jobs are counted by: those of one value share an alarm
 */
export function alarmOnAbsence(
  { scope, made, topics, name, idOf, metricOf, groupOf }: AbsenceAlarms, all: JobGaps, countedBy: (gap: JobGap) => string,
): void {
  const { gaps, unknown } = smallestGaps(all, countedBy);
  unknown.forEach((reason) => unchecked(scope, 'absenceNotWatched', reason));
  for (const gap of gaps) {
    const { backupVaultName, resourceType, hours } = gap;
    made.add(scope, idOf(gap), name, topics, {
      metric: metricOf(gap),
      subject: `${resourceType ?? 'all types'} in vault ${backupVaultName}, ${describeMinutes(made.evaluationPeriodsOf(name, hours) * 60)}`,
      period: Duration.hours(1),
      threshold: 1,
      evaluationPeriods: hours,
      isAboutAbsence: true,
      group: groupOf(gap),
    });
  }
}
