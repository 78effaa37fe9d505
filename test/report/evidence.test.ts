import { readFileSync } from 'fs';
import * as path from 'path';
import Ajv from 'ajv';
import { FailureScope } from '../../src/objectives/recovery-objective';
import { evidenceOf, newestEvidence } from '../../src/report/evidence';
import type { EvidenceEntry, RecoveryReport } from '../../src/report/report-model';

const validate = new Ajv().compile(JSON.parse(readFileSync(path.join(__dirname, '../../docs/schemas/recovery-record-1.json'), 'utf8')));

const record = {
  schemaVersion: 1,
  kind: 'ecs-restore',
  runbook: 'restore-shop',
  account: '111122223333',
  region: 'eu-central-1',
  sourceRegion: 'eu-west-1',
  execution: '333ba70b-2333-48db-b17e-a5e69c6f4d1c',
  parameters: { Cluster: 'shop' },
  startedBy: 'arn:aws:iam::111122223333:role/operator',
  reason: 'The Region is lost.',
  isDryRun: false,
  status: 'COMPLETED',
  detectedAt: '2026-11-29T09:59:59.000Z',
  begunAt: '2026-11-29T10:10:00.000Z',
  endedAt: '2026-11-29T11:30:00.000Z',
  steps: [],
  times: { ours: 300, aws: 4500, approvers: 0 },
  objects: [],
  dataFrom: '2026-11-29T05:00:58.000Z',
  dataLossSeconds: 17_941,
  recoverySeconds: 5_401,
  verdicts: [{ objective: 'Shop', survives: 'REGION', rtoSeconds: 7200, rpoSeconds: 86_400, isRtoMet: true, isRpoMet: true }],
  nextSteps: [],
  problems: [],
  libraryVersion: '0.1.0',
};
const { recoverySeconds, ...withoutRecovery } = record;
const { dataFrom, dataLossSeconds, ...withoutDataTime } = record;

const objective = { name: 'Shop', survives: FailureScope.REGION, status: 'met' as const, limitedBy: '', tiers: [] };
/** As far as evidence is looked for in it. */
const REPORT = {
  captures: [{ path: 'Stack/Ecs', kind: 'ecs', account: '111122223333', region: 'eu-west-1' }, { path: 'Other/Ecs', kind: 'ecs', account: '444455556666', region: 'eu-west-1' }],
  plans: [{ path: 'Stack/Plan', name: 'shop-backup' }],
  objectives: [
    { ...objective, of: 'Stack/Ecs', kind: 'capture' }, { ...objective, of: 'Other/Ecs', kind: 'capture' }, { ...objective, of: 'Stack/Plan', kind: 'plan' },
    { ...objective, of: 'Stack/Plan', kind: 'plan', name: 'Account', survives: FailureScope.ACCOUNT },
  ],
} as unknown as RecoveryReport;

/** The evidence of a record that is valid. */
function evidenceIn(file: object, isSimulated: boolean, report = REPORT) {
  validate(file);
  expect(validate.errors).toBeNull();
  return evidenceOf(file, report, isSimulated);
}

test('a run that recovered something is evidence with its recovery time and its data loss, in whole minutes rounded up', () => {
  expect(evidenceIn(record, false)).toEqual([{
    kind: 'measured', date: '2026-11-29T11:30:00.000Z', objective: 'Shop', survives: 'REGION', of: 'Stack/Ecs', what: 'runbook restore-shop', recoveryTimeMinutes: 91, dataLossMinutes: 300,
  }]);
});

test.each([
  ['completed, and recovered nothing', { ...withoutRecovery, verdicts: [] }],
  ['was a dry run', { ...withoutRecovery, verdicts: [], status: 'PLANNED', isDryRun: true }],
  ['failed', { ...withoutRecovery, verdicts: [], status: 'FAILED' }],
])('a run that %s is no evidence', (_, file) => {
  expect(evidenceIn(file, false)).toEqual([]);
});

