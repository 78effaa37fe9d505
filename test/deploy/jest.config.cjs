// Each file starts a local AWS of its own, of about 200 MB with its Lambda functions: two at a time, as the machines of the workflows have processors.
module.exports = {
  rootDir: '../..',
  testMatch: ['<rootDir>/test/deploy/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json' }] },
  testTimeout: 240_000,
  maxWorkers: 2,
  maxConcurrency: 2,
  clearMocks: true,
};
