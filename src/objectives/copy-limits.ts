import { region_info } from 'aws-cdk-lib';
import { ResourceType } from './resource-type';
import { differ } from '../private/environment';
import type { Environment } from '../private/environment';

/** Types that AWS Backup does not copy into another account if one of the regions is an opt-in region. */
const NOT_ABROAD_IN_OPT_IN_REGIONS = ['CloudFormation', 'Neptune', 'Timestream'];

/** The opt-in regions that support copies of Neptune. */
const NEPTUNE = ['af-south-1', 'ap-east-1', 'ap-southeast-3', 'il-central-1', 'me-central-1', 'me-south-1'];

/** The regions that do not support copies of Amazon FSx. */
const NOT_FSX = ['me-central-1', 'me-south-1'];

/**
 * Limits of the regions of a copy for a type, and a region without known limits.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html#features-by-region
 */
export function copyLimits(type: ResourceType, from: Environment, to: Environment): { limit?: string; unknownRegion?: string } {
  const regions = [from.region, to.region];
  const isAbroad = differ(from.account, to.account);
  const isFar = differ(from.region, to.region);
  const name = type.resourceTypeName;
  const away = isAbroad ? ' into another account' : ' into another region';

  const refused = type === ResourceType.FSX_ONTAP ? regions.find((region) => region === 'ap-southeast-6' || region.startsWith('cn-')) : undefined;
  const withoutFsx = name === ResourceType.FSX.resourceTypeName && isFar ? regions.find((region) => NOT_FSX.includes(region)) : undefined;
  if (refused ?? withoutFsx) {
    return { limit: `${refused ? '' : ' into another region'} from or to ${refused ?? withoutFsx}` };
  }
  const isNeptuneFar = name === ResourceType.NEPTUNE.resourceTypeName && isFar;
  const dependsOnOptIn = (isAbroad && NOT_ABROAD_IN_OPT_IN_REGIONS.includes(name)) || isNeptuneFar;
  if (!dependsOnOptIn) {
    return {};
  }
  const optIn = regions.find((region) => region_info.RegionInfo.get(region).isOptInRegion && (isAbroad || !NEPTUNE.includes(region)));
  return {
    limit: optIn && `${away} from or to ${optIn}, an opt-in region`,
    unknownRegion: regions.find((region) => !region_info.RegionInfo.regions.some((known) => known.name === region)),
  };
}
