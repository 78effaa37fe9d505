import { safely } from '../../src/capture/aws-call.lambda-shared';
import type { Call } from '../../src/capture/aws-call.lambda-shared';
import type { Place } from '../../src/capture/document-store.lambda-shared';
import { paced } from '../../src/capture/pacing.lambda-shared';
import type { Clock } from '../../src/capture/pacing.lambda-shared';
import { captureCluster } from '../../src/ecs-config/ecs-document.lambda-shared';
import { ECS_RATES } from '../../src/ecs-config/ecs-reads.contract';
import { PREFLIGHT_RATES } from '../../src/ecs-restore/ecs-preflight-checks.lambda-shared';
import { checkWanted } from '../../src/ecs-restore/ecs-preflight.lambda-shared';
import { RunFailed } from '../../src/execution/recovery-work.lambda-shared';
import type { ReportedObject, Run, StepResult } from '../../src/execution/recovery-work.lambda-shared';
import { ACCOUNT, failure, FakeAwsApis, REGION } from '../ecs-config/fake-aws-apis';
import type { FakeState } from '../ecs-config/fake-aws-apis';
import { SETTINGS } from '../ecs-config/invocations';

/** What there is, of what a restore needs; names as AWS answers them. */
export interface Existing {
  roles: string[];
  /** Trust policies, by role; those that are not here trust Amazon ECS or its tasks, Amazon EventBridge or its Scheduler by the name of the role. */
  trustPolicies: Record<string, object>;
  /** ARNs. */
  secrets: string[];
  /** ARNs of those that are scheduled for deletion. */
  deletedSecrets: string[];
  parameters: string[];
  logGroups: string[];
  /** `bucket/key` */
  objects: string[];
  scheduleGroups: string[];
  /** `repository@digest` or `repository:tag` */
  images: string[];
  vcpus: number;
}

interface Options {
  readonly services?: string[];
  readonly problems?: string[];
  readonly deadline?: number;
}

/** The services that assume roles of these names. */
const USERS_OF_ROLES: Record<string, string> = { events: 'events', scheduler: 'scheduler', services: 'ecs' };

/** A trust policy as AWS's pages have it for a service. */
export function trustIn(service: string, members: object = {}): object {
  const statement = { Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' };
  return { Version: '2012-10-17', Statement: [{ ...statement, ...members }] };
}

type Operation = (existing: Existing, input: any, state: FakeState) => any;

/** The APIs that a preflight alone calls. */
export const PREFLIGHT_OPERATIONS: Record<string, Operation> = {
  'iam:GetRole': ({ roles, trustPolicies }, { RoleName }) => there(roles.includes(RoleName), 'NoSuchEntityException', {
    Role: { RoleName, AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trustPolicies[RoleName] ?? trustIn(USERS_OF_ROLES[RoleName] ?? 'ecs-tasks'))) },
  }),
  'secretsmanager:DescribeSecret': ({ secrets, deletedSecrets }, { SecretId }) => there(
    secrets.some((arn) => [arn, arn.replace(/^.*:secret:(.*)-\w{6}$/, '$1')].includes(SecretId)), 'ResourceNotFoundException',
    { ARN: SecretId, ...deletedSecrets.includes(SecretId) && { DeletedDate: 1764390000 } }),
  'ssm:DescribeParameters': ({ parameters }, { ParameterFilters: [{ Key, Option, Values }], MaxResults }) => {
    expect([Key, Option, Values.length <= 50, MaxResults <= 50]).toEqual(['Name', 'Equals', true, true]);
    return { Parameters: parameters.filter((name) => Values.includes(name)).map((Name) => ({ Name })) };
  },
  'logs:DescribeLogGroups': ({ logGroups }, { logGroupNamePrefix = '', limit, nextToken = '0' }) => {
    expect(limit).toBeLessThanOrEqual(50);
    const all = logGroups.filter((name) => name.startsWith(logGroupNamePrefix));
    const end = Number(nextToken) + limit;
    const page = all.slice(Number(nextToken), end).map((logGroupName) => ({ logGroupName }));
    return { logGroups: page, nextToken: end < all.length ? String(end) : undefined };
  },
  's3:ListObjectsV2': ({ objects }, { Bucket, Prefix, MaxKeys }) => there(objects.some((name) => name.startsWith(`${Bucket}/`)), 'NoSuchBucket', {
    Contents: objects.filter((name) => name.startsWith(`${Bucket}/${Prefix}`)).sort().slice(0, MaxKeys)
      .map((name) => ({ Key: name.slice(Bucket.length + 1) })),
  }),
  'servicediscovery:ListServices': (_, __, { discoveryServices }) => ({ Services: discoveryServices }),
  'scheduler:GetScheduleGroup': ({ scheduleGroups }, { Name }) => there(scheduleGroups.includes(Name), 'ResourceNotFoundException', { Name }),
  'ecr:BatchGetImage': ({ images }, { repositoryName, imageIds }) => {
    expect(imageIds.length).toBeLessThanOrEqual(100);
    const nameOf = ({ imageDigest, imageTag }: any) => imageDigest ? `${repositoryName}@${imageDigest}` : `${repositoryName}:${imageTag}`;
    return there(images.some((name) => name.startsWith(repositoryName)), 'RepositoryNotFoundException', {
      images: imageIds.filter((id: any) => images.includes(nameOf(id))).map((imageId: any) => ({ imageId })),
      failures: imageIds.filter((id: any) => !images.includes(nameOf(id))).map((imageId: any) => ({ imageId, failureCode: 'ImageNotFound' })),
    });
  },
  'servicequotas:GetServiceQuota': ({ vcpus }, input) => {
    expect(input).toEqual({ ServiceCode: 'fargate', QuotaCode: 'L-3032A538' });
    return { Quota: { Value: vcpus } };
  },
};

