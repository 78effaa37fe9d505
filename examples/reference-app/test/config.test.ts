import assert from 'node:assert/strict';
import type { RecoveryObjective } from 'cdk-backup-dr';
import { configOf } from '../config';
import { test } from './test';

const promises = (objectives: RecoveryObjective[]) =>
  objectives.map(({ name, rto, rpo, survives }) => `${name}: RTO ${rto.toHours()} h, RPO ${rpo.toHours({ integral: false })} h, survives the loss of the ${survives}`);

for (const [stage, got] of [[undefined, 'none'], ['', ''], ['production', 'production'], ['toString', 'toString']]) {
  test(`stage '${stage}' is refused, with the stages that there are`, () => {
    assert.throws(() => configOf(stage), { message: `choose a stage with '-c stage=<stage>', one of dev, prod; got ${got}` });
  });
}

test('production promises what the architecture does', () => {
  const { backup, logs, workload } = configOf('prod');
  assert.deepEqual(promises(backup.objectives), [
    'DynamoDB: RTO 4 h, RPO 24 h, survives the loss of the RESOURCE',
    'Failover: RTO 8 h, RPO 24 h, survives the loss of the REGION',
  ]);
  assert.deepEqual(promises(logs.objectives), ['Logs: RTO 1 h, RPO 0.25 h, survives the loss of the REGION']);
  assert.deepEqual(promises(workload.frontendObjectives), ['Failover: RTO 8 h, RPO 24 h, survives the loss of the REGION']);
});

test('development promises what one backup a day can keep, and nothing about buckets', () => {
  const { backup, logs, workload } = configOf('dev');
  assert.deepEqual(promises(backup.objectives), ['DynamoDB: RTO 4 h, RPO 36 h, survives the loss of the RESOURCE']);
  assert.deepEqual(promises([...logs.objectives, ...workload.frontendObjectives]), []);
});
