import { App, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { ReplicationBudget } from '../../src/costs/replication-budget';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { ChatChannel } from '../../src/notification/chat-channel';
import { AlarmSeverity, Notify } from '../../src/notification/notify';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { messagesAbout } from '../messages';
import { nagFindings } from '../nag-findings';
import { Rendered } from '../policies';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const { CRITICAL } = AlarmSeverity;
const SLACK = 'AWS::Chatbot::SlackChannelConfiguration';
const OPS = ChatChannel.slack({ workspaceId: 'T0123ABCD', channelId: 'C0123ABCD' });
const UUID = '1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f';
const TEAMS_CHANNEL = '19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2';

const forwardingIn = (stack: Stack, notify: Notify[], id = 'Forwarding') =>
  new BackupEventForwarding(stack, id, { eventBusArn: `arn:aws:events:${stack.region}:444444444444:event-bus/${id}`, notify });
const alarmsIn = (stack: Stack, notify: Notify[]) =>
  new BackupAlarms(stack, 'Alarms', { vaults: [new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND })], notify });
const topicsOf = (stack: Stack) => Rendered.of(stack).only(SLACK).SnsTopicArns;

describe('a chat channel', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  alarmsIn(stack, [Notify.chat(OPS)]);
  forwardingIn(stack, [Notify.chat(ChatChannel.slack({ workspaceId: 'T0123ABCD', channelId: 'C0123ABCD' }))]);
  const template = Template.fromStack(stack);
  const [configuration] = Object.values(template.findResources(SLACK));

  test('is configured once, in the home stack, with the topics of all regions', () => {
    expect(Object.keys(template.findResources(SLACK))).toHaveLength(1);
    expect(configuration.Properties).toMatchObject({
      SlackWorkspaceId: 'T0123ABCD',
      SlackChannelId: 'C0123ABCD',
      ConfigurationName: expect.stringMatching(/^[A-Za-z0-9-_]{1,128}$/),
      SnsTopicArns: [
        { Ref: 'BackupDrNotificationsTopic09CC4A13' },
        expect.stringMatching(/^arn:aws:sns:eu-west-1:222222222222:Backup-support-eu-west-1-for-eu-west-2-BackupDrNotifications-[0-9a-f]{8}$/),
      ],
    });
    Template.fromStack(supportStackOf(stack, IRELAND)).resourceCountIs(SLACK, 0);
  });

  test('has the topics of the other regions by the names that they have there', () => {
    const { TopicName } = Rendered.of(supportStackOf(stack, IRELAND)).only('AWS::SNS::Topic');

    expect(configuration.Properties.SnsTopicArns[1]).toBe(`arn:aws:sns:eu-west-1:222222222222:${TopicName}`);
  });

  test('has a guardrail of its own and a role that read alarms and metrics, and nothing else', () => {
    const [[policyId, policy]] = Object.entries(template.findResources('AWS::IAM::ManagedPolicy'));
    const [roleId, role] = Object.entries(template.findResources('AWS::IAM::Role')).find(([id]) => id.startsWith('BackupDrNotificationsChatRole'))!;

    expect(configuration.Properties.GuardrailPolicies).toEqual([{ Ref: policyId }]);
    expect(configuration.Properties.IamRoleArn).toEqual({ 'Fn::GetAtt': [roleId, 'Arn'] });
    expect(policy.Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: ['cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*'], Resource: '*' },
    ]);
    expect(role.Properties.ManagedPolicyArns).toEqual([{ Ref: policyId }]);
    expect(role.Properties.Policies).toBeUndefined();
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'chatbot.amazonaws.com' } }]);
  });

  test.each<[string, (home: Stack) => Stack]>([
    ['a support stack', (home) => supportStackOf(home, IRELAND)],
    ['a stack of the caller', (home) => home.node.root.node.findChild('Away') as Stack],
  ])('is configured after the topics of the other regions, which the service subscribes to, in %s', (where, stackOf) => {
    const app = new App();
    const home = stackIn(INFRASTRUCTURE, LONDON, app);
    const replicaScope = where === 'a support stack' ? undefined : stackIn(INFRASTRUCTURE, IRELAND, app, 'Away');
    const vaults = [new ReplicatedBackupVault(home, 'Vault', replicaScope ? { replicaScope } : { replicaRegion: IRELAND })];
    new BackupAlarms(home, 'Alarms', { vaults, notify: [Notify.chat(OPS)] });

    expect(app.synth().getStackArtifact(home.artifactId).dependencies.map(({ id }) => id)).toContain(stackOf(home).artifactId);
  });

  test('does not close a circle where the stack of a topic waits for that of the channel', () => {
    const app = new App();
    const home = stackIn(INFRASTRUCTURE, LONDON, app);
    const replicaScope = stackIn(INFRASTRUCTURE, IRELAND, app, 'Away');
    replicaScope.addDependency(home);
    new BackupAlarms(home, 'Alarms', { vaults: [new ReplicatedBackupVault(home, 'Vault', { replicaScope })], notify: [Notify.chat(OPS)] });

    expect(() => app.synth()).not.toThrow();
  });

  test('counts as somebody who is notified', () => {
    expect(messagesAbout(stack, /subscribed/)).toEqual([]);
  });
});

