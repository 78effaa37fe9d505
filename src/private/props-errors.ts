import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { forUsers, withoutTokens } from './messages';

/**
 * Collects all problems of one construct or value, to report them in one error.
 *
 * A plain `Error` on purpose: only its text reaches Python, Java, Go and .NET.
 */
export class PropsErrors {
  private readonly messages: string[] = [];

  /**
   * @param subject What is checked, in the words of the user: the props interface or the factory method
   * @param scope The construct that it belongs to, if there is one
   */
  constructor(private readonly subject: string, private readonly scope?: IConstruct) {}

  /** Adds the message if the condition is true; the message is created only then. */
  public when(condition: boolean | undefined, message: () => string): void {
    if (condition) {
      this.add(message());
    }
  }

  /**
   * Adds an error for a missing required property, which no compiler reports in JavaScript.
   *
   * @param what What to specify, in a few words
   */
  public whenMissing(property: string, value: unknown, what: string): void {
    this.when(value === undefined || value === null, () => `'${property}' is required: ${what}`);
  }

  /** Adds an error for an empty list, which must not mean the same as one that is left out. */
  public whenEmpty(property: string, list: readonly unknown[] | undefined, what: string, advice?: string): void {
    this.when(list?.length === 0, () => `'${property}' must contain at least one ${what}, got none${advice ? `: ${advice}` : ''}`);
  }

  /** Adds an error for a value that is not a list, or has missing items, which no compiler reports in JavaScript. */
  public whenNotList(property: string, list: readonly unknown[] | undefined, what: string): void {
    this.when(list !== undefined && (!Array.isArray(list) || list.some((each) => each === undefined || each === null)),
      () => `'${property}' must be a list, with each item a ${what}, got ${Array.isArray(list) ? 'one with a missing value' : 'something else'}`);
  }

  public add(...messages: string[]): void {
    this.messages.push(...messages.map((message) => forUsers(message, this.scope)));
  }

  /** Does a part of the work. What that refuses is added, to be thrown with the rest; nothing is handed back then. */
  public attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      const [first, ...lines] = (error as Error).message.split('\n');
      if (!first.startsWith(INVALID) || lines.length === 0) {
        throw error;
      }
      this.add(...lines.map((line) => line.replace(/^- /, '')));
      return undefined;
    }
  }

  public get all(): readonly string[] {
    return this.messages;
  }

  public throwIfAny(): void {
    if (this.messages.length === 0) {
      return;
    }
    const where = this.scope ? ` at '${this.scope.node.path}'` : '';
    throw new Error(`${INVALID}${withoutTokens(this.subject)}${where}:\n${[...new Set(this.messages)].map((message) => `- ${message}`).join('\n')}`);
  }
}

/** What all errors with lists of problems begin with. */
const INVALID = 'invalid ';

/**
 * The type of a property, for languages without types.
 */
export interface Shape {
  /** In a few words: `a topic`; for a list, its items: `vaults`. */
  readonly what: string;
  readonly is: (value: any) => boolean;
  readonly isList?: boolean;
  readonly isRequired?: boolean;
}

/**
 * Rejects missing values and values of another type, which JavaScript accepts and no check can handle. `null` counts as left
 * out.
 *
 * @throws with all of them, before anything else is checked
 */
export function checkShapes(scope: IConstruct, subject: string, props: object | null | undefined, shapes: Record<string, Shape>): void {
  const errors = new PropsErrors(subject, scope);
  errors.when(props !== undefined && !isObject(props), () => `props must be an object, or left out, got ${describeValue(props)}`);
  for (const [name, shape] of Object.entries(shapes)) {
    checkShape(errors, name, (props as Record<string, unknown> | null | undefined)?.[name], shape);
  }
  errors.throwIfAny();
}

/**
 * Adds an error if a value is missing or of another type.
 *
 * @returns whether other checks can handle it
 */
export function checkShape(errors: PropsErrors, name: string, value: unknown, { what, is, isList = false, isRequired = false }: Shape): boolean {
  if (value === undefined || value === null) {
    errors.when(isRequired, () => `'${name}' is required: ${isList ? `a list of ${what}` : what}, got nothing`);
    return !isRequired;
  }
  if (isList && !Array.isArray(value)) {
    errors.add(`'${name}' must be a list of ${what}, got ${describeValue(value)}`);
    return false;
  }
  const others = (isList ? value as unknown[] : [value]).filter((each) => !is(each));
  for (const each of others) {
    errors.add(`'${name}' must be ${isList ? `a list of ${what}, got one with ${describeValue(each)}` : `${what}, got ${describeValue(each)}`}`);
  }
  return others.length === 0;
}

/** A value in an error. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return Token.isUnresolved(value) ? 'a token' : `'${value}'`;
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'function' ? 'a function or a class' : String(value);
  }
  const path = (value as Partial<IConstruct>).node?.path;
  return path === undefined ? 'an object of another kind' : `'${path}'`;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
/** Whether a value has members. The class is not checked, because an app can have two versions of it. */
export const hasAll = (...names: string[]) => (value: any): boolean => isObject(value) && names.every((name) => value[name] !== undefined);

/** Types that several constructs use. */
export const SHAPES = {
  duration: { what: 'a Duration, such as Duration.minutes(5)', is: hasAll('toMinutes') },
  map: { what: 'an object with names as keys', is: (value: unknown) => isObject(value) && !Array.isArray(value) },
  texts: { what: 'strings', is: (value: unknown) => typeof value === 'string', isList: true },
  text: { what: 'a string', is: (value: unknown) => typeof value === 'string' },
  flag: { what: 'true or false', is: (value: unknown) => typeof value === 'boolean' },
  construct: { what: 'a construct', is: hasAll('node') },
  number: { what: 'a number', is: (value: unknown) => typeof value === 'number' },
  vaults: { what: 'vaults (ReplicatedBackupVault)', is: hasAll('node', 'backupVaultName', 'primary'), isList: true },
  plans: { what: 'backup plans (TieredBackupPlan)', is: hasAll('node'), isList: true },
  buckets: { what: 'buckets (ReplicatedBucket, ReplicatedLogBucket)', is: hasAll('node', 'bucketName'), isList: true },
  alarms: { what: 'alarms', is: hasAll('node', 'env', 'alarmArn'), isList: true },
  key: { what: 'a key, such as Key.fromKeyArn(…)', is: hasAll('node', 'keyArn') },
  eventBus: { what: 'an event bus, such as EventBus.fromEventBusArn(…)', is: hasAll('node', 'env', 'eventBusName') },
} satisfies Record<string, Shape>;
