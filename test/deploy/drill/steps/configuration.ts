import { GetBucketLifecycleConfigurationCommand, GetObjectRetentionCommand } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Captures, CaptureSchedule, SnapshotBucket } from '../captures';
import type { Context } from '../context';
import { placeOf } from '../context';
import { leastPrivilege } from '../privileges';
import type { Unused } from '../privileges';
import type { Promises } from '../promises';
import { nextRun } from '../schedule';
import { ask, comparable, configurationOf, contentOf, differences, objectsIn, prefixOf, SCALING, snapshotIn, snapshotsOf, valuesIn } from '../snapshots';
import type { Json } from '../snapshots';
import { count, hold } from '../step';
import type { Step } from '../step';

const DAY = 86_400_000;
const MINUTE = 60_000;
const CHANGE = 'change';
/** How long a capture may take beside the delay of a change. */
const CAPTURE_MINUTES = 45; // a message comes again after 20 minutes, at most twice
/** More than the two that run at the same time. */
const AT_ONCE = 4;
/** As long as RTC of Amazon S3 promises. */
const REPLICATION_HOURS = 0.25;

/** Permissions of the role that no call of it shows in the drill: why, and the AWS page about what needs them. */
const UNUSED: Record<string, Unused> = {
  's3:PutObjectRetention': {
    why: 'PutObject with a retention depends on it (E-152): it is no call of its own',
    see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html',
  },
  'logs:CreateLogStream': {
    why: 'AWS Lambda writes the log with the role; here it is written without a call',
    see: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html',
  },
  'logs:PutLogEvents': {
    why: 'AWS Lambda writes the log with the role; here it is written without a call',
    see: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html',
  },
  'ecs:DescribeCapacityProviders': {
    why: 'the cluster has no capacity providers',
    see: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeCapacityProviders.html',
  },
  'elasticloadbalancing:DescribeTargetGroups': {
    why: 'the service has no load balancer',
    see: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html',
  },
  'servicediscovery:ListNamespaces': {
    why: 'the service is in no namespace',
    see: 'https://docs.aws.amazon.com/cloud-map/latest/api/API_ListNamespaces.html',
  },
  'servicediscovery:GetService': {
    why: 'the service is in no namespace',
    see: 'https://docs.aws.amazon.com/cloud-map/latest/api/API_GetService.html',
  },
  'events:DescribeRule': {
    why: 'no rule runs tasks in the cluster',
    see: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html',
  },
  'events:ListTargetsByRule': {
    why: 'no rule runs tasks in the cluster',
    see: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html',
  },
  'scheduler:GetSchedule': {
    why: 'no schedule runs tasks in the cluster',
    see: 'https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html',
  },
};

export function idOfCapture({ name }: CaptureSchedule): string {
  return `capture:${name}`;
}

