import * as fc from 'fast-check';
import { TimeZone, timeZoneProblem } from '../../src/schedules/calendar';

const HOUR = 60;
const DAY = 24 * HOUR;
const CYCLE = 10_227 * DAY;

/** Minutes after 1 January 2001, the year that stands for 2029 too. */
const at = (...date: [number, number, number, number?, number?]) => Date.UTC(...date) / 60_000 - Date.UTC(2001, 0, 1) / 60_000;

test.each([
  ['Europe/London', [2003, 0, 15, 12], 0],
  ['Europe/London', [2003, 6, 15, 12], 60],
  ['America/New_York', [2003, 0, 15, 12], -5 * HOUR],
  ['America/New_York', [2003, 6, 15, 12], -4 * HOUR],
  ['America/New_York', [2003, 2, 25, 12], -4 * HOUR], // since 2007 from the second Sunday of March on, before from April
  ['Asia/Kolkata', [2003, 6, 15, 12], 5.5 * HOUR],
  ['Australia/Lord_Howe', [2003, 0, 15, 12], 11 * HOUR],
  ['UTC', [2003, 6, 15, 12], 0],
] as const)('clocks of %s are at %j by %d minutes ahead of UTC', (name, date, ahead) => {
  const local = at(...date as unknown as [number, number, number, number]);

  expect(TimeZone.of(name).momentsOf([local])).toEqual([local - ahead]);
});

test('a local time that is skipped has no moment', () => {
  // The last Sunday of March is the 28th in 2032, which has the calendar of 2004.
  expect(TimeZone.of('Europe/London').momentsOf([at(2004, 2, 28, 0, 59), at(2004, 2, 28, 1, 0), at(2004, 2, 28, 1, 59), at(2004, 2, 28, 2, 0)]))
    .toEqual([at(2004, 2, 28, 0, 59), at(2004, 2, 28, 1, 0)]);
});

test('a local time that there is twice counts once, the first time, or twice where both are asked for', () => {
  const zone = TimeZone.of('Europe/London');
  const twice = [at(2004, 9, 31, 1, 30)]; // the last Sunday of October

  expect(zone.momentsOf(twice)).toEqual([at(2004, 9, 31, 0, 30)]);
  expect(zone.momentsOf(twice, true)).toEqual([at(2004, 9, 31, 0, 30), at(2004, 9, 31, 1, 30)]);
});

test.each([['Europe/London', false], ['Africa/Casablanca', false], ['UTC', true], ['Asia/Tokyo', true]])('whether clocks of %s never change: %s', (name, isFixed) => {
  expect(TimeZone.of(name).isFixed).toBe(isFixed);
});

test.each(['Europe/London', 'America/New_York', 'Africa/Casablanca', 'Australia/Lord_Howe', 'Asia/Kathmandu'])('every moment in %s is what its clocks say, in any cycle', (name) => {
  const clocks = new Intl.DateTimeFormat('en-GB', {
    timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
  });
  const localOf = (moment: number) => { // in the years from 2029, of which the calendar is the same
    const part = Object.fromEntries(clocks.formatToParts(Date.UTC(2029, 0, 1) + moment * 60_000).map(({ type, value }) => [type, Number(value)]));
    return (Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) - Date.UTC(2029, 0, 1)) / 60_000;
  };

  fc.assert(fc.property(fc.integer({ min: 2 * DAY, max: CYCLE - 2 * DAY }), fc.integer({ min: -1, max: 1 }), (moment, cycle) => {
    expect(TimeZone.of(name).momentsOf([localOf(moment) + cycle * CYCLE], true)).toContain(moment + cycle * CYCLE);
  }), { numRuns: 300 });
});

test('nothing is wrong with a name of the IANA database, be it the newer or the older one', () => {
  expect(['Europe/London', 'Asia/Kolkata', 'Asia/Calcutta', 'UTC', 'Etc/UTC', 'GMT'].map(timeZoneProblem)).toEqual(Array.from({ length: 6 }));
});
