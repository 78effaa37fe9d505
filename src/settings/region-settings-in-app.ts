import { Stage } from 'aws-cdk-lib';
import { Dependable } from 'constructs';
import type { IConstruct, IDependable } from 'constructs';
import { Environment } from '../private/environment';
import { FactKind, Registry } from '../private/registry';

/**
 * Where the settings of a region are made.
 */
export interface RegionSettingsFact {
  readonly construct: IConstruct;
  readonly hasAdvancedDynamoDb: boolean;
}

export const REGION_SETTINGS = new FactKind<RegionSettingsFact>('region settings');

/** The settings that the app defines for an account and region, or for those of a construct. */
export function regionSettingsFor(scope: IConstruct, home = Environment.of(scope)): readonly RegionSettingsFact[] {
  return Registry.of(scope).all(REGION_SETTINGS).filter(({ construct }) => isSame(Environment.of(construct), home));
}

/**
 * The settings of a construct's account and region, to depend on: those that are defined by the time of synthesis, in
 * whatever order.
 */
export function regionSettingsOf(scope: IConstruct): IDependable {
  const dependable: IDependable = {};
  Dependable.implement(dependable, {
    get dependencyRoots() {
      return regionSettingsFor(scope).map(({ construct }) => construct).filter((settings) => Stage.of(settings) === Stage.of(scope));
    },
  });
  return dependable;
}

function isSame(one: Environment, other: Environment): boolean {
  return one.account === other.account && one.region === other.region;
}
