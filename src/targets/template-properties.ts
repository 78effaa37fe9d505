import { CfnResource, Stack, Token } from 'aws-cdk-lib';

/** A value that is known only at deployment: a parameter, an attribute, a condition. It is never compared. */
export const UNKNOWN = Symbol('unknown');

export type Unknown = typeof UNKNOWN;

/** A resource of the AWS CDK. */
type L1 = Record<string, unknown> & { readonly rawOverrides?: object };

/**
 * The properties of a resource in its template, including overrides, included templates and resources of a generic class.
 *
 * It renders the resource once, at the first access to a property that is set. To see later changes, create another instance.
 */
export class TemplateProperties {
  private rendered?: unknown;

  constructor(private readonly resource: CfnResource) {}

  /** The value at a path: `undefined` if the template has none, `UNKNOWN` if it is an intrinsic function or below one. */
  public get(...path: string[]): unknown {
    if (isLeftOut(this.resource as unknown as L1, path[0])) {
      return undefined; // a thousand tables are not rendered twice
    }
    let value: unknown = this.rendered ??= render(this.resource);
    for (const name of path) {
      value = this.known(value);
      if (value === UNKNOWN || typeof value !== 'object' || value === null) {
        return value === UNKNOWN ? UNKNOWN : undefined;
      }
      value = name in value ? (value as Record<string, unknown>)[name] : 'Fn::Transform' in value ? UNKNOWN : undefined;
    }
    return this.known(value);
  }

  /** The string at a path; numbers are converted. */
  public text(...path: string[]): string | undefined | Unknown {
    const value = this.get(...path);
    return value === undefined || value === UNKNOWN ? value : typeof value === 'object' ? UNKNOWN : String(value);
  }

  /** The Boolean at a path: CloudFormation also accepts strings. */
  public flag(...path: string[]): boolean | undefined | Unknown {
    const value = this.text(...path);
    return value === undefined || value === UNKNOWN ? value : value.toLowerCase() === 'true';
  }

  /** Like `get`, but returns an intrinsic function itself. */
  public raw(name: string): unknown {
    return (this.rendered ??= render(this.resource)) === UNKNOWN ? UNKNOWN : (this.rendered as Record<string, unknown>)[name];
  }

  private known(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return value ?? undefined;
    }
    const [key, ...others] = Object.keys(value);
    if (others.length > 0 || key === undefined || !(key === 'Ref' || key.startsWith('Fn::'))) {
      return value;
    }
    return (value as { Ref?: string }).Ref === 'AWS::NoValue' ? undefined : literal(value, Stack.of(this.resource)) ?? UNKNOWN;
  }
}

/** What the AWS CDK calls a property. */
const OWN_NAMES = new Map<string, string>();

/** Whether a resource of the CDK certainly does not have a property: no override adds it. */
function isLeftOut(resource: L1, name: string): boolean {
  const { rawOverrides } = resource;
  if (resource.constructor === CfnResource || rawOverrides === undefined || Object.keys(rawOverrides).length > 0) {
    return false;
  }
  const own = OWN_NAMES.get(name) ?? name.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (capitals) => capitals.toLowerCase());
  OWN_NAMES.set(name, own);
  return own in resource && resource[own] === undefined;
}

function render(resource: CfnResource): unknown {
  try {
    const { Resources = {} } = Stack.of(resource).resolve(resource._toCloudFormation()) as { Resources?: Record<string, { Properties?: object }> };
    return Object.values(Resources)[0]?.Properties ?? {};
  } catch {
    return UNKNOWN; // it is incomplete, now or permanently: then the CDK reports it
  }
}

/** The string that an intrinsic function of the account, the region and the partition resolves to. */
function literal(value: unknown, stack: Stack): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? value : undefined;
  }
  const { Ref: ref, 'Fn::Join': join } = value as { 'Ref'?: string; 'Fn::Join'?: [string, unknown[]] };
  if (Array.isArray(join) && typeof join[0] === 'string' && Array.isArray(join[1])) {
    const parts = join[1].map((part) => literal(part, stack));
    return parts.includes(undefined) ? undefined : parts.join(join[0]);
  }
  const pseudo = ref === 'AWS::AccountId' ? stack.account : ref === 'AWS::Region' ? stack.region : undefined;
  return Token.isUnresolved(pseudo) ? undefined : pseudo;
}
