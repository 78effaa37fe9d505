import type { Assumed } from './assumptions-in-app';
import type { Environment } from '../private/environment';

/** Days of a month, on average. */
export const MONTH = 365 / 12;

type Place = Pick<Environment, 'account' | 'region'>;

/** A line of a cost estimate. */
export interface CostLine extends Place {
  readonly what: string;
  /** Path of the plan or the bucket; empty for what several constructs share. */
  readonly of: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usdPerUnit: number;
  readonly usdPerMonth: number;
  /** Whether it depends on a default of this library. */
  readonly isAssumed: boolean;
}

/** What is not in the estimate. */
export interface NotPriced {
  readonly what: string;
  readonly region: string;
  readonly reason: string;
  /** Paths. */
  readonly of: readonly string[];
}

/** What is charged, without its price. */
type Quantity = Pick<CostLine, 'what' | 'of' | 'quantity' | 'unit' | 'isAssumed'> & { readonly place: Place };

/** Collects what is charged. What is alike is one line, and what has no price is listed without a guess. */
export class CostLines {
  private readonly priced = new Map<string, CostLine>();
  private readonly leftOut = new Map<string, Omit<NotPriced, 'of'> & { readonly of: Set<string> }>();

  /** @param usdPerUnit The price; `undefined` if there is none */
  public add({ place, ...line }: Quantity, usdPerUnit: number | undefined): void {
    if (line.quantity === 0) {
      return;
    }
    if (usdPerUnit === undefined) {
      this.withoutPrice(line.what, place.region, line.of);
      return;
    }
    const key = [line.what, line.of, place.account, place.region, line.isAssumed].join('\n');
    const quantity = line.quantity + (this.priced.get(key)?.quantity ?? 0);
    this.priced.set(key, { ...line, ...place, quantity, usdPerUnit, usdPerMonth: quantity * usdPerUnit });
  }

  public withoutPrice(what: string, region: string, of: string): void {
    this.leaveOut(what, region, region === 'unknown' ? 'The Region is known only at deployment.' : 'The price table has no price for it in this Region.', of);
  }

  /** @param of The construct; empty for several */
  public leaveOut(what: string, region: string, reason: string, of: string): void {
    const key = [what, region, reason].join('\n');
    const entry = this.leftOut.get(key) ?? { what, region, reason, of: new Set() };
    entry.of.add(of);
    this.leftOut.set(key, entry);
  }

  /** Amounts in cents. */
  public get lines(): CostLine[] {
    return [...this.priced.values()].map((line) => ({ ...line, quantity: inCents(line.quantity), usdPerMonth: inCents(line.usdPerMonth) }));
  }

  public get notPriced(): NotPriced[] {
    return [...this.leftOut.values()].map((entry) => ({ ...entry, of: [...entry.of].filter((path) => path !== '').sort() }));
  }
}

export function inCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

/** Whether one of these values is a default. */
export function isDefault({ defaults }: Assumed, ...names: Assumed['defaults'][number][]): boolean {
  return names.some((name) => defaults.includes(name));
}