test('a user of AwsSolutions has nothing to suppress for chat channels and shared topics', () => {
  const app = new App();
  forwardingIn(stackIn(INFRASTRUCTURE, LONDON, app), [Notify.chat(OPS), Notify.existingChat('on-call', { severity: CRITICAL })]);

  expect(nagFindings(app).open).toEqual([]);
});

test('a channel of Microsoft Teams is configured with the same role and guardrail', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  forwardingIn(stack, [Notify.chat(ChatChannel.teams({ tenantId: UUID, teamId: UUID, channelId: TEAMS_CHANNEL })), Notify.chat(OPS)]);
  const teams = Rendered.of(stack).only('AWS::Chatbot::MicrosoftTeamsChannelConfiguration');
  const slack = Rendered.of(stack).only(SLACK);

  expect(teams).toMatchObject({ TeamsTenantId: UUID, TeamId: UUID, TeamsChannelId: TEAMS_CHANNEL });
  expect([teams.IamRoleArn, teams.GuardrailPolicies]).toEqual([slack.IamRoleArn, slack.GuardrailPolicies]);
  expect(teams.ConfigurationName).not.toBe(slack.ConfigurationName); // names are unique in an account
});

test('a channel gets what is critical alone, until a construct of the stack wants more', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  forwardingIn(stack, [Notify.chat(OPS, { severity: CRITICAL })]);
  expect(topicsOf(stack)).toEqual([expect.stringMatching(/BackupDrNotificationsCriticalTopic/)]);

  const both = stackIn(INFRASTRUCTURE, LONDON);
  forwardingIn(both, [Notify.chat(OPS, { severity: CRITICAL })]);
  forwardingIn(both, [Notify.chat(OPS)], 'Another');
  expect(topicsOf(both)).toEqual([expect.stringMatching(/BackupDrNotificationsTopic/)]);
  Template.fromStack(both).resourceCountIs('AWS::SNS::Topic', 1);
});

describe('a channel that is configured already', () => {
  test('gets the ARNs of its topics as outputs, in each region', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    alarmsIn(stack, [Notify.existingChat('operations'), Notify.existingChat('on-call', { severity: CRITICAL })]);
    const outputs = (of: Stack) => Object.values(Template.fromStack(of).findOutputs('*')).filter(({ Description }) => /chat/.test(Description));

    for (const each of [stack, supportStackOf(stack, IRELAND)]) {
      expect(outputs(each)).toEqual([
        { Description: "Topic for chat channels: add it to the configuration of 'operations'", Value: { Ref: 'BackupDrNotificationsTopic09CC4A13' } },
        { Description: "Topic for chat channels: add it to the configuration of 'on-call'", Value: { Ref: expect.stringMatching(/^BackupDrNotificationsCriticalTopic/) } },
      ]);
      Template.fromStack(each).resourceCountIs(SLACK, 0);
    }
    expect(messagesAbout(stack, /chat channel 'operations'/)).toEqual([
      "not checked: whether the configuration of chat channel 'operations' contains the topics of this stack: add the ARN in the output ChatTopicArn [ack: cdk-backup-dr:chatChannelTopics]",
    ]);
    expect(messagesAbout(stack, /subscribed/)).toEqual([]);
  });

  test('has one output for all of them', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    forwardingIn(stack, [Notify.existingChat('operations')]);
    forwardingIn(stack, [Notify.existingChat('backups'), Notify.existingChat('operations', { severity: CRITICAL })], 'Another');

    expect(Object.values(Template.fromStack(stack).findOutputs('*')).map(({ Description }) => Description))
      .toEqual(["Topic for chat channels: add it to the configuration of 'backups', 'operations'"]);
  });
});

