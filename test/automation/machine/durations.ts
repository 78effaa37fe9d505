/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-sleep.html */
const LONGEST_SLEEP = 604_800;

const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** The seconds of an ISO 8601 duration, such as `PT3M`. Years and months have no fixed length, and are refused. */
export function durationSeconds(text: string): number {
  const found = DURATION.exec(text);
  if (!found || /^P$|T$/.test(text)) {
    throw new Error(`"${text}" is not an ISO 8601 duration of weeks, days, hours, minutes and seconds`);
  }
  const [weeks, days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  return weeks * 604_800 + days * 86_400 + hours * 3_600 + minutes * 60 + seconds;
}

/** When a sleep is over: after `Duration`, or at `Timestamp`. One that has passed is over at once. */
export function endOfSleep(inputs: Record<string, unknown>, now: Date): Date {
  const { Duration, Timestamp } = inputs as Record<string, string | undefined>;
  if (Duration === undefined && Timestamp === undefined) {
    throw new Error('aws:sleep needs a Duration or a Timestamp');
  }
  const end = Duration !== undefined ? new Date(now.getTime() + durationSeconds(Duration) * 1000) : new Date(Timestamp!);
  if (Number.isNaN(end.getTime())) {
    throw new Error(`"${Timestamp}" is not an ISO 8601 timestamp`);
  }
  if (end.getTime() - now.getTime() > LONGEST_SLEEP * 1000) {
    throw new Error(`aws:sleep delays by ${LONGEST_SLEEP} seconds at most`);
  }
  return end;
}
