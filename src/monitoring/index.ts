export * from './alarm-options';
export * from './alarm-severity';
export * from './alarm-topic';
export * from './backup-alarms';
export * from './backup-alarms-props';
export * from './replication-alarms';
