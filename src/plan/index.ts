export * from './backup-copy';
export * from './tiered-backup-plan';
export type * from './tiered-backup-plan-props';
