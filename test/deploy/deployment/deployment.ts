import {
  CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeEventsCommand, DescribeStackResourcesCommand, DescribeStacksCommand,
  paginateDescribeStackEvents, UpdateStackCommand, UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { Assets } from './assets';
import type { AssemblyStack } from '../assembly/assembly';
import type { LocalAws } from '../local-aws/local-aws';

/** What became of a stack. */
export interface StackOutcome {
  readonly stack: AssemblyStack;
  readonly status: string;
  /** Whether there was nothing to do. */
  readonly isUnchanged: boolean;
  readonly seconds: number;
}

export interface DeployedResource {
  readonly stack: AssemblyStack;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly status: string;
}

/** A stack that AWS CloudFormation did not deploy, with its reasons. */
export class DeploymentError extends Error {
  constructor(readonly deployed: AssemblyStack, readonly reasons: string[]) {
    super(`${deployed.name} (${deployed.account}/${deployed.region}) was not deployed: ${reasons.join('; ')}`);
    this.name = 'DeploymentError';
  }
}

const POLL = 100;
const TIMEOUT = 180_000;
const NOTHING_TO_DO = 'No updates are to be performed';

/**
 * Deploys the stacks of a cloud assembly by AWS CloudFormation alone, without the CDK CLI and without its bootstrap stacks.
 *
 * A stack is begun as soon as those that it depends on are there.
 */
export class Deployment {
  private readonly assets: Assets;

  constructor(private readonly aws: LocalAws, readonly stacks: readonly AssemblyStack[]) {
    this.assets = new Assets(aws);
  }

  /**
   * Creates each stack, or updates one that is there.
   *
   * @throws DeploymentError for the first stack that fails, as soon as nothing is in progress any more
   */
  async deploy(): Promise<StackOutcome[]> {
    return this.inOrder((stack) => stack.dependencies, (stack) => this.deployStack(stack));
  }

  /** Deletes the stacks, those first that no other depends on. What is retained stays. */
  async destroy(): Promise<StackOutcome[]> {
    const dependents = (id: string) => this.stacks.filter(({ dependencies }) => dependencies.includes(id)).map((stack) => stack.id);
    return this.inOrder((stack) => dependents(stack.id), (stack) => this.destroyStack(stack));
  }

  /** Every resource of every stack that is there. */
  async resources(): Promise<DeployedResource[]> {
    const found = await Promise.all(this.stacks.map(async (stack) => {
      const { StackResources = [] } = await this.cloudFormation(stack).send(new DescribeStackResourcesCommand({ StackName: stack.name }));
      return StackResources.map((resource) => ({
        stack,
        logicalId: resource.LogicalResourceId!,
        type: resource.ResourceType!,
        physicalId: resource.PhysicalResourceId ?? '',
        status: resource.ResourceStatus!,
      }));
    }));
    return found.flat();
  }

  private async inOrder(before: (stack: AssemblyStack) => string[], work: (stack: AssemblyStack) => Promise<StackOutcome>): Promise<StackOutcome[]> {
    const begun = new Map<string, Promise<StackOutcome>>();
    const begin = (stack: AssemblyStack): Promise<StackOutcome> => {
      const known = begun.get(stack.id);
      if (known) {
        return known;
      }
      const needed = this.stacks.filter(({ id }) => before(stack).includes(id));
      const outcome = Promise.all(needed.map(begin)).then(() => work(stack));
      begun.set(stack.id, outcome);
      return outcome;
    };
    const outcomes = await Promise.allSettled(this.stacks.map(begin));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
    return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<StackOutcome>).value);
  }

  private async deployStack(stack: AssemblyStack): Promise<StackOutcome> {
    const started = Date.now();
    const cloudFormation = this.cloudFormation(stack);
    await this.assets.upload(stack);
    const request = {
      StackName: stack.name,
      TemplateURL: await this.assets.uploadTemplate(stack, JSON.stringify(withoutBootstrap(stack))),
      Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
      Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    };
    const isThere = (await this.statusOf(stack)) !== undefined;
    try {
      await cloudFormation.send(isThere
        ? new UpdateStackCommand(request)
        : new CreateStackCommand({ ...request, EnableTerminationProtection: stack.isProtected }));
    } catch (error) {
      const { message } = error as Error;
      if (isThere && message.includes(NOTHING_TO_DO)) {
        return { stack, status: (await this.statusOf(stack))!, isUnchanged: true, seconds: secondsSince(started) };
      }
      throw new DeploymentError(stack, [message]);
    }
    const status = await this.settled(stack);
    if (status !== (isThere ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE')) {
      throw new DeploymentError(stack, await this.reasons(stack, status));
    }
    return { stack, status, isUnchanged: false, seconds: secondsSince(started) };
  }

  private async destroyStack(stack: AssemblyStack): Promise<StackOutcome> {
    const started = Date.now();
    const cloudFormation = this.cloudFormation(stack);
    const { StackId } = await cloudFormation.send(new UpdateTerminationProtectionCommand({
      StackName: stack.name, EnableTerminationProtection: false,
    }));
    await cloudFormation.send(new DeleteStackCommand({ StackName: stack.name }));
    const status = await this.settled({ ...stack, name: StackId! });
    if (status !== 'DELETE_COMPLETE') {
      throw new DeploymentError(stack, await this.reasons(stack, status));
    }
    return { stack, status, isUnchanged: false, seconds: secondsSince(started) };
  }

  private async settled(stack: AssemblyStack): Promise<string> {
    for (const until = Date.now() + TIMEOUT; Date.now() < until; await pause()) {
      const status = await this.statusOf(stack) ?? 'DELETE_COMPLETE';
      if (!status.endsWith('_IN_PROGRESS')) {
        return status;
      }
    }
    throw new DeploymentError(stack, [`still in progress after ${TIMEOUT / 1000} s`]);
  }

  private async statusOf(stack: AssemblyStack): Promise<string | undefined> {
    try {
      const { Stacks } = await this.cloudFormation(stack).send(new DescribeStacksCommand({ StackName: stack.name }));
      return Stacks?.[0]?.StackStatus;
    } catch (error) {
      if (/does not exist/.test((error as Error).message)) {
        return undefined;
      }
      throw error;
    }
  }

  /** What failed first comes first; a template that is refused before anything is made has its reasons in other events. */
  private async reasons(stack: AssemblyStack, status: string): Promise<string[]> {
    const cloudFormation = this.cloudFormation(stack);
    const failed: string[] = [];
    for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client: cloudFormation }, { StackName: stack.name })) {
      failed.push(...StackEvents.filter((event) => event.ResourceStatus?.endsWith('_FAILED') && event.ResourceType !== 'AWS::CloudFormation::Stack')
        .map((event) => `${event.LogicalResourceId} (${event.ResourceType}): ${event.ResourceStatusReason ?? event.ResourceStatus}`));
    }
    const { OperationEvents = [] } = await cloudFormation.send(new DescribeEventsCommand({ StackName: stack.name, Filters: { FailedEvents: true } }));
    const refused = OperationEvents.flatMap((event) => event.ValidationStatusReason ?? []);
    return failed.length + refused.length > 0 ? [...refused, ...failed.reverse()] : [status];
  }

  private cloudFormation({ account, region }: AssemblyStack): CloudFormationClient {
    return this.aws.client(CloudFormationClient, account, region);
  }
}

/** A stack that the CDK CLI deploys asks for the version of its bootstrap stack; here is none. */
function withoutBootstrap({ template }: AssemblyStack): unknown {
  const { Rules: _rules, Parameters: { BootstrapVersion: _version, ...Parameters } = {}, ...others } = template;
  return { ...others, ...Object.keys(Parameters).length > 0 && { Parameters } };
}

function secondsSince(started: number): number {
  return (Date.now() - started) / 1000;
}

function pause(): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, POLL); });
}
