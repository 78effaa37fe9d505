import { readFileSync } from 'fs';
import * as path from 'path';
import Ajv from 'ajv';
import { EXECUTION, FakeAccount } from './fake-account';
import { ask, DONE, run, SETTINGS, workOf } from './requests';
import type { Seen } from './requests';
import { RunFailed } from '../../src/execution/recovery-work.lambda-shared';
import type { ReportedObject, StepResult } from '../../src/execution/recovery-work.lambda-shared';
import { Outcome } from '../../src/execution/runbook.contract';

const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(path.join(__dirname, '../../docs/schemas/recovery-record-1.json'), 'utf8')));

const WEB: ReportedObject = { what: 'service', name: 'web', state: 'DONE', why: 'created' };
const SNAPSHOT = { source: 'daily/ecs/111122223333/eu-west-2/shop/2026-11-29T04-00-00Z-0123456789ab.json.gz', dataFrom: '2026-11-29T04:00:00Z' };

const result = (members: Partial<StepResult>) => async (): Promise<StepResult> => ({ ...DONE, ...members });
const working = (...objects: ReportedObject[]) => workOf({ preflight: result(SNAPSHOT), work: result({ objects }) });

let aws: FakeAccount;

beforeEach(() => {
  aws = new FakeAccount();
});

afterEach(() => {
  aws.records.forEach((record) => {
    validate(record);
    expect(validate.errors).toBeNull();
  });
});

const metricsOf = ({ lines }: Seen) => lines.filter((line) => line.startsWith('{"_aws"')).map((line) => JSON.parse(line));

