export type * from './deployment-role-options';
export * from './job-state-change';
export * from './management-event-trail';
