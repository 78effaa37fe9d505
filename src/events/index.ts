export * from './job-event';
