export * from './runbook-grants';
export type * from './runbook-props';
export type * from './runbook-ref';
