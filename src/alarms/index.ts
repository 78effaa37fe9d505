export type * from './alarm-options';
export * from './alarm-severity';
