import type { CfnResource } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { renderedResource } from './rendered-resource';

/**
 * What is wrong with a key of the caller as its template has it, if anything is: asked when nothing changes it any more. A key of
 * another app and a token are not checked.
 *
 * @param property The property that the key is given by
 * @param encrypted The resource that it encrypts
 * @param what What that is: `vault`, `bucket`, `topic`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
 */
export function keyProblems(property: string, key: kms.IKey | undefined, encrypted: CfnResource, what: string): string[] {
  const rendered = key && (renderedResource(key.node.defaultChild) ?? renderedResource(key.node.scope));
  if (!rendered || !['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'].includes(rendered.Type)) {
    return [];
  }
  const { KeySpec = 'SYMMETRIC_DEFAULT', KeyUsage = 'ENCRYPT_DECRYPT', Enabled = true } = rendered.Properties;
  const isOther = (value: unknown, expected: string) => typeof value === 'string' && value !== expected;
  const where = `'${property}' ('${key.node.path}')`;
  return [
    ...isOther(KeySpec, 'SYMMETRIC_DEFAULT') || isOther(KeyUsage, 'ENCRYPT_DECRYPT') ? [
      `${where} must be a symmetric key that encrypts and decrypts, which is all that a ${what} can use: set its 'keySpec' to SYMMETRIC_DEFAULT `
        + `and its 'keyUsage' to ENCRYPT_DECRYPT, got ${said(KeySpec)} and ${said(KeyUsage)}`,
    ] : [],
    ...String(Enabled) === 'false' ? [`${where} must be enabled: nothing can be encrypted or decrypted with a key that is not; set its 'enabled' to true`] : [],
    ...isRetained(encrypted) && isDeleted(rendered.DeletionPolicy) ? [
      `${where} must be retained, since the ${what} is: without its key nothing in it can be read; set the 'removalPolicy' of the key to RETAIN, `
        + `got a 'DeletionPolicy' of ${rendered.DeletionPolicy ?? 'Delete (none is set)'}`,
    ] : [],
  ];
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : 'a token';
}

function isRetained(resource: CfnResource): boolean {
  const { DeletionPolicy } = renderedResource(resource)!;
  return typeof DeletionPolicy === 'string' && !isDeleted(DeletionPolicy);
}

/** What has no policy is deleted with its stack. */
function isDeleted(deletionPolicy: unknown): boolean {
  return deletionPolicy === undefined || deletionPolicy === 'Delete';
}
