import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { AssemblyStack } from '../assembly/assembly';
import type { LocalAws } from '../local-aws/local-aws';

/** Puts into buckets what templates name there: assets, and the templates, of which a request takes only 51,200 bytes. */
export class Assets {
  private readonly buckets = new Map<string, Promise<void>>();

  constructor(private readonly aws: LocalAws) {}

  async upload(stack: AssemblyStack): Promise<void> {
    await Promise.all(stack.assets.map(({ bucket, key, content }) => this.put(stack, bucket, key, content)));
  }

  /** @returns the address of the template */
  async uploadTemplate(stack: AssemblyStack, body: string): Promise<string> {
    const bucket = `templates-${stack.account}-${stack.region}`;
    const key = `${stack.id}.json`;
    await this.put(stack, bucket, key, body);
    return `https://s3.${stack.region}.amazonaws.com/${bucket}/${key}`;
  }

  private async put({ account, region }: AssemblyStack, bucket: string, key: string, body: Uint8Array | string): Promise<void> {
    const s3 = this.aws.client(S3Client, account, region);
    const made = this.buckets.get(bucket) ?? s3.send(new CreateBucketCommand({ Bucket: bucket })).then(() => undefined, ignoreExisting);
    this.buckets.set(bucket, made);
    await made;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }
}

function ignoreExisting(error: Error): void {
  if (!['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'].includes(error.name)) {
    throw error;
  }
}
