export * from './log-source';
export * from './log-source-options';
export * from './replicated-bucket';
export * from './replicated-bucket-grants';
export * from './replicated-bucket-props';
export * from './replicated-bucket-ref';
export * from './replicated-log-bucket';
