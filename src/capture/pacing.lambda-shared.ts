import { CallError } from './aws-call.lambda-shared';
import type { Call } from './aws-call.lambda-shared';

/** The time, which tests turn. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** Calls a second that AWS sustains, by `<service>:<operation>`, or by `<service>` for its other operations. */
export type Rates = Record<string, number>;

/** At most two captures run at a time, so that half of each rate is left to deployments. */
const SHARE_OF_CAPTURE = 1 / 4;

/** Pauses after a call that was throttled, in milliseconds. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** A timer of Node.js takes no more milliseconds. No function of AWS Lambda runs so long. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** How long after the deadline an answer is waited for, in milliseconds: a call that hangs must not take the time for what comes after. */
const TIME_TO_ANSWER = 2_000;

/** When no call is made any more, in milliseconds since 1970. It may be moved while calls wait. */
export interface Deadline {
  at: number;
}

/**
 * Calls no more often than AWS sustains. Who is throttled nevertheless waits, and calls again. A call without an answer some time after the deadline
 * is given up. What it asked for may be done all the same.
 *
 * @param share Of each rate
 */
export function paced(call: Call, rates: Rates, clock: Clock, deadline: Deadline, share = SHARE_OF_CAPTURE): Call {
  const buckets = new Map<string, TokenBucket>();
  const wait = async (milliseconds: number, operation: string) => {
    const until = clock.now() + milliseconds;
    if (milliseconds > 0 && until <= deadline.at) {
      await clock.sleep(milliseconds);
    }
    if (until > deadline.at) {
      throw new CallError('OutOfTime', operation);
    }
  };
  return async (service, operation, input) => {
    const name = `${service}:${operation}`;
    const rate = rates[name] ?? rates[service];
    const bucket = buckets.get(name) ?? new TokenBucket(rate === undefined ? Infinity : rate * share);
    buckets.set(name, bucket);
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      await wait(bucket.take(clock.now()), name);
      try {
        return await within(deadline.at - clock.now() + TIME_TO_ANSWER, call(service, operation, input), name);
      } catch (error) {
        if (!(error instanceof CallError && error.isPassing)) {
          throw error;
        }
      }
      await wait(pause / 2 + Math.random() * pause / 2, name);
    }
  };
}

async function within(milliseconds: number, answer: Promise<any>, operation: string): Promise<any> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new CallError('OutOfTime', operation)), Math.min(milliseconds, LONGEST_TIMER));
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** As many tokens as come in a second, and at least one. */
class TokenBucket {
  private readonly interval: number;
  private readonly burst: number;
  /** When all tokens that were taken have come. */
  private paidAt = -Infinity;

  constructor(perSecond: number) {
    this.interval = 1000 / perSecond;
    this.burst = Math.max(1, Math.floor(perSecond));
  }

  /** Takes a token, and says in how many milliseconds it comes. */
  public take(now: number): number {
    if (this.interval === 0) {
      return 0;
    }
    this.paidAt = Math.max(this.paidAt, now) + this.interval;
    return Math.max(0, this.paidAt - now - this.burst * this.interval);
  }
}
