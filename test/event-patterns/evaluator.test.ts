import { match } from '../event-patterns';

/** The event of AWS's page on event patterns, and the fields of its pages on operators. */
const EVENT = {
  'version': '0',
  'id': '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'EC2 Instance State-change Notification',
  'source': 'aws.ec2',
  'account': '111122223333',
  'time': '2017-10-02T18:43:48Z',
  'region': 'us-west-1',
  'resources': ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0', 'arn:aws:ec2:us-west-1:123456789012:instance/i-b188560f'],
  'detail': {
    'state': 'running',
    'eventVersion': '',
    'responseElements': null,
    'c-count': 5,
    'x-limit': 301.8,
    'FileName': 'dir/logo.png',
    'sourceIPAddress': '10.0.0.123',
    'tags': ['Custom_Alert', 'Insider'],
    'empty': [],
    'trigger': { risk: 8 },
    'employees': [{ firstName: 'Anna', lastName: 'Smith' }, { firstName: 'Peter', lastName: 'Jones' }],
  },
};

type Pattern = Record<string, unknown>;
type Row = [name: string, pattern: Pattern, event?: Pattern];

/** Each name with what came out: all in one run of the program. */
function decided(rows: Row[]): [name: string, result: string][] {
  const results = match(rows.map(([name, pattern, event = EVENT]) => ({ name, pattern, event })));
  return rows.map(([name], index) => [name, results[index]]);
}

const ANYTHING_BUT_EMPTY = [{ 'anything-but': '' }];
const INSTANCE = 'arn:aws:ec2:us-west-1:123456789012:instance/i-b188560f';

test.each(decided([
  ['fields that the pattern does not name are ignored', { 'source': ['aws.ec2'], 'detail-type': ['EC2 Instance State-change Notification'] }],
  ['one of the values is enough', { source: ['aws.fargate', 'aws.ec2'] }],
  ['a nested field is matched', { detail: { trigger: { risk: [8] } } }],
  ['one value of an array in the event is enough', { resources: [INSTANCE] }],
  ['an object in an array is matched as a whole', { detail: { employees: { firstName: ['Anna'], lastName: ['Smith'] } } }],
  ['a prefix is matched', { time: [{ prefix: '2017-10-02' }] }],
  ['a suffix is matched', { detail: { FileName: [{ suffix: '.png' }] } }],
  ['upper and lower case are one where the pattern says so', { detail: { state: [{ 'equals-ignore-case': 'RUNNING' }], FileName: [{ suffix: { 'equals-ignore-case': '.PNG' } }] } }],
  ['a wildcard stands for any characters', { detail: { FileName: [{ wildcard: 'dir/*.png' }] } }],
  ['a number is compared', { detail: { 'c-count': [{ numeric: ['>', 0, '<=', 5] }], 'x-limit': [{ numeric: ['=', 3.018e2] }] } }],
  ['an address is in a block', { detail: { sourceIPAddress: [{ cidr: '10.0.0.0/24' }] } }],
  ['anything but a value is another one', { detail: { state: [{ 'anything-but': ['stopped', 'overloaded'] }] } }],
  ['anything but a prefix is another one', { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } }],
  ['anything but the empty text is a text', { detail: { state: ANYTHING_BUT_EMPTY } }],
  ['anything but a text may be null', { detail: { responseElements: [{ 'anything-but': 'x' }] } }],
  ['anything but a value may be another one of the array', { detail: { tags: [{ 'anything-but': 'Insider' }] } }],
  ['a field that is there exists, even when it is null', { detail: { 'c-count': [{ exists: true }], 'responseElements': [{ exists: true }] } }],
  ['a field can be wanted absent', { detail: { 'd-count': [{ exists: false }] } }],
  ['a field that is no leaf counts as absent', { detail: { trigger: [{ exists: false }] } }],
  ['null and the empty text are values', { detail: { responseElements: [null], eventVersion: [''] } }],
  ['one branch of $or is enough', { source: ['aws.ec2'], detail: { $or: [{ state: ['stopped'] }, { 'c-count': [5] }] } }],
  ['a field can be wanted absent or with a value', { detail: { state: ['running', { exists: false }] } }],
]))('%s', (_, result) => {
  expect(result).toBe('matches');
});

