export * from './backup-alarms';
export type * from './backup-alarms-props';
export * from './backup-notifications';
export * from './replication-alarms';
