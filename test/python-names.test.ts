import { createRequire } from 'module';
import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { problemsOf } from './problems';
import { BackupTier } from '../src/objectives/backup-tier';
import { toSnakeCase, withPythonNames } from '../src/private/messages';
import { describe as say } from '../src/private/spans';

/** What makes the names in the Python package. */
const codemaker = createRequire(require.resolve('jsii-pacmak/package.json'))('codemaker') as { toSnakeCase(name: string): string };

const word = fc.stringMatching(/^[A-Z]{1,3}[a-z0-9]{0,5}$/);
const name = fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/), fc.array(word, { maxLength: 4 })).map(([first, rest]) => first + rest.join(''));

test('names have the form that jsii gives them in Python', () => {
  fc.assert(fc.property(name.filter((each) => !/[KMG]iB/.test(each)), (each) => toSnakeCase(each) === codemaker.toSnakeCase(each)), { numRuns: 2000 });
  expect(['deleteAfter', 's3BackupAcls', 'moveToColdStorageAfter', 'windowsVss', 'logGroupARN', 'runbookBaseUrl'].map(toSnakeCase))
    .toEqual(['delete_after', 's3_backup_acls', 'move_to_cold_storage_after', 'windows_vss', 'log_group_arn', 'runbook_base_url']);
});

test.each([
  ['its first mention in a line', "'deleteAfter' must be longer than 'startWindow': raise 'deleteAfter'",
    "'deleteAfter' (delete_after) must be longer than 'startWindow' (start_window): raise 'deleteAfter'"],
  ['a method of a class', "made by 'BackupCopy.toReplicaOf' or 'Notify.existingChat()'", "made by 'BackupCopy.toReplicaOf' (to_replica_of) or 'Notify.existingChat()' (existing_chat)"],
  ['an item of a list', "'id' of 'lifecycleRules[0]' must be given", "'id' of 'lifecycleRules[0]' (lifecycle_rules) must be given"],
  ['in parentheses that are there', "longer than 'startWindow' (2 hours)", "longer than 'startWindow' (start_window, 2 hours)"],
  ['its first mention in each line', "- 'copyTo' is empty\n- 'copyTo' is missing", "- 'copyTo' (copy_to) is empty\n- 'copyTo' (copy_to) is missing"],
])('Python\'s form follows %s', (_, text, expected) => {
  expect(withPythonNames(text)).toBe(expected);
});

test.each([
  ['a name of one word, which Python writes so too', "'tiers' must name at least one tier"],
  ['a value of the user\'s', "'vault' must be another one, got 'ordersVault'"],
  ['a name that is a part of something else', "call 'Plan.addSelection(…)', at 'Stack/copyTo'"],
  ['what has it already', "'deleteAfter' (delete_after) must be longer than 'startWindow' (start_window, 2 hours)"],
])('%s is left as it is', (_, text) => {
  expect(withPythonNames(text)).toBe(text);
});

test('text stays the same where it is added to other text', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom("'deleteAfter' (delete_after)", "'copyTo' (copy_to)", ' ', ' (', '\n', "'tiers'", "'copyTo'", "'deleteAfter'"), fc.string())), (parts) => {
    const text = withPythonNames(parts.join(''));
    return withPythonNames(text) === text;
  }));
});

test('an error has them', () => {
  expect(problemsOf(() => BackupTier.daily({ hour: 5, deleteAfter: Duration.days(0) }))).toEqual([
    "'deleteAfter' (delete_after) must be a whole number of days from 1 to 36500, got 0 days",
  ]);
});

test.each([
  [Duration.days(1), '1 day'], [Duration.days(2), '2 days'], [Duration.days(0), '0 days'], [Duration.hours(24), '24 hours'], [Duration.hours(48), '2 days'],
  [Duration.hours(1), '1 hour'], [Duration.minutes(1), '1 minute'], [Duration.minutes(90), '90 minutes'],
])('a span reads %s as %s', (span, expected) => {
  expect(say(span)).toBe(expected);
});
