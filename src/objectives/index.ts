export * from './backup-tier';
export type * from './backup-tier-options';
export * from './recovery-objective';
export * from './resource-type';
