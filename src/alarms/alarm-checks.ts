import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ALARM_CATALOGUE, goesBy, memberOf } from './alarm-catalogue';
import type { AlarmName, GoesBy } from './alarm-catalogue';
import type { AlarmOptions } from './alarm-options';
import { AlarmSet } from './alarm-set';
import { AlarmSeverity } from '../notification/notify';
import { describeValue, hasAll } from '../private/props-errors';
import type { PropsErrors } from '../private/props-errors';
import { FactKind, Registry } from '../private/registry';
import { describeMinutes, inMinutes } from '../private/spans';

/**
 * Alarms that overrides of a construct switch off.
 */
export interface AlarmsOffFact {
  readonly path: string;
  readonly names: readonly AlarmName[];
}

export const ALARMS_OFF = new FactKind<AlarmsOffFact>('alarms off');

/** Registers the alarms that overrides switch off, for the report. */
export function registerAlarmsOff(by: IConstruct, overrides: object | undefined): void {
  const names = (Object.keys(ALARM_CATALOGUE) as AlarmName[]).filter((name) => overrideOf(overrides, name)?.enabled === false);
  if (names.length > 0) {
    Registry.of(by).register(ALARMS_OFF, by, { path: by.node.path, names });
  }
}

/** What an alarm set is, for those whose language has no types. */
export const ALARM_SET = { what: 'an AlarmSet, such as AlarmSet.ESSENTIAL', is: hasAll('name') };

/**
 * Adds the problem of the period of alarms, if there is one.
 *
 * @returns the period in minutes, unless it is the default
 */
export function checkPeriod(errors: PropsErrors, period: Duration | undefined): number | undefined {
  errors.when(period?.isUnresolved(), () => "'period' must be known at synthesis, got a token");
  const minutes = inMinutes(period ?? undefined);
  errors.when(minutes !== undefined && (!Number.isInteger(minutes) || minutes < 5 || minutes > 7 * 1440),
    () => '\'period\' must be in whole minutes, from 5 minutes, the interval in which AWS Backup publishes, to 7 days, the longest evaluation range of an alarm, '
      + `got ${describeMinutes(minutes!)}`);
  return minutes;
}

/**
 * Rejects unknown overrides, which would have no effect and which untyped languages accept.
 *
 * @param minutes The period in which jobs are counted, unless it is the default
 */
export function checkOverrides(errors: PropsErrors, overrides: object | undefined, names: AlarmName[], minutes = 5): void {
  for (const [member, options] of Object.entries(overrides ?? {}) as [string, AlarmOptions | undefined][]) {
    const name = names.find((each) => memberOf(each) === member);
    if (name) {
      checkKinds(errors, member, options ?? {});
      checkOptions(errors, name, options ?? {}, minutes);
    } else {
      errors.add(`'overrides' must use the names of alarms (${names.map(memberOf).join(', ')}), got '${member}'`);
    }
  }
}

/** An override of the alarm on all tampering, where there is none. */
export function checkEssential(errors: PropsErrors, overrides: object | undefined, alarmSet: AlarmSet | undefined): void {
  const override = overrideOf(overrides, 'backup-tampered');
  errors.when(override !== undefined && (override.enabled ?? true) && (alarmSet ?? AlarmSet.COMPLETE).name !== AlarmSet.ESSENTIAL.name,
    () => "'overrides' must refer to existing alarms: 'backupTampered' exists only in AlarmSet.ESSENTIAL, so leave it out");
}

/** The override of the alarms of a name. */
export function overrideOf(overrides: object | null | undefined, name: AlarmName): AlarmOptions | undefined {
  return (overrides as Record<string, AlarmOptions | undefined> | undefined)?.[memberOf(name)] ?? undefined;
}

/** Rejects values that JavaScript accepts, and that would have no effect or the opposite effect. */
function checkKinds(errors: PropsErrors, name: string, options: AlarmOptions): void {
  errors.when(typeof options !== 'object', () => `'overrides' of '${name}' must be an object, such as { enabled: false }, got ${describeValue(options)}`);
  const { enabled, severity } = options;
  errors.when((enabled ?? true) !== true && enabled !== false, () => `'enabled' of '${name}' must be true or false, got ${describeValue(enabled)}`);
  errors.when(!Object.values(AlarmSeverity).includes(severity ?? AlarmSeverity.CRITICAL),
    () => `'severity' of '${name}' must be AlarmSeverity.${Object.keys(AlarmSeverity).join(' or AlarmSeverity.')}, got ${describeValue(severity)}`);
  for (const property of ['threshold', 'evaluationPeriods'] as const) {
    errors.when(!['number', 'undefined'].includes(typeof (options[property] ?? undefined)),
      () => `'${property}' of '${name}' must be a number, got ${describeValue(options[property])}`);
  }
}

function checkOptions(errors: PropsErrors, name: AlarmName, { threshold, evaluationPeriods }: AlarmOptions, minutes: number): void {
  if (goesBy(name) === 'alarms' || goesBy(name) === 'runs') {
    errors.when(threshold !== undefined || evaluationPeriods !== undefined,
      () => `'${memberOf(name)}' is on ${goesBy(name) === 'runs' ? 'the runs of plans' : 'other alarms'} and has no 'threshold' and no 'evaluationPeriods': leave them out of its override`);
    return;
  }
  errors.when(goesBy(name) === 'absence' && threshold !== undefined,
    () => `'threshold' of '${memberOf(name)}' must be left out: one ${name === 'no-good-config-snapshot' ? 'snapshot' : 'job'} in time is sufficient`);
  errors.when(isKnown(threshold) && !(threshold >= 0 && threshold < Infinity), () => `'threshold' of '${memberOf(name)}' must be 0 or more, got ${threshold}`);
  if (!isKnown(evaluationPeriods)) {
    return;
  }
  errors.when(!Number.isInteger(evaluationPeriods) || evaluationPeriods < 1,
    () => `'evaluationPeriods' of '${memberOf(name)}' must be a whole number, 1 or more, got ${evaluationPeriods}`);
  const period = { count: minutes, event: 5, level: 5, absence: 60, finding: 1440 }[goesBy(name) as Exclude<GoesBy, 'alarms' | 'runs'>];
  const longest = (period < 60 ? 1 : 7) * 1440;
  errors.when(evaluationPeriods * period > longest,
    () => `'evaluationPeriods' of '${memberOf(name)}' must be ${Math.floor(longest / period)} or less, because the evaluation range of an alarm is at most a day, or 7 days with `
      + `periods of at least an hour, and its periods are ${describeMinutes(period)}, got ${evaluationPeriods}`);
  errors.when(['count', 'event'].includes(goesBy(name)) && period < 1440 && evaluationPeriods > 1,
    () => `'evaluationPeriods' of '${memberOf(name)}' must be 1 with periods of less than a day (${describeMinutes(period)}): a single failure is in one of them, and would not trigger the alarm, `
      + `got ${evaluationPeriods}; to ignore a few, set 'threshold'`);
}

function isKnown(value: number | undefined): value is number {
  return typeof value === 'number' && !Token.isUnresolved(value);
}
