import { CAPACITY_PROVIDERS, REVISION, SERVICE, TASK_DEFINITION, TASK_SET } from './recorded';
import type { CapturedService } from '../../src/ecs-config/ecs-cluster-reads.lambda-shared';
import { findImages, findSecrets, notCapturedOf } from '../../src/ecs-config/ecs-findings.lambda-shared';
import type { ClusterParts, RunContainer } from '../../src/ecs-config/ecs-findings.lambda-shared';

const [WORDPRESS, MYSQL] = TASK_DEFINITION.containerDefinitions;
const NO_SCALING = { targets: [], policies: [], scheduledActions: [] };

function container(definition: object, runner = 'my-http-service'): RunContainer {
  const { image = 'nginx' } = definition as { image?: string };
  return { runner, definition: { name: 'web', ...definition }, image: { image } };
}

describe('plaintext secrets', () => {
  test('are found in the task definition that the documentation of AWS has', () => {
    expect(findSecrets([container(WORDPRESS), container(MYSQL)], [])).toEqual([{ rule: 'plaintext-secret', where: 'my-http-service/mysql/MYSQL_ROOT_PASSWORD' }]);
  });

  test.each([
    ['a variable', { environment: [{ name: 'API_TOKEN', value: 'abc' }] }, ['API_TOKEN']],
    ['an option of a log driver', { logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': 'abc', 'splunk-url': 'https://x' } } }, ['splunk-token']],
    ['an option of FireLens', { firelensConfiguration: { type: 'fluentbit', options: { apikey: 'abcdef' } } }, ['apikey']],
    ['a label', { dockerLabels: { key: 'AKIAIOSFODNN7EXAMPLE' } }, ['key']],
    ['the command', { command: ['--db', 'postgres://app:hunter2@db/app'] }, ['command']],
    ['the entry point', { entryPoint: ['sh', '-c', 'TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345 run'] }, ['entryPoint']],
    ['the health check', { healthCheck: { command: ['CMD', 'curl https://u:p4ssw0rd@localhost'] } }, ['healthCheck.command']],
    ['none of what is referred to', { secrets: [{ name: 'DB_PASSWORD', valueFrom: 'arn:aws:ssm:eu-west-2:111122223333:parameter/db' }] }, []],
  ])('are looked for in %s', (_, definition, expected) => {
    expect(findSecrets([container(definition)], []).map(({ where }) => where)).toEqual(expected.map((name) => `my-http-service/web/${name}`));
  });

  test('are looked for in what a rule or a schedule overrides', () => {
    const input = JSON.stringify({ containerOverrides: [{ name: 'web', environment: [{ name: 'DB_PASSWORD', value: 'hunter2' }] }] });

    expect(findSecrets([], [{ runner: 'nightly', input }])).toEqual([{ rule: 'plaintext-secret', where: 'nightly/web/DB_PASSWORD' }]);
  });

  test('are not looked for in an input that is no JSON, or that there is none of', () => {
    expect(findSecrets([], [{ runner: 'on-order', input: '{"id": <id>}' }, { runner: 'nightly' }])).toEqual([]);
  });

  test('are named once, by name, whatever the number of task definitions of the service', () => {
    const definition = { environment: [{ name: 'B_TOKEN', value: 'abc' }, { name: 'A_TOKEN', value: 'abc' }] };

    expect(findSecrets([container(definition), container(definition)], []).map(({ where }) => where))
      .toEqual(['my-http-service/web/A_TOKEN', 'my-http-service/web/B_TOKEN']);
  });
});

describe('images', () => {
  const image = '111122223333.dkr.ecr.eu-west-2.amazonaws.com/web:1.2';

  test('with a tag that can move are found, as those of the documentation of AWS', () => {
    expect(findImages([container(WORDPRESS), container(MYSQL)], [])).toEqual([
      { rule: 'movable-tag', where: 'my-http-service/mysql' }, { rule: 'movable-tag', where: 'my-http-service/wordpress' },
    ]);
  });

  test('that are not kept are found with the container, and the region that has none', () => {
    const kept = {
      image, isFound: true, repository: { imageTagMutability: 'IMMUTABLE' }, lifecyclePolicyText: '{"rules":[{"selection":{"tagStatus":"any"}}]}', replication: [],
    };

    expect(findImages([{ ...container({ image }), image: kept }], ['eu-west-1', 'us-east-1'])).toEqual([
      { rule: 'image-may-be-deleted', where: 'my-http-service/web' },
      { rule: 'image-not-in-region', where: 'my-http-service/web/eu-west-1' },
      { rule: 'image-not-in-region', where: 'my-http-service/web/us-east-1' },
    ]);
  });
});

describe('what is not captured', () => {
  const CLUSTER = { clusterName: 'default', runningTasksCount: 10, pendingTasksCount: 0 };
  const NOTHING: ClusterParts = { cluster: CLUSTER, capacityProviders: [], services: [], daemons: [], missingTaskDefinitions: [], images: [] };

  function service(others: object = {}, revision: object | undefined = REVISION): CapturedService {
    return { service: { ...SERVICE, ...others }, ...revision && { revision }, rolloutState: 'COMPLETED', scaling: NO_SCALING };
  }

  function named(parts: Partial<ClusterParts>, imageRegions: string[] = []): string[] {
    return notCapturedOf({ ...NOTHING, services: [service()], ...parts }, imageRegions).map(({ what, name }) => `${what}: ${name}`);
  }

  test('is nothing of a service as the documentation of AWS has it, with a revision', () => {
    expect(named({})).toEqual([]);
  });

  test.each<[string, Partial<ClusterParts>, string]>([
    ['an Express Mode service', { services: [service({ resourceManagementType: 'ECS' })] }, 'Express Mode service: my-http-service'],
    ['a daemon', { daemons: [{ daemonArn: 'arn:aws:ecs:us-west-2:123456789012:daemon/default/agent' }] }, 'daemon: agent'],
    ['a service behind a gateway', { services: [service({}, { ...REVISION, gatewayConnectors: [{ portName: 'http' }] })] }, 'gateway connection: my-http-service'],
    ['task sets of an external controller', {
      services: [service({ deploymentController: { type: 'EXTERNAL' }, taskSets: [TASK_SET] })],
    }, 'task sets: my-http-service'],
    ['a CodeDeploy group', { services: [service({ deploymentController: { type: 'CODE_DEPLOY' } })] }, 'CodeDeploy deployment group: my-http-service'],
    ['a revision of before there were any', { services: [{ ...service(), revision: undefined }] }, 'service revision: my-http-service'],
    ['an Auto Scaling group', { capacityProviders: CAPACITY_PROVIDERS }, 'Auto Scaling group: MyAutoScalingGroup'],
    ['standalone tasks', { cluster: { ...CLUSTER, runningTasksCount: 12, pendingTasksCount: 1 } }, 'standalone tasks: default'],
    ['a task definition that is gone', { missingTaskDefinitions: ['arn:aws:ecs:us-west-2:123456789012:task-definition/old:1'] },
      'task definition: arn:aws:ecs:us-west-2:123456789012:task-definition/old:1'],
  ])('is %s, by name', (_, parts, expected) => {
    expect(named(parts)).toEqual([expected]);
  });

  test('is whether an image of another registry is elsewhere', () => {
    const images = [{ image: 'public.ecr.aws/aws-observability/aws-otel-collector:v0.32.0' }];

    expect(named({ images }, ['eu-west-1'])).toEqual(['image: public.ecr.aws/aws-observability/aws-otel-collector:v0.32.0']);
    expect(named({ images })).toEqual([]);
  });

  test('is counted, where it is counted', () => {
    const [{ why }] = notCapturedOf({ ...NOTHING, services: [service()], cluster: { ...CLUSTER, runningTasksCount: 13 } }, []);

    expect(why).toBe('no service runs 3 of the tasks, and nothing starts them again');
  });
});
