import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, EC2Client,
} from '@aws-sdk/client-ec2';
import type { Tag } from '@aws-sdk/client-ec2';
import { logGroupIn, measured, namesIn, variables, wordsOf } from './ecs-recovery';
import type { Context } from '../context';
import type { Promises } from '../promises';
import { comparableOf } from '../restored';
import type { Runbook } from '../restores';
import { startOf, startsOn } from '../runbook-page';
import { endOf } from '../runs';
import type { Ended } from '../runs';
import { configurationOf, differences, valuesIn } from '../snapshots';
import type { Json } from '../snapshots';
import { count, hold } from '../step';
import type { Step } from '../step';

const PAGE = 'ecs-service-gone.md';
const { restore } = startsOn(PAGE);

/** The region of a cluster is lost, and its services come back in another one. */
export function ecsRegionRecovery({ captures, restoresElsewhere: runbook }: Promises): Step[] {
  if (runbook === undefined) {
    return [];
  }
  const promised = runbook.objectives.map(({ rtoSeconds }) => ` within ${rtoSeconds / 3600} h`).join('');
  return [
    {
      id: 'ecs:region-preflight',
      promise: `${runbook.document} of ${runbook.region} names all that has to be there before the services can, and makes nothing`,
      needs: ['ecs:restore-cluster'],
      run: async (context) => {
        const { status, record } = await run(context, runbook);
        hold(status === 'Failed' && record.status === 'FAILED', () => wordsOf(status, record));
        const problems = (record.problems as string[]).join(' ');
        const [{ subnets, securityGroups }] = networksIn(context.recall('captured'));
        const wanted = [logGroupIn(context.recall('captured')), ...await namesOf(context, subnets), ...await groupNamesOf(context, securityGroups)];
        const unnamed = wanted.filter((name) => !problems.includes(name));
        hold(unnamed.length === 0, () => `it does not name ${unnamed.join(', ')}: ${problems}`);
        return `${count((record.problems as string[]).length, 'problem')}, which name ${wanted.join(', ')}`;
      },
    },
    {
      id: 'ecs:restore-region',
      promise: `the command of ${PAGE} brings the cluster back in ${runbook.region} from the replica of the snapshots${promised}, once its network and log group are there`,
      needs: ['ecs:region-preflight'],
      run: async (context) => {
        const captured = context.recall('captured');
        const counterparts = await prepare(context, runbook, captured);
        const ended = await run(context, runbook);
        hold(ended.status === 'Success' && ended.record.status === 'COMPLETED', () => wordsOf(ended.status, ended.record));
        const after = await configurationOf(context, runbook.region);
        hold(after.services.every(({ service }: Json) => service.runningCount === service.desiredCount), 'not all tasks run');
        const expected = counterparts.reduce((text, [there, here]) => text.replaceAll(there, here), JSON.stringify(comparableOf(captured)));
        const found = comparableOf(after, ended.id);
        const different = differences(JSON.parse(expected), found);
        hold(different.length === 0, () => `different in ${count(different.length, 'value')}: ${different.slice(0, 5).join(', ')}`);
        const refused = (await context.aws.calls()).filter(({ principal, outcome }) => principal.includes(`role/${runbook.roleName}`) && /denied|not authorized/i.test(outcome));
        hold(refused.length === 0, () => `refused: ${refused.map(({ service, action }) => `${service}:${action}`).join(', ')}`);
        return `${namesIn(after).join(', ')}, ${valuesIn(found)} values as they were in ${captures.region}; ${await measured(context, ended, runbook)}`;
      },
    },
  ];
}

function run(context: Context, runbook: Runbook): Promise<Ended> {
  return endOf(context, startOf(restore, { ...variables(context), DOCUMENT: runbook.document, SERVICE: '*' }), runbook);
}

interface Network {
  readonly subnets: string[];
  readonly securityGroups: string[];
}

function networksIn({ services }: Json): Network[] {
  return services.map(({ service }: Json) => service.networkConfiguration.awsvpcConfiguration as Network);
}

function network(context: Context, region = context.promises.captures.region): EC2Client {
  return context.aws.client(EC2Client, context.promises.captures.account, region);
}

async function namesOf(context: Context, SubnetIds: string[]): Promise<string[]> {
  const { Subnets = [] } = await network(context).send(new DescribeSubnetsCommand({ SubnetIds }));
  return Subnets.map(({ Tags }) => nameIn(Tags));
}

async function groupNamesOf(context: Context, GroupIds: string[]): Promise<string[]> {
  const { SecurityGroups = [] } = await network(context).send(new DescribeSecurityGroupsCommand({ GroupIds }));
  return SecurityGroups.map(({ GroupName }) => GroupName!);
}

const nameIn = (tags: Tag[] = []) => tags.find(({ Key }) => Key === 'Name')!.Value!;

/**
 * What a team has in its other region before it needs it: the same network, with the same names, and a log group.
 *
 * @returns what is called otherwise in the other region, and how
 */
async function prepare(context: Context, { account, region }: Runbook, captured: Json): Promise<[there: string, here: string][]> {
  const { region: from } = context.promises.captures;
  const [{ subnets, securityGroups }] = networksIn(captured);
  const client = network(context, region);
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
  const pairs: [string, string][] = [];
  for (const [index, Value] of (await namesOf(context, subnets)).entries()) {
    const { Subnet } = await client.send(new CreateSubnetCommand({
      VpcId: Vpc!.VpcId,
      CidrBlock: `10.1.${index}.0/24`,
      AvailabilityZone: `${region}${'abc'[index]}`,
      TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'Name', Value }] }],
    }));
    pairs.push([subnets[index], Subnet!.SubnetId!]);
  }
  for (const [index, GroupName] of (await groupNamesOf(context, securityGroups)).entries()) {
    const { GroupId } = await client.send(new CreateSecurityGroupCommand({ GroupName, Description: 'Tasks', VpcId: Vpc!.VpcId }));
    pairs.push([securityGroups[index], GroupId!]);
  }
  await context.aws.client(CloudWatchLogsClient, account, region).send(new CreateLogGroupCommand({ logGroupName: logGroupIn(captured) }));
  return [...pairs, [from, region]];
}
