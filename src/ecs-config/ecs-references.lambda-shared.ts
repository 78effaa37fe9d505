import { nameIn, sortedBy, unless } from './ecs-cluster-reads.lambda-shared';
import { pages, parts } from '../capture/aws-call.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';
import type { Place } from '../capture/document-store.lambda-shared';

/** What EC2 takes in a filter. */
const FILTER_VALUES = 200;

export interface Runners {
  /** EventBridge rules with their targets. */
  readonly rules: { readonly rule: any; readonly targets: any[] }[];
  /** EventBridge Scheduler. */
  readonly schedules: any[];
}

/** What runs tasks in a cluster, on whatever bus or in whatever group. */
export async function readRunners(call: Call, clusterArn: string): Promise<Runners> {
  const [rules, schedules] = await Promise.all([readRules(call, clusterArn), readSchedules(call, clusterArn)]);
  return { rules, schedules };
}

async function readRules(call: Call, TargetArn: string): Promise<Runners['rules']> {
  const token = 'NextToken';
  const buses = await pages(call, 'events', 'ListEventBuses', {}, { list: 'EventBuses', token });
  const rules = await Promise.all(buses.map(async ({ Name: EventBusName }) => {
    const names: string[] = await pages(call, 'events', 'ListRuleNamesByTarget', { TargetArn, EventBusName }, { list: 'RuleNames', token });
    return Promise.all(names.map(async (Name) => ({
      rule: await call('events', 'DescribeRule', { Name, EventBusName }),
      targets: sortedBy(await pages(call, 'events', 'ListTargetsByRule', { Rule: Name, EventBusName }, { list: 'Targets', token }), ({ Id }) => Id),
    })));
  }));
  return sortedBy(rules.flat(), ({ rule }) => rule.Arn);
}

async function readSchedules(call: Call, clusterArn: string): Promise<any[]> {
  const all = await pages(call, 'scheduler', 'ListSchedules', { MaxResults: 100 }, { list: 'Schedules', token: 'NextToken' });
  const ours = all.filter(({ Target }) => Target?.Arn === clusterArn);
  return sortedBy(await Promise.all(ours.map(({ GroupName, Name }) => call('scheduler', 'GetSchedule', { GroupName, Name }))), ({ Arn }) => Arn);
}

/** What the configuration refers to: as much of it as it takes to find the same in another region or account. */
export async function readReferences(call: Call, configuration: object, { account }: Place) {
  const named = namesIn(configuration);
  const registryArns = named('registryArn').filter((arn) => arn.split(':')[4] === account); // others may be shared with the account
  const [targetGroups, namespaces, subnets, securityGroups] = await Promise.all([
    readTargetGroups(call, named('targetGroupArn', 'alternateTargetGroupArn')),
    readNamespaces(call, named('namespace'), registryArns),
    readFromVpc(call, 'Subnets', 'subnet-id', 'SubnetId', named('subnets')),
    readFromVpc(call, 'SecurityGroups', 'group-id', 'GroupId', named('securityGroups')),
  ]);
  return { targetGroups, namespaces, subnets, securityGroups };
}

/** The names of log groups, and of secrets and parameters. */
export function namesOfLogsAndSecrets(configuration: object): { readonly logGroups: string[]; readonly secretNames: string[] } {
  const named = namesIn(configuration);
  return { logGroups: named('awslogs-group', 'cloudWatchLogGroupName'), secretNames: named('valueFrom', 'credentialsParameter') };
}

/** All texts that are values, or in lists that are values, of members with these names, in any case: EventBridge has its own. */
function namesIn(configuration: object): (...members: string[]) => string[] {
  const found = new Map<string, Set<string>>();
  const visit = (value: unknown, member: string) => {
    if (typeof value === 'string') {
      found.set(member, (found.get(member) ?? new Set()).add(value));
    } else if (Array.isArray(value)) {
      value.forEach((item) => visit(item, member));
    } else if (typeof value === 'object' && value !== null) {
      Object.entries(value).forEach(([name, item]) => visit(item, name.toLowerCase()));
    }
  };
  visit(configuration, '');
  return (...members) => members.flatMap((member) => [...found.get(member.toLowerCase()) ?? []]).sort();
}

/** All of them are read, since a call fails as a whole if one of those that it names is gone. */
async function readTargetGroups(call: Call, arns: string[]): Promise<any[]> {
  const all = arns.length === 0 ? [] : await pages(
    call, 'elasticloadbalancing', 'DescribeTargetGroups', { PageSize: 400 }, { list: 'TargetGroups', token: 'NextMarker', inputToken: 'Marker' });
  return sortedBy(all.filter(({ TargetGroupArn }) => arns.includes(TargetGroupArn)), ({ TargetGroupArn }) => TargetGroupArn);
}

/** Namespaces that are named, by name or ARN, and those of registries, each with its registries. */
async function readNamespaces(call: Call, names: string[], registryArns: string[]): Promise<any[]> {
  if (names.length === 0 && registryArns.length === 0) {
    return [];
  }
  const [all, ...registries] = await Promise.all([
    pages(call, 'servicediscovery', 'ListNamespaces', {}, { list: 'Namespaces', token: 'NextToken' }),
    ...registryArns.map((arn) => unless(['ServiceNotFound'], call('servicediscovery', 'GetService', { Id: nameIn(arn) }))),
  ]);
  const withServices = all.map((namespace) => ({
    ...namespace, services: registries.flatMap((answer) => answer?.Service?.NamespaceId === namespace.Id ? [answer.Service] : []),
  }));
  const ours = withServices.filter(({ Arn, Name, services }) => services.length > 0 || names.includes(Arn) || names.includes(Name));
  return sortedBy(ours, ({ Arn }) => Arn);
}

async function readFromVpc(call: Call, list: 'Subnets' | 'SecurityGroups', filter: string, id: string, ids: string[]): Promise<any[]> {
  const found = await Promise.all(parts(ids, FILTER_VALUES).map((Values) => pages(
    call, 'ec2', `Describe${list}`, { Filters: [{ Name: filter, Values }] }, { list, token: 'NextToken' })));
  const members = [id, 'GroupName', 'Description', 'VpcId', 'AvailabilityZone', 'CidrBlock', 'Tags'];
  const described = found.flat().map((one) => Object.fromEntries(members.filter((member) => member in one).map((member) => [member, one[member]])));
  return sortedBy(described, (one) => one[id]);
}
