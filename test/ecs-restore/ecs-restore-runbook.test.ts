import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Restored } from './restored';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { lintDocument } from '../automation/lint/lint';
import { nagFindings } from '../nag-findings';
import { problemsAtSynthesis } from '../problems';
import { IRELAND, LONDON } from '../stacks';

/** What the function is configured with. */
function settingsOf({ rendered }: Restored): any {
  return JSON.parse(rendered.only('AWS::Lambda::Function').Environment.Variables.RUNBOOK_SETTINGS);
}

test('an operator enters what to restore, and everything but the reason has a default', () => {
  const restored = new Restored();
  restored.define();

  const { parameters } = restored.document;
  expect(Object.entries<any>(parameters).map(([name, parameter]) => [name, parameter.default])).toEqual([
    ['DryRun', 'false'], ['Reason', undefined], ['DetectedAt', ''], ['Cluster', 'shop'], ['Services', '*'], ['Snapshot', 'Newest'], ['NotAfter', ''],
    ['Existing', 'SKIP'], ['DesiredCount', 'AsCaptured'], ['EnableSchedules', 'false'],
  ]);
  expect(Object.values<any>(parameters).filter(({ description }) => !/\w\.$/.test(description))).toEqual([]);
});

test.each([
  ['Services', ['*', '*,!orders', '*, !orders,!web', 'orders', 'orders,checkout', 'orders, check_out-2'], ['', 'orders,', '*,orders', '!orders', '*!orders', 'a b', 'orders;x', "'", '{{ Reason }}', 'a'.repeat(256)]],
  ['Snapshot', ['Newest', 'daily/ecs/222222222222/eu-west-2/shop/2026-11-29T05-00-00Z-3f1c9a0b72de.json.gz'], ['', 'newest', 'daily/x.json', 'a b.json.gz', '"x".json.gz']],
  ['NotAfter', ['', '2026-11-29T05:00:00Z'], ['2026-11-29', '2026-11-29T05:00:00+01:00']],
] as const)('the parameter %s takes what it is for, and nothing else', (name, taken, refused) => {
  const restored = new Restored();
  restored.define();
  const pattern = new RegExp(restored.document.parameters[name].allowedPattern);

  expect(taken.filter((value) => !pattern.test(value))).toEqual([]);
  expect(refused.filter((value) => pattern.test(value))).toEqual([]);
  expect(pattern.test(restored.document.parameters[name].default)).toBe(true);
});

test('named clusters are a list to choose from, and with all of them any name can be entered', () => {
  const named = new Restored();
  named.define({ clusters: ['shop', 'reports'].map((name) => EcsClusterTarget.fromName(name)) });
  const all = new Restored();
  all.define({ clusters: [EcsClusterTarget.all()] });

  expect(named.document.parameters.Cluster).toMatchObject({ allowedValues: ['shop', 'reports'] });
  expect(named.document.parameters.Cluster).not.toHaveProperty('default');
  expect(all.document.parameters.Cluster).toMatchObject({ allowedPattern: '^[a-zA-Z0-9_-]{1,255}$' });
});

test('the command that starts it has all that an operator must enter', () => {
  const restored = new Restored();
  const one = restored.define({ documentName: 'Restore-shop' });
  const all = new Restored().define({ documentName: 'Restore-all', clusters: [EcsClusterTarget.all()] });

  expect(one.startCommand).toBe('aws ssm start-automation-execution --region eu-west-2 --document-name Restore-shop --document-version \'$LATEST\' '
    + '--parameters \'{"Reason":["<reason>"]}\' --tags Key=cdk-backup-dr:runbook,Value=Restore-shop');
  expect(all.startCommand).toContain('--parameters \'{"Reason":["<reason>"],"Cluster":["<cluster>"]}\'');
});

