import type { IConstruct } from 'constructs';
import { FactKind } from '../private/registry';
import type { Registry } from '../private/registry';

/** Values of a cost estimate. */
interface Values {
  /** In GB. */
  readonly dataGb?: number;
  /** In percent. */
  readonly dailyChange?: number;
  /** In GB. */
  readonly logsGb?: number;
}

export const ASSUMPTIONS = new FactKind<Values & { readonly scope: IConstruct }>('cost assumptions');

/** What is assumed without an app's own assumptions. */
const DEFAULTS = { dataGb: 10, dailyChange: 5, logsGb: 1 };

/**
 * The assumptions for a resource.
 */
export interface Assumed extends Required<Values> {
  /** Of what they are; empty for the entire app. */
  readonly path: string;
  /** Which of them are defaults. */
  readonly defaults: readonly (keyof Values)[];
}

/** Which assumptions hold for which constructs. Those with the same ones get the same object. */
export class AssumptionsInApp {
  private readonly byScope = new Map<IConstruct, Values>();
  private readonly known = new Map<IConstruct | undefined, Assumed>();

  constructor(registry: Registry) {
    registry.all(ASSUMPTIONS).forEach(({ scope, ...values }) => this.byScope.set(scope, values));
  }

  public of(construct: IConstruct): Assumed {
    const scopes = this.byScope.size === 0 ? [] : construct.node.scopes.filter((scope) => this.byScope.has(scope)).reverse();
    const known = this.known.get(scopes[0]) ?? this.assumed(scopes);
    this.known.set(scopes[0], known);
    return known;
  }

  /** Those that hold for something. */
  public get used(): Assumed[] {
    return [...this.known.values()];
  }

  private assumed(scopes: IConstruct[]): Assumed {
    const given: Values = Object.assign({}, ...[...scopes].reverse().map((scope) => withoutUndefined(this.byScope.get(scope)!)));
    const names = Object.keys(DEFAULTS) as (keyof Values)[];
    return { ...DEFAULTS, ...given, path: scopes[0]?.node.path ?? '', defaults: names.filter((name) => given[name] === undefined) };
  }
}

function withoutUndefined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
