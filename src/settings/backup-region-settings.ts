import { Construct } from 'constructs';
import { checkHandlerId, defineRegionSettings, namesOf } from './region-settings-resource';
import { ResourceType } from '../objectives/resource-type';
import { PropsErrors } from '../private/props-errors';

/**
 * Properties of the settings of AWS Backup in a region.
 */
export interface BackupRegionSettingsProps {
  /**
   * Resource types to opt in to in the account and region (service opt-in).
   *
   * Types that are already on stay on.
   */
  readonly resourceTypes: ResourceType[];

  /**
   * Whether to turn on the advanced features for DynamoDB, which copies into other regions and accounts, cold storage and
   * encryption with the key of the vault require.
   *
   * If they are already on, they stay on.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
   *
   * @default - true if `resourceTypes` contains DynamoDB
   */
  readonly dynamoDbAdvancedFeatures?: boolean;

  /**
   * Whether to turn on incremental backups of DynamoDB tables in the account and region, which take less time and storage where
   * large tables change little. If they are already on, they stay on.
   *
   * AWS does not say yet what they cost, and whether copies and cold storage are incremental too.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html
   *
   * @default false
   */
  readonly dynamoDbIncrementalBackups?: boolean;

  /**
   * More resource types that AWS Backup is to back up, where it offers them in the region. A type in `resourceTypes` that is not offered
   * there fails the deployment.
   *
   * @default - no other types than `resourceTypes`
   */
  readonly resourceTypesIfOffered?: ResourceType[];
}

/**
 * The settings of AWS Backup in the account and region of the stack, which CloudFormation has no resource for.
 *
 * Define them wherever recovery points are made, copied into or restored. They are merged with what is set, and left as
 * they are when the stack is deleted, since other stages of the account rely on them. AWS Backup's service-linked role
 * is made where it is missing: the destination side of a copy runs with it.
 *
 * Selections of the same account and region wait for them.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html
 *
 * @example
 * new BackupRegionSettings(stack, 'RegionSettings', { resourceTypes: [ResourceType.DYNAMODB] });
 */
export class BackupRegionSettings extends Construct {
  /**
   * Defines the settings.
   *
   * @throws if no resource type is given, the advanced features or incremental backups are wanted without DynamoDB, or another construct
   * has the id of the handler
   */
  constructor(scope: Construct, id: string, props: BackupRegionSettingsProps) {
    super(scope, id);
    const { resourceTypes, resourceTypesIfOffered = [] } = props;
    const hasDynamoDb = namesOf(resourceTypes).includes(ResourceType.DYNAMODB.resourceTypeName);
    const errors = new PropsErrors('BackupRegionSettingsProps', this);
    errors.whenEmpty('resourceTypes', resourceTypes, 'type');
    errors.when(props.dynamoDbAdvancedFeatures && !hasDynamoDb,
      () => "'dynamoDbAdvancedFeatures' needs ResourceType.DYNAMODB in 'resourceTypes': AWS Backup turns them on together");
    errors.when(props.dynamoDbIncrementalBackups && !hasDynamoDb, () => "'dynamoDbIncrementalBackups' needs ResourceType.DYNAMODB in 'resourceTypes'");
    checkHandlerId(errors, this);
    errors.throwIfAny();
    defineRegionSettings(this, () => ({ named: resourceTypes, ifOffered: resourceTypesIfOffered }), props);
  }
}
