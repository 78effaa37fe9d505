// Before the unit tests: the evaluator has dependencies of its own, at the versions of its own lockfile.
const { execFileSync } = require('child_process');
const { existsSync, statSync } = require('fs');
const path = require('path');

module.exports = async () => {
  const installed = path.join(__dirname, 'node_modules', '.package-lock.json');
  const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync(path.join(__dirname, 'package-lock.json')).mtimeMs;
  if (!isCurrent) {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: __dirname, stdio: 'inherit' });
  }
};
