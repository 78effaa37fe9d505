import { createHash } from 'crypto';
import { CfnResource, Lazy, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import type { ChatChannel } from './chat-channel';
import { atSynthesis } from '../private/at-synthesis';
import { suppress } from '../private/nag-suppressions';
import { deployAfter, isInTree, waitsFor } from '../private/ordering';
import { stableNameOfAccount } from '../private/physical-names';
import { outermostStack } from '../private/region-stack';
import { FactKind, Registry } from '../private/registry';

/** A configured channel: AWS supports one configuration for each channel and account. */
export interface ChatChannelFact {
  readonly name: string;
  readonly account: string;
  readonly by: IConstruct;
}

export const CHAT_CHANNELS = new FactKind<ChatChannelFact>('chat channel');

/** A topic of a stack, which may be of another region. */
export interface ChatTopic {
  readonly topicArn: string;
  readonly resource: CfnResource;
}

/**
 * The configuration of a chat channel, for all regions: Amazon Q Developer in chat applications is a global service that supports
 * topics of all regions of the account.
 *
 * Its role may read what is needed to draw the graph of an alarm. The guardrail is the same policy, so that members of the channel
 * with their own roles have no further permissions there: without a guardrail, AWS applies administrator access.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-iam-policies.html
 */
export class ChatConfiguration extends Construct {
  /** That of a channel in a scope, which is defined if it is not there. */
  public static of(scope: Construct, channel: ChatChannel): ChatConfiguration {
    const id = `Chat${createHash('sha256').update(channel._name).digest('hex').slice(0, 8)}`;
    return scope.node.tryFindChild(id) as ChatConfiguration | undefined ?? new ChatConfiguration(scope, id, channel);
  }

  private readonly sources = new Map<IConstruct, () => ChatTopic[]>();

  private constructor(scope: Construct, id: string, channel: ChatChannel) {
    super(scope, id);
    const { role, policy } = permissionsIn(scope);
    const { type, properties } = channel._resource;
    const configuration = new CfnResource(this, 'Resource', {
      type,
      properties: {
        ...properties,
        ConfigurationName: stableNameOfAccount(128, this),
        IamRoleArn: role.roleArn,
        GuardrailPolicies: [policy.managedPolicyArn],
        LoggingLevel: 'ERROR',
        SnsTopicArns: Lazy.uncachedList({ produce: () => this.topics.map(({ topicArn }) => topicArn) }),
      },
    });
    Registry.of(this).register(CHAT_CHANNELS, this, { name: channel._name, account: outermostStack(this).account, by: this });
    atSynthesis(this, () => {
      this.topics.filter(({ resource }) => mayWaitFor(this, resource)).forEach(({ resource }) => deployAfter(configuration, resource));
    });
  }

  /** @param by The owner of the topics, which are evaluated at synthesis */
  public addTopics(by: IConstruct, topics: () => ChatTopic[]): void {
    this.sources.set(by, topics);
  }

  private get topics(): ChatTopic[] {
    return [...this.sources].filter(([by]) => isInTree(by)).flatMap(([, topics]) => topics());
  }
}

/** The service subscribes to topics when the channel is configured, so they must be there. */
function mayWaitFor(scope: IConstruct, resource: CfnResource): boolean {
  const [own, other] = [scope, resource].map(outermostStack);
  return own !== other && Stage.of(own) === Stage.of(other) && !waitsFor(other, own);
}

/** As AWS documents it for notifications. */
const ACTIONS = ['cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*'];

function permissionsIn(scope: Construct): { readonly role: iam.Role; readonly policy: iam.ManagedPolicy } {
  const policy = scope.node.tryFindChild('ChatPolicy') as iam.ManagedPolicy | undefined ?? new iam.ManagedPolicy(scope, 'ChatPolicy', {
    description: 'Permissions of members of chat channels and Amazon Q Developer: read alarms and metrics',
    statements: [new iam.PolicyStatement({ actions: ACTIONS, resources: ['*'] })],
  });
  suppress(policy, {
    id: 'AwsSolutions-IAM5',
    reason: 'Amazon Q Developer reads alarms and metrics, as AWS documents for notifications. A policy cannot list them as resources.',
    appliesTo: [...ACTIONS.map((action) => `Action::${action}`), 'Resource::*'],
  });
  const role = scope.node.tryFindChild('ChatRole') as iam.Role | undefined ?? new iam.Role(scope, 'ChatRole', {
    description: 'Role of Amazon Q Developer for alarms in chat channels',
    assumedBy: new iam.ServicePrincipal('chatbot.amazonaws.com'),
    managedPolicies: [policy],
  });
  return { role, policy };
}
