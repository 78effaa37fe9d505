export * from './backup-target';
