export * from './compatibility';
export * from './import-direction';
export * from './lazy-index';
export * from './rosetta';
export * from './template-diff';
export * from './test-suites';
