import { pages } from '../capture/aws-call.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';
import type { Place } from '../capture/document-store.lambda-shared';

/** What AWS gives names of its own: another region has other ones, which nothing in the name leads to. */
const GENERATED = [
  /^(?:subnet|sg|vpc|fs|fsap|vpce)-[0-9a-f]{8,}$/,
  /^arn:[^:]+:(?:elasticloadbalancing|servicediscovery|vpc-lattice|acm|autoscaling):/,
  /^arn:[^:]+:elasticfilesystem:[^:]+:\d+:access-point\//,
  /^arn:[^:]+:kms:[^:]+:\d+:key\/(?!mrk-)/,
  /^app\/.+\/targetgroup\/.+/, // the label of a metric of a load balancer
];

/** From names and ARNs of a snapshot to those of the place that it is restored to. */
export interface Translation {
  /** The same with names and ARNs of here. */
  translate<T>(value: T): T;
  /** What in it has no counterpart here, in sentences. */
  unresolvedIn(value: unknown): string[];
}

/** What a captured name is here, or why it is nothing. */
type Counterparts = Map<string, { readonly here: string } | { readonly problem: string }>;

interface Matching {
  readonly kind: string;
  readonly captured: any[];
  readonly here: any[];
  /** How one is recognized that has another identifier, the surest way first. Undefined if it has none of it. */
  readonly keys: ((one: any) => string | undefined)[];
  /** What a configuration has in it of one. */
  identifiers(one: any): string[];
  nameOf(one: any): string;
}

/**
 * Finds here what a snapshot refers to: by its identifier, or else by its name or tags.
 *
 * @param document The snapshot
 */
export async function readTranslation(call: Call, { region, references }: any, place: Place): Promise<Translation> {
  const { targetGroups, namespaces, subnets, securityGroups } = references;
  const [groupsHere, namespacesHere, subnetsHere, securityGroupsHere] = await Promise.all([
    listed(targetGroups, call, 'elasticloadbalancing', 'DescribeTargetGroups', 'TargetGroups', { token: 'NextMarker', inputToken: 'Marker' }),
    listed(namespaces, call, 'servicediscovery', 'ListNamespaces', 'Namespaces'),
    listed(subnets, call, 'ec2', 'DescribeSubnets', 'Subnets'),
    listed(securityGroups, call, 'ec2', 'DescribeSecurityGroups', 'SecurityGroups'),
  ]);
  const registries = namespaces.flatMap(({ Name, services }: any) => services.map((service: any) => ({ ...service, namespaceName: Name })));
  const registriesHere = await readRegistries(call, namespacesHere.filter(({ Name }) => registries.some((each: any) => each.namespaceName === Name)));
  const counterparts: Counterparts = new Map([
    ...match({
      kind: 'target group',
      captured: targetGroups,
      here: groupsHere,
      identifiers: ({ TargetGroupArn, LoadBalancerArns }) => [TargetGroupArn, ...labelsOf(TargetGroupArn, LoadBalancerArns)],
      keys: [({ TargetGroupName }) => TargetGroupName],
      nameOf: ({ TargetGroupName }) => TargetGroupName,
    }),
    ...match({
      kind: 'namespace',
      captured: namespaces,
      here: namespacesHere,
      identifiers: ({ Arn, Id }) => [Arn, Id],
      keys: [({ Name, Type }) => `${Type} ${Name}`],
      nameOf: ({ Name }) => Name,
    }),
    ...match({
      kind: 'service registry',
      captured: registries,
      here: registriesHere,
      identifiers: ({ Arn }) => [Arn],
      keys: [({ namespaceName, Name }) => `${namespaceName} ${Name}`],
      nameOf: ({ Name }) => Name,
    }),
    ...match({
      kind: 'subnet',
      captured: subnets,
      here: subnetsHere,
      identifiers: ({ SubnetId }) => [SubnetId],
      keys: [stackOf, (one) => tagOf(one, 'Name'), nameAndZoneOf, tagsAndZoneOf],
      nameOf: (one) => tagOf(one, 'Name') ?? one.SubnetId,
    }),
    ...match({
      kind: 'security group',
      captured: securityGroups,
      here: securityGroupsHere,
      identifiers: ({ GroupId }) => [GroupId],
      keys: [stackOf, ({ GroupName }) => GroupName, (one) => tagOf(one, 'Name')],
      nameOf: ({ GroupName }) => GroupName,
    }),
  ]);
  return new RegionTranslation(counterparts, region, place, new Set(namespacesHere.map(({ Name }) => Name)));
}

class RegionTranslation implements Translation {
  private readonly isElsewhere: boolean;

  constructor(
    private readonly counterparts: Counterparts, private readonly from: string, private readonly place: Place,
    private readonly namespaces: Set<string>,
  ) {
    this.isElsewhere = from !== place.region;
  }

