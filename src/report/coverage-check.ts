import { Stage } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { ACCEPTED } from './accepted-resources';
import type { AcceptedFact } from './accepted-resources';
import { Coverage } from './coverage-entries';
import type { CoverageEntry } from './report-model';
import { stageOf } from '../private/at-synthesis';
import { informUnchecked, validate, warn } from '../private/messages';
import { checkShape, checkShapes, PropsErrors, SHAPES } from '../private/props-errors';
import { Registry } from '../private/registry';
import { isStateful } from '../targets/stateful-resources';

/**
 * Properties of a check that every stateful resource is protected.
 */
export interface CoverageCheckProps {
  /**
   * Whether synthesis fails if a stateful resource is unprotected. Otherwise, it warns about each one.
   *
   * @default false
   */
  readonly strict?: boolean;
}

const PROPS = { strict: SHAPES.flag };

/**
 * Checks that something protects every stateful resource below its scope: that a selection of a `TieredBackupPlan` contains it, that its
 * bucket has a replica, or that an `EcsConfigBackup` captures it.
 *
 * It reports what the coverage of the recovery report shows as unprotected, as a warning or as an error. Point-in-time recovery alone
 * protects nothing, because it does not survive the loss of the region or the account. Whether tags or names that are known only at
 * deployment select a resource is reported as not checked.
 *
 * Define it in the App, or in each Stage of an app that has Stages: a Stage is synthesized before what it is in.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
 *
 * @example
 * const coverage = new CoverageCheck(app, 'Coverage', { strict: true });
 *
 * declare const cache: dynamodb.Table;
 * coverage.accept(cache, 'A cache: the application fills it again.');
 */
export class CoverageCheck extends Construct {
  /**
   * Defines the check.
   *
   * @throws at synthesis, with `strict`, if a stateful resource is unprotected; also if a Stage below the scope has no check of its own
   */
  constructor(scope: Construct, id: string, props: CoverageCheckProps = {}) {
    super(scope, id);
    checkShapes(this, 'CoverageCheckProps', props, PROPS);
    // A validation runs after all aspects, so that their tags are seen, and before the first stack is written, so that its warnings are in it.
    validate(this, () => this.check(scope, props.strict ?? false));
  }

  /**
   * Accepts that resources are unprotected. The recovery report lists them with the reason.
   *
   * @param resources The resource, or a construct, stack or Stage that contains it: all stateful resources in it are accepted
   * @param reason Why they need no protection
   * @param resourceTypes Accepts those of these AWS CloudFormation types only, such as `AWS::SecretsManager::Secret`
   * @throws if the resources are not below the scope of the check, the reason is empty, or a type is not one of stateful resources
   */
  public accept(resources: IConstruct, reason: string, ...resourceTypes: string[]): void {
    const errors = new PropsErrors('CoverageCheck.accept()', this);
    if (checkShape(errors, 'resources', resources, { ...SHAPES.construct, isRequired: true })) {
      const { scope } = this.node;
      errors.when(!resources.node.scopes.includes(scope!), () => `'resources' must be below '${scope!.node.path}', which is checked, got '${resources.node.path}'`);
    }
    errors.when(typeof reason !== 'string' || !/\S/.test(reason), () => "'reason' must say why the resources need no protection, got none");
    for (const type of resourceTypes.filter((each) => !isStateful(each))) {
      errors.add(`'resourceTypes' must be AWS CloudFormation types of stateful resources, such as 'AWS::DynamoDB::Table', got '${type}'`);
    }
    errors.throwIfAny();
    Registry.of(this).register(ACCEPTED, this, { scope: resources, reason, resourceTypes });
  }

  /** Reports what is unprotected, and returns what is an error. */
  private check(scope: IConstruct, isStrict: boolean): string[] {
    const all = new Coverage(Registry.of(this)).below(scope);
    const found = all.filter(({ resource }) => stageOf(resource) === stageOf(this)); // a Stage has a check of its own
    found.filter(({ entry }) => entry.status === 'undecided').forEach(({ resource, entry }) =>
      informUnchecked(resource, 'protectionUndecided', `whether ${nameOf(entry)} is protected: ${entry.reason}`));
    const unprotected = found.filter(({ entry }) => entry.status === 'unprotected');
    if (!isStrict) {
      unprotected.forEach(({ resource, entry }) => warn(resource, 'unprotected', problemOf(entry)));
    }
    this.warnOfIdle(all);
    return [...stagesWithout(scope).map((path) => `the Stage '${path}' must have a CoverageCheck of its own, because it is synthesized before '${this.node.path}'`),
      ...isStrict ? unprotected.map(({ entry }) => problemOf(entry)) : []];
  }

  private warnOfIdle(found: readonly { readonly resource: CfnResource; readonly accepted?: AcceptedFact }[]): void {
    const used = new Set(found.map(({ accepted }) => accepted));
    for (const fact of Registry.of(this).of(ACCEPTED, this).filter((each) => !used.has(each))) {
      warn(fact.scope, 'acceptedInVain', `'accept' of '${this.node.path}' accepts nothing here: what is in '${fact.scope.node.path || 'the app'}' is protected, or not stateful. Remove it`);
    }
  }
}

/** The paths of Stages that have no check. */
function stagesWithout(scope: IConstruct): string[] {
  const below = scope.node.findAll();
  const checked = new Set(below.filter((each) => each instanceof CoverageCheck).map(stageOf));
  return below.filter((each) => each !== scope && Stage.isStage(each) && !checked.has(each)).map(({ node }) => node.path);
}

function nameOf({ path, type }: CoverageEntry): string {
  return `${type} '${path}'`;
}

function problemOf(entry: CoverageEntry): string {
  return `${nameOf(entry)} is unprotected. ${entry.reason} Add it to a selection of a TieredBackupPlan, or pass it to 'accept' of the CoverageCheck with the reason why it needs no protection`;
}
