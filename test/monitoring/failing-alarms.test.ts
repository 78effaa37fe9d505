import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import type { BackupAlarmsProps } from '../../src/monitoring/backup-alarms-props';
import { AlarmSeverity } from '../../src/notification/notify';
import { BackupTier } from '../../src/objectives/backup-tier';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { BackupCopy } from '../../src/plan/backup-copy';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { WeekDay } from '../../src/schedules/week-day';
import { alarmsOf, alarmsOn } from '../alarms-of';
import { DAILY, EVENING, Setup, TABLES } from '../plan/setup';
import { problemsOf } from '../problems';
import { IRELAND } from '../stacks';

const WEEKLY = () => BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 12, deleteAfter: Duration.days(90) });

function failingOf(tiers: BackupTier[], props: Partial<BackupAlarmsProps> = {}) {
  const setup = new Setup();
  new BackupAlarms(setup.stack, 'Alarms', { vaults: [setup.vault], plans: [setup.selecting(TABLES(), { tiers })], ...props });
  return {
    alarms: alarmsOf(setup.stack).filter(({ AlarmName }) => AlarmName.startsWith('backup-job-failing')),
    reasons: Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason).filter((reason) => /two consecutive runs/.test(reason)),
  };
}

test('failures of two runs in a row are an alarm on the time between them', () => {
  const { alarms, reasons } = failingOf([DAILY()]);
  const metricOf = (name: string) =>
    ({ Metric: { Namespace: 'AWS/Backup', MetricName: name, Dimensions: [{ Name: 'BackupVaultName', Value: 'local' }] }, Period: 3600, Stat: 'Sum' });

  // A run may fail for 6 h: 1 h to start, 5 h to complete. The next one is 24 h later.
  expect(alarms).toEqual([expect.objectContaining({
    Metrics: [
      {
        Expression: 'IF((DIFF_TIME(failed + expired) > 21600) AND (DIFF_TIME(failed + expired) <= 108000), 1, 0)',
        Id: 'expr_1',
        Label: 'failed in the previous run too',
        ReturnData: true,
      },
      { Id: 'failed', MetricStat: metricOf('NumberOfBackupJobsFailed'), ReturnData: false },
      { Id: 'expired', MetricStat: metricOf('NumberOfBackupJobsExpired'), ReturnData: false },
    ],
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 31,
    DatapointsToAlarm: 1,
    TreatMissingData: 'notBreaching',
    AlarmDescription: expect.stringMatching(/^CRITICAL: Backup jobs failed or expired in two consecutive runs\. \(vault local\) .*\/backup-job-failing\.md$/),
  })]);
  expect(reasons).toEqual([]);
});

/** Whether the alarm is on, by what AWS documents of DIFF_TIME: the seconds since the value before, of those in sight. */
function isOn({ Metrics: [{ Expression }], EvaluationPeriods }: any, failures: number[], now: number): boolean {
  const [, more, most] = /> (\d+)\) .* <= (\d+)\)/.exec(Expression)!.map(Number);
  const inSight = [...new Set(failures.map((hour) => Math.floor(hour)))].sort((one, other) => one - other)
    .filter((hour) => hour <= now && hour > now - EvaluationPeriods);
  return inSight.some((hour, index) => index > 0 && (hour - inSight[index - 1]) * 3600 > more && (hour - inSight[index - 1]) * 3600 <= most);
}

describe('of runs at a day\'s distance, whose jobs fail within 6 hours', () => {
  const { alarms: [alarm] } = failingOf([DAILY()]);
  const hour = fc.double({ min: 0, max: 5.99, noNaN: true });
  const isOnBy = (failures: number[], until: number) => Array.from({ length: until + 1 }, (_, now) => isOn(alarm, failures, now)).includes(true);

  test('two that fail in a row are an alarm, whenever their jobs do', () => {
    fc.assert(fc.property(fc.nat(20), hour, hour, (start, one, other) => expect(isOnBy([start + one, start + 24 + other], start + 30)).toBe(true)));
  });

  test('one is none, however many of its jobs fail', () => {
    fc.assert(fc.property(fc.nat(20), fc.array(hour), (start, all) => expect(isOnBy(all.map((each) => start + each), start + 60)).toBe(false)));
  });

  test('two with a good one between them are none', () => {
    fc.assert(fc.property(fc.nat(20), hour, hour, (start, one, other) => expect(isOnBy([start + one, start + 48 + other], start + 80)).toBe(false)));
  });
});

test.each<[string, () => BackupTier[], string[], number[]]>([
  ['a weekly tier beside a daily one', () => [DAILY(), WEEKLY()], ['21600', '108000'], [31]],
  ['two tiers a day', () => [DAILY(), EVENING()], ['21600', '64800'], [19]], // 12 h and 6 h
])('%s count by the longest time between two runs of the plan', (_, tiers, seconds, periods) => {
  const { alarms } = failingOf(tiers());

  expect(alarms.map(({ EvaluationPeriods }) => EvaluationPeriods)).toEqual(periods);
  expect([.../> (\d+)\) .* <= (\d+)\)/.exec(alarms[0].Metrics[0].Expression)!].slice(1)).toEqual(seconds);
});