describe('refuses', () => {
  const again = "'notify' configures Slack channel 'C0123ABCD' of workspace 'T0123ABCD' in account 222222222222, which stack 'One' already does: AWS supports one configuration for each "
    + 'channel and account, so use Notify.existingChat here, and add its topics to that configuration';

  test('a channel that another stack, or one of another Stage, configures in the account', () => {
    const app = new App();
    forwardingIn(stackIn(INFRASTRUCTURE, LONDON, app, 'One'), [Notify.chat(OPS)]);

    for (const stack of [stackIn(INFRASTRUCTURE, IRELAND, app, 'Two'), stackIn(INFRASTRUCTURE, LONDON, new Stage(app, 'Prod'), 'Other')]) {
      expect(problemsOf(() => forwardingIn(stack, [Notify.chat(OPS)]))).toEqual([again]);
      expect(problemsOf(() => forwardingIn(stack, [Notify.existingChat('operations')], 'Again'))).toEqual([]);
    }
  });

  test('no channel of another account, no other channel, none of the same stack in another Stage, and none after that was removed', () => {
    const app = new App();
    const other = ChatChannel.slack({ workspaceId: 'T0123ABCD', channelId: 'C9999ABCD' });
    forwardingIn(stackIn(INFRASTRUCTURE, LONDON, app, 'One'), [Notify.chat(OPS)]);

    expect(problemsOf(() => forwardingIn(stackIn(LOG_ARCHIVE, LONDON, app, 'Two'), [Notify.chat(OPS)]))).toEqual([]);
    expect(problemsOf(() => forwardingIn(stackIn(INFRASTRUCTURE, LONDON, app, 'Three'), [Notify.chat(other)]))).toEqual([]);
    expect(problemsOf(() => forwardingIn(stackIn(INFRASTRUCTURE, LONDON, new Stage(app, 'Pipeline'), 'One', { stackName: 'One' }), [Notify.chat(OPS)]))).toEqual([]);
    app.node.tryRemoveChild('One');
    app.node.tryRemoveChild('Pipeline');
    expect(problemsOf(() => forwardingIn(stackIn(INFRASTRUCTURE, LONDON, app, 'Four'), [Notify.chat(OPS)]))).toEqual([]);
  });

  test('a channel where the account and the region are not known, in words that name env, and takes one that is configured already', () => {
    const stack = new Stack(new App(), 'Anywhere');
    const eventBusArn = Lazy.string({ produce: () => 'any' });
    const problems = (notify: Notify) => problemsOf(() => new BackupEventForwarding(stack, 'Forwarding', { eventBusArn, notify: [notify] }));

    expect(problems(Notify.chat(OPS))).toEqual([
      "Notify.chat requires a literal account and region, because AWS supports one configuration for each channel and account: set the 'env' of the stack "
      + 'to literal values, got an unknown account, an unknown region',
    ]);
    stack.node.tryRemoveChild('Forwarding');
    expect(problems(Notify.existingChat('operations'))).toEqual([]);
  });

  test.each([
    ['us-gov-west-1'], ['cn-north-1'], ['ap-east-2'], ['ap-southeast-6'], ['eusc-de-east-1'],
  ])('chat channels in %s, where the service is not', (region) => {
    const stack = stackIn(INFRASTRUCTURE, region);
    const eventBusArn = Lazy.string({ produce: () => 'any' });
    const problem = `'notify' must have no chat channel with topics in ${region}, which Amazon Q Developer in chat applications does not support; use Notify.email or Notify.topic`;

    expect([Notify.chat(OPS), Notify.existingChat('operations')].map((each, index) =>
      problemsOf(() => new BackupEventForwarding(stack, `Forwarding${index}`, { eventBusArn, notify: [each] })))).toEqual([[problem], [problem]]);
  });

  test('chat channels for a replica in such a region', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const vaults = [new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: 'ap-east-2' })];

    expect(problemsOf(() => new BackupAlarms(stack, 'Alarms', { vaults, notify: [Notify.chat(OPS)] })))
      .toEqual([expect.stringContaining("'notify' must have no chat channel with topics in ap-east-2")]);
  });

  test.each([['af-south-1'], ['ap-southeast-7'], ['mx-central-1'], ['us-east-1'], ['sa-east-1']])('no chat channel in %s', (region) => {
    const stack = stackIn(INFRASTRUCTURE, region);

    expect(problemsOf(() => forwardingIn(stack, [Notify.chat(OPS)]))).toEqual([]);
    expect(messagesAbout(stack, /Amazon Q Developer/)).toEqual([]);
  });

  test('a budget for a chat channel', () => {
    expect(problemsOf(() => new ReplicationBudget(stackIn(INFRASTRUCTURE, LONDON), 'Budget', { monthlyLimit: 1, usageTypes: ['any'], notify: [Notify.chat(OPS)] }))).toEqual([
      "'notify' must have only email addresses and a topic: AWS Budgets does not publish to chat channels, so specify a topic that the channel receives, such as Notify.topic(alarms.topic)",
    ]);
  });
});

