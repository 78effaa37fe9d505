import type { Clock } from '../../src/capture/pacing.lambda-shared';

/** A clock that goes on by itself when everybody sleeps. */
export class FakeClock implements Clock {
  private readonly sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  private isTurning = false;

  constructor(private time = Date.parse('2026-11-29T05:00:03.250Z')) {}

  public now(): number {
    return this.time;
  }

  public sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.sleepers.push({ until: this.time + milliseconds, wake });
      if (!this.isTurning) {
        this.isTurning = true;
        setImmediate(() => this.turn());
      }
    });
  }

  /** Whoever is due next, and all that are due with them. Promises are through by the next turn of the event loop. */
  private turn(): void {
    this.time = Math.max(this.time, this.sleepers.reduce((first, { until }) => Math.min(first, until), Infinity));
    const due = this.sleepers.filter(({ until }) => until <= this.time);
    this.sleepers.splice(0, Infinity, ...this.sleepers.filter(({ until }) => until > this.time));
    due.forEach(({ wake }) => wake());
    setImmediate(() => {
      this.isTurning = this.sleepers.length > 0;
      if (this.isTurning) {
        this.turn();
      }
    });
  }
}
