import { CustomResource, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { REGION_SETTINGS, regionSettingsFor } from './region-settings-in-app';
import type { RegionSettingsRequest } from './region-settings.contract';
import { Handler } from './settings-handler';
import { ResourceType } from '../objectives/resource-type';
import { backupServiceLinkedRoleArn } from '../private/arns';
import { PropsErrors } from '../private/props-errors';
import { outermostStack } from '../private/region-stack';
import { Registry } from '../private/registry';

const HANDLER_ID = 'BackupRegionSettingsHandler';

/**
 * Properties of the settings of AWS Backup in a region.
 */
export interface BackupRegionSettingsProps {
  /**
   * Resource types that AWS Backup is to back up in the account and region (service opt-in).
   *
   * Types that are on already stay on.
   */
  readonly resourceTypes: ResourceType[];

  /**
   * Whether to turn on the advanced features for DynamoDB: copies into other regions and accounts, cold storage, and
   * encryption with the key of the vault need them.
   *
   * Where they are on already they stay on.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
   *
   * @default - true where `resourceTypes` has DynamoDB
   */
  readonly dynamoDbAdvancedFeatures?: boolean;

  /**
   * Whether to turn on incremental backups of DynamoDB tables in the account and region, which take less time and storage where
   * large tables change little. Where they are on already they stay on.
   *
   * AWS does not say yet what they cost, and whether copies and cold storage are incremental too.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html
   *
   * @default false
   */
  readonly dynamoDbIncrementalBackups?: boolean;

  /**
   * Whether resource types that AWS Backup does not offer in the region are left out. By default the deployment fails and names them.
   *
   * @default false
   */
  readonly skipTypesNotOffered?: boolean;
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
   * The settings of a stack for whatever needs them: one construct with a fixed id, whose types are known at synthesis. Settings that
   * the stack has already are those of the user, and nothing is added.
   *
   * @internal
   */
  public static _shareIn(scope: Construct, resourceTypes: () => ResourceType[]): void {
    const stack = outermostStack(scope);
    const existing = stack.node.tryFindChild(SHARED_ID);
    if (existing instanceof BackupRegionSettings) {
      existing.more.push(resourceTypes);
    } else if (regionSettingsFor(stack).every(({ construct }) => outermostStack(construct) !== stack)) {
      new BackupRegionSettings(stack, SHARED_ID, { resourceTypes: [], skipTypesNotOffered: true }).more.push(resourceTypes);
    }
  }

  /** What else is asked for, by those who share these settings. */
  private readonly more: (() => ResourceType[])[] = [];

  /**
   * Defines the settings.
   *
   * @throws if no resource type is given, the advanced features or incremental backups are wanted without DynamoDB, or another construct
   * has the id of the handler
   */
  constructor(scope: Construct, id: string, props: BackupRegionSettingsProps) {
    super(scope, id);
    const { resourceTypes } = props;
    const hasDynamoDb = namesOf(resourceTypes).includes(DYNAMODB);
    const isShared = id === SHARED_ID && props.skipTypesNotOffered && scope === outermostStack(scope); // its types come later
    const errors = new PropsErrors('BackupRegionSettingsProps', this);
    errors.whenEmpty('resourceTypes', isShared ? undefined : resourceTypes, 'type');
    errors.when(props.dynamoDbAdvancedFeatures && !hasDynamoDb,
      () => "'dynamoDbAdvancedFeatures' needs ResourceType.DYNAMODB in 'resourceTypes': AWS Backup turns them on together");
    errors.when(props.dynamoDbIncrementalBackups && !hasDynamoDb, () => "'dynamoDbIncrementalBackups' needs ResourceType.DYNAMODB in 'resourceTypes'");
    Handler.checkId(errors, this, HANDLER_ID);
    errors.throwIfAny();

    const optIn = () => namesOf([...resourceTypes, ...this.more.flatMap((types) => types())]);
    const managed = () => props.dynamoDbAdvancedFeatures ?? optIn().includes(DYNAMODB) ? [DYNAMODB] : [];
    const request: RegionSettingsRequest = {
      resourceTypeOptIn: Lazy.uncachedList({ produce: optIn }),
      resourceTypeManagement: Lazy.uncachedList({ produce: managed }),
      resourceTypeIncremental: props.dynamoDbIncrementalBackups ? [DYNAMODB] : undefined,
      skipTypesNotOffered: props.skipTypesNotOffered ? 'true' : undefined,
    };
    new CustomResource(this, 'Resource', {
      resourceType: 'Custom::BackupRegionSettings',
      serviceToken: Handler.getOrCreate(this, HANDLER_ID, () => handlerProps(Stack.of(this))).serviceToken,
      serviceTimeout: Duration.minutes(10),
      properties: { ...request },
    });
    Registry.of(this).register(REGION_SETTINGS, this, {
      construct: this,
      get hasAdvancedDynamoDb() {
        return managed().length > 0;
      },
    });
  }
}

const DYNAMODB = ResourceType.DYNAMODB.resourceTypeName;

/** The id of the settings that a stack has for whatever needs them. */
const SHARED_ID = 'BackupRegionSettings';

/** Their names, each once: several types may have the same. */
function namesOf(types: ResourceType[]): string[] {
  return [...new Set(types.map(({ resourceTypeName }) => resourceTypeName))].sort();
}

function handlerProps({ partition, account }: Stack) {
  const serviceLinkedRole = backupServiceLinkedRoleArn(partition, account);
  return {
    bundle: 'region-settings.lambda',
    description: 'Turns on what AWS Backup needs in a region',
    wildcardReason: 'backup:DescribeRegionSettings and backup:UpdateRegionSettings do not support resource-level permissions.',
    statements: [
      new iam.PolicyStatement({
        sid: 'ChangeRegionSettings',
        actions: ['backup:DescribeRegionSettings', 'backup:UpdateRegionSettings'],
        resources: ['*'], // the actions know no resource
      }),
      new iam.PolicyStatement({
        sid: 'FindServiceLinkedRole',
        actions: ['iam:GetRole'],
        // Where the role is missing, nobody knows its path.
        resources: [serviceLinkedRole, `arn:${partition}:iam::${account}:role/AWSServiceRoleForBackup`],
      }),
      new iam.PolicyStatement({
        sid: 'MakeServiceLinkedRole',
        actions: ['iam:CreateServiceLinkedRole'],
        resources: [serviceLinkedRole],
        conditions: { StringEquals: { 'iam:AWSServiceName': 'backup.amazonaws.com' } },
      }),
    ],
  };
}
