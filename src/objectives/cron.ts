import { Token } from 'aws-cdk-lib';
import { CALENDAR_CYCLE, DAY, dateOf } from './schedule';

/** A field of a cron expression: which values it may have, and what some of them are called. */
interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: string[];
  /** What only Amazon's scheduler can work out, such as the last working day. */
  readonly special?: RegExp;
}

const HOURS: Field = { name: 'hours', min: 0, max: 23 };
const DAYS_OF_MONTH: Field = { name: 'day-of-month', min: 1, max: 31, special: /^(L|LW|\d{1,2}W)$/ };
const MONTHS: Field = {
  name: 'month', min: 1, max: 12, names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
const DAYS_OF_WEEK: Field = {
  name: 'day-of-week', min: 1, max: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'], special: /^(L|[1-7]L|[1-7]#[1-5])$/,
};
const YEARS: Field = { name: 'year', min: 1970, max: 2199 };

/**
 * What a cron expression says.
 */
export interface CronExpression {
  readonly problems: string[];
  /** The longest gap between two runs in minutes, unless it takes Amazon's scheduler to work that out. */
  readonly longestGap?: number;
}

/**
 * Reads a cron expression for AWS Backup.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function readCron(expression: string): CronExpression {
  if (Token.isUnresolved(expression)) {
    return { problems: [] };
  }
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1].trim().split(/\s+/);
  if (fields?.length !== 6) {
    return { problems: [`'expression' must be 'cron(minutes hours day-of-month month day-of-week year)', got '${expression}'`] };
  }

  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  const problems: string[] = [];
  if (!/^[0-5]?\d$/.test(minutes)) {
    problems.push(`the minutes of 'expression' must be one number from 0 to 59: AWS Backup runs hourly at the most often, got '${minutes}'`);
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    problems.push(`one of day-of-month and day-of-week of 'expression' must be '?', the other one not, got '${dayOfMonth}' and '${dayOfWeek}'`);
  }
  const read = (field: Field, text: string) => valuesOf(field, text, problems);
  const atHours = read(HOURS, hours);
  const onDaysOfMonth = dayOfMonth === '?' ? undefined : read(DAYS_OF_MONTH, dayOfMonth);
  const inMonths = read(MONTHS, month);
  const onDaysOfWeek = dayOfWeek === '?' ? undefined : read(DAYS_OF_WEEK, dayOfWeek);
  read(YEARS, year);
  if (problems.length > 0 || year !== '*' || [onDaysOfMonth, onDaysOfWeek].includes('special')) {
    return { problems };
  }

  const onDay = (date: Date) => (inMonths as Set<number>).has(date.getUTCMonth() + 1)
    && (onDaysOfMonth ? (onDaysOfMonth as Set<number>).has(date.getUTCDate()) : (onDaysOfWeek as Set<number>).has(date.getUTCDay() + 1));
  const longestGap = gapOf(onDay, [...atHours as Set<number>].sort((a, b) => a - b).map((hour) => hour * 60 + Number(minutes)));
  return longestGap === undefined ? { problems: [`'expression' must run at all: no month has such a day, got '${expression}'`] } : { problems, longestGap };
}

/** The values that a field stands for, or that only Amazon's scheduler knows them. */
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
      problems.push(`the ${field.name} of 'expression' must be from ${field.min} to ${field.max}, single, listed, a range or with a step, got '${text}'`);
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

function gapOf(onDay: (date: Date) => boolean, minutesOfDay: number[]): number | undefined {
  let longest: number | undefined;
  let before: number | undefined;
  // Beyond the cycle by the longest gap that a day of the calendar can have: 29 February is every four years.
  for (let day = 0; day < CALENDAR_CYCLE + 4 * 366; day++) {
    for (const minute of onDay(dateOf(day)) ? minutesOfDay : []) {
      const run = day * DAY + minute;
      longest = before === undefined ? longest : Math.max(longest ?? 0, run - before);
      before = run;
    }
  }
  return longest;
}
