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
}

export const REGION_SETTINGS = new FactKind<RegionSettingsFact>('region settings');

/**
 * The settings of a construct's account and region, to depend on: those that are defined by the time of synthesis, in
 * whatever order.
 */
export function regionSettingsOf(scope: IConstruct): IDependable {
  const dependable: IDependable = {};
  Dependable.implement(dependable, {
    get dependencyRoots() {
      const home = Environment.of(scope);
      return Registry.of(scope).all(REGION_SETTINGS)
        .map((fact) => fact.construct)
        .filter((settings) => Stage.of(settings) === Stage.of(scope) && isSame(Environment.of(settings), home));
    },
  });
  return dependable;
}

function isSame(one: Environment, other: Environment): boolean {
  return one.account === other.account && one.region === other.region;
}
