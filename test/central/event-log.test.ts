import { Setup } from './central';
import { decide } from '../policies';
import type { Case } from '../policies';
import { LOG_ARCHIVE } from '../stacks';

const LOG_GROUPS = `arn:aws:logs:eu-west-2:${LOG_ARCHIVE}:log-group:`;
const OWN = '/aws/events/backups';
const OTHER = '/aws/events/other';

const setup = new Setup();
setup.central();
const { rendered } = setup;
const rule = rendered.only('AWS::Events::Rule', ({ Targets }) => /:log-group:/.test(JSON.stringify(Targets)));
const RULE = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:rule/backups/${rule.Name}`;

/** What EventBridge asks of a log group for the rule. */
function ask(action: string, logGroup: string, principal: string): Case {
  return {
    name: `${action} ${logGroup}`,
    request: {
      principal, action, resource: `${LOG_GROUPS}${logGroup}:log-stream:any`, resourceAccount: LOG_ARCHIVE, context: { 'aws:SourceArn': RULE },
    },
    resourcePolicy: JSON.parse(rendered.only('AWS::Logs::ResourcePolicy').PolicyDocument),
  };
}

/** What CloudWatch Logs asks of the key, for a log group where what it asks has a context. */
function askKey(action: string, logGroup?: string, principal = 'logs.eu-west-2.amazonaws.com'): Case {
  const [key] = rendered.keyArns;
  return {
    name: `${action} ${logGroup}`,
    request: {
      principal,
      action,
      resource: key,
      resourceAccount: LOG_ARCHIVE,
      context: logGroup === undefined ? {} : { 'kms:EncryptionContext:aws:logs:arn': `${LOG_GROUPS}${logGroup}` },
    },
    resourcePolicy: rendered.keyPolicy(key),
  };
}

test.each(['events.amazonaws.com', 'delivery.logs.amazonaws.com'])('%s makes streams in the log group and writes into them', (principal) => {
  expect(decide(['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ask(action, OWN, principal)))).toEqual(['Allowed', 'Allowed']);
});

test.each(['events.amazonaws.com', 'delivery.logs.amazonaws.com'])('%s does neither in another log group', (principal) => {
  expect(decide(['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ask(action, OTHER, principal)))).toEqual(['ImplicitlyDenied', 'ImplicitlyDenied']);
});

test('nobody else makes streams, and nobody deletes any', () => {
  expect(decide([ask('logs:CreateLogStream', OWN, 'lambda.amazonaws.com'), ask('logs:DeleteLogStream', OWN, 'events.amazonaws.com')]))
    .toEqual(['ImplicitlyDenied', 'ImplicitlyDenied']);
});

describe('the key', () => {
  const [topic, logGroup] = [rendered.only('AWS::SNS::Topic').KmsMasterKeyId, rendered.only('AWS::Logs::LogGroup').KmsKeyId];

  test.each([
    'kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext',
  ])('lets CloudWatch Logs of the region do %s for the log group, and for no other one', (action) => {
    expect(decide([askKey(action, OWN), askKey(action, OTHER), askKey(action), askKey(action, OWN, 'logs.eu-west-1.amazonaws.com')]))
      .toEqual(['Allowed', 'ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied']);
  });

  test('names kms:DescribeKey too, as the statement that AWS documents does, though KMS has no context with that', () => {
    const { Statement } = rendered.keyPolicy(rendered.keyArns[0]) as any;

    expect(Statement.find(({ Sid }: any) => Sid === 'LogGroupUsesKey').Action).toContain('kms:DescribeKey');
  });

  test('lets CloudWatch Logs do nothing that changes it', () => {
    expect(decide(['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey'].map((action) => askKey(action))))
      .toEqual(['ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied']);
  });

  test('is the only one, for the messages as well, and is rotated', () => {
    expect([topic, logGroup]).toEqual([rendered.keyArns[0], rendered.keyArns[0]]);
    expect(rendered.only('AWS::KMS::Key').EnableKeyRotation).toBe(true);
  });
});
