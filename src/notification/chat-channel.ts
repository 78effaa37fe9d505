import { Token } from 'aws-cdk-lib';
import { checkShape, describeValue, PropsErrors, SHAPES } from '../private/props-errors';

/**
 * A channel of Slack.
 */
export interface SlackChannelOptions {
  /**
   * Id of the workspace, such as `T0123ABCD`. Authorize the workspace once in the console of Amazon Q Developer in chat
   * applications, which shows the id.
   */
  readonly workspaceId: string;

  /**
   * Id of the channel, such as `C0123ABCD`: the end of its link. A private channel must invite Amazon Q (`/invite @Amazon Q`).
   */
  readonly channelId: string;
}

/**
 * A channel of Microsoft Teams.
 */
export interface TeamsChannelOptions {
  /**
   * Id of the tenant, a UUID. Authorize the team once in the console of Amazon Q Developer in chat applications, which shows
   * the id.
   */
  readonly tenantId: string;

  /**
   * Id of the team, a UUID.
   */
  readonly teamId: string;

  /**
   * Id of the channel in its link, such as `19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2`.
   */
  readonly channelId: string;
}

/**
 * A chat channel, for Amazon Q Developer in chat applications (formerly AWS Chatbot).
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/getting-started.html
 */
export class ChatChannel {
  /**
   * A channel of Slack.
   *
   * @param options Ids of the channel and of its workspace
   * @throws if an id is not valid
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
   */
  public static slack(options: SlackChannelOptions): ChatChannel {
    const { workspaceId, channelId } = checkIds('ChatChannel.slack()', options, {
      workspaceId: [/^[0-9A-Z]{1,255}$/, "the id of a workspace, such as 'T0123ABCD'"],
      channelId: [/^[A-Za-z0-9]{1,255}$/, "the id of a channel, such as 'C0123ABCD', and not its name"],
    });
    return new ChatChannel(`Slack channel '${channelId}' of workspace '${workspaceId}'`, {
      type: 'AWS::Chatbot::SlackChannelConfiguration', properties: { SlackWorkspaceId: workspaceId, SlackChannelId: channelId },
    });
  }

  /**
   * A channel of Microsoft Teams.
   *
   * @param options Ids of the channel, its team and its tenant
   * @throws if an id is not valid
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/teams-setup.html
   */
  public static teams(options: TeamsChannelOptions): ChatChannel {
    const uuid = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;
    const { tenantId, teamId, channelId } = checkIds('ChatChannel.teams()', options, {
      tenantId: [uuid, "the id of a tenant, such as '1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f'"],
      teamId: [uuid, "the id of a team, such as '1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f'"],
      channelId: [/^[\w=+/.,-]*%3[aA][\w=+/.,-]*%40[\w=+/.,-]*$/,
        "the id of a channel in its link, such as '19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2'"],
    });
    return new ChatChannel(`Teams channel '${channelId}' of team '${teamId}'`, {
      type: 'AWS::Chatbot::MicrosoftTeamsChannelConfiguration', properties: { TeamsTenantId: tenantId, TeamId: teamId, TeamsChannelId: channelId },
    });
  }

  /** @internal A unique text. */
  public readonly _name: string;

  /** @internal */
  public readonly _resource: ChatResource;

  private constructor(name: string, resource: ChatResource) {
    this._name = name;
    this._resource = resource;
  }
}

/** How AWS CloudFormation configures a channel. */
interface ChatResource {
  readonly type: string;
  readonly properties: Record<string, string>;
}

function checkIds<T extends object>(subject: string, options: T, ids: Record<keyof T & string, [RegExp, string]>): T {
  const errors = new PropsErrors(subject);
  checkShape(errors, 'options', options, { what: `an object with ${Object.keys(ids).join(', ')}`, is: SHAPES.map.is, isRequired: true });
  errors.throwIfAny();
  for (const [name, [pattern, what]] of Object.entries<[RegExp, string]>(ids)) {
    const value = options[name as keyof T];
    errors.when(Token.isUnresolved(value), () => `'${name}' must be a literal, because it identifies the channel, got a token`);
    errors.when(!Token.isUnresolved(value) && !(typeof value === 'string' && pattern.test(value)), () => `'${name}' must be ${what}, got ${describeValue(value)}`);
  }
  errors.throwIfAny();
  return options;
}
