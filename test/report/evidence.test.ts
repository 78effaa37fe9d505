import { readFileSync } from 'fs';
import * as path from 'path';
import Ajv from 'ajv';
import { evidenceOf } from '../../src/report/evidence';

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

/** The evidence of a record that is valid. */
function evidenceIn(file: object, isSimulated: boolean) {
  validate(file);
  expect(validate.errors).toBeNull();
  return evidenceOf(file, isSimulated);
}

test('a run that recovered something is evidence with its recovery time and its data loss, in whole minutes rounded up', () => {
  expect(evidenceIn(record, false)).toEqual([{
    kind: 'measured', date: '2026-11-29T11:30:00.000Z', objective: 'Shop', what: 'runbook restore-shop', recoveryTimeMinutes: 91, dataLossMinutes: 300,
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
  expect(evidenceIn({ ...record, verdicts: [] }, true)).toMatchObject([{ kind: 'simulated', objective: undefined, recoveryTimeMinutes: 91 }]);
});

test('a record from which the time of the data is not known shows no data loss', () => {
  expect(evidenceIn(withoutDataTime, false)[0]).not.toHaveProperty('dataLossMinutes');
});