describe('the record of a run', () => {
  test('says what was recovered, how long it took and what was lost, as the schema has it', async () => {
    const request = aws.start({ parameters: { DetectedAt: '2026-11-29T04:30:00Z' } });

    await run(aws, working(WEB), request);

    expect(aws.records).toEqual([{
      schemaVersion: 1,
      kind: 'ecs-restore',
      runbook: 'ecs-restore',
      account: '111122223333',
      region: 'eu-west-2',
      sourceRegion: 'eu-west-2',
      execution: '333ba70b-2333-48db-b17e-a5e69c6f4d1c',
      parameters: { DryRun: 'false', Reason: 'a test', DetectedAt: '2026-11-29T04:30:00Z', Cluster: 'shop' },
      startedBy: 'arn:aws:iam::111122223333:role/operator',
      reason: 'a test',
      isDryRun: false,
      status: 'COMPLETED',
      detectedAt: '2026-11-29T04:30:00.000Z',
      begunAt: '2026-11-29T05:00:03.250Z',
      endedAt: expect.stringMatching(/^2026-11-29T05:00:[01]/),
      steps: [],
      times: { ours: expect.any(Number), aws: 0, approvers: 0 },
      objects: [WEB],
      ...SNAPSHOT,
      dataLossSeconds: 1800,
      recoverySeconds: expect.any(Number),
      verdicts: [{ objective: 'prod', survives: 'RESOURCE', rtoSeconds: 3600, rpoSeconds: 86400, isRtoMet: true, isRpoMet: true }],
      nextSteps: [],
      problems: [],
      libraryVersion: '0.9.0',
    }]);
    const [{ recoverySeconds, endedAt }] = aws.records;
    expect(recoverySeconds).toBe(Math.round((Date.parse(endedAt) - Date.parse('2026-11-29T04:30:00Z')) / 1000));
  });

  test('is at the key that operators look for, locked for as long as records are kept', async () => {
    await run(aws, working(WEB), aws.start());

    const put = aws.puts.at(-1);
    expect(put).toEqual({
      Bucket: 'config-of-prod',
      ExpectedBucketOwner: '444455556666',
      Key: 'records/111122223333/ecs-restore/2026-11-29T05-00-03Z-333ba70b-2333-48db-b17e-a5e69c6f4d1c.json',
      Body: expect.any(Buffer),
      ContentType: 'application/json',
      ChecksumSHA256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      IfNoneMatch: '*',
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: expect.any(Date),
    });
    expect(put.ObjectLockRetainUntilDate.toISOString()).toMatch(/^2027-11-29T04:59:/);
  });

  test('has no lock in a bucket that does not lock', async () => {
    const { lockMode, ...bucket } = SETTINGS.bucket;

    await run(aws, working(WEB), aws.start(), { settings: { ...SETTINGS, bucket } });

    expect(aws.puts.length).toBeGreaterThan(0);
    expect(aws.puts.filter((put) => 'ObjectLockMode' in put)).toEqual([]);
  });

  test('counts from its start if nobody says when the loss was detected', async () => {
    await run(aws, workOf({ plan: result({ dataFrom: '2026-11-29T05:00:00.250Z' }), work: result({ objects: [WEB] }) }), aws.start());

    expect(aws.records[0]).not.toHaveProperty('detectedAt');
    expect(aws.records[0].dataLossSeconds).toBe(3);
    expect(aws.records[0].recoverySeconds).toBeLessThan(20);
  });

  test('says that an objective is not met, and leaves out what is not known', async () => {
    await aws.clock.sleep(3_600_000);
    const request = aws.start({ parameters: { DetectedAt: '2026-11-29T05:00:00Z' } });

    const seen = await run(aws, workOf({ work: result({ objects: [WEB] }) }), request);

    expect(aws.records[0].verdicts).toEqual([{ objective: 'prod', survives: 'RESOURCE', rtoSeconds: 3600, rpoSeconds: 86400, isRtoMet: false }]);
    expect(seen.at(-1)!.answer!.summary).toMatch(/^Recovered in 1 h \d+ s\. prod: RTO not met, RPO unknown\.$/);
  });

  test('has the steps of the document, and the times of functions, pauses and approvers', async () => {
    const request = aws.start();
    const at = aws.clock.now() / 1000;
    aws.steps.set(EXECUTION, [
      { StepName: 'preflight', Action: 'aws:loop', StepStatus: 'Success', ExecutionStartTime: at, ExecutionEndTime: at + 200 },
      ...aws.steps.get(EXECUTION)!.map((step) => ({ ...step, StepStatus: 'Success', ExecutionEndTime: at + 10.2 })),
      {
        StepName: 'preflightWait',
        Action: 'aws:sleep',
        StepStatus: 'Success',
        ExecutionStartTime: at + 11,
        ExecutionEndTime: at + 191,
        ParentStepDetails: { StepName: 'preflight' },
      },
      { StepName: 'approve', Action: 'aws:approve', StepStatus: 'Success', ExecutionStartTime: at + 200, ExecutionEndTime: at + 1_000 },
      { StepName: 'work', Action: 'aws:loop', StepStatus: 'Pending' },
    ]);
    await aws.clock.sleep(1_000_000);

    await ask(aws, workOf(), { ...request, step: 'record' });

    expect(aws.records[0].steps).toEqual([
      { name: 'preflight', begunAt: '2026-11-29T05:00:03.250Z', endedAt: '2026-11-29T05:03:23.250Z', status: 'Success' },
      { name: 'approve', begunAt: '2026-11-29T05:03:23.250Z', endedAt: '2026-11-29T05:16:43.250Z', status: 'Success' },
    ]);
    expect(aws.records[0].times).toEqual({ ours: 10, aws: 180, approvers: 800 });
  });

  test('reads all pages of steps', async () => {
    const request = aws.start();
    for (let round = 0; round < 120; round++) {
      aws.step(EXECUTION, 'workWait', {
        Action: 'aws:sleep', ExecutionEndTime: aws.clock.now() / 1000 + 180, ParentStepDetails: { StepName: 'work' },
      });
    }

    await ask(aws, workOf(), { ...request, step: 'record' });

    expect(aws.records[0].times.aws).toBe(120 * 180);
  });

  test('puts together what all steps say of an object, and takes what a plan says as done once it is', async () => {
    const work = workOf({
      preflight: result({ objects: [{ what: 'image', name: 'web@sha256:1', state: 'DONE', why: 'can be pulled' }] }),
      plan: result({ objects: [{ ...WEB, state: 'PENDING', why: 'is missing' }, { ...WEB, name: 'api', state: 'SKIPPED', why: 'exists' }] }),
      work: result({ objects: [WEB, { ...WEB, name: 'api', state: 'SKIPPED', why: 'exists' }] }),
      verify: result({ objects: [{ ...WEB, why: '3 of 3 tasks run', differences: ['service.desiredCount'] }] }),
    });

    await run(aws, work, aws.start());

    expect(aws.records[0].objects).toEqual([
      { what: 'image', name: 'web@sha256:1', state: 'DONE', why: 'can be pulled' },
      { ...WEB, why: 'created; 3 of 3 tasks run', differences: ['service.desiredCount'] },
      { ...WEB, name: 'api', state: 'SKIPPED', why: 'exists' },
    ]);
  });

  test('is written once: whoever writes it again finds it', async () => {
    const request = aws.start();
    await run(aws, working(WEB), request);
    const before = aws.records;

    const { answer } = await ask(aws, working(WEB), { ...request, step: 'recordFailure' });

    expect(answer?.outcome).toBe('DONE');
    expect(aws.records).toEqual(before);
  });
});

