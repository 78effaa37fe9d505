/** Minutes of a day: all arithmetic on schedules is in minutes, in UTC. */
export const DAY = 24 * 60;

/** Days after which a schedule by the week repeats; the others go by the calendar. */
export const WEEK = 7;

/**
 * Days after which every arrangement of weekdays, months and leap years has come up.
 *
 * The calendar repeats after 28 years as long as no century year without a leap day is in between; such a year only
 * shortens gaps.
 */
export const CALENDAR_CYCLE = 28 * 365 + 7;

/** 1 January 2001 was a Monday. */
export const EPOCH = Date.UTC(2001, 0, 1);

/** The UTC date that a number of days after the epoch is. */
export function dateOf(day: number): Date {
  return new Date(EPOCH + day * DAY * 60_000);
}

/**
 * The moment as a person says it: `Sunday 06:00`.
 *
 * @param minute Minutes after the epoch
 */
export function sayMoment(minute: number): string {
  const date = dateOf(Math.floor(minute / DAY));
  const name = date.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
  return `${name} ${sayTime(minute)}`;
}

/** The time of day as a person says it. */
export function sayTime(minute: number): string {
  const ofDay = ((minute % DAY) + DAY) % DAY;
  return `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`;
}

/** From one moment to another: the day of the second one where it is another day. */
export function saySpan(from: number, to: number): string {
  return `${sayMoment(from)} to ${Math.floor(from / DAY) === Math.floor(to / DAY) ? sayTime(to) : sayMoment(to)}`;
}
