const { rmSync } = require('fs');

module.exports = async () => {
  rmSync(globalThis.temporaryFolder, { recursive: true, force: true });
  // In watch mode the next run begins in this process.
  process.env.TMPDIR = globalThis.temporaryFolderBefore;
};
