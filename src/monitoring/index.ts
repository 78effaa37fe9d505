export * from './backup-alarms';
export * from './backup-alarms-props';
export * from './replication-alarms';
