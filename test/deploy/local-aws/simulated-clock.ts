import type { Request } from './request';

/** How far to go: the sum of what is given. */
export interface Forward {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** The time of the local AWS: real time, and whatever it was moved forward by. */
export class SimulatedClock {
  constructor(private readonly request: Request) {}

  async now(): Promise<Date> {
    return timeOf(await this.request('GET', '/_local/clock'));
  }

  /** Lets time pass: whatever is due in between happens, in order. */
  async forward({ days = 0, hours = 0, minutes = 0, seconds = 0 }: Forward): Promise<Date> {
    return timeOf(await this.request('POST', '/_local/clock', { forwardSeconds: ((days * 24 + hours) * 60 + minutes) * 60 + seconds }));
  }

  /** Lets time pass until a moment; none if that is in the past. */
  async forwardTo(moment: Date): Promise<Date> {
    const seconds = (moment.getTime() - (await this.now()).getTime()) / 1000;
    return this.forward({ seconds: Math.max(0, seconds) });
  }
}

function timeOf(answer: unknown): Date {
  return new Date((answer as { now: number }).now * 1000);
}
