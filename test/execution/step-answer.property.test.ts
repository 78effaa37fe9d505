import * as fc from 'fast-check';
import type { KeptResult } from '../../src/execution/record-store.lambda-shared';
import type { ReportedObject } from '../../src/execution/recovery-work.lambda-shared';
import { Outcome } from '../../src/execution/runbook.contract';
import type { StepName } from '../../src/execution/runbook.contract';
import { answerOf, failureOf } from '../../src/execution/step-answer.lambda-shared';

const WORDS = ['ASK_AGAIN', 'DONE', 'FAILED', 'WAITING'];

/** Whatever a name or a sentence may be, with the words of outcomes and with characters that JSON writes in six. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...WORDS, 'ASK_', 'AGAIN', 'DO', 'NE', 'WAIT', 'ING', 'FAI', 'LED', '\u0000', '\ud83d', '😀', '"', '\\', 'service ', 'D'), { maxLength: 40 }).map((all) => all.join('')),
  fc.tuple(fc.constantFrom('x', '\u0001', 'ü', '😀', 'DONE'), fc.integer({ max: 5_000, min: 0 })).map(([part, count]) => part.repeat(count)),
);
const object: fc.Arbitrary<ReportedObject> = fc.record({
  what: text, name: text, why: text, state: fc.constantFrom('DONE', 'SKIPPED', 'FAILED', 'PENDING'), differences: fc.array(text, { maxLength: 3 }),
}, { requiredKeys: ['what', 'name', 'why', 'state'] }) as never;
const result: fc.Arbitrary<KeptResult> = fc.record({
  outcome: fc.constantFrom(...Object.values(Outcome)),
  isWaiting: fc.boolean(),
  summary: text,
  objects: fc.tuple(fc.array(object, { maxLength: 10 }), fc.integer({ min: 1, max: 20 }))
    .map(([some, times]) => Array.from({ length: times }, () => some).flat()),
  nextSteps: fc.array(text, { maxLength: 5 }),
  problems: fc.array(text, { maxLength: 3 }),
});
const step = fc.constantFrom<StepName>('preflight', 'plan', 'work', 'verify', 'record', 'recordFailure');

test('no answer is longer than its limit, and no word of an outcome is outside of its member, whatever the texts', () => {
  fc.assert(fc.property(step, result, fc.oneof(text, fc.constant(undefined)), (name, given, report) => {
    const answer = answerOf(name, given, report);
    const { outcome, next, ...texts } = answer;

    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(name === 'plan' ? 3_500 : 20_000);
    expect(WORDS.filter((word) => JSON.stringify(texts).includes(word))).toEqual([]);
    expect([outcome, next]).toEqual([given.outcome, given.outcome === Outcome.ASK_AGAIN && given.isWaiting ? 'WAITING' : undefined]);
    expect(answer.lines.length === 0 ? given.objects.length + given.nextSteps!.length + given.problems!.length : 0).toBe(0);
  }), { numRuns: 200 });
});

test('each line is there, or is counted in the last one', () => {
  fc.assert(fc.property(step, result, (name, given) => {
    const { lines } = answerOf(name, given);
    const all = given.objects.length + given.nextSteps!.length + given.problems!.length;
    const [, more] = /^and (\d+) more$/.exec(lines.at(-1) ?? '') ?? [];

    expect(more === undefined ? lines.length : lines.length - 1 + Number(more)).toBe(all);
  }), { numRuns: 100 });
});

test('no error has a word of an outcome, nor more than 3,000 characters, whatever the problems', () => {
  fc.assert(fc.property(step, fc.array(text, { minLength: 1, maxLength: 20 }), fc.oneof(text, fc.constant(undefined)), (name, problems, report) => {
    const error = failureOf(name, problems, report);
    const payload = JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: error.stack!.split('\n') });

    expect(WORDS.filter((word) => payload.includes(word))).toEqual([]);
    expect(error.message.length).toBeLessThanOrEqual(3_000);
  }), { numRuns: 200 });
});

test('what failed comes first, and what was skipped last', () => {
  const objects = (['SKIPPED', 'DONE', 'FAILED', 'PENDING'] as const).map((state) => ({ what: 'service', name: 'web', state, why: 'so' }));

  expect(answerOf('work', { outcome: Outcome.DONE, summary: '', objects, nextSteps: ['Look at it.'] }).lines).toEqual([
    'next: Look at it.', 'failed: service web: so', 'to do: service web: so', 'done: service web: so', 'skipped: service web: so',
  ]);
});

test('members that differ are in the line', () => {
  const objects: ReportedObject[] = [{ what: 'service', name: 'web', state: 'PENDING', why: 'is different', differences: ['desiredCount', 'tags'] }];

  expect(answerOf('plan', { outcome: Outcome.DONE, summary: '', objects }).lines).toEqual([
    'to do: service web: is different (different: desiredCount, tags)',
  ]);
});

test('a service that is called as an outcome is named in other letters', () => {
  const objects = [{ what: 'service', name: 'DONE-WAITING', state: 'FAILED', why: 'ASK_AGAIN' }] as const;

  expect(answerOf('plan', { outcome: Outcome.DONE, summary: 'DONE', objects: [...objects] })).toEqual({
    outcome: 'DONE', summary: 'Done', lines: ['failed: service Done-Waiting: Ask_again'],
  });
});

test('the plan of 5,000 services fits into the message to approvers, and says how many more there are', () => {
  const objects = Array.from({ length: 5_000 }, (_, index) => ({ what: 'service', name: `service-${index}`, state: 'PENDING' as const, why: 'is missing' }));

  const { lines } = answerOf('plan', { outcome: Outcome.DONE, summary: '5,000 services are missing.', objects }, 's3://bucket/key');

  expect(lines[0]).toBe('to do: service service-0: is missing');
  expect(lines.at(-1)).toBe(`and ${5_000 - lines.length + 1} more`);
  expect(lines.length).toBeGreaterThan(70);
});
