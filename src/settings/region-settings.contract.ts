/**
 * What the custom resource asks its handler for.
 */
export interface RegionSettingsRequest {
  /** Resource types that AWS Backup is to back up. */
  readonly resourceTypeOptIn: string[];
  /** Resource types that are to be under full AWS Backup management: DynamoDB with its advanced features. */
  readonly resourceTypeManagement: string[];
  /** Whether types that AWS Backup does not offer in the region are left out; left out for no. */
  readonly skipTypesNotOffered?: string;
  /** Resource types whose backups are to be incremental; left out for none. */
  readonly resourceTypeIncremental?: string[];
}
