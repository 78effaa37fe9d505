import { App, Stage } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { letAlarmsPublish } from '../../src/notification/callers-topic';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { checkTopic, checkTopicKind } from '../../src/notification/topic-checks';
import { Environment } from '../../src/private/environment';
import { PropsErrors } from '../../src/private/props-errors';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { decide, Rendered } from '../policies';
import type { Case } from '../policies';
import { LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const STRANGER = '999999999999';

function publish(rendered: Rendered, account: string, service = 'cloudwatch', sourceArn = `arn:aws:cloudwatch:eu-west-2:${account}:alarm:any`): Case[] {
  const context = { 'aws:SourceAccount': account, 'aws:SourceArn': sourceArn };
  const ask = (action: string, resource: string, resourcePolicy: Case['resourcePolicy']): Case => ({
    name: action, request: { principal: `${service}.amazonaws.com`, action, resource, resourceAccount: LOG_ARCHIVE, context }, resourcePolicy,
  });
  return [
    ask('sns:Publish', rendered.topicArn, rendered.topicPolicy),
    ...rendered.keyArns.map((key) => ask('kms:GenerateDataKey', key, rendered.keyPolicy(key))),
  ];
}

describe('a topic of the caller', () => {
  function shared() {
    const stack = stackIn(LOG_ARCHIVE, LONDON);
    const topic = new sns.Topic(stack, 'Own', { masterKey: new kms.Key(stack, 'Key') });
    return { stack, topic };
  }

  test('lets alarms of the account publish with its key, also where a vault has replaced the policy that SNS gave it, and those of no other account', () => {
    const { stack, topic } = shared();
    letAlarmsPublish(stack, topic);
    new ReplicatedBackupVault(stack, 'Vault', { encryptionKey: kms.Key.fromKeyArn(stack, 'Theirs', `arn:aws:kms:eu-west-2:${LOG_ARCHIVE}:key/1`), notificationTopic: topic });
    const rendered = Rendered.of(stack);

    expect(decide(publish(rendered, LOG_ARCHIVE))).toEqual(['Allowed', 'Allowed']);
    expect(decide(publish(rendered, STRANGER))).toEqual(['ImplicitlyDenied', 'ImplicitlyDenied']);
    expect(Registry.of(stack).all(UNCHECKED).filter(({ reason }) => /topic/.test(reason))).toEqual([]);
  });

  test('with a second policy is refused, since the one that is deployed last holds', () => {
    const { stack, topic } = shared();
    letAlarmsPublish(stack, topic);
    expect(() => (stack.node.root as App).synth()).not.toThrow();
    new sns.TopicPolicy(stack, 'Policy', { topics: [topic] });

    expect(() => (stack.node.root as App).synth({ force: true })).toThrow("topic 'Backup/Own' must have one policy, which allows alarms to publish, got another one at "
      + "'Backup/Policy/Resource': add its statements by 'addToResourcePolicy' (add_to_resource_policy) of the topic");
  });

  test('that several constructs share has each statement once', () => {
    const { stack, topic } = shared();
    letAlarmsPublish(stack, topic);
    letAlarmsPublish(stack, topic);

    expect((Rendered.of(stack).topicPolicy as any).Statement).toHaveLength(1);
    expect((Rendered.of(stack).keyPolicy(Rendered.of(stack).keyArns[0]) as any).Statement).toHaveLength(2); // that of the account is the first
  });

  test('that has no key is not asked for one, where the app defines it', () => {
    const stack = stackIn(LOG_ARCHIVE, LONDON);
    letAlarmsPublish(stack, new sns.Topic(stack, 'Plain'));

    expect(Registry.of(stack).all(UNCHECKED)).toEqual([]);
  });

  test('that is imported is reported with what its policies must say', () => {
    const stack = stackIn(LOG_ARCHIVE, LONDON);
    letAlarmsPublish(stack, sns.Topic.fromTopicArn(stack, 'Theirs', `arn:aws:sns:eu-west-2:${LOG_ARCHIVE}:theirs`));
    letAlarmsPublish(stack, sns.Topic.fromTopicAttributes(stack, 'Encrypted', {
      topicArn: `arn:aws:sns:eu-west-2:${LOG_ARCHIVE}:encrypted`, keyArn: `arn:aws:kms:eu-west-2:${LOG_ARCHIVE}:key/1`,
    }));

    expect(Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^the policy of topic 'Backup\/Theirs', .*:alarm:\*.*"cloudwatch.amazonaws.com"/),
      expect.stringMatching(/^whether topic 'Backup\/Theirs' is encrypted: if it is, import it by 'Topic\.fromTopicAttributes' \(from_topic_attributes\) with its 'keyArn' \(key_arn\), and its key policy must contain \{.*"kms:GenerateDataKey".*"cloudwatch.amazonaws.com"/),
      expect.stringMatching(/^the policy of key 'Backup\/Encrypted\/.*"kms:GenerateDataKey".*:alarm:\*.*"cloudwatch.amazonaws.com"/),
      expect.stringMatching(/^the policy of topic 'Backup\/Encrypted', .*"cloudwatch.amazonaws.com"/),
    ]);
  });
});

test('a NotificationTopic lets vaults and alarms publish as it is: each more of them adds nothing', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const { topic } = new NotificationTopic(stack, 'Topic');
  letAlarmsPublish(stack, topic);
  [1, 2].forEach((index) => new ReplicatedBackupVault(stack, `Vault${index}`, { notificationTopic: topic }));

  expect((Rendered.of(stack).topicPolicy as any).Statement.map(({ Sid }: any) => Sid))
    .toEqual(['AllowPublishThroughSSLOnly', 'CloudWatchPublishes', 'AwsBackupPublishes', 'S3Publishes']);
});

