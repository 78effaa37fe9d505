/**
 * What the custom resource asks its handler for. CloudFormation makes every value a string.
 */
export interface OrganizationSettingsRequest {
  /** Whether to turn on backups across accounts. */
  readonly crossAccountBackup: 'true' | 'false';
  /** Whether to turn on backup policies in the organization. */
  readonly backupPolicies: 'true' | 'false';
  /** Account that is to administer AWS Backup for the organization. */
  readonly delegatedAdministrator?: string;
}
