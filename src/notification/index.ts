export * from './alarm-severity';
export * from './notification-topic';
export * from './notify';
