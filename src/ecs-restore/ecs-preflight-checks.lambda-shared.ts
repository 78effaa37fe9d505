import { CallError, pages, parts } from '../capture/aws-call.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';
import type { Place } from '../capture/document-store.lambda-shared';
import type { Rates } from '../capture/pacing.lambda-shared';

/** What the work needs besides what it makes. The names are those of reports. */
export type NeededKind =
  | 'role' | 'secret' | 'parameter' | 'environment file' | 'log group' | 'target group' | 'namespace' | 'registry' | 'subnet' | 'security group'
  | 'image' | 'capacity provider' | 'event bus' | 'schedule group' | 'task definition'
  | 'file system' | 'key' | 'function' | 'queue' | 'listener rule' | 'VPC Lattice target group';

/** A name of something, and what needs it. */
export interface Need {
  readonly kind: NeededKind;
  /** As the configuration has it: a name, or an ARN. */
  readonly name: string;
  /** Such as `the service orders`. */
  readonly by: string;
  /** Of an image: what it was when the service was deployed. */
  readonly digest?: string;
  /** Of a log group: its region, if the configuration has one. */
  readonly region?: string;
  /** Of a role: the service that assumes it. */
  readonly assumedBy?: string;
}

/** What is wrong with something that is needed, or why that is unknown. */
export interface Verdict {
  readonly problem?: string;
  /** What to do about the problem, if its kind does not say it. */
  readonly advice?: string;
  readonly notChecked?: string;
}

/** By name; nothing is wrong with what is not in it. */
type Verdicts = Map<string, Verdict>;

interface Checking {
  readonly call: Call;
  readonly place: Place;
  readonly passableRoles: string[];
}

type Check = (checking: Checking, names: string[], needs: Need[]) => Promise<Verdicts>;

/**
 * Calls a second that AWS sustains. Where it documents none, they are low enough for any account.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/ecr.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
export const PREFLIGHT_RATES: Rates = {
  'ecr:BatchGetImage': 400,
  'secretsmanager:DescribeSecret': 400,
  'logs:DescribeLogGroups': 10,
  's3:ListObjectsV2': 100,
  'iam': 10,
  'ssm': 3,
  'servicequotas': 10,
};

const MISSING: Verdict = { problem: 'does not exist' };

const TOKEN = { token: 'NextToken' };

/** What each kind is looked for with. What has no check is reported as not checked. */
const CHECKS: Partial<Record<NeededKind, Check>> = {
  'role': ({ call, place, passableRoles }, names) => eachInAccount(place, names, async (key) => {
    const [arn, service] = key.split(' ');
    if (/:role\/aws-service-role\//.test(arn)) {
      return undefined; // AWS passes it to itself
    }
    if (!passableRoles.includes(arn)) {
      return { problem: "is not in 'passableRoles' of this runbook", advice: 'add it' };
    }
    return whether(call('iam', 'GetRole', { RoleName: lastOf(arn) }), ['NoSuchEntity', 'NoSuchEntityException'], ({ Role }) =>
      trusts(Role.AssumeRolePolicyDocument, service) ? undefined : {
        problem: `does not trust ${service}.amazonaws.com`, advice: 'add this service to its trust policy',
      });
  }),
  'secret': ({ call, place }, names) => eachInAccount(place, names, (name) => {
    const SecretId = name.startsWith('arn:') ? name.split(':').slice(0, 7).join(':') : name; // what follows is a key, a stage and a version
    return whether(call('secretsmanager', 'DescribeSecret', { SecretId }), ['ResourceNotFoundException'], ({ DeletedDate }) =>
      DeletedDate === undefined ? undefined : { problem: 'is scheduled for deletion', advice: 'cancel its deletion' });
  }),
  'parameter': ({ call, place }, names) => listed(place, names, async (ours) => {
    const Values = [...new Set(ours.flatMap(parameterNames))];
    const found = await Promise.all(parts(Values, 50).map((part) => pages(
      call, 'ssm', 'DescribeParameters', { MaxResults: 50, ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: part }] }, { list: 'Parameters', ...TOKEN })));
    const known = found.flat().map(({ Name }) => Name);
    return (name) => parameterNames(name).some((possible) => known.includes(possible));
  }),
  'environment file': ({ call }, names) => each(names, async (arn) => {
    const [, Bucket, Prefix] = /^arn:[\w-]+:s3:::([^/]+)\/(.+)$/.exec(arn) ?? [];
    if (Bucket === undefined) {
      return { notChecked: 'it is not the ARN of an Amazon S3 object' };
    }
    return whether(call('s3', 'ListObjectsV2', { Bucket, Prefix, MaxKeys: 1 }), ['NoSuchBucket'], ({ Contents = [] }) =>
      Contents.some(({ Key }: any) => Key === Prefix) ? undefined : MISSING);
  }),
  'log group': async ({ call, place }, names, needs) => {
    const isElsewhere = (name: string) => needs.some((need) => need.name === name && (need.region ?? place.region) !== place.region);
    const found = await pages(
      call, 'logs', 'DescribeLogGroups', { limit: 50, ...prefixOf(names) && { logGroupNamePrefix: prefixOf(names) } }, { list: 'logGroups', token: 'nextToken' });
    const known = new Set(found.map(({ logGroupName }) => logGroupName));
    return new Map(names.flatMap((name): [string, Verdict][] => isElsewhere(name)
      ? [[name, { notChecked: 'it is in another Region' }]]
      : known.has(name) ? [] : [[name, MISSING]]));
  },
  'target group': ({ call, place }, names) => listed(place, names, async () => {
    const found = await pages(call, 'elasticloadbalancing', 'DescribeTargetGroups', { PageSize: 400 }, { list: 'TargetGroups', token: 'NextMarker', inputToken: 'Marker' });
    return (name) => found.some(({ TargetGroupArn }) => TargetGroupArn === name);
  }),
  'namespace': ({ call, place }, names) => listed(place, names, async () => {
    const found = await pages(call, 'servicediscovery', 'ListNamespaces', {}, { list: 'Namespaces', ...TOKEN });
    return (name) => found.some(({ Arn, Name }) => name === Arn || name === Name);
  }),
  'registry': ({ call, place }, names) => listed(place, names, async () => {
    const found = await pages(call, 'servicediscovery', 'ListServices', { MaxResults: 100 }, { list: 'Services', ...TOKEN });
    return (name) => found.some(({ Arn }) => name === Arn);
  }),
  'subnet': ({ call, place }, names) => listed(place, names, (ours) => fromVpc(call, 'Subnets', 'subnet-id', 'SubnetId', ours)),
  'security group': ({ call, place }, names) => listed(place, names, (ours) => fromVpc(call, 'SecurityGroups', 'group-id', 'GroupId', ours)),
  'capacity provider': ({ call, place }, names) => listed(place, names, async (ours) => {
    const found = await Promise.all(parts(ours, 100).map((capacityProviders) => pages(
      call, 'ecs', 'DescribeCapacityProviders', { capacityProviders }, { list: 'capacityProviders', token: 'nextToken' })));
    return (name) => found.flat().some((one) => one.status === 'ACTIVE' && [one.name, one.capacityProviderArn].includes(name));
  }),
  'event bus': ({ call, place }, names) => listed(place, names, async () => {
    const found = await pages(call, 'events', 'ListEventBuses', {}, { list: 'EventBuses', ...TOKEN });
    return (name) => found.some(({ Arn, Name }) => name === Arn || name === Name);
  }),
  'schedule group': ({ call }, names) => each(names, (Name) => whether(call('scheduler', 'GetScheduleGroup', { Name }), ['ResourceNotFoundException'])),
  'image': checkImages,
  'task definition': async (_, names) => new Map(names.map((name) => [name, { problem: 'is not in the snapshot' }])),
};

