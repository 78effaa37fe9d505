import * as path from 'path';

/** Where jsii reports from, and what the CDK wraps constructors and methods in: on the way from who calls to what is called. */
const BETWEEN = /[\\/]\.warnings\.jsii\.js$|[\\/]aws-cdk-lib[\\/]core[\\/]lib[\\/](prop-injectable|no-box-stack-traces|metadata-resource)\.js$/;

/**
 * Whether what used a deprecated API is in a folder, by the stack trace of the report.
 *
 * The first file is that of the API, and the next one is that of its caller: where this is one of the CDK, it is for the
 * CDK to change it.
 */
export function isUsedIn(folder: string, stack: string): boolean {
  const files = [...stack.matchAll(/^ +at .*?\(?([^\s()]+):\d+:\d+\)?$/gm)].map(([, file]) => file).filter((file) => !BETWEEN.test(file));
  return files.length > 1 && files[1].startsWith(folder + path.sep);
}

/** Whether jsii reports with this that something is deprecated. */
export function isReport([kind, message]: unknown[]): boolean {
  return kind === '[WARNING]' && / is deprecated/.test(String(message));
}
