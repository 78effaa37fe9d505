export * from './backup-event-forwarding';
export * from './central-monitoring';
export type * from './central-monitoring-props';
