import { createHash } from 'crypto';
import { Aspects, AssetManifestBuilder, Stack, Stage, Token } from 'aws-cdk-lib';
import type { IStackSynthesizer, StackProps } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { firstAtSynthesis } from './at-synthesis';
import { validate } from './messages';
import { deployStackAfter, isInTree, waitsFor } from './ordering';
import { PropsErrors } from './props-errors';
import { FactKind, Registry } from './registry';

const SUPPORT_STACK = Symbol.for('cdk-backup-dr.support-stack');

/**
 * The stack for the resources of a construct in another region of its account: one for each home stack and region.
 *
 * It is created in the scope of the outermost home stack. So its path follows from that of the home stack, it is in the same
 * Stage, and everything that is applied to the tree of the home stack (tags, aspects, permissions boundaries) applies to it too.
 *
 * The home stack is deployed after it as long as it is in the tree, so that deploying the home stack deploys both.
 *
 * @param property The property with the region, for the error
 * @param otherwise What to do if it can't be created
 */
export function regionStack(
  scope: Construct, property: string, region: string, otherwise = `set 'replicaScope' to a stack of your own in ${region}`,
): Stack {
  const home = outermostStack(scope);
  const id = `support-${region}`;
  const existing = home.node.tryFindChild(id);
  if (existing && Stack.isStack(existing) && isSupportStack(existing)) {
    deployFirst(existing, home, scope);
    return existing;
  }

  const synthesizer = synthesizerLike(home);
  const errors = new PropsErrors('support stack', scope);
  errors.when(existing !== undefined,
    () => `'${property}' requires the id '${id}' below stack '${home.node.path}', which another construct uses: change the id of that construct, or ${otherwise}`);
  errors.when(!Stage.of(home), () => `'${property}' requires a stack inside an App or a Stage: define '${home.node.path}' in one, or ${otherwise}`);
  errors.when(Token.isUnresolved(home.account) || Token.isUnresolved(home.region),
    () => `'${property}' requires a literal account and region in stack '${home.node.path}': set its 'env'`);
  errors.when(!synthesizer,
    () => `the synthesizer of stack '${home.node.path}' does not support a stack in another region: ${otherwise}`);
  errors.throwIfAny();

  const stack = new SupportStack(home, id, {
    env: { account: home.account, region },
    stackName: supportStackName(home, region),
    description: `Resources of stack ${home.stackName} in ${region}`,
    synthesizer,
    ...settingsOf(home),
  }, home);
  deployFirst(stack, home, scope);
  return stack;
}

/**
 * Deploys a support stack before its home stack. This is decided at synthesis: an app can remove the support stack, or define
 * the opposite order.
 *
 * @param scope A construct of the home stack
 */
function deployFirst(stack: Stack, home: Stack, scope: Construct): void {
  firstAtSynthesis(scope, () => {
    if (isInTree(stack) && !home.dependencies.includes(stack) && !waitsFor(stack, home)) {
      deployStackAfter(home, stack);
    }
  });
}

/** Whether this module created the stack, in any copy of this library. */
export function isSupportStack(stack: Stack): boolean {
  return SUPPORT_STACK in stack;
}

/** The stack that a construct is deployed with. */
export function outermostStack(scope: IConstruct): Stack {
  const stack = Stack.of(scope);
  return stack.nestedStackParent ? outermostStack(stack.nestedStackParent) : stack;
}

/**
 * Settings of the home stack for its template, which are not public; others have their defaults. Topics for notifications of
 * AWS CloudFormation are in one region and are not copied.
 */
function settingsOf(home: Stack): Partial<StackProps> {
  const { _versionReportingEnabled: analyticsReporting, _suppressTemplateIndentation: suppressTemplateIndentation } = home as unknown as
    { readonly _versionReportingEnabled?: boolean; readonly _suppressTemplateIndentation?: boolean };
  return { analyticsReporting, suppressTemplateIndentation };
}

/**
 * Whether two constructs are in the same CloudFormation stack, which an app defines in two Stages, for example to deploy it with a
 * pipeline and manually. They have the same resources on purpose.
 */
export function isInTwinStack(one: IConstruct, other: IConstruct): boolean {
  const [mine, theirs] = [one, other].map(outermostStack);
  return mine !== theirs && Stage.of(mine) !== Stage.of(theirs)
    && mine.stackName === theirs.stackName && mine.account === theirs.account && mine.region === theirs.region;
}

