const { mkdtempSync } = require('fs');
const { tmpdir } = require('os');
const { join } = require('path');

// Before the unit tests: programs of their own that the tests ask, and a temporary folder for all that apps synthesize,
// which the CDK never removes.
module.exports = async () => {
  await require('./policy-evaluator/install.cjs')();
  await require('./event-patterns/install.cjs')();
  globalThis.temporaryFolderBefore = tmpdir();
  process.env.TMPDIR = globalThis.temporaryFolder = mkdtempSync(join(globalThis.temporaryFolderBefore, 'cdk-backup-dr-'));
};
