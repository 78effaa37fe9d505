// A folder with dependencies of its own: `npm ci` in it installs the browser.
module.exports = {
  rootDir: '../..',
  testMatch: ['<rootDir>/test/browser/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/browser/tsconfig.json' }] },
  testTimeout: 60_000,
  maxWorkers: 1,
};
