import { createHash } from 'crypto';
import { promisify } from 'util';
import { gzip } from 'zlib';
import { CallError, pages } from './aws-call.lambda-shared';
import type { Call } from './aws-call.lambda-shared';
import { CHANGE_TIER } from './capture.contract';
import type { CaptureBucket, CaptureSettings } from './capture.contract';

const DAY = 24 * 60 * 60 * 1000;

/** The policy of the bucket counts from its own clock. */
const CLOCK_SKEW = 60_000;

/** Where a capture runs. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** What the key of a document says. */
export interface StoredDocument {
  /** `yyyy-mm-ddThh-mm-ssZ`, so that texts compare as times. */
  readonly time: string;
  /** The first 12 digits of its hash. */
  readonly hash: string;
}

/**
 * The documents of one target. The function can't read them: their keys say what it has to know.
 */
export class DocumentStore {
  constructor(private readonly call: Call, private readonly settings: CaptureSettings, private readonly place: Place) {}

  /**
   * The newest document of a target, whatever it was captured for. If a schedule and a change have the same time, that of the schedule:
   * its time is when it was due, so its capture began then or later.
   */
  public async newest(target: string): Promise<StoredDocument | undefined> {
    const { name, account } = this.settings.bucket;
    const tiers = [CHANGE_TIER, ...Object.keys(this.settings.tiers)];
    const contents = await Promise.all(tiers.map((tier) => pages(this.call, 's3', 'ListObjectsV2', {
      Bucket: name, ExpectedBucketOwner: account, Prefix: this.prefix(tier, target),
    }, { list: 'Contents', token: 'NextContinuationToken', inputToken: 'ContinuationToken' })));
    const documents = contents.flat().flatMap(({ Key }) => {
      const [, time, hash] = /\/([^/]{20})-([0-9a-f]{12})\.json\.gz$/.exec(Key) ?? [];
      return time === undefined ? [] : [{ time, hash }];
    });
    return documents.reduce<StoredDocument | undefined>((newest, one) => newest !== undefined && newest.time > one.time ? newest : one, undefined);
  }

  /** Puts a document whole, or not at all. A second attempt finds that of the first. */
  public async put(tier: string, target: string, time: number, hash: string, document: object, now: number): Promise<string> {
    const { bucket } = this.settings;
    const Key = `${this.prefix(tier, target)}${timeInKey(time)}-${hashInKey(hash)}.json.gz`;
    const Body = await promisify(gzip)(JSON.stringify(document));
    const keptDays = this.settings.tiers[tier]?.keptDays ?? this.settings.changeKeptDays;
    await putOnce(this.call, bucket, { Key, Body, ContentType: 'application/gzip' }, keptDays, now);
    return Key;
  }

  private prefix(tier: string, target: string): string {
    return `${tier}/${this.settings.kind}/${this.place.account}/${this.place.region}/${target}/`;
  }
}

/** The object to put. */
export interface NewObject {
  readonly Key: string;
  readonly Body: Buffer;
  readonly ContentType: string;
}

/** Puts an object whole, and locks it if the bucket locks. Says whether it did: not if an object of the key was there before. */
export async function putOnce(
  call: Call, bucket: Pick<CaptureBucket, 'name' | 'account' | 'lockMode'>, object: NewObject, keptDays: number, now: number,
): Promise<boolean> {
  const lock = bucket.lockMode && { ObjectLockMode: bucket.lockMode, ObjectLockRetainUntilDate: new Date(now + keptDays * DAY - CLOCK_SKEW) };
  try {
    await call('s3', 'PutObject', {
      Bucket: bucket.name,
      ExpectedBucketOwner: bucket.account,
      ...object,
      ChecksumSHA256: createHash('sha256').update(object.Body).digest('base64'),
      IfNoneMatch: '*',
      ...lock,
    });
    return true;
  } catch (error) {
    if (!(error instanceof CallError && error.name === 'PreconditionFailed')) {
      throw error;
    }
    return false;
  }
}

/** `yyyy-mm-ddThh-mm-ssZ` */
export function timeInKey(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace(/:/g, '-')}Z`;
}

/** The first 12 digits of a hash. */
export function hashInKey(hash: string): string {
  return hash.replace('sha256-', '').slice(0, 12);
}
