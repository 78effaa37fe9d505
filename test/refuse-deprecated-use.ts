import * as path from 'path';
import { isReport, isUsedIn } from './deprecated-use';

// Runs before each test file. With 'fail', jsii would refuse what the CDK uses of its own as well, which we can't change, and
// what a test uses as a user of the oldest CDK does, which has nothing else yet.
process.env.JSII_DEPRECATED = 'warn';

const LIBRARY = path.join(__dirname, '..', 'src');
const { warn } = console;

console.warn = function refuseDeprecatedUse(...args: unknown[]): void {
  if (!isReport(args)) {
    warn.apply(console, args);
    return;
  }
  const trace = { stack: '' };
  Error.captureStackTrace(trace, refuseDeprecatedUse);
  if (isUsedIn(LIBRARY, trace.stack)) {
    // jsii then shows the line that called.
    throw Object.assign(new Error(String(args[1])), { name: 'DeprecationError' });
  }
};
