import type { IConstruct } from 'constructs';
import { withoutTokens } from './messages';

/**
 * Collects every problem of one construct or value, so that a user meets them all in one error.
 *
 * A plain `Error` on purpose: its text is what reaches Python, Java, Go and .NET.
 */
export class PropsErrors {
  private readonly messages: string[] = [];

  /**
   * @param subject What is checked, in the user's words: the props interface or the factory method
   * @param scope The construct it belongs to, if it belongs to one
   */
  constructor(private readonly subject: string, private readonly scope?: IConstruct) {}

  /** Adds the message if the condition holds; the message is built only then. */
  public when(condition: boolean | undefined, message: () => string): void {
    if (condition) {
      this.add(message());
    }
  }

  /**
   * A property that must be there and is not: no compiler says so in JavaScript.
   *
   * @param what What to give, in few words
   */
  public whenMissing(property: string, value: unknown, what: string): void {
    this.when(value === undefined || value === null, () => `'${property}' must be given: ${what}`);
  }

  /** A list that is there and empty: what a filter emptied must not mean the same as what was left out. */
  public whenEmpty(property: string, list: readonly unknown[] | undefined, what: string, advice?: string): void {
    this.when(list?.length === 0, () => `'${property}' must name at least one ${what}, got none${advice ? `: ${advice}` : ''}`);
  }

  /** A list that is none, or has gaps: no compiler says so in JavaScript. To be thrown before the list is read. */
  public whenNotList(property: string, list: readonly unknown[] | undefined, what: string): void {
    this.when(list !== undefined && (!Array.isArray(list) || list.some((each) => each === undefined || each === null)),
      () => `'${property}' must be a list, each of it a ${what}, got ${Array.isArray(list) ? 'one with a missing value' : 'something else'}`);
  }

  public add(...messages: string[]): void {
    this.messages.push(...messages.map(withoutTokens));
  }

  public get all(): readonly string[] {
    return this.messages;
  }

  public throwIfAny(): void {
    if (this.messages.length === 0) {
      return;
    }
    const where = this.scope ? ` at '${this.scope.node.path}'` : '';
    throw new Error(`invalid ${withoutTokens(this.subject)}${where}:\n${[...new Set(this.messages)].map((message) => `- ${message}`).join('\n')}`);
  }
}
