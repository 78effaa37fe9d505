import { Token } from 'aws-cdk-lib';
import { CALENDAR_CYCLE, dateOf, WEEK } from './calendar';
import type { Occurrence } from './schedule';

/** A field of a cron expression, with its values and their names. */
interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: string[];
  /** Values that only the scheduler of AWS can compute, such as the last working day. */
  readonly special?: RegExp;
}

const HOURS: Field = { name: 'hours', min: 0, max: 23 };
const DAYS_OF_MONTH: Field = { name: 'day-of-month', min: 1, max: 31, special: /^(L|LW|\d{1,2}W)$/ };
const MONTHS: Field = {
  name: 'month', min: 1, max: 12, names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
const DAYS_OF_WEEK: Field = {
  name: 'day-of-week', min: 1, max: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'], special: /^(L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/i,
};
const YEARS: Field = { name: 'year', min: 1970, max: 2199 };

/**
 * A parsed cron expression.
 */
export interface CronExpression {
  readonly problems: string[];
  /** When it runs, unless only the scheduler of AWS can compute it. */
  readonly occurrence?: Occurrence;
}

const cache = new Map<string, CronExpression>();

/**
 * Reads a cron expression for AWS Backup.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function readCron(expression: string): CronExpression {
  if (Token.isUnresolved(expression)) {
    return { problems: [] };
  }
  const known = cache.get(expression) ?? read(expression);
  cache.set(expression, known);
  return known;
}

function read(expression: string): CronExpression {
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1].trim().split(/\s+/);
  if (fields?.length !== 6) {
    return { problems: [`'expression' must be 'cron(minutes hours day-of-month month day-of-week year)', got '${expression}'`] };
  }

  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  const problems: string[] = [];
  if (!/^[0-5]?\d$/.test(minutes)) {
    problems.push(`the minutes of 'expression' must be one number from 0 to 59, because AWS Backup runs at most hourly, got '${minutes}'`);
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    problems.push(`one of day-of-month and day-of-week of 'expression' must be '?', and the other one must not, got '${dayOfMonth}' and '${dayOfWeek}'`);
  }
  if (dayOfWeek.includes('#') && dayOfWeek.includes(',')) {
    problems.push(`the day-of-week of 'expression' must be a single value if it contains '#', got '${dayOfWeek}': create a tier for each day`);
  }
  const valuesOfField = (field: Field, text: string) => valuesOf(field, text, problems);
  const atHours = valuesOfField(HOURS, hours);
  const onDaysOfMonth = dayOfMonth === '?' ? undefined : valuesOfField(DAYS_OF_MONTH, dayOfMonth);
  const inMonths = valuesOfField(MONTHS, month);
  const onDaysOfWeek = dayOfWeek === '?' ? undefined : valuesOfField(DAYS_OF_WEEK, dayOfWeek);
  valuesOfField(YEARS, year);
  if (problems.length > 0 || year !== '*' || [onDaysOfMonth, onDaysOfWeek].includes('special')) {
    return { problems };
  }

  const minutesOfDay = [...atHours as Set<number>].sort((one, other) => one - other).map((hour) => hour * 60 + Number(minutes));
  const days = daysOf(inMonths as Set<number>, onDaysOfMonth as Set<number> | undefined, onDaysOfWeek as Set<number> | undefined);
  return days === undefined ? { problems: [`'expression' must run at least once, but no month has such a day, got '${expression}'`] }
    : { problems, occurrence: { ...days, minutesOfDay } };
}

/** The days on which an expression runs, computed once for each cycle. */
function daysOf(
  inMonths: Set<number>, onDaysOfMonth: Set<number> | undefined, onDaysOfWeek: Set<number> | undefined,
): Omit<Occurrence, 'minutesOfDay'> | undefined {
  const isByWeek = inMonths.size === 12 && (onDaysOfMonth === undefined || onDaysOfMonth.size === 31);
  const cycleDays = isByWeek ? WEEK : CALENDAR_CYCLE;
  const inCycle: number[] = [];
  for (let day = 0; day < cycleDays; day++) {
    const date = dateOf(day);
    if (inMonths.has(date.getUTCMonth() + 1) && (onDaysOfMonth?.has(date.getUTCDate()) ?? onDaysOfWeek!.has(date.getUTCDay() + 1))) {
      inCycle.push(day);
    }
  }
  return inCycle.length === 0 ? undefined : {
    cycleDays,
    isSparse: onDaysOfMonth?.size === 1,
    days: (from, to) => {
      const days: number[] = [];
      for (let begin = Math.floor(from / cycleDays) * cycleDays; begin < to; begin += cycleDays) {
        days.push(...inCycle.map((day) => begin + day).filter((day) => day >= from && day < to));
      }
      return days;
    },
  };
}

/** The values of a field, or `special` if only the scheduler of AWS knows them. */
function valuesOf(field: Field, text: string, problems: string[]): Set<number> | 'special' {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    if (field.special?.test(part)) {
      return 'special';
    }
    const [, range, step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [first, last] = range === '*' ? [field.min, field.max] : (range ?? '').split('-').map((value) => numberOf(field, value));
    const end = last ?? (part.includes('/') ? field.max : first);
    const isValid = [first, end].every((value) => Number.isInteger(value) && value >= field.min && value <= field.max)
      && first <= end && Number(step) >= 1 && Number(step) <= field.max;
    if (!isValid) {
      problems.push(`the ${field.name} of 'expression' must be a value, a list, a range or a step from ${field.min} to ${field.max}, got '${text}'`);
      return values;
    }
    for (let value = first; value <= end; value += Number(step)) {
      values.add(value);
    }
  }
  return values;
}

function numberOf({ names, min }: Field, text: string): number {
  const index = names?.indexOf(text.toUpperCase()) ?? -1;
  return index >= 0 ? index + min : /^\d+$/.test(text) ? Number(text) : NaN;
}
