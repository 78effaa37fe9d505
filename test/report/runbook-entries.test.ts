import { Duration } from 'aws-cdk-lib';
import { reportIn } from './apps';
import { RecoveryObjective } from '../../src/objectives/recovery-objective';
import { DESIGN, Setup } from '../recovery/setup';
import { IRELAND, LONDON } from '../stacks';

test('a runbook has its document, where it recovers from and into, its objectives and how many must approve', () => {
  const setup = new Setup();
  setup.define({
    documentName: 'restore-shop',
    objectives: [new RecoveryObjective({ name: 'Shop', rto: Duration.hours(1), rpo: Duration.hours(30) })],
    approvers: ['arn:aws:iam::222222222222:role/One', 'arn:aws:iam::222222222222:role/Two'],
    minRequiredApprovals: 2,
  });

  expect(reportIn(setup.app).runbooks).toEqual([{
    path: 'Workload/Restore',
    kind: 'ecs-restore',
    document: 'restore-shop',
    account: '222222222222',
    region: 'eu-west-2',
    sourceRegion: 'eu-west-2',
    bucket: 'arn:aws:s3:::snapshots',
    objectives: ['Shop'],
    requiredApprovals: 2,
  }]);
});

test('a runbook of another Region has the Region of what it recovers', () => {
  const setup = new Setup({}, IRELAND);
  setup.define({}, { ...DESIGN, sourceRegion: LONDON });

  expect(reportIn(setup.app).runbooks).toMatchObject([{ region: 'eu-west-1', sourceRegion: 'eu-west-2', objectives: [], requiredApprovals: 0 }]);
});

test('a runbook that was removed from the app is not in the report', () => {
  const setup = new Setup();
  setup.define();
  setup.stack.node.tryRemoveChild('Restore');

  expect(reportIn(setup.app).runbooks).toEqual([]);
});