describe('refuses', () => {
  const problems = (topic: sns.ITopic) => {
    const errors = new PropsErrors('Props');
    checkTopicKind(errors, 'topic', topic, 'CloudWatch');
    return errors.all;
  };

  test('a NotificationTopic where its topic is meant, as Python lets it through', () => {
    expect(problems(new NotificationTopic(stackIn(LOG_ARCHIVE, LONDON), 'Topic') as any)).toEqual(["'topic' must be a topic: specify the 'topic' of a NotificationTopic"]);
  });

  test('a key that goes by an alias, where rules publish: their role must name the key', () => {
    const stack = stackIn(LOG_ARCHIVE, LONDON);
    const topic = new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'Key').addAlias('alias/topics') });
    const problemsOf = (isForRules?: boolean) => {
      const errors = new PropsErrors('Props');
      checkTopic(errors, 'topic', topic, 'CloudWatch', { of: 'the metrics', environment: new Environment(LOG_ARCHIVE, LONDON), scope: stack, isForRules });
      return errors.all;
    };

    expect(problemsOf(true)).toEqual(["'topic' must have the key itself, not an alias, because permissions refer to the key, got 'Backup/Topic' with 'Backup/Key/Alias'"]);
    expect(problemsOf()).toEqual([]);
  });

  test('a topic of another Stage, unless it is imported', () => {
    const app = new App();
    const [dev, prod] = ['Dev', 'Prod'].map((id) => stackIn(LOG_ARCHIVE, LONDON, new Stage(app, id)));
    const errors = new PropsErrors('Props');
    const place = { of: 'the metrics', environment: new Environment(LOG_ARCHIVE, LONDON), scope: prod };
    checkTopic(errors, 'topic', new sns.Topic(dev, 'Topic'), 'CloudWatch', place);
    checkTopic(errors, 'topic', sns.Topic.fromTopicArn(prod, 'Topic', `arn:aws:sns:eu-west-2:${LOG_ARCHIVE}:theirs`), 'CloudWatch', place);

    expect(errors.all).toEqual(["'topic' must be in the Stage of the metrics, got 'Dev/Backup/Topic' in another Stage: define a topic there, or import this one"]);
  });
});
