import * as path from 'path';
import { Script } from 'vm';
import { App, CfnResource, SecretValue, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { isReport, isUsedIn } from './deprecated-use';

const SRC = path.join(__dirname, '..', 'src');
const partitionKey = { name: 'id', type: dynamodb.AttributeType.STRING };

/** Calls a function as a file would that is at a path. */
function callIn(file: string, code: string, ...args: unknown[]): void {
  new Script(code, { filename: file }).runInThisContext()(...args);
}

// All are deprecated at both ends of the peer range. Newer CDKs report each of them once for each test file.

test('what the library uses of a deprecated API is refused', () => {
  const stack = new Stack();
  // No file of that name is there: with `.ts` it would be counted among those that tests cover.
  const resources = ['One', 'Other'].map((id) => new CfnResource(stack, id, { type: 'AWS::SNS::Topic' }));

  expect(() => callIn(path.join(SRC, 'vault', 'vault.js'), '(one, other) => one.addDependsOn(other)', ...resources))
    .toThrow(expect.objectContaining({ name: 'DeprecationError', message: expect.stringMatching(/^aws-cdk-lib\.CfnResource#addDependsOn is deprecated/) }));
});

test('what a test uses is not, nor what the CDK uses of its own', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-2' } });

  expect(() => SecretValue.plainText('none')).not.toThrow();
  expect(() => new dynamodb.TableV2(stack, 'Table', { partitionKey })).not.toThrow(); // 2.240.0 sets TableGrantsProps#encryptedResource
});

/** The stack traces of what is reported. */
function reportsOf(work: () => unknown): string[] {
  const stacks: string[] = [];
  const { warn } = console;
  console.warn = function record(...args: unknown[]): void {
    const trace = { stack: '' };
    Error.captureStackTrace(trace, record);
    stacks.push(...isReport(args) ? [trace.stack] : []);
  };
  work();
  console.warn = warn;
  return stacks;
}

test.each<[string, () => unknown]>([
  ['a method', () => new dynamodb.Table(new Stack(), 'Table', { partitionKey }).metricThrottledRequests()],
  ['a property of a construct', () => new dynamodb.Table(new Stack(), 'Table', { partitionKey, pointInTimeRecovery: true })],
])('who used %s is found in the report of this CDK', (_, use) => {
  const [stack] = reportsOf(use);

  expect(isUsedIn(__dirname, stack)).toBe(true);
});

const PRINT = 'print (/repo/node_modules/aws-cdk-lib/.warnings.jsii.js:11:146)';
const CONSTRUCT = 'new Bucket2 (/repo/node_modules/aws-cdk-lib/aws-s3/lib/bucket.js:1:979)';
const WRAPPED = 'new Bucket2 (/repo/node_modules/aws-cdk-lib/core/lib/prop-injectable.js:1:681)';
const OURS = 'new ReplicatedBucket (/repo/src/buckets/replicated-bucket.ts:153:17)';

test.each([
  ['the library calls', true, [PRINT, CONSTRUCT, OURS]],
  ['the library calls, in a wrapped construct', true, [PRINT, PRINT, CONSTRUCT, WRAPPED, OURS]],
  ['the library calls, outside of a function', true, [PRINT, CONSTRUCT, '/repo/src/index.ts:1:2']],
  ['the library calls, on each element', true, [PRINT, CONSTRUCT, 'Array.map (<anonymous>)', OURS]],
  ['the CDK calls because of the library', false, [PRINT, CONSTRUCT, 'new Trail2 (/repo/node_modules/aws-cdk-lib/aws-cloudtrail/lib/trail.js:1:2)', WRAPPED, OURS]],
  ['another library calls', false, [PRINT, CONSTRUCT, 'Nag.visit (/repo/node_modules/cdk-nag/src/nag-pack.js:3:4)', OURS]],
  ['a test calls', false, [PRINT, CONSTRUCT, 'Object.<anonymous> (/repo/test/buckets/replicated-bucket.test.ts:1:2)', OURS]],
  ['nobody is seen to call', false, [PRINT, CONSTRUCT]],
])('where %s: %s', (_, isOurs, frames) => {
  expect(isUsedIn('/repo/src', ['Error', ...frames].join('\n    at '))).toBe(isOurs);
});
