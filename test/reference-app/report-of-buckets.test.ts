/* eslint-disable @stylistic/max-len */
import { reportOf, resourcesOf, STAGES } from './assemblies';
import type { Resource } from './assemblies';

/*
 * What the recovery report says of buckets, captures, runbooks, topics and coverage, computed a second time from the templates alone.
 */

const sorted = <T>(all: readonly T[]): T[] => [...all].sort((one, other) => JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
const places = (all: readonly { readonly account: string; readonly region: string }[]) => sorted(all.map(({ account, region }) => `${account} ${region}`));

interface LifecycleRule {
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly Transitions?: { readonly StorageClass: string; readonly TransitionInDays: number }[];
}

/** The days until current objects expire, and when they move, by prefix. */
function retentionOf({ Properties }: Resource): object[] {
  const rules: LifecycleRule[] = Properties.LifecycleConfiguration?.Rules ?? [];
  return sorted(rules.filter(({ ExpirationInDays, Transitions }) => ExpirationInDays ?? Transitions).map(({ Prefix = '', ExpirationInDays, Transitions = [] }) => ({
    prefix: Prefix,
    transitions: Transitions.map(({ StorageClass, TransitionInDays }) => ({ storageClass: StorageClass, afterDays: TransitionInDays })),
    ...ExpirationInDays === undefined ? {} : { expiresAfterDays: ExpirationInDays },
  })));
}

describe.each(STAGES)('%s', (stage) => {
  const report = reportOf(stage);
  const buckets = new Map(resourcesOf(stage, 'AWS::S3::Bucket').map((bucket) => [bucket.Properties.BucketName as string, bucket]));
  const sides = report.buckets.flatMap(({ replica, ...bucket }) => [bucket, ...replica ? [replica] : []]);

  test('each bucket and replica is where its template is, is locked as it says, and keeps objects as long', () => {
    const named = sides.filter(({ name }) => buckets.has(name));

    expect(named.length).toBeGreaterThanOrEqual(8);
    expect(named.map(({ name, account, region, lock, retention }) => ({ name, account, region, lock, retention: sorted(retention) }))).toEqual(named.map(({ name }) => {
      const bucket = buckets.get(name)!;
      const { Mode: mode, Days: days } = bucket.Properties.ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
      return { name, account: bucket.account, region: bucket.region, lock: mode === undefined ? undefined : { mode, days }, retention: retentionOf(bucket) };
    }));
  });

  test('a capture runs on the schedules of its template, which its bucket keeps below their names', () => {
    const schedules = resourcesOf(stage, 'AWS::Scheduler::Schedule');
    const [capture, ...others] = report.captures;
    const [, , , , , bucketName] = capture.bucket.split(':');

    expect(others).toEqual([]);
    expect(sorted(capture.schedules.map(({ name, schedule, timeZone, startWindowMinutes }) => [name, schedule, timeZone, startWindowMinutes! * 60])))
      .toEqual(sorted(schedules.map(({ Properties: { ScheduleExpression, ScheduleExpressionTimezone, Target } }) =>
        [JSON.parse(Target.Input).schedule, ScheduleExpression, ScheduleExpressionTimezone, Target.RetryPolicy.MaximumEventAgeInSeconds])));
    expect(capture.retention.map(({ tier, deleteAfterDays }) => [`${tier}/`, deleteAfterDays])).toEqual(capture.retention.map(({ tier }) =>
      [`${tier}/`, buckets.get(bucketName)!.Properties.LifecycleConfiguration.Rules.find(({ Prefix }: LifecycleRule) => Prefix === `${tier}/`).ExpirationInDays]));
    expect(places([capture])).toEqual([...new Set(places(schedules))]);
  });

  test('the nominal RPO of a capture is the longest gap of its schedules, and with the 15 minutes of the replication after the loss of a Region', () => {
    const runs = resourcesOf(stage, 'AWS::Scheduler::Schedule').flatMap(({ Properties }) => {
      const [, minute, hour, weekDay] = /^cron\((\d+) (\d+) \? \* (\*|[A-Z]{3}) \*\)$/.exec(Properties.ScheduleExpression)!;
      return weekDay === '*' ? [Number(hour) * 60 + Number(minute)] : []; // what runs once a week shortens no gap of those that run daily
    }).sort((one, other) => one - other);
    const gap = Math.max(...runs.map((run, index) => (runs[index + 1] ?? runs[0] + 1440) - run));
    const promised = report.objectives.filter(({ kind }) => kind === 'capture');

    expect(promised.length).toBeGreaterThan(0);
    expect(promised.map(({ survives, nominalMinutes }) => [survives, nominalMinutes])).toEqual(promised.map(({ survives }) => [survives, gap + (survives === 'REGION' ? 15 : 0)]));
  });

  test('the runbooks are the documents of the templates, with their approvals', () => {
    const documents = resourcesOf(stage, 'AWS::SSM::Document');

    expect(documents.length).toBeGreaterThan(0);
    expect(sorted(report.runbooks.map(({ document, account, region, requiredApprovals }) => [document, account, region, requiredApprovals])))
      .toEqual(sorted(documents.map(({ Properties: { Name, Content }, account, region }) => [
        Name, account, region, Content.mainSteps.filter(({ action }: { action: string }) => action === 'aws:approve').reduce((sum: number, { inputs }: any) => sum + Number(inputs.MinRequiredApprovals ?? 1), 0),
      ])));
  });

  test('each topic of the templates is in the report, and nothing else is', () => {
    expect(places(report.topics)).toEqual(places(resourcesOf(stage, 'AWS::SNS::Topic')));
  });

  test('events are forwarded to the bus of the rules in the templates, from where these rules are', () => {
    const forwarding = resourcesOf(stage, 'AWS::Events::Rule').flatMap(({ Properties, account, region }) =>
      (Properties.Targets as { Arn: unknown }[]).flatMap(({ Arn }) => typeof Arn === 'string' && Arn.includes(':event-bus/') ? [`${account} ${region} ${Arn}`] : []));

    expect(forwarding.length).toBeGreaterThan(0);
    expect(report.forwarding.map(({ account, region, to }) => `${account} ${region} ${to}`)).toEqual([...new Set(forwarding)].sort());
  });

  test('the settings that the app sets are those of the custom resources in the templates', () => {
    const regional = report.settings.filter(({ setting, isHandled }) => isHandled && setting.startsWith('Advanced features'));

    expect(places(regional.map(({ account, region }) => ({ account, region: region! })))).toEqual(places(resourcesOf(stage, 'Custom::BackupRegionSettings')));
    expect(report.settings.find(({ setting }) => setting.startsWith('Cross-account backup'))?.isHandled).toBe(resourcesOf(stage, 'Custom::OrganizationBackupSettings').length === 1);
  });

  test.each([
    ['AWS::DynamoDB::Table', 0], ['AWS::ECS::Cluster', 0], ['AWS::ECR::Repository', 0], ['AWS::S3::Bucket', report.buckets.filter(({ replica }) => replica).length],
  ])('each %s of the templates is in the coverage, except for replicas', (type, replicas) => {
    expect(report.coverage.filter((each) => each.type === type)).toHaveLength(resourcesOf(stage, type).length - replicas);
  });

  test('a table is selected by the tags that it has in its template', () => {
    const [{ Properties: { BackupSelection } }, ...others] = resourcesOf(stage, 'AWS::Backup::BackupSelection');
    const wanted = BackupSelection.Conditions.StringEquals.map(({ ConditionKey, ConditionValue }: Record<string, string>) => ({ Key: ConditionKey.replace('aws:ResourceTag/', ''), Value: ConditionValue }));

    expect(others).toEqual([]);
    expect(wanted).toHaveLength(2);
    for (const { Properties } of resourcesOf(stage, 'AWS::DynamoDB::Table')) {
      expect(Properties.Tags).toEqual(expect.arrayContaining(wanted));
    }
  });
});
