import { startOf, startsOn } from './runbook-page';

const VARIABLES = { CLUSTER: 'shop', SERVICE: 'orders', DOCUMENT: 'restore-shop', REASON: 'INC-1 "deleted"', DETECTED: '2026-03-01T05:00:00Z' };

test('the commands of a page ask for what they say, as a shell reads them', () => {
  const { plan, restore } = startsOn('ecs-service-gone.md');

  expect(startOf(restore, { ...VARIABLES, REASON: 'INC-1' })).toEqual({
    DocumentName: 'restore-shop',
    DocumentVersion: '$LATEST',
    Parameters: {
      Reason: ['INC-1'], Cluster: ['shop'], Services: ['orders'], NotAfter: ['2026-03-01T05:00:00Z'], DetectedAt: ['2026-03-01T05:00:00Z'],
    },
    Tags: [{ Key: 'cdk-backup-dr:runbook', Value: 'restore-shop' }],
  });
  expect(startOf(plan, { ...VARIABLES, REASON: 'INC-1' }).Parameters.DryRun).toEqual(['true']);
});

test('a command without a value for each of its variables is refused', () => {
  const { CLUSTER, ...others } = VARIABLES;

  expect(() => startOf(startsOn('ecs-service-gone.md').restore, others)).toThrow(/unbound variable/);
});

test('another command is refused', () => {
  expect(() => startOf('aws ecs delete-service --cluster shop')).toThrow('the command does not start an automation: aws ecs delete-service');
});
