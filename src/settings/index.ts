export * from './backup-region-settings';
export * from './organization-backup-settings';
