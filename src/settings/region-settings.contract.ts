/**
 * What the custom resource asks its handler for.
 */
export interface RegionSettingsRequest {
  /** Resource types that AWS Backup is to back up. */
  readonly resourceTypeOptIn: string[];
  /** Resource types that are to be under full AWS Backup management: DynamoDB with its advanced features. */
  readonly resourceTypeManagement: string[];
  /** More of them, where AWS Backup offers them in the region; left out for none. */
  readonly resourceTypeOptInIfOffered?: string[];
  /** Resource types whose backups are to be incremental; left out for none. */
  readonly resourceTypeIncremental?: string[];
}