test('the windows of a rare tier that are longer than runs are apart do not keep the others from being told apart', () => {
  const weekly = BackupTier.weekly({
    weekDay: WeekDay.SUNDAY, hour: 6, startWindow: Duration.hours(6), expectedDuration: Duration.hours(30), deleteAfter: Duration.days(90),
  });
  const { alarms, reasons } = failingOf([DAILY(), weekly]);

  expect(alarms[0].Metrics[0].Expression).toContain('> 21600)');
  expect(reasons).toEqual([]);
});

test.each<[string, () => BackupTier[], string]>([
  ['a week apart', () => [WEEKLY()], 'the runs can be 7 days apart, and an alarm evaluates at most 7 days'],
  ['closer than their windows', () => [BackupTier.everyHours(1, { deleteAfter: Duration.days(35) })],
    'jobs of one run can fail 6 hours apart, according to its start window and expected duration, and the next run follows after at most 1 hour'],
])('runs that are %s have no such alarm, and that is reported', (_, tiers, reason) => {
  const { alarms, reasons } = failingOf(tiers());

  expect(alarms).toEqual([]);
  expect(reasons).toEqual([`whether backup jobs of plan 'Backup/Plan' fail in two consecutive runs: ${reason}`]);
});

test('it can be switched off, and then nothing is reported', () => {
  expect(failingOf([WEEKLY()], { overrides: { backupJobFailing: { enabled: false } } })).toEqual({ alarms: [], reasons: [] });
});

test('refuses to tune it but for its severity, and without plans', () => {
  const tuned = (backupJobFailing: object, plans = true) => {
    const setup = new Setup();
    return problemsOf(() => new BackupAlarms(setup.stack, 'Alarms', {
      vaults: [setup.vault], plans: plans ? [setup.selecting()] : undefined, overrides: { backupJobFailing },
    }));
  };

  expect(tuned({ severity: AlarmSeverity.WARNING })).toEqual([]);
  expect(tuned({ threshold: 1 })).toEqual(["'backupJobFailing' (backup_job_failing) is on the runs of plans and has no 'threshold' and no 'evaluationPeriods' (evaluation_periods): leave them out of its override"]);
  expect(tuned({}, false)).toEqual(["'overrides' must refer to existing alarms: 'backupJobFailing' (backup_job_failing) requires 'plans', so set them, or leave it out"]);
});

describe('a single failed job', () => {
  const objective = (rpo: Duration, survives = FailureScope.RESOURCE) => new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo, survives });
  const severities = (objectives: RecoveryObjective[], props: Parameters<Setup['selecting']>[1] = {}) => {
    const setup = new Setup({ replicaRegion: IRELAND });
    new BackupAlarms(setup.stack, 'Alarms', { vaults: [setup.vault], plans: [setup.selecting(TABLES(), { objectives, ...props })] });
    return [...alarmsOn(setup.stack, 'NumberOfBackupJobsFailed'), ...alarmsOn(setup.stack, 'NumberOfBackupJobsExpired')]
      .map(({ AlarmDescription }) => AlarmDescription.split(':')[0]);
  };

  test('is a warning without an objective', () => {
    expect(severities([])).toEqual(['WARNING', 'WARNING']);
  });

  test('is critical where the next run comes too late for an objective', () => {
    // 24 h, a missed run of 24 h, 1 h to start and 5 h to complete.
    expect(severities([objective(Duration.hours(53))])).toEqual(['CRITICAL', 'CRITICAL']);
    expect(severities([objective(Duration.hours(54))])).toEqual(['WARNING', 'WARNING']);
  });

  test('counts for what is copied as well', () => {
    const props = { copyTo: undefined as BackupCopy[] | undefined };
    expect(severities([objective(Duration.hours(53), FailureScope.REGION)], props)).toEqual(['CRITICAL', 'CRITICAL']);
    expect(severities([objective(Duration.hours(54), FailureScope.REGION)], props)).toEqual(['WARNING', 'WARNING']);
  });

  test('breaks no nominal objective that the next run keeps', () => {
    const nominal = { acceptNominalRpo: 'to see what is made of it' };
    expect(severities([objective(Duration.hours(47))], nominal)).toEqual(['CRITICAL', 'CRITICAL']);
    expect(severities([objective(Duration.hours(48))], nominal)).toEqual(['WARNING', 'WARNING']);
  });

  test('is as severe as an override says', () => {
    const setup = new Setup();
    new BackupAlarms(setup.stack, 'Alarms', {
      vaults: [setup.vault],
      plans: [setup.selecting(TABLES(), { objectives: [objective(Duration.hours(30))] })],
      overrides: { backupJobFailed: { severity: AlarmSeverity.WARNING } },
    });
    expect(alarmsOn(setup.stack, 'NumberOfBackupJobsFailed')[0].AlarmDescription).toMatch(/^WARNING/);
  });
});
