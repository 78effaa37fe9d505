// Each file starts a local AWS of its own, of about 200 MB with its Lambda functions. It often waits, so that four of them keep two processors busy.
module.exports = {
  rootDir: '../..',
  testMatch: ['<rootDir>/test/deploy/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json' }] },
  testTimeout: 240_000,
  maxWorkers: 4,
  maxConcurrency: 2,
  clearMocks: true,
};
