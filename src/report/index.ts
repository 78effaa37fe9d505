export * from './coverage-check';
