export * from './dr-role';
export type * from './dr-role-props';
