export type * from './alarm-options';
