import { readFileSync } from 'fs';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Asset, AssemblyStack } from '../assembly/assembly';
import { zipOf } from '../assembly/zip';
import type { LocalAws } from '../local-aws/local-aws';

/** Puts into buckets what templates name there: assets, and the templates, of which a request takes only 51,200 bytes. */
export class Assets {
  private readonly archives = new Map<string, Uint8Array>();
  private readonly buckets = new Map<string, Promise<void>>();

  constructor(private readonly aws: LocalAws) {}

  async upload(stack: AssemblyStack): Promise<void> {
    await Promise.all(stack.assets.map((asset) => this.put(stack, asset.bucket, asset.key, this.contentOf(asset))));
  }

  /** @returns the address of the template */
  async uploadTemplate(stack: AssemblyStack, body: string): Promise<string> {
    const bucket = `templates-${stack.account}-${stack.region}`;
    const key = `${stack.id}.json`;
    await this.put(stack, bucket, key, body);
    return `https://s3.${stack.region}.amazonaws.com/${bucket}/${key}`;
  }

  private contentOf({ source, packaging }: Asset): Uint8Array {
    const content = this.archives.get(source) ?? (packaging === 'zip' ? zipOf(source) : new Uint8Array(readFileSync(source)));
    this.archives.set(source, content);
    return content;
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
