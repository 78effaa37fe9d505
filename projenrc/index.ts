export * from './import-direction';
export * from './rosetta';
export * from './test-suites';