describe('metrics', () => {
  test('are of runs that recovered something, in the embedded metric format', async () => {
    const seen = await run(aws, working(WEB), aws.start({ parameters: { DetectedAt: '2026-11-29T04:30:00Z' } }));

    expect(seen.flatMap(metricsOf)).toEqual([{
      _aws: {
        Timestamp: Date.parse(aws.records[0].endedAt),
        CloudWatchMetrics: [{
          Namespace: 'CdkBackupDr/Recovery',
          Dimensions: [['Runbook']],
          Metrics: [{ Name: 'RecoveryTime', Unit: 'Seconds' }, { Name: 'DataLoss', Unit: 'Seconds' }],
        }],
      },
      Runbook: 'ecs-restore',
      RecoveryTime: aws.records[0].recoverySeconds,
      DataLoss: 1800,
      execution: EXECUTION,
    }]);
  });

  test('have no loss if the time of the data is not known', async () => {
    const [metrics] = (await run(aws, workOf({ work: result({ objects: [WEB] }) }), aws.start())).flatMap(metricsOf);

    expect(metrics).not.toHaveProperty('DataLoss');
    expect(metrics._aws.CloudWatchMetrics[0].Metrics).toEqual([{ Name: 'RecoveryTime', Unit: 'Seconds' }]);
  });

  test.each([
    ['a dry run', workOf(), { DryRun: 'true' }],
    ['a run that found everything there', working({ ...WEB, state: 'SKIPPED', why: 'is here' }), {}],
    ['a run that failed', workOf({ verify: async () => { throw new RunFailed(['no']); } }), {}],
    ['a run in which an object failed', working({ ...WEB, state: 'FAILED', why: 'no' }), {}],
  ])('are not of %s', async (_, work, parameters) => {
    expect((await run(aws, work, aws.start({ parameters: parameters as never }))).flatMap(metricsOf)).toEqual([]);
  });
});

describe('a run that found everything there', () => {
  test('meets no objective, and does not say that it recovered something', async () => {
    const seen = await run(aws, working({ ...WEB, state: 'SKIPPED', why: 'is here' }), aws.start());

    expect(aws.records).toEqual([expect.objectContaining({ status: 'COMPLETED', verdicts: [] })]);
    expect(aws.records[0]).not.toHaveProperty('recoverySeconds');
    expect(seen.at(-1)!.answer!.summary).toBe('Nothing was recovered: everything in the snapshot exists. '
      + 'If something is missing, start the runbook again with an older snapshot.');
  });
});

