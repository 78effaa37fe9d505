import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { CHAT_CHANNELS } from './chat-configuration';
import type { ChatChannelFact } from './chat-configuration';
import type { Notify } from './notify';
import type { TopicPlace } from './topic-checks';
import { differ, KNOWN_REGIONS, partitionOf } from '../private/environment';
import type { PropsErrors } from '../private/props-errors';
import { isInTwinStack, outermostStack } from '../private/region-stack';
import { Registry } from '../private/registry';

/**
 * Regions whose topics Amazon Q Developer in chat applications takes.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-regions.html
 */
const WITH_CHAT = new Set((
  'us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 '
  + 'eu-west-1 eu-west-2 eu-west-3 eu-north-1 sa-east-1 '
  + 'af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 ca-west-1 eu-south-1 eu-south-2 eu-central-2 il-central-1 '
  + 'me-south-1 me-central-1 mx-central-1'
).split(' '));

/** Whether a region might support it: an unknown region can be new. */
function mayHaveChat(region: string): boolean {
  return Token.isUnresolved(region) || WITH_CHAT.has(region) || (!KNOWN_REGIONS.has(region) && partitionOf(region) === 'aws');
}

/** Whether it is unknown if a region supports it. */
export function isChatUnknownIn(region: string): boolean {
  return !Token.isUnresolved(region) && !WITH_CHAT.has(region);
}

/** Adds problems of chat channels. */
export function checkChats(errors: PropsErrors, notify: Notify[], home: TopicPlace, away: TopicPlace[]): void {
  const chats = notify.map(({ _recipient }) => _recipient).filter(({ kind }) => kind === 'chat' || kind === 'existingChat');
  const regions = chats.length === 0 ? [] : [home, ...away].map(({ environment }) => environment.region);
  for (const region of new Set(regions.filter((each) => !mayHaveChat(each)))) {
    errors.add(`'notify' must have no chat channel with topics in ${region}, which Amazon Q Developer in chat applications does not support; `
      + 'use Notify.email or Notify.topic');
  }
  const channels = chats.flatMap((each) => each.kind === 'chat' ? each : []);
  errors.when(channels.length > 0 && !home.environment.isLiteral, () => 'Notify.chat requires a literal account and region, because AWS supports one configuration '
    + `for each channel and account: set the 'env' of the stack to literal values, got ${home.environment}`);
  for (const { channel } of channels) {
    checkChannel(errors, channel._name, home, away);
  }
}

function checkChannel(errors: PropsErrors, name: string, { of, environment: { account }, scope }: TopicPlace, away: TopicPlace[]): void {
  errors.when(away.some(({ environment }) => differ(environment.account, account)),
    () => `'notify' must have no Notify.chat if the replicas are in another account than ${of}: a channel is configured in each account, `
      + 'so use Notify.existingChat');
  const other = stackThatConfigures(name, account, scope);
  errors.when(other !== undefined, () => `'notify' configures ${name} in account ${account}, which stack '${other}' already does: AWS supports one configuration for each `
    + 'channel and account, so use Notify.existingChat here, and add its topics to that configuration');
}

function stackThatConfigures(channelName: string, channelAccount: string, scope: IConstruct): string | undefined {
  const isSame = ({ name, account }: ChatChannelFact) => name === channelName && account === channelAccount;
  const found = Token.isUnresolved(channelAccount) ? undefined : Registry.of(scope).find(CHAT_CHANNELS,
    (fact) => isSame(fact) && outermostStack(fact.by) !== outermostStack(scope) && !isInTwinStack(fact.by, scope));
  return found && outermostStack(found.by).node.path;
}
