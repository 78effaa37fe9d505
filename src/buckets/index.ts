export * from './replicated-bucket';
export * from './replicated-bucket-grants';
export type * from './replicated-bucket-props';
export type * from './replicated-bucket-ref';
