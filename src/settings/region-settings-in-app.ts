import { CfnResource, Stage } from 'aws-cdk-lib';
import { Dependable } from 'constructs';
import type { IConstruct, IDependable } from 'constructs';
import { Environment } from '../private/environment';
import { deployAfter, waitsFor } from '../private/ordering';
import { outermostStack } from '../private/region-stack';
import { FactKind, Registry } from '../private/registry';

/**
 * Where the settings of a region are made.
 */
export interface RegionSettingsFact {
  readonly construct: IConstruct;
  readonly hasAdvancedDynamoDb: boolean;
}

export const REGION_SETTINGS = new FactKind<RegionSettingsFact>('region settings');

/**
 * The settings that the app defines for an account and region, or for those of a construct. Stacks without a literal account and
 * region may be anywhere: they have no settings but their own.
 */
export function regionSettingsFor(scope: IConstruct, place?: Environment): readonly RegionSettingsFact[] {
  const home = place ?? Environment.of(scope);
  return Registry.of(scope).all(REGION_SETTINGS).filter(({ construct }) =>
    (place === undefined && isInOneStack(construct, scope)) || isSame(Environment.of(construct), home));
}

/**
 * The settings of a construct's own stack, to depend on: those that are defined by the time of synthesis, in whatever order.
 */
export function regionSettingsInStackOf(scope: IConstruct): IDependable {
  const dependable: IDependable = {};
  Dependable.implement(dependable, {
    get dependencyRoots() {
      return regionSettingsFor(scope).map(({ construct }) => construct).filter((settings) => isInOneStack(settings, scope));
    },
  });
  return dependable;
}

/**
 * Has a resource deployed after the settings of its account and region, where another stack of its Stage defines them and its own
 * one does not. To be called at synthesis: then all other orders are known.
 *
 * @returns the settings that the resource can't wait for, since they wait for the resource's stack
 */
export function deployAfterRegionSettings(resource: CfnResource): IConstruct[] {
  const settings = regionSettingsFor(resource).map(({ construct }) => construct).filter((each) => Stage.of(each) === Stage.of(resource));
  if (settings.some((each) => isInOneStack(each, resource))) {
    return [];
  }
  const late = settings.filter((each) => waitsFor(outermostStack(each), outermostStack(resource)));
  const early = settings.filter((each) => !late.includes(each));
  early.flatMap((each) => each.node.findAll()).filter((each) => CfnResource.isCfnResource(each)).forEach((each) => deployAfter(resource, each));
  return late;
}

function isInOneStack(one: IConstruct, other: IConstruct): boolean {
  return outermostStack(one) === outermostStack(other);
}

function isSame(one: Environment, other: Environment): boolean {
  return one.isLiteral && one.account === other.account && one.region === other.region;
}
