export * from './backup-archive';
export type * from './backup-archive-props';
export type * from './backup-archive-ref';
export * from './workload-backup';