/** The configuration of Amazon ECS is captured on schedule and after a change, by a role that may do nothing else. */
export function configuration({ captures }: Promises): Step[] {
  const { bucket, replica, schedules, cluster, roleName, allowed, changeDelayMinutes } = captures;
  const [first] = schedules;
  const tiers = [...schedules.map(({ name }) => name), CHANGE];
  return [
    ...schedules.map((schedule) => captureOf(schedule, captures)),
    {
      id: 'capture:change',
      promise: `who changes how a service of ${cluster} scales causes one snapshot below ${CHANGE}/ after ${changeDelayMinutes} min; who changes nothing causes none`,
      needs: [idOfCapture(first)],
      run: async (context) => {
        const before = await snapshotsOf(context, CHANGE);
        const began = await context.aws.clock.now();
        await scaleAt(context, (target) => target - 10);
        const minutes = changeDelayMinutes + CAPTURE_MINUTES;
        const added = await context.until(`a snapshot below ${CHANGE}/`, minutes / 60, async () => {
          const keys = (await snapshotsOf(context, CHANGE)).filter((key) => !before.includes(key));
          return keys.length > 0 ? keys : undefined;
        });
        const after = ((await context.aws.clock.now()).getTime() - began.getTime()) / MINUTE;
        const different = await differencesNow(context, added[0]);
        hold(different.length === 0, () => `${added[0]} is different in ${different.slice(0, 5).join(', ')}`);
        await scaleAt(context, (target) => target);
        await context.aws.clock.forward({ minutes });
        const all = (await snapshotsOf(context, CHANGE)).filter((key) => !before.includes(key));
        hold(all.length === 1, () => `${count(all.length, 'snapshot')}: ${all.join(', ')}`);
        return `one after ${after.toFixed(0)} min, none after the same call again`;
      },
    },
    {
      id: 'capture:one-at-a-time',
      promise: `no two captures of ${cluster} run at the same time`,
      needs: [idOfCapture(first)],
      run: async (context) => {
        const now = (await context.aws.clock.now()).getTime();
        const times = Array.from({ length: AT_ONCE }, (_, index) => new Date(now - (index + 1) * MINUTE).toISOString().slice(0, 19));
        await startCaptures(context, first, times.map((time) => `${time}Z`));
        const starts = times.map((time) => `${prefixOf(context, first.name)}${time.replace(/:/g, '-')}Z-`);
        const keys = await context.until(count(AT_ONCE, 'snapshot'), CAPTURE_MINUTES / 60, async () => {
          const found = (await snapshotsOf(context, first.name)).filter((key) => starts.some((start) => key.startsWith(start)));
          return found.length === AT_ONCE ? found : undefined;
        });
        const runs = await Promise.all(keys.map((key) => snapshotIn(context, bucket, key)));
        runs.sort((a, b) => Date.parse(a.begunAt) - Date.parse(b.begunAt));
        const overlapping = runs.filter(({ begunAt }, index) => index > 0 && Date.parse(begunAt) < Date.parse(runs[index - 1].endedAt));
        hold(overlapping.length === 0, () => `${overlapping.map(({ begunAt }) => begunAt).join(', ')}: begun before another one ended`);
        return `${count(AT_ONCE, 'capture')}, one after the other`;
      },
    },
    {
      id: 'capture:replica',
      promise: `each snapshot of ${bucket.name} is in ${replica.name} of ${placeOf(replica)} too`,
      needs: [idOfCapture(first)],
      run: async (context) => {
        const keys = (await Promise.all(tiers.map((tier) => snapshotsOf(context, tier)))).flat();
        for (const key of keys) {
          const original = await contentOf(context, bucket, key);
          const copy = await context.until(`${key} in ${replica.name}`, REPLICATION_HOURS, () => contentOf(context, replica, key).catch(missing));
          hold(Buffer.from(original).equals(Buffer.from(copy)), `${key} is another one in ${replica.name}`);
        }
        return `${count(keys.length, 'object')}, byte for byte`;
      },
    },
    {
      id: 'capture:retention',
      promise: `${bucket.lockMode ? `locked in mode ${bucket.lockMode}, and deleted` : 'deleted'} after: ${tiers.map((tier) => `${tier} ${bucket.days[`${tier}/`]} d`).join(', ')}`,
      needs: [...schedules.map(idOfCapture), 'capture:change', 'capture:replica'],
      run: async (context) => {
        const seen = await Promise.all([bucket, replica].flatMap((each) => tiers.map((tier) => retained(context, each, tier))));
        return `${count(seen.length, 'object')} in the bucket and its replica`;
      },
    },
    {
      id: 'capture:least-privilege',
      promise: `${roleName} is refused nothing, and uses each of the ${count(allowed.length, 'action')} that it is allowed, but for ${allowed.filter((action) => UNUSED[action]).length} that are listed with the reason and AWS's page`,
      needs: [idOfCapture(first), 'capture:change'],
      run: (context) => leastPrivilege(context, roleName, allowed, UNUSED),
    },
  ];
}

