import { App } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { ALARM_CATALOGUE } from '../../src/alarms/alarm-catalogue';
import { AlarmSet } from '../../src/alarms/alarm-set';
import { BackupArchive } from '../../src/bundles/backup-archive';
import type { BackupArchiveProps } from '../../src/bundles/backup-archive-props';
import { WorkloadBackup } from '../../src/bundles/workload-backup';
import type { WorkloadBackupProps } from '../../src/bundles/workload-backup';
import { Notify } from '../../src/notification/notify';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupTarget } from '../../src/targets/backup-target';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const BUS = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`;
const TYPES = [ResourceType.DYNAMODB, ResourceType.EFS, ResourceType.S3].map((type) => BackupTarget.allOf(type));

let stack: Stack;

beforeEach(() => {
  stack = stackIn(INFRASTRUCTURE, LONDON, new App());
});

const archive = () => BackupArchive.fromBackupArchiveAttributes(stack, 'Archive', {
  backupVaultName: 'central', account: LOG_ARCHIVE, region: LONDON, replicaRegion: IRELAND, eventBusArn: BUS,
});

/** The alarms of a workload, by their names in the catalogue, in its own region and in that of its replica. */
function alarmsOf(props: WorkloadBackupProps): { home: string[]; away: string[] } {
  new WorkloadBackup(stack, 'Workload', { notify: [Notify.email('operations@example.com')], ...props.resources ? {} : { tags: { backup: 'true' } }, ...props });
  return { home: namesIn(stack), away: props.replicaRegion === undefined ? [] : namesIn(supportStackOf(stack, IRELAND)) };
}

const namesIn = (each: Stack): string[] => Object.values(Template.fromStack(each).findResources('AWS::CloudWatch::Alarm'))
  .map(({ Properties: { AlarmName } }) => Object.keys(ALARM_CATALOGUE).find((name) => AlarmName.startsWith(`${name}-`))!).sort();

test.each<[string, () => WorkloadBackupProps, string[], string[]]>([
  ['the smallest workload', () => ({}), ['backup-job-failing', 'backup-tampered', 'copy-job-failed', 'event-not-delivered', 'restore-job-failed', 'no-good-recovery-point'], []],
  ['one with a replica', () => ({ replicaRegion: IRELAND }),
    ['backup-job-failing', 'backup-tampered', 'copy-job-failed', 'event-not-delivered', 'restore-job-failed', 'no-good-recovery-point', 'no-good-copy'],
    ['backup-tampered', 'event-not-delivered', 'restore-job-failed']],
  ['one with an archive', () => ({ archive: archive() }),
    ['backup-job-failing', 'backup-tampered', 'copy-job-failed', 'event-not-delivered', 'restore-job-failed', 'no-good-recovery-point', 'no-good-copy'], []],
  ['one with both', () => ({ replicaRegion: IRELAND, archive: archive() }),
    ['backup-job-failing', 'backup-tampered', 'copy-job-failed', 'event-not-delivered', 'restore-job-failed', 'no-good-recovery-point', 'no-good-copy'],
    ['backup-tampered', 'event-not-delivered', 'restore-job-failed']],
  ['one with both and three resource types', () => ({ replicaRegion: IRELAND, archive: archive(), resources: TYPES }),
    ['backup-job-failing', 'backup-tampered', 'copy-job-failed', 'event-not-delivered', 'restore-job-failed', ...Array(3).fill('no-good-recovery-point'), ...Array(3).fill('no-good-copy')],
    ['backup-tampered', 'event-not-delivered', 'restore-job-failed']],
])('%s has these alarms: 8 in both regions at the most, and 2 for each resource type', (_, props, home, away) => {
  expect(alarmsOf(props())).toEqual({ home: [...home].sort(), away });
});

describe('with an archive and a replica', () => {
  const alarmIn = (each: Stack, name: string) => Object.values(Template.fromStack(each).findResources('AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => Properties).find(({ AlarmName }) => AlarmName.startsWith(name));

  beforeEach(() => {
    alarmsOf({ replicaRegion: IRELAND, archive: archive(), resources: [BackupTarget.allOf(ResourceType.EFS)] });
  });

  test('one alarm is on the copies of a type into each vault', () => {
    const { Metrics: [expression, ...metrics], ...alarm } = alarmIn(stack, 'no-good-copy-EFS');
    const into = metrics.map(({ MetricStat: { Metric, Period, Stat } }: any) =>
      [Metric.MetricName, Metric.Dimensions.map(({ Value }: any) => Value), Period, Stat]);

    expect(into.map(([, [vault]]: any) => vault)).toEqual([expect.stringMatching(/-replica$/), 'central', 'central-replica']);
    expect(new Set(into.map(([name, [, type], period, stat]: any) => `${name} ${type} ${period} ${stat}`))).toEqual(new Set(['NumberOfCopyJobsCompleted EFS 3600 Sum']));
    expect(expression.Expression).toBe(`TIME_SERIES(${[0, 1, 2].map((m) =>
      `SUM(IF(EPOCH(FILL(m${m}, 0)) > MAX(EPOCH(FILL(m${m}, 0))) - ${49 * 3600}, FILL(m${m}, 0), 0))`).join(' * ')})`); // twice 24 h and 1 h to start
    expect(alarm).toMatchObject({ Threshold: 1, EvaluationPeriods: 49, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' });
    expect(alarm.DatapointsToAlarm).toBeUndefined();
  });

  test('that alarm names each vault, in its text and in its metrics', () => {
    const { AlarmDescription, Metrics } = alarmIn(stack, 'no-good-copy-EFS');

    expect(AlarmDescription).toMatch(/\(at least one of: EFS in vault \S+-replica, 49 hours; EFS in vault central, 49 hours; EFS in vault central-replica, 49 hours\)/);
    expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    expect(Metrics.slice(1).map(({ Label }: any) => Label)).toEqual([
      expect.stringMatching(/^EFS in vault \S+-replica, 49 hours$/), 'EFS in vault central, 49 hours', 'EFS in vault central-replica, 49 hours',
    ]);
  });

  test('events that are neither delivered nor in the queue have one alarm in each region, with those in the queue', () => {
    for (const each of [stack, supportStackOf(stack, IRELAND)]) {
      const { Metrics: [expression, queue, ...rules], ...alarm } = alarmIn(each, 'event-not-delivered');
      const forwarding = Object.values(Template.fromStack(each).findResources('AWS::Events::Rule')).map(({ Properties }) => Properties)
        .filter(({ Targets }) => Targets[0].Arn === BUS).map(({ Name }) => Name);

      expect(expression.Expression).toBe('m0 + m1 + m2 + m3 + m4');
      expect(queue.MetricStat.Metric).toMatchObject({ Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' });
      expect(rules.map(({ MetricStat: { Metric } }: any) => Metric.MetricName)).toEqual(Array(4).fill('InvocationsFailedToBeSentToDlq'));
      expect(rules.map(({ MetricStat: { Metric } }: any) => Metric.Dimensions[0].Value).sort()).toEqual(forwarding.sort());
      expect(alarm).toMatchObject({ Threshold: 0, TreatMissingData: 'ignore', EvaluationPeriods: 1 });
      expect(alarm.OKActions).toBeUndefined(); // what was lost is not back
    }
  });

  test('there is one queue for dead letters in each region, which takes those of both constructs', () => {
    for (const each of [stack, supportStackOf(stack, IRELAND)]) {
      const template = Template.fromStack(each);
      const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
      const rules: any[] = Object.values(template.findResources('AWS::Events::Rule'));

      expect(queues).toHaveLength(1);
      for (const { Properties: { Targets } } of rules) {
        expect(Targets.map(({ DeadLetterConfig }: any) => DeadLetterConfig.Arn)).toEqual(Targets.map(() => ({ 'Fn::GetAtt': [queues[0], 'Arn'] })));
      }
      const [{ Properties: { PolicyDocument: { Statement: [letIn] } } }]: any[] = Object.values(template.findResources('AWS::SQS::QueuePolicy'));
      const starts: string[] = letIn.Condition.ArnLike['aws:SourceArn'].map((arn: any) => JSON.stringify(arn).replace(/.*:rule\/|\*.*/g, ''));
      expect(starts).toHaveLength(2);
      rules.forEach(({ Properties: { Name } }) => expect(starts.filter((start) => Name.startsWith(start))).toHaveLength(1));
    }
  });
});

describe('the alarm on several destinations', () => {
  /** As CloudWatch evaluates the expression: what is missing counts as 0, and more data may be retrieved than the alarm looks back. */
  function isOn({ Metrics: [{ Expression }], Threshold }: any, completed: number[][], now: number, retrieved: number): boolean {
    const terms = [...(Expression as string).matchAll(/SUM\(IF\(EPOCH\(FILL\(m(\d), 0\)\) > MAX\(EPOCH\(FILL\(m\1, 0\)\)\) - (\d+), FILL\(m\1, 0\), 0\)\)/g)];
    const counts = terms.map(([, index, seconds]) => completed[Number(index)]
      .filter((hour) => hour <= now && hour > now - retrieved && (hour - now) * 3600 > -Number(seconds)).length);
    return counts.reduce((product, count) => product * count, 1) < Threshold;
  }

  test('is on when one of them had no copy for its time, and only then, however much data is retrieved', () => {
    alarmsOf({ replicaRegion: IRELAND, archive: archive() });
    const [alarm] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties)
      .filter(({ AlarmName }) => AlarmName.startsWith('no-good-copy'));
    const hours = fc.integer({ min: 0, max: 200 });

    const completedInto = fc.tuple(...[1, 2, 3].map(() => fc.array(hours, { maxLength: 12 })));

    fc.assert(fc.property(completedInto, fc.integer({ min: 60, max: 200 }), fc.integer({ min: 0, max: 30 }),
      (completed, now, extra) => {
        const isSilent = completed.some((each) => !each.some((hour) => hour <= now && hour > now - 49));
        expect(isOn(alarm, completed, now, 49 + extra)).toBe(isSilent);
      }));
  });
});

describe('an archive', () => {
  const define = (props: Partial<BackupArchiveProps> = {}) => {
    stack = stackIn(LOG_ARCHIVE, LONDON, new App());
    return new BackupArchive(stack, 'Archive', { accounts: [INFRASTRUCTURE], replicaRegion: IRELAND, notify: [Notify.email('operations@example.com')], ...props });
  };

  test('has 7 alarms in the region of the vault and 3 in that of the replica', () => {
    const { monitoring, alarms } = define();

    expect(namesIn(stack)).toEqual(['backup-job-failed', 'backup-tampered', 'backup-tampered', 'copy-job-failed', 'event-not-delivered', 'restore-job-failed', 'restore-job-failed']);
    expect(namesIn(supportStackOf(stack, IRELAND))).toEqual(['backup-tampered', 'event-not-delivered', 'restore-job-failed']);
    expect(monitoring.alarms.length + alarms.alarms.length).toBe(7);
    expect(monitoring.healthAlarm).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::CompositeAlarm', 0);
  });

  test('has one queue in each region, and one alarm on it and on every rule that forwards or keeps events', () => {
    define();
    const template = Template.fromStack(stack);
    const alarm: any = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties).find(({ AlarmName }) => AlarmName.startsWith('event-'));

    template.resourceCountIs('AWS::SQS::Queue', 1);
    expect(alarm.Metrics.slice(1).map(({ MetricStat: { Metric } }: any) => Metric.MetricName)).toEqual([
      'ApproximateNumberOfMessagesVisible', ...Array(4).fill('InvocationsFailedToBeSentToDlq'), // the log of events, jobs, captures, tampering
    ]);
  });

  test('has all alarms where that is wanted', () => {
    const { monitoring } = define({ alarmSet: AlarmSet.COMPLETE });

    expect(monitoring.healthAlarm).toBeDefined();
    expect(new Set(namesIn(stack))).toEqual(new Set([
      'backup-job-aborted', 'backup-job-expired', 'backup-job-failed', 'backup-job-with-issues', 'backup-plan-changed', 'backup-plan-removed', 'backup-settings-changed',
      'config-capture-failed', 'copy-job-failed', 'event-not-delivered', 'recovery-point-deleted', 'recovery-point-exposed', 'recovery-point-not-deleted', 'recovery-point-partial',
      'restore-job-failed', 'vault-key-tampered', 'vault-tampered',
    ]));
  });

  test('refuses what is no alarm set', () => {
    expect(problemsOf(() => define({ alarmSet: 'ESSENTIAL' as any }))).toEqual(["'alarmSet' (alarm_set) must be an AlarmSet, such as AlarmSet.ESSENTIAL, got 'ESSENTIAL'"]);
  });
});
