import { Token } from 'aws-cdk-lib';
import { differ, partitionOf } from '../private/environment';
import type { Environment } from '../private/environment';
import { checkRegion } from '../private/environment-checks';
import { checkShape, SHAPES } from '../private/props-errors';
import type { PropsErrors } from '../private/props-errors';

/** Adds what is wrong with the regions that a role is to restore in. */
export function checkRestoreRegions(errors: PropsErrors, regions: string[] | undefined, home: Environment): void {
  if (!checkShape(errors, 'regions', regions, SHAPES.texts) || !regions) {
    return;
  }
  errors.whenEmpty('regions', regions, 'region', 'leave it out for the region of the stack');
  for (const region of regions) {
    errors.when(Token.isUnresolved(region), () => "'regions' must be literal regions, such as 'eu-west-1', got a token");
    checkRegion(errors, 'regions', region);
    errors.when(differ(region, home.region) && partitionOf(region) !== partitionOf(home.region),
      () => `'regions' must be in the partition of the role, ${partitionOf(home.region)}, got '${region}'`);
  }
}