/** What is wrong with what is needed. Each name is asked for once. A call that fails leaves what it asked for as not checked. */
export async function checkNeeds(checking: Checking, needs: Need[]): Promise<(need: Need) => Verdict | undefined> {
  const kinds = [...new Set(needs.map(({ kind }) => kind))];
  const verdicts = new Map(await Promise.all(kinds.map(async (kind): Promise<[NeededKind, Verdicts | Verdict]> => {
    const ofKind = needs.filter((need) => need.kind === kind);
    const check = CHECKS[kind];
    return [kind, check === undefined
      ? { notChecked: 'this runbook does not check it' }
      : await check(checking, [...new Set(ofKind.map(keyOf))], ofKind).catch(notChecked)];
  })));
  return (need) => {
    const found = verdicts.get(need.kind)!;
    return found instanceof Map ? found.get(keyOf(need)) : found;
  };
}

/** What a check is asked for. A role has one for each service that assumes it. */
function keyOf(need: Need): string {
  return need.assumedBy === undefined ? nameOf(need) : `${need.name} ${need.assumedBy}`;
}

/** An image that two services run can have a digest for each. */
export function nameOf({ kind, name, digest }: Need): string {
  return kind === 'image' && digest !== undefined && !name.includes('@') ? `${name.replace(/:[\w.-]+$/, '')}@${digest}` : name;
}

/** What a call that failed says: nothing. */
export function notChecked(error: unknown): Verdict {
  if (error instanceof CallError) {
    return { notChecked: error.name === 'OutOfTime' ? 'there was no time left' : `${error.message} failed with ${error.name}` };
  }
  throw error;
}

/** What an answer says, or that there is none because what was asked for is missing. */
async function whether(
  answer: Promise<any>, missing: string[], judge: (answer: any) => Verdict | undefined = () => undefined,
): Promise<Verdict | undefined> {
  try {
    return judge(await answer);
  } catch (error) {
    return error instanceof CallError && missing.includes(error.name) ? MISSING : notChecked(error);
  }
}

