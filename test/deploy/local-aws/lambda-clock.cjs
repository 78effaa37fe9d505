/**
 * Preloaded into each local Lambda function: `Date` tells the simulated time, and timers wait for it.
 *
 * The local AWS writes the seconds by which its time is ahead into the file that LOCAL_AWS_CLOCK_FILE names, as `offsetSeconds`. A timer that is longer
 * than a moment looks again and again whether its time has come, since the clock may be moved while it waits.
 */
const { readFileSync } = require('fs');

const file = process.env.LOCAL_AWS_CLOCK_FILE;
const LOOK_AGAIN = 20;
const RealDate = Date;
const real = { setTimeout, setInterval, clearTimeout, clearInterval };

function ahead() {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).offsetSeconds * 1000;
  } catch {
    return 0; // not moved yet
  }
}

const now = () => RealDate.now() + ahead();

class SimulatedDate extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given));
  }

  static now() {
    return Math.floor(now());
  }
}

/** A date is also what `Date()` without `new` prints. */
globalThis.Date = new Proxy(SimulatedDate, { apply: () => new SimulatedDate().toString() });

globalThis.setTimeout = Object.assign(function setTimeout(run, milliseconds = 0, ...given) {
  if (!(milliseconds > LOOK_AGAIN)) {
    return real.setTimeout(run, milliseconds, ...given);
  }
  const due = now() + milliseconds;
  // An interval is one handle from beginning to end, so that clearTimeout, ref and unref work on it.
  const handle = real.setInterval(() => {
    if (now() >= due) {
      real.clearInterval(handle);
      run(...given);
    }
  }, Math.min(LOOK_AGAIN, milliseconds));
  return handle;
}, real.setTimeout);
// promisify finds this one by a symbol; AWS's SDK uses it too.
const { promisify } = require('util');
Object.defineProperty(globalThis.setTimeout, promisify.custom, {
  value: (milliseconds, value) => new Promise((resolve) => { globalThis.setTimeout(resolve, milliseconds, value); }),
});
globalThis.clearTimeout = (handle) => real.clearTimeout(handle);
const timers = require('timers/promises');
timers.setTimeout = (milliseconds, value) => new Promise((resolve) => { globalThis.setTimeout(resolve, milliseconds, value); });