function captureOf(schedule: CaptureSchedule, { bucket, cluster }: Captures): Step {
  const { name, expression, windowMinutes } = schedule;
  return {
    id: idOfCapture(schedule),
    promise: `${name}, ${expression}: ${cluster} captured into ${bucket.name} within ${windowMinutes} min, member for member as the APIs answer`,
    needs: ['deploy'],
    run: async (context) => {
      const due = nextRun(expression, await context.aws.clock.now());
      const start = `${prefixOf(context, name)}${due.toISOString().slice(0, 19).replace(/:/g, '-')}Z-`;
      await context.aws.clock.forwardTo(due);
      const key = await context.until(`a snapshot ${start}...`, windowMinutes / 60, async () => (await snapshotsOf(context, name)).find((each) => each.startsWith(start)));
      const { schemaVersion, tier, trigger, scheduledFor } = await snapshotIn(context, bucket, key);
      hold(schemaVersion === 1 && tier === name && trigger === 'schedule' && Date.parse(scheduledFor) === due.getTime(),
        `version ${schemaVersion}, ${tier} by ${trigger}, scheduled for ${scheduledFor}`);
      const different = await differencesNow(context, key);
      hold(different.length === 0, () => `different in ${count(different.length, 'value')}: ${different.slice(0, 5).join(', ')}`);
      return `${key}; ${valuesIn(await configurationOf(context))} values are the same`;
    },
  };
}

/** Where a snapshot is not as the APIs answer now. */
async function differencesNow(context: Context, key: string): Promise<string[]> {
  return differences(await configurationOf(context), comparable(await snapshotIn(context, context.promises.captures.bucket, key)));
}

/** As if the schedule had run at these times. */
async function startCaptures(context: Context, { name }: CaptureSchedule, times: string[]): Promise<void> {
  const { account, region, queue } = context.promises.captures;
  const { physicalId } = context.recall('resources').find(({ logicalId, type }) => logicalId === queue && type === 'AWS::SQS::Queue')!;
  const { Failed = [] } = await context.aws.client(SQSClient, account, region).send(new SendMessageBatchCommand({
    QueueUrl: physicalId,
    Entries: times.map((scheduledFor, index) => ({
      Id: String(index), MessageGroupId: `drill:${index}`, MessageBody: JSON.stringify({ schedule: name, scheduledFor }),
    })),
  }));
  hold(Failed.length === 0, () => `Amazon SQS refused ${JSON.stringify(Failed)}`);
}

/** Sets the target of the scaling policy of the service. */
async function scaleAt(context: Context, change: (target: number) => number): Promise<void> {
  const { cluster } = context.promises.captures;
  const { ScalingPolicies } = await ask(context, SCALING, 'DescribeScalingPolicies', { ServiceNamespace: 'ecs' });
  const policy = (ScalingPolicies as Json[]).find(({ ResourceId }) => ResourceId.startsWith(`service/${cluster}/`));
  hold(policy !== undefined, `no service of ${cluster} has a scaling policy`);
  const { PolicyName, PolicyType, ServiceNamespace, ResourceId, ScalableDimension, TargetTrackingScalingPolicyConfiguration: tracking } = policy;
  await ask(context, SCALING, 'PutScalingPolicy', {
    PolicyName,
    PolicyType,
    ServiceNamespace,
    ResourceId,
    ScalableDimension,
    TargetTrackingScalingPolicyConfiguration: { ...tracking, TargetValue: change(tracking.TargetValue) },
  });
}

/** The newest snapshot of a schedule or of changes is kept as long as it is to be. */
async function retained(context: Context, bucket: SnapshotBucket, tier: string): Promise<void> {
  const key = (await snapshotsOf(context, tier)).at(-1)!;
  const days = context.promises.captures.bucket.days[`${tier}/`];
  const client = objectsIn(context, bucket);
  const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket.name }));
  const rule = Rules.find(({ Prefix, Filter }) => (Prefix ?? Filter?.Prefix) === `${tier}/`);
  hold(rule?.Status === 'Enabled' && rule.Expiration?.Days === days, `${bucket.name} deletes ${tier}/ after ${rule?.Expiration?.Days ?? 'no'} days`);
  if (bucket.lockMode === undefined) {
    return;
  }
  const { Retention } = await client.send(new GetObjectRetentionCommand({ Bucket: bucket.name, Key: key }));
  const { endedAt } = await snapshotIn(context, bucket, key);
  const kept = ((Retention?.RetainUntilDate?.getTime() ?? 0) - Date.parse(endedAt)) / DAY;
  hold(Retention?.Mode === bucket.lockMode && Math.abs(kept - days) < 0.01, `${key} in ${bucket.name} is locked for ${kept.toFixed(2)} days in mode ${Retention?.Mode}`);
}

function missing(error: Error): undefined {
  if (error.name !== 'NoSuchKey') {
    throw error;
  }
}