describe('a dry run', () => {
  test('leaves a record of what would be done, and does no work', async () => {
    const work = jest.fn();
    const plan = result({ objects: [{ ...WEB, state: 'PENDING', why: 'is missing' }] });

    const seen = await run(aws, workOf({ plan, work }), aws.start({ parameters: { DryRun: 'true' } }));

    expect(work).not.toHaveBeenCalled();
    expect(aws.records).toEqual([expect.objectContaining({ status: 'PLANNED', isDryRun: true, verdicts: [], objects: [{ ...WEB, state: 'PENDING', why: 'is missing' }] })]);
    expect(aws.records[0]).not.toHaveProperty('recoverySeconds');
    expect(seen.at(-1)!.answer).toMatchObject({ outcome: 'DONE', summary: 'A dry run: nothing was changed.', lines: ['to do: service web: is missing'] });
  });
});

describe('a run in which an object failed', () => {
  test('has the others in its record, is FAILED, and its last step fails with the reason', async () => {
    const seen = await run(aws, working(WEB, { ...WEB, name: 'api', state: 'FAILED', why: 'ClientException: no such target group' }), aws.start());

    expect(aws.records).toEqual([expect.objectContaining({
      status: 'FAILED',
      problems: ['service api: ClientException: no such target group'],
      objects: [WEB, { ...WEB, name: 'api', state: 'FAILED', why: 'ClientException: no such target group' }],
      nextSteps: ['Start the runbook again with the same parameters: it finishes what this run began.'],
    })]);
    expect(seen.at(-2)!.error!.message).toContain('service api: ClientException: no such target group');
  });

  test('stays so, whatever a later step says of the object', async () => {
    const work = workOf({ work: result({ objects: [{ ...WEB, state: 'FAILED', why: 'no scaling' }] }), verify: result({ objects: [{ ...WEB, why: '3 of 3 tasks run' }] }) });

    await run(aws, work, aws.start());

    expect(aws.records[0]).toMatchObject({ status: 'FAILED', objects: [{ ...WEB, state: 'FAILED', why: 'no scaling; 3 of 3 tasks run' }] });
  });
});

