import { Duration, Lazy, Token } from 'aws-cdk-lib';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';

test('an objective is about the loss of the resource unless it says otherwise', () => {
  const objective = new RecoveryObjective({ name: 'DynamoDB', rto: Duration.hours(4), rpo: Duration.hours(24) });

  expect(objective.name).toBe('DynamoDB');
  expect(objective.rto.toHours()).toBe(4);
  expect(objective.rpo.toHours()).toBe(24);
  expect(objective.survives).toBe('RESOURCE');
});

test.each([FailureScope.RESOURCE, FailureScope.REGION, FailureScope.ACCOUNT])('an objective can be about the loss of the %s', (survives) => {
  const objective = new RecoveryObjective({ name: 'Failover', rto: Duration.hours(8), rpo: Duration.hours(24), survives });

  expect(objective.survives).toBe(survives);
});

test('an objective of no time at all is refused, with all problems at once', () => {
  expect(() => new RecoveryObjective({ name: ' ', rto: Duration.minutes(0), rpo: Duration.days(0) })).toThrow(new Error([
    "invalid RecoveryObjectiveProps of ' ':",
    "- 'name' must not be empty, because errors and the report use it",
    "- 'rto' must be longer than zero, got 0 minutes",
    "- 'rpo' must be longer than zero, got 0 days",
  ].join('\n')));
});

test('the shortest objective is longer than zero', () => {
  expect(() => new RecoveryObjective({ name: 'Logs', rto: Duration.seconds(1), rpo: Duration.millis(1) })).not.toThrow();
});

test('tokens are not compared', () => {
  const span = Duration.minutes(Lazy.number({ produce: () => 0 }));

  expect(() => new RecoveryObjective({ name: Token.asString({ Ref: 'Name' }), rto: span, rpo: span })).not.toThrow();
});

test('what is missing is told in words', () => {
  const make = (props?: object) => () => new RecoveryObjective(props as any);

  expect(make()).toThrow(new Error([
    'invalid RecoveryObjectiveProps:',
    "- 'name' must not be empty, because errors and the report use it, got nothing",
    "- 'rto' is required, a Duration such as 'Duration.hours(4)', got nothing",
    "- 'rpo' is required, a Duration such as 'Duration.hours(30)', got nothing",
  ].join('\n')));
  expect(make({ name: 'Orders', rto: Duration.hours(4) })).toThrow("'rpo' is required");
  expect(make({ name: 'Orders', rto: 4, rpo: Duration.hours(4) })).toThrow("'rto' must be a Duration, such as 'Duration.hours(4)', got 4");
  expect(make({ name: 'Orders', rto: Duration.hours(4), rpo: Duration.hours(4), survives: 'Region' })).toThrow("'survives' must be a FailureScope");
});
