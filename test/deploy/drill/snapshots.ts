import { gunzipSync } from 'zlib';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { SnapshotBucket } from './captures';
import type { Context } from './context';

/** Any member of an answer of AWS, or of a snapshot. */
export type Json = any;

/** A JSON API of AWS. */
export interface Api {
  /** As `X-Amz-Target` has it. */
  readonly target: string;
  readonly service: string;
}

export const ECS: Api = { target: 'AmazonEC2ContainerServiceV20141113', service: 'ecs' };
export const SCALING: Api = { target: 'AnyScaleFrontendService', service: 'application-autoscaling' };
export const ECR: Api = { target: 'AmazonEC2ContainerRegistry_V20150921', service: 'ecr' };

export function objectsIn(context: Context, { account, region }: SnapshotBucket): S3Client {
  return context.aws.client(S3Client, account, region);
}

/** The prefix of the snapshots of a schedule, or of those of changes. */
export function prefixOf(context: Context, tier: string): string {
  const { account, region, cluster } = context.promises.captures;
  return `${tier}/ecs/${account}/${region}/${cluster}/`;
}

/** The keys of all snapshots of a schedule, or of those of changes, the oldest first. */
export async function snapshotsOf(context: Context, tier: string): Promise<string[]> {
  const { bucket } = context.promises.captures;
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: objectsIn(context, bucket) }, { Bucket: bucket.name, Prefix: prefixOf(context, tier) })) {
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key!));
  }
  return keys.sort();
}

/** What is in an object, by the root user of its account. */
export async function contentOf(context: Context, bucket: SnapshotBucket, Key: string): Promise<Uint8Array> {
  const { Body } = await objectsIn(context, bucket).send(new GetObjectCommand({ Bucket: bucket.name, Key }));
  return Body!.transformToByteArray();
}

export async function snapshotIn(context: Context, bucket: SnapshotBucket, key: string): Promise<Json> {
  return JSON.parse(gunzipSync(await contentOf(context, bucket, key)).toString('utf8'));
}

/** What AWS answers, without an SDK that could drop a member or change its type. Here nobody checks the signature. */
export async function ask(context: Context, api: Api, operation: string, input: object, region = context.promises.captures.region): Promise<Json> {
  const { account } = context.promises.captures;
  const scope = `${account}/20260101/${region}/${api.service}/aws4_request`;
  const response = await fetch(context.aws.endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `${api.target}.${operation}`,
      'Authorization': `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  const answer = await response.json() as Json;
  if (answer.__type === 'ThrottlingException') { // a capture has used up the rate
    await context.aws.clock.forward({ seconds: 5 });
    return ask(context, api, operation, input, region);
  }
  if (!response.ok) {
    throw new Error(`${operation}: ${JSON.stringify(answer)}`);
  }
  return answer;
}

/** As much of a snapshot as the APIs answer now, put together by nothing of the library. */
export async function configurationOf(context: Context, region?: string): Promise<Json> {
  const { cluster } = context.promises.captures;
  const here = (operation: string, input: object) => ask(context, ECS, operation, input, region);
  const { clusters } = await here('DescribeClusters', {
    clusters: [cluster], include: ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'],
  });
  const { serviceArns } = await here('ListServices', { cluster });
  const { services } = await here('DescribeServices', { cluster, services: serviceArns, include: ['TAGS'] });
  const described = await Promise.all((services as Json[]).map((service) => serviceWith(context, service, region)));
  return {
    cluster: clusters[0],
    services: described,
    taskDefinitions: Object.fromEntries(await Promise.all([...new Set((services as Json[]).map(({ taskDefinition }) => taskDefinition as string))]
      .map(async (arn) => [arn, await taskDefinitionOf(context, arn, region)]))),
    images: described.flatMap(({ revision }) => revision.containerImages.map(({ image, imageDigest }: Json) => ({ image, digest: imageDigest }))),
  };
}

async function serviceWith(context: Context, service: Json, region?: string): Promise<Json> {
  const { cluster } = context.promises.captures;
  const { serviceRevisions } = await ask(context, ECS, 'DescribeServiceRevisions', {
    serviceRevisionArns: service.currentServiceRevisions.map(({ arn }: Json) => arn),
  }, region);
  const ofService = { ServiceNamespace: 'ecs', ResourceId: `service/${cluster}/${service.serviceName}` };
  const { ScalableTargets } = await ask(context, SCALING, 'DescribeScalableTargets', { ServiceNamespace: 'ecs', ResourceIds: [ofService.ResourceId] }, region);
  const { ScalingPolicies } = await ask(context, SCALING, 'DescribeScalingPolicies', ofService, region);
  const { ScheduledActions } = await ask(context, SCALING, 'DescribeScheduledActions', ofService, region);
  return {
    service,
    revision: serviceRevisions[0],
    scaling: { targets: ScalableTargets, policies: ScalingPolicies, scheduledActions: ScheduledActions },
  };
}

async function taskDefinitionOf(context: Context, arn: string, region?: string): Promise<Json> {
  const { taskDefinition, ...others } = await ask(context, ECS, 'DescribeTaskDefinition', { taskDefinition: arn, include: ['TAGS'] }, region);
  return { ...taskDefinition, ...others };
}

/** The members of a snapshot that `configurationOf` answers. */
export function comparable({ cluster, services, taskDefinitions, references }: Json): Json {
  return {
    cluster,
    services: services.map(({ service, revision, scaling }: Json) => ({ service, revision, scaling })),
    taskDefinitions,
    images: references.images.map(({ image, digest }: Json) => ({ image, digest })),
  };
}

/** The paths of the members that are in one value and not in the other, or are different there. */
export function differences(one: Json, other: Json, path = ''): string[] {
  if (!isMembered(one) || !isMembered(other) || Array.isArray(one) !== Array.isArray(other)) {
    return Object.is(one, other) ? [] : [path];
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => differences(one[name], other[name], path === '' ? name : `${path}.${name}`));
}

/** How many values there are in a value. */
export function valuesIn(value: Json): number {
  return isMembered(value) ? Object.values(value).reduce<number>((sum, each) => sum + valuesIn(each), 0) : 1;
}

function isMembered(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null;
}
