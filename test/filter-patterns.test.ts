import { counts } from './filter-patterns';

/** The events and patterns that AWS documents the syntax with. */
const SIMPLE = {
  'eventType': 'UpdateTrail',
  'sourceIPAddress': '111.111.111.111',
  'arrayKey': ['value', 'another value'],
  'objectList': [{ name: 'a', id: 1 }, { name: 'b', id: 2 }],
  'SomeObject': null,
  'cluster.name': 'c',
};
const COMPOUND = {
  user: { id: 1, email: 'John.Stiles@example.com' },
  users: [{ id: 2, email: 'John.Doe@example.com' }, { id: 3, email: 'Jane.Doe@example.com' }],
  actions: ['GET', 'PUT', 'DELETE'],
  coordinates: [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
};

test.each<[string, object, boolean]>([
  ['{ $.eventType = "UpdateTrail" }', SIMPLE, true],
  ['{ $.arrayKey[0] = "value" }', SIMPLE, true],
  ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', COMPOUND, true],
  ['{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }', COMPOUND, true],
  ['{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }', COMPOUND, false],
  ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', COMPOUND, false],
])('AWS documents of %s that it decides so', (pattern, event, expected) => {
  expect(counts(pattern, event)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['the asterisk stands for any text', '{ $.eventType = "Update*" }', true],
  ['the asterisk alone is there where the property is', '{ $.eventType = "*" }', true],
  ['a property that is missing matches nothing', '{ $.missing = "*" }', false],
  ['a selector that points at a list or an object matches nothing', '{ $.arrayKey = "*" }', false],
  ['letters count as they are written', '{ $.eventType = "updatetrail" }', false],
])('%s', (_, pattern, expected) => {
  expect(counts(pattern, SIMPLE)).toBe(expected);
});

test.each(['$.a = "b"', '{ $.a != "b" }', '{ $.a IS NULL }', '{ $.a = %b% }', '{ ($.a = "b" }', '{ $.a = }', '{ $.a = "b" $.c = "d" }'])('refuses %s, which it does not know', (pattern) => {
  expect(() => counts(pattern, SIMPLE)).toThrow('in a filter pattern');
});