test('the function knows the roles that it may pass, also those with a path, and the region that it restores', () => {
  const restored = new Restored({}, IRELAND);
  restored.define({
    sourceRegion: LONDON,
    passableRoles: [
      restored.role('task'),
      iam.Role.fromRoleArn(restored.stack, 'Deep', 'arn:aws:iam::222222222222:role/apps/shop/execution'),
      new iam.Role(restored.stack, 'Own', { roleName: 'events', path: '/rules/', assumedBy: new iam.ServicePrincipal('events.amazonaws.com') }),
    ],
  });

  expect(settingsOf(restored)).toMatchObject({
    kind: 'ecs-restore',
    sourceRegion: 'eu-west-2',
    passableRoles: ['arn:aws:iam::222222222222:role/task', 'arn:aws:iam::222222222222:role/apps/shop/execution', 'arn:aws:iam::222222222222:role/rules/events'],
    bucket: { region: 'eu-west-1', account: '333333333333' },
  });
});

test('a cluster of the same stack has its name in the document, whether it is given or generated', () => {
  const given = new Restored();
  given.define({ clusters: [EcsClusterTarget.fromCluster(new ecs.Cluster(given.stack, 'Cluster', { clusterName: 'shop' }))] });
  const generated = new Restored();
  generated.define({ clusters: [EcsClusterTarget.fromCluster(new ecs.Cluster(generated.stack, 'Cluster'))] });

  expect(given.document.parameters.Cluster.allowedValues).toEqual(['shop']);
  expect(generated.document.parameters.Cluster.allowedValues).toEqual([expect.stringMatching(/^Cluster/)]);
});

test('two runs for the same cluster exclude each other', () => {
  const restored = new Restored();
  restored.define();

  expect(JSON.stringify(restored.document)).toContain('"targets":["ecs/{{ Cluster }}"]');
});

test('a document takes less than half of the 64 KB that it may have', () => {
  const restored = new Restored();
  restored.define();

  expect(Buffer.byteLength(JSON.stringify(restored.document))).toBeLessThan(32 * 1024);
});

test('the document passes AWS\'s schema and the lint of documents, with an approval and without', () => {
  const approvers = ['arn:aws:iam::222222222222:role/Approver'];
  for (const props of [{}, { approvers }, { clusters: [EcsClusterTarget.all()] }]) {
    const restored = new Restored();
    restored.define({ documentName: 'Restore-shop', ...props });

    expect(lintDocument('Restore-shop', JSON.parse(JSON.stringify(restored.document)))).toEqual([]);
  }
});

test('the policy of the role has room for three named clusters, and synthesis refuses more than fit', () => {
  const problems = (count: number) => {
    const restored = new Restored();
    restored.define({ clusters: Array.from({ length: count }, (_, index) => EcsClusterTarget.fromName(`acme-production-${index}`)) });
    return problemsAtSynthesis(restored.app);
  };

  expect(problems(3)).toEqual([]);
  expect(problems(10)).toEqual([expect.stringMatching(/^the policy of role 'Workload\/Restore\/Role' has \d+ characters, and IAM accepts at most 10240/)]);
});

test('its metrics are of its own runs', () => {
  const restored = new Restored();
  const runbook = restored.define({ documentName: 'Restore-shop' });

  for (const [metric, metricName] of [[runbook.metricRecoveryTime(), 'RecoveryTime'], [runbook.metricDataLoss(), 'DataLoss']] as const) {
    expect(metric).toMatchObject({ namespace: 'CdkBackupDr/Recovery', metricName, dimensions: { Runbook: 'Restore-shop' }, statistic: 'Maximum' });
  }
});

test('nothing is left for cdk-nag, and each suppression has a finding', () => {
  for (const clusters of [[EcsClusterTarget.all()], [EcsClusterTarget.fromName('shop')]]) {
    const restored = new Restored();
    restored.define({ clusters });
    const { open, suppressed, declared } = nagFindings(restored.app);
    const ours = (lines: string[]) => lines.filter((line) => line.includes('Workload/'));

    expect(ours(open)).toEqual([]);
    expect(ours(declared).length).toBeGreaterThan(0);
    expect(ours(declared).filter((line) => !suppressed.includes(line))).toEqual([]);
  }
});
