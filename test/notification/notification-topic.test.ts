import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { decide, Rendered } from '../policies';
import type { Case } from '../policies';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const STRANGER = '999999999999';

/** What a service asks for that publishes for something of an account: the topic, and what its key does for it. */
function asked(service: string, sourceArn: string, account: string): Case[] {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new NotificationTopic(stack, 'Topic');
  const rendered = Rendered.of(stack);
  const context = { 'aws:SourceAccount': account, 'aws:SourceArn': sourceArn };
  const ask = (action: string, resource: string, resourcePolicy: Case['resourcePolicy']): Case => ({
    name: action, request: { principal: `${service}.amazonaws.com`, action, resource, resourceAccount: LOG_ARCHIVE, context }, resourcePolicy,
  });
  const [key] = rendered.keyArns;
  return [
    ask('sns:Publish', rendered.topicArn, rendered.topicPolicy),
    ...['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ask(action, key, rendered.keyPolicy(key))),
  ];
}

const ALARM = (account: string) => `arn:aws:cloudwatch:eu-west-2:${account}:alarm:any`;
const VAULT = (account: string) => `arn:aws:backup:eu-west-2:${account}:backup-vault:any`;
const RULE = (account: string) => `arn:aws:events:eu-west-2:${account}:rule/any`;

test.each([
  ['an alarm', 'cloudwatch', ALARM(LOG_ARCHIVE)],
  ['a vault', 'backup', VAULT(LOG_ARCHIVE)],
  ['a bucket', 's3', 'arn:aws:s3:::any'],
])('%s of the account publishes, and uses the key', (_, service, sourceArn) => {
  expect(decide(asked(service, sourceArn, LOG_ARCHIVE))).toEqual(['Allowed', 'Allowed', 'Allowed']);
});

test.each([
  ['an alarm', 'cloudwatch', ALARM(STRANGER)],
  ['a vault', 'backup', VAULT(STRANGER)],
  ['a bucket', 's3', 'arn:aws:s3:::theirs'],
  ['a rule', 'events', RULE(STRANGER)],
])('%s of another account does not publish', (_, service, sourceArn) => {
  expect(decide(asked(service, sourceArn, STRANGER))[0]).toBe('ImplicitlyDenied');
});

test('an alarm of another account does not use the key either', () => {
  expect(decide(asked('cloudwatch', ALARM(STRANGER), STRANGER))).toEqual(['ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied']);
});

test('an alarm of another region does not publish, nor does something else of the same account', () => {
  expect(decide([
    asked('cloudwatch', `arn:aws:cloudwatch:eu-west-1:${LOG_ARCHIVE}:alarm:any`, LOG_ARCHIVE)[0],
    asked('cloudwatch', VAULT(LOG_ARCHIVE), LOG_ARCHIVE)[0],
    asked('backup', ALARM(LOG_ARCHIVE), LOG_ARCHIVE)[0],
  ])).toEqual(['ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied']);
});

test('EventBridge does not publish by itself, not for a rule of the account either: a rule has a role for it', () => {
  expect(decide(asked('events', RULE(LOG_ARCHIVE), LOG_ARCHIVE))).toEqual(['ImplicitlyDenied', 'Allowed', 'Allowed']);
});

test('a role of another account does not publish, whatever its own policies say', () => {
  const [{ request, resourcePolicy }] = asked('cloudwatch', ALARM(LOG_ARCHIVE), LOG_ARCHIVE);

  expect(decide([{
    name: 'stranger',
    request: { ...request, principal: `arn:aws:iam::${STRANGER}:role/any`, context: { 'aws:SecureTransport': 'true' } },
    identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: '*' }] }],
    resourcePolicy,
  }])).toEqual(['ImplicitlyDenied']);
});

test('nobody publishes in plain text', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new NotificationTopic(stack, 'Topic');

  expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::SNS::TopicPolicy'))).toContain('"aws:SecureTransport":"false"');
});

test('a topic has a customer key of its own that is rotated, or the one that it is given', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new NotificationTopic(stack, 'Topic');
  new NotificationTopic(stack, 'Other', { encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) });

  Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 2);
  Template.fromStack(stack).allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true });
});

test('e-mail addresses are subscribed', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new NotificationTopic(stack, 'Topic', { emailAddresses: ['operations@example.com'] });

  Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'operations@example.com' });
});

test('refuses what is no address, and an empty list', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);

  expect(() => new NotificationTopic(stack, 'Topic', { emailAddresses: ['operations'] })).toThrow("'emailAddresses' (email_addresses) must be email addresses, got 'operations'");
  expect(() => new NotificationTopic(stack, 'Other', { emailAddresses: [] })).toThrow("'emailAddresses' (email_addresses) must contain at least one address, got none: leave it out for no recipients");
});

test('refuses an alias, and one of another region', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const imported = (region: string, resource: string) => kms.Key.fromKeyArn(stack, `Key${region}`, `arn:aws:kms:${region}:${LOG_ARCHIVE}:${resource}`);

  expect(() => new NotificationTopic(stack, 'Topic', { encryptionKey: kms.Alias.fromAliasName(stack, 'Aws', 'alias/aws/sns') }))
    .toThrow(`'encryptionKey' (encryption_key) must be the key itself, not an alias, because permissions refer to the key, got '${stack.node.path}/Aws'`);
  expect(() => new NotificationTopic(stack, 'Other', { encryptionKey: imported(IRELAND, 'key/1') }))
    .toThrow(`'encryptionKey' (encryption_key) must be a key in the account and region of the topic (account ${LOG_ARCHIVE}, region ${LONDON}), got account ${LOG_ARCHIVE}, region ${IRELAND}`);
});

test('what the policy of an imported key must say is reported', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new NotificationTopic(stack, 'Topic', {
    encryptionKey: kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${LONDON}:${LOG_ARCHIVE}:key/1`), emailAddresses: ['operations@example.com'],
  });

  expect(Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^the policy of key '.*Key', which is not managed here: it must contain .*"kms:GenerateDataKey".*"cloudwatch.amazonaws.com"/),
    expect.stringMatching(/^the policy of key '.*Key', which is not managed here: it must contain .*"backup.amazonaws.com","s3.amazonaws.com","events.amazonaws.com"/),
  ]);
});

test('that nobody may be subscribed is reported, unless somebody is', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new NotificationTopic(stack, 'Silent');
  new NotificationTopic(stack, 'Heard', { emailAddresses: ['operations@example.com'] });
  new NotificationTopic(stack, 'Subscribed').topic.addSubscription(new UrlSubscription('https://example.com/'));
  Template.fromStack(stack);

  expect(Registry.of(stack).all(UNCHECKED)).toEqual([
    { id: 'nobodySubscribed', path: 'Backup/Silent', reason: "whether anybody is subscribed to the topic, because 'emailAddresses' (email_addresses) is not set" },
  ]);
});

test('addresses that differ in case only are subscribed once', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new NotificationTopic(stack, 'Topic', { emailAddresses: ['operations@example.com', 'Operations@Example.com'] });

  expect(Object.values(Template.fromStack(stack).findResources('AWS::SNS::Subscription')).map(({ Properties }) => Properties.Endpoint)).toEqual(['operations@example.com']);
});

test('an address that is given twice is subscribed once', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new NotificationTopic(stack, 'Topic', { emailAddresses: ['operations@example.com', 'operations@example.com'] });

  Template.fromStack(stack).resourceCountIs('AWS::SNS::Subscription', 1);
});
