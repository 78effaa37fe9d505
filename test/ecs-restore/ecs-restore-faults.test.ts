import { comparableAsRegistered } from './comparable';
import type { FakeEcs } from './fake-ecs';
import { contentOf, keep } from './runs';
import { AccountWithRuns } from './whole-runs';
import type { Fault } from '../ecs-config/fake-aws-apis';
import { accountWith } from '../ecs-config/fake-cluster';

const ARN = 'arn:aws:ecs:eu-west-2:111122223333';

interface Loss {
  readonly services: number;
  readonly lose: (aws: FakeEcs) => void;
  /** Calls of which one may be refused, and the run goes on: those of checks, which are reported, and of the look whether the run was stopped. */
  readonly reported: string[];
  /** What is there when the run begins: whatever a run might change of it. */
  readonly before: string[];
}

const REPORTED = [
  'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ecr:BatchGetImage', 'elasticloadbalancing:DescribeTargetGroups', 'iam:GetRole', 'logs:DescribeLogGroups',
  'secretsmanager:DescribeSecret', 'servicediscovery:ListNamespaces', 'servicediscovery:ListServices', 'servicequotas:GetServiceQuota', 'ssm:GetAutomationExecution',
];

/** What was lost. The task definition of one service was deregistered. What is left was changed by its owner, and is no reason to change it back. */
const LOSSES: Record<string, Loss> = {
  'two services of three': {
    services: 3,
    reported: REPORTED,
    lose: (aws) => {
      const [cluster] = aws.state.clusters;
      ['service-0000', 'service-0001'].forEach((name) => aws.deleteService(cluster, name));
      cluster.cluster.settings = [{ name: 'containerInsights', value: 'disabled' }];
      Object.assign(cluster.services[2], { healthCheckGracePeriodSeconds: 5, desiredCount: 1 });
      aws.state.rules[0].rule.State = 'DISABLED';
      aws.state.schedules[0].State = 'DISABLED';
    },
    before: [
      `${ARN}:cluster/prod`, `${ARN}:service/prod/service-0002`, 'scaling of service/prod/service-0002', 'arn:aws:events:eu-west-2:111122223333:rule/orders/on-order',
      'arn:aws:scheduler:eu-west-2:111122223333:schedule/default/nightly', 'arn:aws:scheduler:eu-west-2:111122223333:schedule/default/other',
    ],
  },
  'a cluster with its service': {
    services: 1,
    reported: [...REPORTED, 'events:ListEventBuses'].sort(),
    lose: (aws) => aws.deleteCluster(aws.state.clusters[0]),
    before: ['arn:aws:scheduler:eu-west-2:111122223333:schedule/default/other', `${ARN}:task-definition/nightly:7`],
  },
};

async function accountAfter({ services, lose, before }: Loss): Promise<AccountWithRuns> {
  const aws = new AccountWithRuns(accountWith('prod', { services }));
  keep(aws, await contentOf(aws));
  lose(aws);
  aws.state.taskDefinitions[`${ARN}:task-definition/service-0000:7`].taskDefinition.status = 'INACTIVE';
  aws.calls.splice(0);
  aws.changes.clear();
  const { clusters, rules, schedules, taskDefinitions } = aws.state;
  const arns = clusters.flatMap(({ cluster, services: all }) => [cluster.clusterArn, ...all.map(({ serviceArn }) => serviceArn)]);
  const there = [...arns, ...rules.map(({ rule }) => rule.Arn), ...schedules.map(({ Arn }) => Arn), ...Object.keys(taskDefinitions)];
  expect(before.filter((each) => !there.includes(each.replace(/^scaling of /, `${ARN}:`)))).toEqual([]);
  return aws;
}

/** All that a restore may leave: what a capture sees, and how many task definitions there are. */
async function endOf(aws: FakeEcs): Promise<object> {
  const { services, cluster } = aws.state.clusters[0];
  const states = [cluster, ...services].map(({ tags }: any) => tags.find(({ key }: any) => key === 'cdk-backup-dr:restore-state')?.value);
  const rules = [...aws.ruleTags.values()].map((tags) => tags.find(({ Key }) => Key === 'cdk-backup-dr:restore-state')?.Value);
  return { content: comparableAsRegistered(await contentOf(aws)), states, rules, taskDefinitions: Object.keys(aws.state.taskDefinitions).length };
}

describe.each(Object.keys(LOSSES))('after the loss of %s', (name) => {
  const loss = LOSSES[name];

  test.each<Fault['kind']>(['throttle', 'deny', 'crash'])('%s at every call from preflight to record: a second run ends as if nothing had been', async (kind) => {
    const undisturbed = await accountAfter(loss);
    expect(await undisturbed.run('execution-1')).toBeUndefined();
    const calls = undisturbed.calls.map(({ name: call }) => call);
    const expected = await endOf(undisturbed);
    expect([calls[0], calls.at(-1)]).toEqual(['ssm:GetAutomationExecution', 's3:PutObject']);
    expect(calls.length).toBeGreaterThan(150);
    expect(undisturbed.records).toEqual([{ record: expect.objectContaining({ status: 'COMPLETED', problems: [] }), versions: 1 }]);
    expect(undisturbed.records[0].record.objects.filter(({ why }: any) => why.includes('Not checked'))).toEqual([]);

    const unharmed: string[] = [];
    for (let at = 0; at < calls.length; at++) {
      const aws = await accountAfter(loss);
      aws.fault = { at, kind };
      const failed = await aws.run('execution-1');
      if (failed === undefined) {
        unharmed.push(calls[at]);
      }
      aws.revive();
      const second = failed && await aws.run('execution-2');

      expect({ at, failed: kind === 'throttle' ? failed : undefined }).toEqual({ at, failed: undefined });
      expect({ at, second }).toEqual({ at, second: undefined });
      expect({ at, end: await endOf(aws) }).toEqual({ at, end: expected });
      expect({ at, records: aws.records.map(({ record: { execution, status }, versions }) => [execution, status, versions]) }).toEqual({
        at, records: failed ? [['execution-1', expect.stringMatching(/FAILED|COMPLETED/), 1], ['execution-2', 'COMPLETED', 1]] : [['execution-1', 'COMPLETED', 1]],
      });
      expect({ at, changes: loss.before.map((each) => aws.changes.get(each) ?? 0) }).toEqual({ at, changes: loss.before.map(() => 0) });
      expect(aws.calls.filter(({ name: call }) => /:(Delete|Deregister|Remove|Untag|Stop|UpdateService)/.test(call))).toEqual([]);
    }
    expect([...new Set(unharmed)].sort()).toEqual({ throttle: [...new Set(calls)].sort(), deny: loss.reported, crash: [] }[kind]);
  }, 240_000);
});