function there(is: boolean, error: string, answer: any): any {
  if (!is) {
    throw failure(error);
  }
  return answer;
}

/** All that the state refers to. */
export function existingIn(state: FakeState): Existing {
  const containers = Object.values(state.taskDefinitions).flatMap(({ taskDefinition }) => taskDefinition.containerDefinitions);
  return {
    roles: ['execution', 'task', 'events', 'scheduler'],
    trustPolicies: {},
    secrets: containers.flatMap(({ secrets }) => secrets.map(({ valueFrom }: any) => valueFrom)),
    deletedSecrets: [],
    parameters: [],
    logGroups: ['/ecs/exec', ...containers.map(({ logConfiguration }) => logConfiguration.options['awslogs-group'])].sort(),
    objects: [],
    scheduleGroups: [],
    images: state.repositories.flatMap(({ repository: { repositoryName }, images }) =>
      images.flatMap(({ digest, tags }) => [`${repositoryName}@${digest}`, ...tags.map((tag) => `${repositoryName}:${tag}`)])),
    vcpus: 100_000,
  };
}

/** An account in which a cluster was captured, and in which it is to be restored. */
export class PreflightFake {
  public readonly aws: FakeAwsApis;
  public readonly existing: Existing;
  public readonly calls: { readonly name: string; readonly input: any; readonly at: number }[] = [];
  public readonly place: Place;
  public passableRoles: string[];
  public parameters: Record<string, string> = { Services: '*', Existing: 'SKIP', DesiredCount: 'AsCaptured' };
  /** What fails, by call, with an error of that name. */
  public readonly failing = new Map<string, string>();

  public readonly call: Call = safely(async (service, operation, input) => {
    const name = `${service}:${operation}`;
    this.calls.push({ name, input, at: this.clock.now() });
    if (this.failing.has(name)) {
      throw failure(this.failing.get(name)!);
    }
    const answer = PREFLIGHT_OPERATIONS[name];
    if (answer === undefined) {
      return this.aws.call(service, operation, input);
    }
    await this.clock.sleep(40);
    return answer(this.existing, input, this.aws.state);
  });

  /** @param account Whose ARNs the state has */
  constructor(state: FakeState, account = ACCOUNT) {
    this.place = { partition: 'aws', region: REGION, account };
    this.passableRoles = ['execution', 'task', 'events', 'scheduler'].map((name) => `arn:aws:iam::${account}:role/${name}`);
    this.aws = new FakeAwsApis(state);
    this.existing = existingIn(state);
  }

  public get clock(): Clock {
    return this.aws.clock;
  }

  public snapshot(name = 'prod'): Promise<any> {
    const call = paced(safely(this.aws.call), ECS_RATES, this.clock, { at: Infinity });
    return captureCluster(call, name, this.place, SETTINGS).then(({ content, notCaptured }) => ({ ...content, notCaptured }));
  }

  public async check(snapshot: any, { services = namesIn(snapshot), problems = [], deadline = Infinity }: Options = {}): Promise<StepResult> {
    const run: Partial<Run> = {
      call: paced(this.call, PREFLIGHT_RATES, this.clock, { at: deadline }),
      clock: this.clock,
      deadline,
      place: this.place,
      settings: { passableRoles: this.passableRoles } as unknown as Run['settings'],
      parameters: this.parameters,
    };
    return checkWanted(run as Run, { snapshot, services, problems });
  }

  /** The problems that a preflight ends with. */
  public async problems(snapshot: any, options: Options = {}): Promise<string[]> {
    const error = await this.check(snapshot, options).then(() => undefined, (thrown) => thrown);
    if (!(error instanceof RunFailed)) {
      throw error ?? new Error('the preflight found nothing');
    }
    return error.problems;
  }
}

const namesIn = (snapshot: any): string[] => snapshot.services.map(({ service }: any) => service.serviceName);

export function notChecked({ objects }: StepResult): [string, string][] {
  return objects.filter(({ why }: ReportedObject) => why.startsWith('Not checked')).map(({ what, name }) => [what, name]);
}