  public translate<T>(value: T, member = ''): T {
    if (typeof value === 'string') {
      return this.text(value, member) as T;
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.translate(item, member)) as T;
    }
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, item]) => [this.text(name, ''), this.translate(item, name)])) as T // task definitions are by ARN
      : value;
  }

  public unresolvedIn(value: unknown, member = ''): string[] {
    if (typeof value === 'string') {
      const found = this.counterparts.get(value);
      if (found) {
        return 'problem' in found ? [found.problem] : [];
      }
      if (member === 'namespace' && !value.startsWith('arn:') && !this.namespaces.has(value)) {
        return [`There is no namespace ${value} in ${this.place.region}: create it.`];
      }
      const isOfAnother = value.startsWith('arn:') && value.split(':')[3] !== this.from;
      const isUnknown = this.isElsewhere && !isOfAnother && GENERATED.some((pattern) => pattern.test(value));
      return isUnknown ? [`${value} of ${this.from} has no match in ${this.place.region}: create it manually, or exclude what needs it.`] : [];
    }
    return typeof value === 'object' && value !== null
      ? [...new Set(Object.entries(value).flatMap(([name, item]) => this.unresolvedIn(item, Array.isArray(value) ? member : name)))]
      : [];
  }

  /** A text may be JSON with ARNs in it, such as an event pattern. What else names a region is left alone, but where logs go. */
  private text(value: string, member: string): string {
    const found = this.counterparts.get(value);
    if (found) {
      return 'here' in found ? found.here : value;
    }
    const { from, place } = this;
    if (!this.isElsewhere || (value === from && !/region$/i.test(member))) {
      return value;
    }
    const toHere = (whole: string, before: string, region: string) => region === from ? `${before}${place.region}` : whole;
    return value === from ? place.region : value
      .replace(/(arn:aws[a-z-]*:[a-z0-9-]+:)([a-z0-9-]+)(?=:)/g, toHere)
      .replace(/(\d{12}\.dkr[.-]ecr(?:-fips)?\.)([a-z0-9-]+)(?=\.)/g, toHere);
  }
}

/** What is here is the counterpart of one at most: two subnets that lead to the same one would be given to a service as one. */
function match({ kind, captured: all, here, identifiers, keys, nameOf: name }: Matching): [string, { here: string } | { problem: string }][] {
  const idOf = (one: any) => identifiers(one)[0];
  const byId = new Map(all.map((one) => [idOf(one), one])); // two snapshots of a run may both have one
  const captured = [...byId.values()];
  const others = here.filter((one) => !byId.has(idOf(one)));
  const found = captured.map((one) => here.find((other) => idOf(other) === idOf(one)) ?? onlyOne(keys, one, others));
  return captured.flatMap((one, index) => {
    const sole = found.indexOf(found[index]) === found.lastIndexOf(found[index]) ? found[index] : undefined;
    return identifiers(one).map((identifier, at): [string, { here: string } | { problem: string }] => {
      const counterpart = sole && identifiers(sole)[at];
      return [identifier, counterpart === undefined
        ? { problem: `The ${kind} ${name(one)} (${idOf(one)}) was not found, and no single ${kind} matches its name or tags: create it.` }
        : { here: counterpart }];
    });
  });
}

/** What one key recognizes alone. */
function onlyOne(keys: Matching['keys'], one: any, here: any[]): any {
  for (const key of keys) {
    const value = key(one);
    const found = value === undefined ? [] : here.filter((other) => key(other) === value);
    if (found.length === 1) {
      return found[0];
    }
  }
  return undefined;
}

const TOKEN = { token: 'NextToken', inputToken: 'NextToken' };

async function listed(captured: any[], call: Call, service: string, operation: string, list: string, paging = TOKEN): Promise<any[]> {
  return captured.length === 0 ? [] : pages(call, service, operation, {}, { list, ...paging });
}

async function readRegistries(call: Call, namespaces: any[]): Promise<any[]> {
  const services = await Promise.all(namespaces.map(async ({ Id, Name }) => {
    const Filters = [{ Name: 'NAMESPACE_ID', Values: [Id], Condition: 'EQ' }];
    const found = await pages(call, 'servicediscovery', 'ListServices', { Filters }, { list: 'Services', token: 'NextToken' });
    return found.map((service) => ({ ...service, namespaceName: Name }));
  }));
  return services.flat();
}

/** What a scaling policy calls the requests of a target group: `app/<balancer>/<id>/targetgroup/<group>/<id>`. */
function labelsOf(group: string, balancers: string[] = []): string[] {
  return balancers.map((arn) => `${arn.replace(/^.*:loadbalancer\//, '')}/${group.replace(/^.*:/, '')}`);
}

function tagOf({ Tags = [] }: any, key: string): string | undefined {
  return Tags.find(({ Key }: any) => Key === key)?.Value;
}

/** What it is in its stack of AWS CloudFormation. */
function stackOf(one: any): string | undefined {
  const [stack, id] = ['stack-name', 'logical-id'].map((name) => tagOf(one, `aws:cloudformation:${name}`));
  return stack && id ? `${stack} ${id}` : undefined;
}

/** The zones of two regions differ in their last letters. */
function nameAndZoneOf(one: any): string | undefined {
  const name = tagOf(one, 'Name');
  return name && `${name} ${one.AvailabilityZone?.slice(-1)}`;
}

function tagsAndZoneOf({ Tags = [], AvailabilityZone = '' }: any): string | undefined {
  const own = Tags.filter(({ Key }: any) => !Key.startsWith('aws:')).map(({ Key, Value }: any) => `${Key}=${Value}`).sort();
  return own.length === 0 ? undefined : `${own.join()} ${AvailabilityZone.slice(-1)}`;
}
