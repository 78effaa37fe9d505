import type { RunbookBucket } from '../execution/runbook.contract';
import { differ } from '../private/environment';
import type { IConfigurationBucket } from '../snapshots/configuration-bucket';
import { CHANGES } from '../snapshots/snapshot-retention';
import { sidesOf } from '../snapshots/written-bucket';
import type { WrittenBucket } from '../snapshots/written-bucket';

/**
 * The bucket or its replica: the one in the Region of the runbook, otherwise the one that is not in `sourceRegion`, otherwise the bucket.
 *
 * @param sourceRegion The region of what is recovered
 */
export function sideFor(bucket: IConfigurationBucket, region: string, sourceRegion: string): WrittenBucket {
  const sides = sidesOf(bucket);
  return sides.find((side) => side.environment.region === region)
    ?? sides.find((side) => differ(side.environment.region, sourceRegion))
    ?? sides[0];
}

/** Where a runbook reads snapshots and writes records, for its function. */
export function runbookBucketOf(bucket: IConfigurationBucket, region: string, sourceRegion: string): RunbookBucket {
  const { bucketName, environment } = sideFor(bucket, region, sourceRegion);
  return {
    name: bucketName,
    region: environment.region,
    account: environment.account,
    tiers: [...bucket.schedules.map(({ name }) => name), CHANGES],
    recordKeptDays: bucket.recordRetention.toDays(),
    lockMode: bucket.objectLockMode,
  };
}
