export * from './log-source';
export type * from './log-source-options';
export * from './replicated-bucket';
export * from './replicated-bucket-grants';
export type * from './replicated-bucket-props';
export type * from './replicated-bucket-ref';
export * from './replicated-log-bucket';
