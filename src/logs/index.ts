export * from './log-source';
export * from './replicated-log-bucket';
