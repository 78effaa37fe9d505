export * from './backup-target';
export * from './tag-filter';
