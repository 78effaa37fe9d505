export * from './replication-budget';
