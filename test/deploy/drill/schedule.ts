const MINUTE = 60_000;
const LONGEST = 400 * 24 * 60; // minutes: a yearly schedule, and more
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/**
 * When a schedule of AWS Backup runs next, by trying one minute after the other.
 *
 * It knows what the reference app may have: numbers, names, lists, ranges and steps, in UTC. The simulator has a complete
 * implementation of its own; that they agree is part of what a drill shows.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
 */
export function nextRun(expression: string, after: Date): Date {
  const [, fields] = /^cron\((.+)\)$/.exec(expression) ?? [];
  const [minute, hour, day, month, weekday, year, ...rest] = (fields ?? '').trim().split(/\s+/);
  if (year === undefined || rest.length > 0) {
    throw new Error(`${expression} is not an expression such as cron(0 5 ? * * *)`);
  }
  const fits = (moment: Date) => matches(minute, moment.getUTCMinutes())
    && matches(hour, moment.getUTCHours())
    && matches(day, moment.getUTCDate())
    && matches(month, moment.getUTCMonth() + 1, MONTHS, 1)
    && matches(weekday, moment.getUTCDay() + 1, DAYS, 1)
    && matches(year, moment.getUTCFullYear());
  const first = Math.floor(after.getTime() / MINUTE) + 1;
  for (let minutes = first; minutes < first + LONGEST; minutes++) {
    const moment = new Date(minutes * MINUTE);
    if (fits(moment)) {
      return moment;
    }
  }
  throw new Error(`${expression} does not run in the next 400 days`);
}

function matches(field: string, value: number, names: readonly string[] = [], first = 0): boolean {
  const numberOf = (text: string) => {
    const index = names.indexOf(text.toUpperCase());
    const number = index >= 0 ? index + first : Number(text);
    if (!Number.isInteger(number)) {
      throw new Error(`'${text}' in a schedule is not known here`);
    }
    return number;
  };
  return field.split(',').some((part) => {
    const [range, step = '1'] = part.split('/');
    if (range === '*' || range === '?') {
      return (value - first) % numberOf(step) === 0;
    }
    const [from, to = part.includes('/') ? '9999' : from] = range.split('-');
    return value >= numberOf(from) && value <= numberOf(to) && (value - numberOf(from)) % numberOf(step) === 0;
  });
}
