/**
 * When AWS published these prices: on this day, all of them were in the price data that the pricing pages of AWS show,
 * `https://b0.p.awsstatic.com/pricing/2.0/meteredUnitMaps/<service>/USD/current/<service>.json`. They were read from the public copy of
 * that data, https://github.com/QuinnyPig/aws-price-watcher at commit a6645eb.
 *
 * On-demand list prices in US dollars, of the first gigabyte where there are steps.
 *
 * @see https://aws.amazon.com/backup/pricing/
 * @see https://aws.amazon.com/s3/pricing/
 * @see https://aws.amazon.com/kms/pricing/
 * @see https://aws.amazon.com/cloudwatch/pricing/
 */
export const PRICES_OF = '2025-06-18';

/** Of a key, and of a custom dashboard: the same in all Regions of the table. */
const EVERYWHERE = { key: 1, dashboard: 3 };

/** The columns of the table: a GB for a month, a GB that is transferred into another Region, and each for a month. */
const COLUMNS = [
  'DynamoDB warm', 'DynamoDB cold', 'EFS warm', 'EFS cold', 'RDS warm', 'Aurora warm',
  'STANDARD', 'STANDARD_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE',
  'transfer', 'transfer of DynamoDB and EFS', 'alarm metric', 'composite alarm',
] as const;

const BY_REGION: Record<string, readonly number[]> = {
  'ap-northeast-1': [0.114, 0.0342, 0.06, 0.012, 0.095, 0.023, 0.025, 0.0138, 0.005, 0.0045, 0.002, 0.09, 0.11, 0.1, 0.5],
  'ap-northeast-2': [0.1083, 0.03249, 0.055, 0.011, 0.095, 0.023, 0.025, 0.0138, 0.005, 0.0045, 0.002, 0.08, 0.1, 0.1, 0.5],
  'ap-northeast-3': [0.114, 0.0342, 0.06, 0.012, 0.095, 0.023, 0.025, 0.0138, 0.005, 0.0045, 0.002, 0.09, 0.11, 0.1, 0.5],
  'ap-south-1': [0.114, 0.0342, 0.055, 0.011, 0.095, 0.023, 0.025, 0.0138, 0.005, 0.0045, 0.002, 0.086, 0.106, 0.1, 0.5],
  'ap-southeast-1': [0.114, 0.0342, 0.06, 0.012, 0.095, 0.023, 0.025, 0.0138, 0.005, 0.0045, 0.002, 0.09, 0.11, 0.1, 0.5],
  'ap-southeast-2': [0.114, 0.0342, 0.06, 0.012, 0.095, 0.023, 0.025, 0.0138, 0.005, 0.0045, 0.002, 0.098, 0.16, 0.1, 0.5],
  'ca-central-1': [0.11, 0.033, 0.055, 0.011, 0.105, 0.023, 0.025, 0.0138, 0.005, 0.00405, 0.0018, 0.02, 0.04, 0.1, 0.5],
  'eu-central-1': [0.1224, 0.03672, 0.06, 0.012, 0.103, 0.023, 0.0245, 0.0135, 0.005, 0.00405, 0.0018, 0.02, 0.04, 0.1, 0.5],
  'eu-north-1': [0.1, 0.03, 0.05, 0.01, 0.09, 0.02, 0.023, 0.0125, 0.004, 0.0036, 0.00099, 0.02, 0.04, 0.1, 0.5],
  'eu-west-1': [0.11, 0.033, 0.05, 0.01, 0.095, 0.021, 0.023, 0.0125, 0.004, 0.0036, 0.00099, 0.02, 0.04, 0.1, 0.5],
  'eu-west-2': [0.11886, 0.03566, 0.06, 0.012, 0.1, 0.022, 0.024, 0.0131, 0.005, 0.00405, 0.0018, 0.02, 0.04, 0.1, 0.5],
  'eu-west-3': [0.11886, 0.03566, 0.055, 0.011, 0.1, 0.022, 0.024, 0.0131, 0.005, 0.00405, 0.0018, 0.02, 0.04, 0.1, 0.5],
  'sa-east-1': [0.15, 0.045, 0.07, 0.014, 0.095, 0.037, 0.0405, 0.0221, 0.0083, 0.00765, 0.0032, 0.138, 0.18, 0.135, 0.675],
  'us-east-1': [0.1, 0.03, 0.05, 0.01, 0.095, 0.021, 0.023, 0.0125, 0.004, 0.0036, 0.00099, 0.02, 0.04, 0.1, 0.5],
  'us-east-2': [0.1, 0.03, 0.05, 0.01, 0.095, 0.021, 0.023, 0.0125, 0.004, 0.0036, 0.00099, 0.02, 0.04, 0.1, 0.5],
  'us-west-1': [0.112, 0.0336, 0.06, 0.012, 0.095, 0.024, 0.026, 0.0144, 0.005, 0.0045, 0.002, 0.02, 0.04, 0.1, 0.5],
  'us-west-2': [0.1, 0.03, 0.05, 0.01, 0.095, 0.021, 0.023, 0.0125, 0.004, 0.0036, 0.00099, 0.02, 0.04, 0.1, 0.5],
};

export type Column = typeof COLUMNS[number] | keyof typeof EVERYWHERE;

/** A price; `undefined` where the table has none. */
export function priceIn(region: string, column: Column): number | undefined {
  const row = BY_REGION[region];
  return row && (EVERYWHERE[column as keyof typeof EVERYWHERE] ?? row[COLUMNS.indexOf(column as typeof COLUMNS[number])]);
}

/** Of a GB of recovery points for a month. Backups of Amazon S3 cost as much as those of Amazon EFS in all Regions of the table. */
export function storagePrice(resourceTypeName: string, region: string, isCold: boolean): number | undefined {
  const name = resourceTypeName === 'S3' && !isCold ? 'EFS' : resourceTypeName;
  return priceIn(region, `${name} ${isCold ? 'cold' : 'warm'}` as Column);
}

/** Of an object of a storage class of Amazon S3, by GB and month. */
export function objectPrice(storageClass: string, region: string): number | undefined {
  return priceIn(region, storageClass as Column);
}

/** Of a GB that is copied or replicated into another Region. */
export function transferPrice(what: string, from: string, into: string): number | undefined {
  const isOwnPrice = what === 'DynamoDB' || what === 'EFS';
  const isPriced = BY_REGION[into] !== undefined && (isOwnPrice || ['S3', 'RDS', 'Aurora', 'objects'].includes(what));
  const isNear = !isOwnPrice && what !== 'S3' && [from, into].sort().join() === 'us-east-1,us-east-2';
  return !isPriced ? undefined : isNear ? 0.01 : priceIn(from, isOwnPrice ? 'transfer of DynamoDB and EFS' : 'transfer');
}