test.each(decided([
  ['another value', { source: ['aws.fargate'] }],
  ['one field of several', { source: ['aws.ec2'], region: ['us-east-1'] }],
  ['a text in another case', { detail: { state: ['Running'] } }],
  ['a name of a field in another case', { Source: ['aws.ec2'] }],
  ['a number as a text', { detail: { 'c-count': ['5'] } }],
  ['a nested field at the top', { state: ['running'] }],
  ['no value of an array in the event', { resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-0'] }],
  ['the value itself where anything else is wanted', { detail: { state: [{ 'anything-but': 'running' }] } }],
  ['the empty text where any other is wanted', { detail: { eventVersion: ANYTHING_BUT_EMPTY } }],
  ['an absent field where anything but the empty text is wanted', { detail: { 'd-count': ANYTHING_BUT_EMPTY } }],
  ['an empty array where anything but a value is wanted', { detail: { empty: [{ 'anything-but': 'x' }] } }],
  ['null for the empty text, and the empty text for null', { detail: { $or: [{ eventVersion: [null] }, { responseElements: [''] }] } }],
  ['an absent field that shall exist', { detail: { 'd-count': [{ exists: true }] } }],
  ['a field that shall not exist', { detail: { 'c-count': [{ exists: false }] } }],
  ['an empty array that shall exist', { detail: { empty: [{ exists: true }] } }],
  ['a number out of the range', { detail: { 'c-count': [{ numeric: ['>', 5] }] } }],
  ['no branch of $or', { detail: { $or: [{ state: ['stopped'] }, { 'c-count': [4] }] } }],
]))('%s does not match', (_, result) => {
  expect(result).toBe('differs');
});

const { resources: _resources, ...WITHOUT_RESOURCES } = EVENT;
const SOURCE = { source: ['aws.ec2'] };
/** A pattern of as many characters: {"source":["..."]}. */
const ofLength = (length: number) => ({ source: ['x'.repeat(length - '{"source":[""]}'.length)] });
const manyBranches = (fields: number) => Object.fromEntries([...Array(fields)].map((_, index) => [`f${index}`, { $or: [{ a: [1] }, { b: [1] }] }]));

const REFUSED: [name: string, reason: string, pattern: Pattern, event?: Pattern][] = [
  ['a value that is no list', '"source" must be an object or an array', { source: 'aws.ec2' }],
  ['no value', 'Empty arrays are not allowed', { source: [] }],
  ['no field', 'Empty objects are not allowed', {}],
  ['an unknown operator', 'Unrecognized match type contains', { source: [{ contains: 'ec2' }] }],
  ['two operators in one', 'Only one key allowed in match expression', { source: [{ prefix: 'aws', suffix: 'ec2' }] }],
  ['anything but null', 'Value of anything-but must be an array or single string/number value.', { source: [{ 'anything-but': null }] }],
  ['$or with one branch', 'There must have at least 2 Objects in $or relationship.', { $or: [SOURCE] }],
  ['a field beside $or and in it', 'Path `source` cannot be allowed multiple times', { ...SOURCE, $or: [SOURCE, { region: ['us-west-1'] }] }],
  ['a pattern of more than 1,000 branches', '$or makes 1024 branches, of at most 1000', manyBranches(10)],
  ['a pattern of more than 2,048 characters', 'the pattern has 2049 characters, of at most 2048', ofLength(2049)],
  ['a wildcard that AWS found too complex', 'EventBridge may find the wildcards too complex', { resources: [{ wildcard: '*:*:*:*:*:event-bus/*' }] }],
  ['a number above 5.0e9', 'EventBridge does not compare such a number: [">",5000000001]', { detail: { 'c-count': [{ numeric: ['>', 5000000001] }] } }],
  ['a number of seven decimals', 'EventBridge does not compare such a number: 0.1234567', { detail: { 'x-limit': [{ 'anything-but': 0.1234567 }] } }],
  ['a number above 5.0e9 in the event', 'EventBridge does not compare a number that is in the event',
    { detail: { 'c-count': [{ numeric: ['>', 1] }] } }, { ...EVENT, detail: { 'c-count': 5000000001 } }],
  ['a pair of fields from two objects of an array',
    'the library disagrees with itself: {rulesForJSONEvent=false, each branch alone=false, the search before 2.0=false, rulesForEvent=true}',
    { detail: { employees: { firstName: ['Anna'], lastName: ['Jones'] } } }],
  ['$or of which the library loses a branch',
    'the library disagrees with itself: {rulesForJSONEvent=false, each branch alone=true, the search before 2.0=false, rulesForEvent=false}',
    { $or: [{ source: ['aws.s3', 'aws.rds'] }, { source: ['aws.s3', 'aws.ec2'] }] }],
  ['a reference', 'a token in the pattern', { account: [{ Ref: 'AWS::AccountId' }] }],
  ['a function', 'a token in the pattern', { resources: [{ prefix: { 'Fn::Join': ['', ['arn:', 'aws']] } }] }],
  ['a token', 'a token in the pattern', { account: ['${Token[AWS.AccountId.4]}'] }],
  ['a token of the CDK for a list', 'a token in the pattern', { resources: ['#{Token[TOKEN.4]}'] }],
  ['a token of the CDK for a number', 'a token in the pattern', { detail: { 'c-count': [-1.8881545897087626e+289] } }],
  ['a token in the event', 'a token in the event', SOURCE, { ...EVENT, account: '${Token[AWS.AccountId.4]}' }],
  ['an event without one of its fields', "the event has no array 'resources'", SOURCE, WITHOUT_RESOURCES],
  ['an event with a number for its account', "the event has no text 'account'", SOURCE, { ...EVENT, account: 111122223333 }],
  ['an event without a detail', "the event has no object 'detail'", SOURCE, { ...EVENT, detail: 'running' }],
];
const reasons = decided(REFUSED.map(([name, , pattern, event]) => [name, pattern, event]));

test.each(REFUSED.map(([name, reason], index) => [name, `invalid: ${reason}`, reasons[index][1]]))('%s is refused', (_, reason, result) => {
  expect(result).toBe(reason);
});

test('a pattern may have 2,048 characters and 512 branches, and compare 5.0e9', () => {
  const allowed = [ofLength(2048), manyBranches(9), { detail: { 'c-count': [{ numeric: ['<', 5e9] }], 'state': ['stopped'] } }];

  expect(match(allowed.map((pattern) => ({ name: 'allowed', pattern, event: EVENT })))).toEqual(['differs', 'differs', 'differs']);
});

test('results are in the order of the cases, and no case has none', () => {
  const named = (pattern: Pattern) => ({ name: 'same name', pattern, event: EVENT });

  expect(match([named({ source: ['aws.s3'] }), named({}), named(SOURCE)])).toEqual(['differs', 'invalid: Empty objects are not allowed', 'matches']);
  expect(match([])).toEqual([]);
});
