import { CustomResource, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { REGION_SETTINGS } from './region-settings-in-app';
import type { RegionSettingsRequest } from './region-settings.contract';
import { Handler } from './settings-handler';
import { ResourceType } from '../objectives/resource-type';
import { backupServiceLinkedRoleArn } from '../private/arns';
import type { PropsErrors } from '../private/props-errors';
import { Registry } from '../private/registry';

const HANDLER_ID = 'BackupRegionSettingsHandler';
const DYNAMODB = ResourceType.DYNAMODB.resourceTypeName;

/**
 * Resource types to turn on.
 */
export interface RegionSettingsTypes {
  /** Those that must be offered in the region. */
  readonly named: ResourceType[];
  readonly ifOffered: ResourceType[];
}

/**
 * What else is turned on.
 */
export interface RegionSettingsFeatures {
  /** The advanced features for DynamoDB; with DynamoDB, where it is left out. */
  readonly dynamoDbAdvancedFeatures?: boolean;
  readonly dynamoDbIncrementalBackups?: boolean;
}

/** Adds that a construct of the user's has the id of the handler, if one has it. */
export function checkHandlerId(errors: PropsErrors, scope: Construct): void {
  Handler.checkId(errors, scope, HANDLER_ID);
}

/** The custom resource of settings, whose types are asked for at synthesis. */
export function defineRegionSettings(scope: Construct, types: () => RegionSettingsTypes, features: RegionSettingsFeatures = {}): void {
  const optIn = () => namesOf(types().named);
  const alsoOptIn = () => namesOf(types().ifOffered).filter((type) => !optIn().includes(type));
  const managed = () => features.dynamoDbAdvancedFeatures ?? [...optIn(), ...alsoOptIn()].includes(DYNAMODB) ? [DYNAMODB] : [];
  const request: RegionSettingsRequest = {
    resourceTypeOptIn: Lazy.uncachedList({ produce: optIn }),
    resourceTypeManagement: Lazy.uncachedList({ produce: managed }),
    resourceTypeIncremental: features.dynamoDbIncrementalBackups ? [DYNAMODB] : undefined,
    resourceTypeOptInIfOffered: Lazy.uncachedList({ produce: alsoOptIn }, { omitEmpty: true }),
  };
  new CustomResource(scope, 'Resource', {
    resourceType: 'Custom::BackupRegionSettings',
    serviceToken: Handler.getOrCreate(scope, HANDLER_ID, () => handlerProps(Stack.of(scope))).serviceToken,
    serviceTimeout: Duration.minutes(10),
    properties: { ...request },
  });
  Registry.of(scope).register(REGION_SETTINGS, scope, {
    construct: scope,
    get hasAdvancedDynamoDb() {
      return managed().length > 0;
    },
  });
}

/** Their names, each once: several types may have the same. */
export function namesOf(types: ResourceType[]): string[] {
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
        // If the role is missing, its path is unknown.
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
