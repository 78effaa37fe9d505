import type { IConstruct } from 'constructs';
import { sortedBy } from './entries';
import type { SettingEntry } from './report-model';
import { ResourceType } from '../objectives/resource-type';
import { destinationsOf } from '../plan/destinations';
import { usesColdStorage } from '../plan/plan-findings';
import { PLANS, resourceTypeNamesOf } from '../plan/plans-in-app';
import type { PlanFact } from '../plan/plans-in-app';
import { differ, placeOf } from '../private/environment';
import type { Environment } from '../private/environment';
import type { Registry } from '../private/registry';
import { turnsOnCrossAccountBackup } from '../settings/organization-settings-in-app';
import { regionSettingsFor } from '../settings/region-settings-in-app';

/** What AWS CloudFormation can't set, and the plans of the app need. */
export function settingEntries(root: IConstruct, registry: Registry): SettingEntry[] {
  const settings = new Map<string, SettingEntry & { readonly neededBy: string[] }>();
  const need = (plan: PlanFact, setting: string, place: Pick<SettingEntry, 'account' | 'region'>, isHandled: () => boolean) => {
    const key = `${setting}\n${place.account}\n${place.region}`;
    const known = settings.get(key) ?? { setting, ...place, neededBy: [], isHandled: isHandled() };
    known.neededBy.push(plan.path);
    settings.set(key, known);
  };
  for (const plan of registry.all(PLANS)) {
    const copies = destinationsOf(plan).filter(({ isOwn }) => !isOwn);
    const settingsIn = (place: Environment) => regionSettingsFor(root, place);
    need(plan, OPT_IN, placeOf(plan.environment), () => settingsIn(plan.environment).length > 0);
    if (copies.some(({ environment: { account } }) => differ(account, plan.environment.account))) {
      need(plan, CROSS_ACCOUNT, { account: 'management account' }, () => turnsOnCrossAccountBackup(root));
    }
    if ((copies.length > 0 || usesColdStorage(plan)) && resourceTypeNamesOf(plan).includes(ResourceType.DYNAMODB.resourceTypeName)) {
      const places = new Map([plan, ...copies].map(({ environment }) => [environment.toString(), environment]));
      for (const place of places.values()) {
        need(plan, ADVANCED, placeOf(place), () => settingsIn(place).some(({ hasAdvancedDynamoDb }) => hasAdvancedDynamoDb));
      }
    }
  }
  return sortedBy([...settings.values()].map((each) => ({ ...each, neededBy: [...new Set(each.neededBy)].sort() })),
    ({ setting, account, region }) => `${setting}\n${account}\n${region}`);
}

const OPT_IN = 'Opt-in of the resource types to AWS Backup, in each account and region';
const CROSS_ACCOUNT = 'Cross-account backup, in the management account of the organization';
const ADVANCED = 'Advanced features of AWS Backup for DynamoDB, in each account and region';