describe('the record of a run that failed', () => {
  test('has all problems of the step, and what was done before it', async () => {
    const work = workOf({ work: result({ objects: [WEB], nextSteps: ['Look at web.'] }), verify: async () => { throw new RunFailed(['one', 'two'], [{ ...WEB, state: 'FAILED', why: 'is down' }]); } });

    const seen = await run(aws, work, aws.start());

    expect(seen.at(-2)!.error!.message).toMatch(/^verify found 2 problems\. Fix the following, then start the runbook again: one; two\. Full report: s3:\/\//);
    expect(aws.records).toEqual([expect.objectContaining({
      status: 'FAILED',
      problems: ['one', 'two', 'service web: created; is down'],
      objects: [{ ...WEB, state: 'FAILED', why: 'created; is down' }],
      nextSteps: ['Look at web.', 'Start the runbook again with the same parameters: it finishes what this run began.'],
    })]);
  });

  test('says what AWS says of a step that found nothing, such as an approval that was denied', async () => {
    const request = aws.start();
    aws.step(EXECUTION, 'approve', { Action: 'aws:approve', StepStatus: 'Failed', FailureMessage: 'Approval denied by operator' });

    await ask(aws, workOf(), { ...request, step: 'recordFailure' });

    expect(aws.records[0]).toMatchObject({ status: 'FAILED', problems: ['approve ended as Failed: Approval denied by operator'], nextSteps: [] });
  });

  test('says that a step did not end in all its rounds', async () => {
    const request = aws.start();
    await ask(aws, workOf({ work: result({ outcome: Outcome.ASK_AGAIN, objects: [{ ...WEB, state: 'PENDING', why: 'is draining' }] }) }), { ...request, step: 'work' });
    aws.step(EXECUTION, 'work', { Action: 'aws:loop', StepStatus: 'Success' });

    await ask(aws, workOf(), { ...request, step: 'recordFailure' });

    expect(aws.records[0]).toMatchObject({ status: 'FAILED', problems: ['work did not complete within the maximum number of rounds'] });
  });

  test('says what AWS says of the execution if nothing else is known', async () => {
    const request = aws.start();
    Object.assign(aws.executions.get(EXECUTION), { AutomationExecutionStatus: 'Failed', FailureMessage: 'Step fails when it is validating and resolving the step inputs' });

    await ask(aws, workOf(), { ...request, step: 'recordFailure' });

    expect(aws.records[0].problems).toEqual(['the execution is Failed: Step fails when it is validating and resolving the step inputs']);
  });
});

describe('the event that an execution has ended', () => {
  const event = (Status: string, Definition = 'ecs-restore') => ({
    'source': 'aws.ssm',
    'detail-type': 'EC2 Automation Execution Status-change Notification',
    'detail': { ExecutionId: EXECUTION, Definition, DefinitionVersion: 1, Status, StartTime: 'Nov 29, 2026 5:00:03 AM', ExecutedBy: 'arn' },
  });

  test.each([['Cancelled', 'STOPPED'], ['TimedOut', 'FAILED'], ['Failed', 'FAILED']])('of a run that is %s leaves a record that it is %s', async (Status, status) => {
    const request = aws.start();
    await ask(aws, working(WEB), { ...request, step: 'work' });
    aws.step(EXECUTION, 'work', { Action: 'aws:loop', StepStatus: Status });
    Object.assign(aws.executions.get(EXECUTION), { AutomationExecutionStatus: Status, ExecutionEndTime: aws.clock.now() / 1000 });
    const endedAt = new Date(aws.clock.now()).toISOString();
    await aws.clock.sleep(60_000);

    const { answer, error } = await ask(aws, workOf(), event(Status));

    expect([answer, error]).toEqual([undefined, undefined]);
    expect(aws.records).toEqual([expect.objectContaining({ status, endedAt, objects: [WEB], problems: [`work ended as ${Status}`], parameters: request.parameters })]);
  });

  test('of a run whose approvers rejected it leaves a record with what they were asked and what AWS says', async () => {
    const request = aws.start();
    await ask(aws, workOf({ plan: result({ objects: [{ ...WEB, state: 'PENDING', why: 'To be created.' }] }) }), { ...request, step: 'plan' });
    aws.step(EXECUTION, 'approve', { Action: 'aws:approve', StepStatus: 'Rejected', FailureMessage: 'Approval denied by operator' });
    Object.assign(aws.executions.get(EXECUTION), { AutomationExecutionStatus: 'Rejected', ExecutionEndTime: aws.clock.now() / 1000 });

    await ask(aws, workOf(), event('Rejected'));

    expect(aws.records).toEqual([expect.objectContaining({
      status: 'FAILED',
      objects: [{ ...WEB, state: 'PENDING', why: 'To be created.' }],
      problems: ['approve ended as Rejected: Approval denied by operator'],
      steps: [expect.objectContaining({ name: 'approve' })],
    })]);
  });

  test.each([['Success'], ['InProgress'], ['Waiting'], ['Cancelling']])('that is %s leaves none', async (Status) => {
    aws.start();

    await ask(aws, workOf(), event(Status));

    expect(aws.calls).toEqual([]);
  });

  test('of another document leaves none', async () => {
    aws.start();

    await ask(aws, workOf(), event('Failed', 'table-restore'));

    expect(aws.calls).toEqual([]);
  });

  test('leaves the record that the run has written', async () => {
    await run(aws, working(WEB), aws.start());
    const before = aws.records;

    expect((await ask(aws, workOf(), event('Failed'))).error).toBeUndefined();
    expect(aws.records).toEqual(before);
  });

  test('has the parameters that the execution was started with if no step has begun', async () => {
    aws.start();
    aws.steps.set(EXECUTION, []);
    aws.executions.get(EXECUTION).Parameters = { Reason: ['a test'] };

    await ask(aws, workOf(), event('Cancelled'));

    expect(aws.records[0].parameters).toEqual({ Reason: 'a test' });
  });
});
