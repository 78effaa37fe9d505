export * from './cost-assumptions';
export * from './replication-budget';
