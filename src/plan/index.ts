export * from './backup-copy';
export type * from './backup-plan-ref';
export * from './tiered-backup-plan';
export type * from './tiered-backup-plan-props';
