// Before the unit tests: the matcher is compiled, and its dependencies are fetched at the versions of its pom.
const { execFileSync } = require('child_process');
const { existsSync, readdirSync, rmSync, statSync, writeFileSync } = require('fs');
const path = require('path');

const TARGET = path.join(__dirname, 'target');
// Written last, as a build that fails halfway leaves classes behind.
const BUILT = path.join(TARGET, 'built');

module.exports = async () => {
  const sources = readdirSync(path.join(__dirname, 'src'), { recursive: true }).map((each) => path.join(__dirname, 'src', each));
  const isCurrent = existsSync(BUILT)
    && [path.join(__dirname, 'pom.xml'), ...sources].every((each) => statSync(BUILT).mtimeMs >= statSync(each).mtimeMs);
  if (!isCurrent) {
    // Anew, or the class path would keep the versions of before.
    rmSync(TARGET, { recursive: true, force: true });
    execFileSync('mvn', ['-q', '-B', '--strict-checksums', 'compile'], { cwd: __dirname, stdio: 'inherit' });
    writeFileSync(BUILT, '');
  }
};
