export type * from './alarm-options';
export type * from './alarm-overrides';
export type * from './alarm-presentation';
export * from './alarm-set';
