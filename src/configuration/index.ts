export type * from './capture-props';
