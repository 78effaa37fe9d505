/**
 * Whether a metric filter of CloudWatch Logs counts a log event, for the part of the syntax that we write: `=`, with or
 * without a wildcard, `&&`, `||` and parentheses. Anything else is an error.
 *
 * The emulators and libraries that can be had decide AWS's own examples wrongly: so this decides them, in its test.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function counts(filterPattern: string, logEvent: object): boolean {
  const [, inner] = /^\{(.*)\}$/s.exec(filterPattern.trim()) ?? refuse('curly braces', filterPattern);
  const tokens = inner.match(/&&|\|\||[()=]|"[^"]*"|\$\.[\w.[\]-]+|[\w*.+-]+/g) ?? [];
  const left = inner.replace(/&&|\|\||[()=]|"[^"]*"|\$\.[\w.[\]-]+|[\w*.+-]+|\s/g, '');
  if (left !== '') {
    refuse('nothing unknown', left);
  }
  const expression = new Expression(tokens, logEvent);
  const result = expression.any();
  return expression.isAtEnd ? result : refuse('an end', tokens.join(' '));
}

/** Parentheses bind more than `&&`, and that more than `||`. */
class Expression {
  private position = 0;

  constructor(private readonly tokens: string[], private readonly logEvent: object) {}

  public get isAtEnd(): boolean {
    return this.position === this.tokens.length;
  }

  public any(): boolean {
    let result = this.all();
    while (this.take('||')) {
      result = this.all() || result;
    }
    return result;
  }

  private all(): boolean {
    let result = this.one();
    while (this.take('&&')) {
      result = this.one() && result;
    }
    return result;
  }

  private one(): boolean {
    if (this.take('(')) {
      const result = this.any();
      return this.take(')') ? result : refuse('a closing parenthesis', this.tokens[this.position]);
    }
    const selector = this.tokens[this.position++] ?? '';
    if (!selector.startsWith('$.') || !this.take('=')) {
      refuse('a selector and an equal sign', selector);
    }
    return equals(valueOf(this.logEvent, selector), this.tokens[this.position++] ?? refuse('a value', 'none'));
  }

  private take(token: string): boolean {
    const isNext = this.tokens[this.position] === token;
    this.position += isNext ? 1 : 0;
    return isNext;
  }
}

function valueOf(logEvent: object, selector: string): unknown {
  return [...selector.slice(2).matchAll(/([\w-]+)|\[(\d+)\]/g)]
    .reduce((value: any, [, name, index]) => value?.[name ?? Number(index)], logEvent);
}

/** What points at a list or an object, or at nothing, matches nothing. */
function equals(value: unknown, term: string): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') {
    return false;
  }
  const text = term.replace(/^"(.*)"$/s, '$1').replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${text}$`, 's').test(String(value));
}

function refuse(wanted: string, got: string): never {
  throw new Error(`expected ${wanted} in a filter pattern, got ${got}`);
}
