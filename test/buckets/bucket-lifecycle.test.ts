import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { ruleProblems, transitionProblems } from '../../src/buckets/bucket-lifecycle';

function problems(steps: [string, number][], expiration?: number): string[] {
  const transitions = steps.map(([name, days]) => ({ storageClass: new s3.StorageClass(name), transitionAfter: Duration.days(days) }));
  return transitionProblems("'transitions'", transitions, expiration === undefined ? undefined : Duration.days(expiration));
}

test.each(['STANDARD_IA', 'ONEZONE_IA'])('S3 takes no transition to %s before 30 days', (name) => {
  expect(problems([[name, 29]])).toEqual([`'transitions' to ${name}: 'transitionAfter' must be a whole number of days from 30 to 36500, got 29 days`]);
  expect(problems([[name, 30]])).toEqual([]);
});

test('other storage classes are to be had from the first day on', () => {
  expect(['INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'].flatMap((name) => problems([[name, 0]]))).toEqual([]);
});

test('a transition is after whole days', () => {
  const transitions = [{ storageClass: s3.StorageClass.GLACIER, transitionAfter: Duration.hours(36) }];

  expect(transitionProblems("'transitions'", transitions, undefined))
    .toEqual(["'transitions' to GLACIER: 'transitionAfter' must be a whole number of days from 0 to 36500, got 36 hours"]);
});

test.each([
  ['GLACIER', 'STANDARD_IA', 'STANDARD'],
  ['DEEP_ARCHIVE', 'GLACIER', 'STANDARD or STANDARD_IA or INTELLIGENT_TIERING or ONEZONE_IA or GLACIER_IR'],
  ['ONEZONE_IA', 'GLACIER_IR', 'STANDARD or STANDARD_IA or INTELLIGENT_TIERING'],
  ['INTELLIGENT_TIERING', 'STANDARD_IA', 'STANDARD'],
])('S3 moves no object from %s to %s', (before, after, from) => {
  expect(problems([[before, 30], [after, 200]]))
    .toEqual([`'transitions' must be supported by S3: objects move to ${after} from ${from}, got ${before} after 30 days and ${after} after 200`]);
});

test('the order in which transitions are written does not matter', () => {
  expect(problems([['GLACIER', 365], ['STANDARD_IA', 90]])).toEqual([]);
});

test.each([
  ['STANDARD_IA', 'GLACIER', 30], ['ONEZONE_IA', 'GLACIER', 30], ['GLACIER_IR', 'DEEP_ARCHIVE', 90], ['GLACIER', 'DEEP_ARCHIVE', 90], ['INTELLIGENT_TIERING', 'GLACIER', 1],
])('objects stay in %s before they move to %s, for %d days', (before, after, days) => {
  expect(problems([[before, 30], [after, 30 + days - 1]]))
    .toEqual([`'transitions' must keep objects in ${before} for at least ${days === 1 ? '1 day' : `${days} days`}, got 30 and then ${after} after ${30 + days - 1} days`]);
  expect(problems([[before, 30], [after, 30 + days]])).toEqual([]);
});

test('objects move before they expire', () => {
  expect(problems([['GLACIER', 90]], 90)).toEqual(["'transitions' must move objects before they expire (90 days), got GLACIER after 90 days"]);
  expect(problems([['GLACIER', 90]], 91)).toEqual([]);
});

test('what S3 takes is taken: transitions that it makes, 90 days apart, before the end', () => {
  // As the developer guide's table of supported transitions has it.
  const chains = [['STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER', 'DEEP_ARCHIVE'], ['STANDARD_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE']];
  const gaps = fc.array(fc.integer({ min: 90, max: 400 }), { minLength: 5, maxLength: 5 });
  fc.assert(fc.property(fc.constantFrom(...chains).chain((chain) => fc.subarray(chain, { minLength: 1 })), gaps, (names, days) => {
    let day = 0;
    const steps = names.map((name, index): [string, number] => [name, day += days[index]]);
    return problems(steps, day + 1).length === 0;
  }));
});

test('no two transitions are closer than S3 has them', () => {
  fc.assert(fc.property(fc.constantFrom('STANDARD_IA', 'GLACIER_IR', 'GLACIER'), fc.integer({ min: 1, max: 29 }), (before, gap) =>
    problems([[before, 30], ['DEEP_ARCHIVE', 30 + gap]]).length === 1));
});

test('rules have ids of their own', () => {
  expect(ruleProblems('lifecycleRules', [{ id: 'ours' }, { id: 'mine' }, { id: 'mine' }], ['ours'])).toEqual([
    "'lifecycleRules' must have unique ids, and this library uses 'ours', got 'ours' too",
    "'lifecycleRules' must have unique ids, got 'mine' twice",
  ]);
});

test.each<[s3.LifecycleRule, string]>([
  [{ expiration: Duration.days(0) }, "'expiration' must be a whole number of days from 1 to 36500, got 0 days"],
  [{ expiration: Duration.hours(36) }, "'expiration' must be a whole number of days from 1 to 36500, got 36 hours"],
  [{ noncurrentVersionExpiration: Duration.days(0) }, "'noncurrentVersionExpiration' must be a whole number of days from 1 to 36500, got 0 days"],
  [{ expiration: Duration.days(1), expiredObjectDeleteMarker: true }, "'expiredObjectDeleteMarker' must be in a separate rule, without 'expiration': S3 accepts only one of them"],
  [{ expiration: Duration.days(1), expirationDate: new Date('2027-01-01') }, "'expiration' and 'expirationDate' exclude each other, got both"],
  [
    { abortIncompleteMultipartUploadAfter: Duration.days(1), tagFilters: { kind: 'tmp' } },
    "'abortIncompleteMultipartUploadAfter' must be in a rule without 'tagFilters': an incomplete upload has no tags",
  ],
  [
    { noncurrentVersionTransitions: [{ storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(5) }] },
    "'noncurrentVersionTransitions' to STANDARD_IA: 'transitionAfter' must be a whole number of days from 30 to 36500, got 5 days",
  ],
])('refuses the rule %j', (rule, problem) => {
  expect(ruleProblems('lifecycleRules', [rule], [])).toEqual([`'lifecycleRules[0]': ${problem}`]);
});
