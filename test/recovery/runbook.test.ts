import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Setup } from './setup';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { Registry } from '../../src/private/registry';
import { RUNBOOKS } from '../../src/recovery/runbooks-in-app';
import { alarmsOf } from '../alarms-of';
import { nagFindings } from '../nag-findings';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn } from '../stacks';

function hours(name: string, rto: number, survives?: FailureScope): RecoveryObjective {
  return new RecoveryObjective({ name, rto: Duration.hours(rto), rpo: Duration.hours(30), survives });
}

/** What the function is configured with. */
function settingsOf(setup: Setup): any {
  return JSON.parse(setup.rendered.only('AWS::Lambda::Function').Environment.Variables.RUNBOOK_SETTINGS);
}

test('a function has no reserved concurrency, and ends before AWS Systems Manager stops waiting for it', () => {
  const setup = new Setup();
  setup.define();

  const properties = setup.rendered.only('AWS::Lambda::Function');
  expect(properties).toMatchObject({ Timeout: 290, MemorySize: 512, Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
});

test('a change of a document makes a new version of it', () => {
  const setup = new Setup();
  setup.define();

  expect(setup.rendered.only('AWS::SSM::Document')).toMatchObject({
    Name: 'Recovery-Workload-Restore-191f5106',
    DocumentType: 'Automation',
    DocumentFormat: 'JSON',
    UpdateMethod: 'NewVersion',
    Tags: [{ Key: 'cdk-backup-dr:runbook', Value: 'Recovery-Workload-Restore-191f5106' }],
  });
});

test('the function knows the bucket of its region, what is kept for how long, and the objectives', () => {
  const setup = new Setup({ recordRetention: Duration.days(90), objectLockMode: 'COMPLIANCE' as any });
  setup.define({ documentName: 'restore-shop', objectives: [hours('Shop', 4)] }, { settings: { passableRoles: ['arn:aws:iam::222222222222:role/task'] } });

  expect(settingsOf(setup)).toEqual({
    kind: 'ecs-restore',
    runbook: 'restore-shop',
    bucket: { name: 'snapshots', region: LONDON, account: '333333333333', tiers: ['daily', 'change'], recordKeptDays: 90, lockMode: 'COMPLIANCE' },
    sourceRegion: LONDON,
    objectives: [{ name: 'Shop', survives: 'RESOURCE', rtoSeconds: 14_400, rpoSeconds: 108_000 }],
    libraryVersion: '0.0.0',
    isApproved: false,
    defaults: { DryRun: 'false', DetectedAt: '', Services: '*' },
    passableRoles: ['arn:aws:iam::222222222222:role/task'],
  });
});

test.each([
  ['the replica, which is in its region', IRELAND, LONDON, { name: 'snapshots-replica', region: IRELAND }],
  ['the replica, if the bucket is in the region that was lost', 'eu-central-1', LONDON, { name: 'snapshots-replica', region: IRELAND }],
  ['the bucket, if neither is in its region', 'eu-central-1', 'eu-north-1', { name: 'snapshots', region: LONDON }],
])('a runbook reads %s', (_, region, sourceRegion, expected) => {
  const setup = new Setup({ replicaBucketName: 'snapshots-replica' } as object, region);
  setup.define({}, { sourceRegion });

  expect(settingsOf(setup)).toMatchObject({ bucket: expected, sourceRegion });
});

test('an operator finds the console page and the command of a runbook', () => {
  const runbook = new Setup().define({ documentName: 'restore-shop' });

  expect(runbook.documentArn).toBe('arn:aws:ssm:eu-west-2:222222222222:document/restore-shop');
  expect(runbook.consoleUrl).toBe('https://eu-west-2.console.aws.amazon.com/systems-manager/automation/execute/restore-shop?region=eu-west-2');
  expect(runbook.startCommand).toBe("aws ssm start-automation-execution --region eu-west-2 --document-name restore-shop --document-version '$LATEST' "
    + '--parameters \'{"Reason":["<reason>"],"Cluster":["<cluster>"]}\' --tags Key=cdk-backup-dr:runbook,Value=restore-shop');
});

describe('the alarm recovery-slower-than-objective', () => {
  const slow = (setup: Setup) => alarmsOf(setup.stack).filter(({ MetricName }) => MetricName === 'RecoveryTime');

  test('is on the shortest objective', () => {
    const setup = new Setup();
    setup.define({ documentName: 'restore-shop', objectives: [hours('Shop', 4), hours('Orders', 1)] });

    expect(slow(setup)).toEqual([expect.objectContaining({
      Namespace: 'CdkBackupDr/Recovery',
      Dimensions: [{ Name: 'Runbook', Value: 'restore-shop' }],
      Statistic: 'Maximum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 3600,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmDescription: expect.stringMatching(/^WARNING: A recovery took longer than the recovery time objective\. \(runbook restore-shop, recovery time objective 1 hour\)/),
    })]);
  });

  test('does not exist without objectives', () => {
    const setup = new Setup();
    setup.define();

    expect(slow(setup)).toEqual([]);
  });

  test('is one of the alarms of the runbook', () => {
    const setup = new Setup();
    const runbook = setup.define({ objectives: [hours('Shop', 4)] });

    expect(runbook.alarms.map(({ node }) => node.id).sort()).toEqual(['Record-event-not-delivered', 'event-not-delivered', 'recovery-slower-than-objective']);
  });
});

test('the app knows its runbooks', () => {
  const setup = new Setup({}, IRELAND);
  const objectives = [hours('Region', 4, FailureScope.REGION)];
  setup.define({ documentName: 'restore-shop', objectives, approvers: ['arn:aws:iam::222222222222:role/Approver'] });

  expect(Registry.of(setup.stack).all(RUNBOOKS)).toEqual([expect.objectContaining({
    kind: 'ecs-restore', documentName: 'restore-shop', sourceRegion: LONDON, objectives, requiredApprovals: 1, environment: { account: INFRASTRUCTURE, region: IRELAND },
  })]);
});

test('two runbooks of a stack have documents and roles with literal names of their own', () => {
  const setup = new Setup();
  setup.define();
  setup.define({}, {}, 'Second');

  const template = Template.fromStack(setup.stack);
  const named = (type: string, member: string) => Object.values(template.findResources(type))
    .flatMap(({ Properties }) => Properties[member] ?? []).sort(); // the roles of rules have none
  expect(named('AWS::SSM::Document', 'Name')).toEqual(['Recovery-Workload-Restore-191f5106', 'Recovery-Workload-Second-3cfee8f1']);
  expect(named('AWS::IAM::Role', 'RoleName')).toEqual([
    'Workload-Restore-DocumentRole-5591a951-eu-west-2', 'Workload-Restore-Role-3e273e92-eu-west-2',
    'Workload-Second-DocumentRole-f27838dd-eu-west-2', 'Workload-Second-Role-6c9bf1ae-eu-west-2',
  ]);
});

test.each([
  ['with a literal account and region', (app: App) => stackIn(INFRASTRUCTURE, LONDON, app, 'Workload')],
  ['of China', (app: App) => stackIn(INFRASTRUCTURE, 'cn-north-1', app, 'Workload')],
])('a user of AwsSolutions has nothing to suppress in a stack %s', (_, define) => {
  const app = new App();
  const setup = new Setup({}, LONDON, define(app));
  setup.define({ objectives: [hours('Shop', 4)], approvers: ['arn:aws:iam::222222222222:role/Approver'] });

  expect(nagFindings(app).open).toEqual([]);
});

test('each suppression has a finding', () => {
  const setup = new Setup();
  setup.define();
  const { suppressed, declared } = nagFindings(setup.app);

  const ours = declared.filter((each) => each.includes('Workload/'));
  expect(ours.length).toBeGreaterThan(0);
  expect(ours.filter((each) => !suppressed.includes(each))).toEqual([]);
});

test('a stack without an account and region has a runbook for a bucket that has none either', () => {
  const app = new App();
  const stack = new Stack(app, 'Anywhere');
  const setup = new Setup({ replicaRegion: undefined }, LONDON, stack);

  expect(() => setup.define({ bucket: setup.bucketIn(stack) })).not.toThrow();
  expect(Rendered.of(stack).only('AWS::SSM::Document').Name).toMatch(/^Recovery-Anywhere-Restore-[0-9a-f]{8}$/);
});