test('a run without objectives is evidence of none', () => {
  expect(evidenceIn({ ...record, verdicts: [] }, true)).toEqual([{
    kind: 'simulated', date: '2026-11-29T11:30:00.000Z', what: 'runbook restore-shop', recoveryTimeMinutes: 91, dataLossMinutes: 300,
  }]);
});

test('a record from which the time of the data is not known shows no data loss', () => {
  expect(evidenceIn(withoutDataTime, false)[0]).not.toHaveProperty('dataLossMinutes');
});

test('a run is evidence for the objective of what it restores only, not for one of the same name of a plan or another account', () => {
  expect(evidenceIn(record, false).map(({ of }) => of)).toEqual(['Stack/Ecs']);
});

test('a run whose objective the app does not have is listed without a construct', () => {
  expect(evidenceIn(record, false, { ...REPORT, objectives: [] })).toEqual([expect.not.objectContaining({ of: expect.anything() })]);
});

test('a run in the Region of the source does not show that the loss of a Region is survived', () => {
  expect(evidenceIn({ ...record, region: 'eu-west-1' }, false)).toEqual([expect.not.objectContaining({ objective: expect.anything() })]);
});

describe('a drill', () => {
  const drill = {
    version: 1,
    simulated: true,
    startedAt: '2026-11-29T13:09:05.610Z',
    records: [record],
    recoveries: [{ plan: 'shop-backup', survives: 'REGION', what: 'a table, item by item', recoverySeconds: 1381, dataLossSeconds: 840 }],
  };

  test('is evidence for the objectives of the plan and of the captures, at the time at which it was started', () => {
    expect(evidenceOf(drill, REPORT, false)).toEqual([
      { kind: 'simulated', date: '2026-11-29T13:09:05.610Z', objective: 'Shop', survives: 'REGION', of: 'Stack/Ecs', what: 'runbook restore-shop', recoveryTimeMinutes: 91, dataLossMinutes: 300 },
      { kind: 'simulated', date: '2026-11-29T13:09:05.610Z', objective: 'Shop', survives: 'REGION', of: 'Stack/Plan', what: 'a table, item by item', recoveryTimeMinutes: 24, dataLossMinutes: 14 },
    ]);
  });

  test('is never measured', () => {
    expect(new Set(evidenceOf(drill, REPORT, false).map(({ kind }) => kind))).toEqual(new Set(['simulated']));
  });

  test('of another version is refused', () => {
    expect(() => evidenceOf({ ...drill, version: 2 }, REPORT, false)).toThrow('evidence must be records of runbooks, of version 1, or the results of a drill, of version 1, got a file of another kind');
  });
});

describe('the newest evidence of an objective', () => {
  const shown = (date: string, recoveryTimeMinutes: number) => ({ kind: 'measured' as const, date, objective: 'Shop', survives: FailureScope.REGION, of: 'Stack/Ecs', what: '', recoveryTimeMinutes });
  const of = { name: 'Shop', survives: FailureScope.REGION, of: 'Stack/Ecs' };
  const newest = (...evidence: EvidenceEntry[]) => newestEvidence({ ...REPORT, evidence }, of)?.recoveryTimeMinutes;

  test('is that of the last date, whichever is first', () => {
    expect(newest(shown('2026-11-02', 7), shown('2026-11-01', 9))).toBe(7);
    expect(newest(shown('2026-11-01', 9), shown('2026-11-02', 7))).toBe(7);
  });

  test('is the slowest of one date', () => {
    expect(newest(shown('2026-11-01', 9), shown('2026-11-01', 10), shown('2026-11-01', 8))).toBe(10);
  });

  test('is none if all is of others', () => {
    expect(newest({ ...shown('2026-11-01', 9), of: 'Stack/Plan' }, { ...shown('2026-11-01', 9), survives: FailureScope.ACCOUNT })).toBeUndefined();
  });
});
