import { FakeAccount } from './fake-account';
import { ask, DONE, workOf } from './requests';
import type { ReportedObject } from '../../src/execution/recovery-work.lambda-shared';
import type { StepName } from '../../src/execution/runbook.contract';

/** 5,000 services, each with a long reason and ten members that differ. */
const OBJECTS: ReportedObject[] = Array.from({ length: 5_000 }, (_, index) => ({
  what: 'service',
  name: `shop/service-with-a-long-name-${index}`,
  state: index % 1_000 === 0 ? 'FAILED' : 'DONE',
  why: `created, and its tasks run: ${'x'.repeat(200)}`,
  differences: Array.from({ length: 10 }, (__, member) => `service.networkConfiguration.awsvpcConfiguration.subnets.${member}`),
}));

test('5,000 objects: each step and the record take less than 10 seconds and 100 MB, and fail for the objects that failed', async () => {
  const aws = new FakeAccount();
  const request = aws.start();
  const whole = async () => ({ ...DONE, objects: OBJECTS });
  const work = workOf({ preflight: whole, plan: whole, work: whole, verify: whole });
  const begunAt = aws.clock.now();
  const began = performance.now();
  let most = 0;

  for (const step of ['preflight', 'plan', 'work', 'verify', 'record'] as StepName[]) {
    global.gc?.();
    const before = process.memoryUsage();
    const { answer, error } = await ask(aws, work, { ...request, step });
    const after = process.memoryUsage();
    most = Math.max(most, after.heapUsed + after.external - before.heapUsed - before.external);
    expect({ step, isFailed: error !== undefined }).toEqual({ step, isFailed: step === 'record' });
    expect(answer?.lines.at(-1) ?? 'and 0 more').toMatch(/^and \d+ more$/);
  }

  expect(performance.now() - began).toBeLessThan(10_000);
  expect(aws.clock.now() - begunAt).toBeLessThan(10_000);
  expect(most).toBeLessThan(100_000_000);
  expect(aws.records[0]).toMatchObject({ status: 'FAILED', objects: { length: 5_000 }, problems: { length: 5 } });
});
