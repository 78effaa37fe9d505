import { CustomResource, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { REGION_SETTINGS } from './region-settings-in-app';
import type { SharedTypes } from './region-settings-in-app';
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
   * The settings of a stack for whatever needs them: one construct with a fixed id, whose types are known at synthesis, beside settings that
   * the user defines.
   *
   * @throws if a construct of the user's has the id
   * @internal
   */
  public static _shareIn(scope: Construct, types: () => SharedTypes): void {
    const stack = outermostStack(scope);
    const existing = stack.node.tryFindChild(SHARED_ID) as BackupRegionSettings & { [SHARED]?: (() => SharedTypes)[] } | undefined;
    const errors = new PropsErrors('settings of AWS Backup', scope);
    errors.when(existing !== undefined && !(SHARED in existing),
      () => `the settings need the id '${SHARED_ID}' in stack '${stack.node.path}', which a construct of yours has: give that one another id`);
    errors.throwIfAny();
    if (existing) {
      existing[SHARED]!.push(types);
    } else {
      const all = [types];
      const asked = (of: keyof SharedTypes) => () => all.flatMap((each) => each()[of]);
      Object.defineProperty(new BackupRegionSettings(stack, SHARED_ID, { resourceTypes: asked('named'), resourceTypesIfOffered: asked('ifOffered') } as never),
        SHARED, { value: all });
    }
  }

  /**
   * Defines the settings.
   *
   * @throws if no resource type is given, the advanced features or incremental backups are wanted without DynamoDB, or another construct
   * has the id of the handler
   */
  constructor(scope: Construct, id: string, props: BackupRegionSettingsProps) {
    super(scope, id);
    const [named, ifOffered] = [props.resourceTypes, props.resourceTypesIfOffered ?? []].map(typesIn);
    const isShared = id === SHARED_ID && typeof props.resourceTypes === 'function'; // its types come later
    const hasDynamoDb = !isShared && namesOf(named()).includes(DYNAMODB);
    const errors = new PropsErrors('BackupRegionSettingsProps', this);
    errors.whenEmpty('resourceTypes', isShared ? undefined : props.resourceTypes, 'type');
    errors.when(props.dynamoDbAdvancedFeatures && !hasDynamoDb,
      () => "'dynamoDbAdvancedFeatures' needs ResourceType.DYNAMODB in 'resourceTypes': AWS Backup turns them on together");
    errors.when(props.dynamoDbIncrementalBackups && !hasDynamoDb, () => "'dynamoDbIncrementalBackups' needs ResourceType.DYNAMODB in 'resourceTypes'");
    Handler.checkId(errors, this, HANDLER_ID);
    errors.throwIfAny();

    const optIn = () => namesOf(named());
    const alsoOptIn = () => namesOf(ifOffered()).filter((type) => !optIn().includes(type));
    const managed = () => props.dynamoDbAdvancedFeatures ?? [...optIn(), ...alsoOptIn()].includes(DYNAMODB) ? [DYNAMODB] : [];
    const request: RegionSettingsRequest = {
      resourceTypeOptIn: Lazy.uncachedList({ produce: optIn }),
      resourceTypeManagement: Lazy.uncachedList({ produce: managed }),
      resourceTypeIncremental: props.dynamoDbIncrementalBackups ? [DYNAMODB] : undefined,
      resourceTypeOptInIfOffered: Lazy.uncachedList({ produce: alsoOptIn }, { omitEmpty: true }),
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
const SHARED_ID = 'BackupDrRegionSettings';

/** Known to every copy of this library in an app. */
const SHARED = Symbol.for('cdk-backup-dr.shared-region-settings');

function typesIn(types: ResourceType[] | (() => ResourceType[])): () => ResourceType[] {
  return typeof types === 'function' ? types : () => types;
}

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
