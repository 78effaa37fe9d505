export * from './log-source';
export type * from './log-writer-options';
export * from './replicated-log-bucket';
