export * from './backup-dashboard';