async function each(names: string[], check: (name: string) => Promise<Verdict | undefined>): Promise<Verdicts> {
  const all = await Promise.all(names.map(async (name) => [name, await check(name)] as const));
  return new Map(all.flatMap(([name, verdict]) => verdict === undefined ? [] : [[name, verdict]]));
}

function eachInAccount(place: Place, names: string[], check: (name: string) => Promise<Verdict | undefined>): Promise<Verdicts> {
  return each(names, async (name) => elsewhere(place, name) ?? check(name));
}

/** For what is listed all at once, without what is elsewhere. */
async function listed(place: Place, names: string[], list: (ours: string[]) => Promise<(name: string) => boolean>): Promise<Verdicts> {
  const ours = names.filter((name) => elsewhere(place, name) === undefined);
  const answer = ours.length === 0 ? () => true : await list(ours).catch(notChecked);
  return each(names, async (name) => elsewhere(place, name) ?? (typeof answer === 'function' ? answer(name) ? undefined : MISSING : answer));
}

/** What others share with the account can't be read here. A name without an ARN is in the account and Region. */
function elsewhere({ account, region }: Place, name: string): Verdict | undefined {
  const [prefix, , , ofRegion = '', ofAccount = ''] = name.split(':');
  if (prefix !== 'arn') {
    return undefined;
  }
  return ofAccount !== '' && ofAccount !== account
    ? { notChecked: `it is in the account ${ofAccount}` }
    : ofRegion !== '' && ofRegion !== region ? { notChecked: `it is in the Region ${ofRegion}` } : undefined;
}

/**
 * Whether a trust policy allows a service to assume its role. Its conditions are not evaluated: only the service knows their values. In China,
 * the names of services may end with those of the partition.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html for the encoding
 */
function trusts(document: string, service: string): boolean {
  const { Statement } = JSON.parse(decodeURIComponent(document));
  const names = ['*', `${service}.amazonaws.com`, `${service}.amazonaws.com.cn`];
  return [Statement].flat().some(({ Effect, Principal }) => Effect === 'Allow' && [Principal?.Service ?? Principal].flat().some((name) => names.includes(name)));
}

function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** The ARN of `/shop` is that of `shop`, so both may be meant. */
function parameterNames(name: string): string[] {
  const [, path] = /:parameter\/(.+)$/.exec(name) ?? [];
  return path === undefined ? [name] : path.includes('/') ? [`/${path}`] : [path, `/${path}`];
}

/** What all names begin with. */
function prefixOf([first = '', ...others]: string[]): string {
  return others.reduce((prefix, name) => {
    const end = [...prefix].findIndex((letter, index) => name[index] !== letter);
    return end < 0 ? prefix : prefix.slice(0, end);
  }, first);
}

async function fromVpc(call: Call, list: string, Name: string, id: string, ids: string[]): Promise<(name: string) => boolean> {
  const found = await Promise.all(parts(ids, 200).map((Values) => pages(call, 'ec2', `Describe${list}`, { Filters: [{ Name, Values }] }, { list, ...TOKEN })));
  const known = new Set(found.flat().map((one) => one[id]));
  return (name) => known.has(name);
}

const IMAGE = /^(?<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.[a-z0-9.-]+)\/(?<repository>[^:@]+)(?::(?<tag>[\w.-]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Each image by its digest, which is what a service pulls, or by its tag if the digest is unknown; up to 100 of a repository in a call. */
async function checkImages({ call, place }: Checking, names: string[]): Promise<Verdicts> {
  const byRepository = new Map<string, { readonly name: string; readonly id: object }[]>();
  const verdicts: Verdicts = new Map();
  for (const name of names) {
    const { account, region, repository, tag = 'latest', digest } = IMAGE.exec(name)?.groups ?? {};
    if (account !== place.account || region !== place.region) {
      verdicts.set(name, { notChecked: 'it is in another registry' });
    } else {
      byRepository.set(repository, [...byRepository.get(repository) ?? [], { name, id: digest ? { imageDigest: digest } : { imageTag: tag } }]);
    }
  }
  await Promise.all([...byRepository].flatMap(([repositoryName, all]) => parts(all, 100).map(async (images) => {
    const set = (verdict: Verdict | undefined) => verdict && images.forEach(({ name }) => verdicts.set(name, verdict));
    set(await whether(call('ecr', 'BatchGetImage', { repositoryName, imageIds: images.map(({ id }) => id) }), ['RepositoryNotFoundException'], ({ failures = [] }) => {
      for (const { imageId = {}, failureCode } of failures) {
        images.filter(({ id }) => Object.entries(id).every(([member, value]) => imageId[member] === value))
          .forEach(({ name }) => verdicts.set(name, failureCode === 'ImageNotFound' ? { problem: 'is not in its repository' } : { problem: `can't be pulled: ${failureCode}` }));
      }
      return undefined;
    }).then((verdict) => verdict === MISSING ? { problem: "can't be pulled, because its repository does not exist" } : verdict));
  })));
  return verdicts;
}
