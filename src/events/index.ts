export * from './job-state-change';