/**
 * The name of a support stack includes its home region, because stacks with the same name can be in several regions of an account.
 * It must also differ from the names of the support stacks of a pipeline in the AWS CDK, `<stack>-support-<region>`.
 *
 * The name of a stack can have 128 characters; the name of the home stack is shortened.
 */
function supportStackName({ stackName, region: homeRegion }: Stack, region: string): string {
  const suffix = `-support-${region}-for-${homeRegion}`;
  if (stackName.length + suffix.length <= 128) {
    return `${stackName}${suffix}`;
  }
  const hash = createHash('sha256').update(stackName).digest('hex').slice(0, 8);
  return `${stackName.slice(0, 128 - suffix.length - 9)}-${hash}${suffix}`;
}

/**
 * A synthesizer like the home stack's, for another stack.
 *
 * A stack binds a copy whose prototype is the original synthesizer, and only the original can be bound again.
 */
function synthesizerLike(home: Stack): IStackSynthesizer | undefined {
  const given = Object.getPrototypeOf(home.synthesizer) as IStackSynthesizer;
  const isClassPrototype = Object.prototype.hasOwnProperty.call(given, 'constructor');
  if (isClassPrototype || !('reusableBind' in given) || isBoundToRegion(given, home.region)) {
    return undefined;
  }
  // It lists the assets of all its stacks in one manifest: each region would need the bucket of the other one.
  return 'assetManifest' in given ? Object.create(given, { assetManifest: { value: new AssetManifestBuilder() } }) : given;
}

/** Whether its assets are in one region, because of the name of the region or of a bucket. */
function isBoundToRegion(synthesizer: object, region: string): boolean {
  const { props = {} } = synthesizer as { props?: Record<string, unknown> };
  const bucket = props.fileAssetsBucketName;
  return (typeof bucket === 'string' && !bucket.includes('${AWS::Region}'))
    || Object.values(props).some((value) => typeof value === 'string' && !Token.isUnresolved(region) && value.includes(region));
}

/** Has the tags and the termination protection of its home stack, whenever those are set. */
class SupportStack extends Stack {
  constructor(scope: Stack, id: string, props: StackProps, private readonly home: Stack) {
    super(scope, id, props);
    Object.defineProperty(this, SUPPORT_STACK, { value: true });
    Aspects.of(this).add({ visit: (node) => node === this && this.copyTags() });
    validate(this, () => nameProblems(this));
    Registry.of(this).register(SUPPORT_STACKS, this, { stack: this, home });
  }

  /** Including tags that were added to the home stack later. */
  private copyTags(): void {
    for (const [key, value] of Object.entries(this.home.tags.tagValues())) {
      this.tags.setTag(key, value);
    }
  }

  public override get terminationProtection(): boolean {
    return this.home?.terminationProtection ?? false;
  }

  public override set terminationProtection(value: boolean) {
    this.home.terminationProtection = value;
  }
}

const SUPPORT_STACKS = new FactKind<{ readonly stack: Stack; readonly home: Stack }>('support stack');

/**
 * AWS CloudFormation would treat another stack with the same name, account and region as the support stack.
 *
 * The first support stack of a Stage checks all of them, to search the entire app only once.
 */
function nameProblems(asked: Stack): string[] {
  const registry = Registry.of(asked);
  const isOfStage = ({ stack }: { readonly stack: Stack }) => Stage.of(stack) === Stage.of(asked);
  if (registry.find(SUPPORT_STACKS, isOfStage)?.stack !== asked) {
    return [];
  }
  const all = asked.node.root.node.findAll().filter((node): node is Stack => Stack.isStack(node) && !node.nestedStackParent);
  return registry.all(SUPPORT_STACKS).filter(isOfStage).flatMap(({ stack, home }) => {
    const { account, region, stackName } = stack;
    const isOther = (other: Stack) => other !== stack && other.stackName === stackName && other.account === account && other.region === region
      && !(isSupportStack(other) && isInTwinStack(other, stack));
    return all.filter(isOther).map(({ node }) =>
      `the support stack of '${home.node.path}' in ${region} has the name '${stackName}' in account ${account}, and stack '${node.path}' has the same name: `
      + "AWS CloudFormation would replace one with the other, so set another 'stackName' for that stack");
  });
}
