export * from './import-direction';
export * from './lazy-index';
export * from './rosetta';
export * from './test-suites';