test('that a new region may not have the service is reported', () => {
  const stack = stackIn(INFRASTRUCTURE, 'eu-west-9');
  forwardingIn(stack, [Notify.chat(OPS)]);

  expect(messagesAbout(stack, /Amazon Q Developer/)).toEqual([
    'not checked: whether Amazon Q Developer in chat applications supports topics in eu-west-9, which might be a new region [ack: cdk-backup-dr:chatInRegion]',
  ]);
});

test.each<[string, () => unknown, string[]]>([
  ['a name where an id is meant', () => ChatChannel.slack({ workspaceId: 'acme', channelId: '#operations' }), [
    "'workspaceId' (workspace_id) must be the id of a workspace, such as 'T0123ABCD', got 'acme'",
    "'channelId' (channel_id) must be the id of a channel, such as 'C0123ABCD', and not its name, got '#operations'",
  ]],
  ['a link that is not encoded', () => ChatChannel.teams({ tenantId: UUID, teamId: 'acme', channelId: '19:b6ef@thread.tacv2' }), [
    "'teamId' (team_id) must be the id of a team, such as '1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f', got 'acme'",
    "'channelId' (channel_id) must be the id of a channel in its link, such as '19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2', got '19:b6ef@thread.tacv2'",
  ]],
  ['a token', () => ChatChannel.slack({ workspaceId: Lazy.string({ produce: () => 'T1' }), channelId: 'C1' }),
    ["'workspaceId' (workspace_id) must be a literal, because it identifies the channel, got a token"]],
  ['no ids', () => ChatChannel.slack(undefined as any), ["'options' is required: an object with workspaceId, channelId, got nothing"]],
  ['a text', () => ChatChannel.slack('C0123ABCD' as any), ["'options' must be an object with workspaceId, channelId, got 'C0123ABCD'"]],
  ['what is no channel', () => Notify.chat('C0123ABCD' as any), ["'channel' must be a ChatChannel, such as ChatChannel.slack({ … }), got 'C0123ABCD'"]],
  ['no name', () => Notify.existingChat('' as any), ["'channelName' (channel_name) must be a literal name, such as 'operations', got ''"]],
])('%s is refused in words', (_, make, problems) => {
  expect(problemsOf(make)).toEqual(problems);
});

test('an id of a channel that Slack makes is taken', () => {
  const id = (first: string) => fc.stringMatching(/^[0-9A-Z]{8,10}$/).map((rest) => `${first}${rest}`);
  fc.assert(fc.property(id('T'), fc.oneof(id('C'), id('G')), (workspaceId, channelId) => {
    expect(problemsOf(() => ChatChannel.slack({ workspaceId, channelId }))).toEqual([]);
  }));
});
