export type * from './alarm-options';
export * from './alarm-severity';
export * from './notification-topic';
