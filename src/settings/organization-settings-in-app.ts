import type { IConstruct } from 'constructs';
import { FactKind, Registry } from '../private/registry';

/**
 * What an app turns on in the organization.
 */
export interface OrganizationSettingsFact {
  readonly hasCrossAccountBackup: boolean;
}

export const ORGANIZATION_SETTINGS = new FactKind<OrganizationSettingsFact>('organization settings');

/** Whether the app turns on copies between the accounts of the organization, in whatever stack. */
export function turnsOnCrossAccountBackup(scope: IConstruct): boolean {
  return Registry.of(scope).find(ORGANIZATION_SETTINGS, ({ hasCrossAccountBackup }) => hasCrossAccountBackup) !== undefined;
}
