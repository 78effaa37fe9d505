export * from './alarms';
export * from './logs';
export * from './monitoring';
export * from './objectives';
export * from './plan';
export * from './roles';
export * from './settings';
export * from './vault';
