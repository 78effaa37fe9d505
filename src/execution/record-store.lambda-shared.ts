import type { Execution } from './execution-reads.lambda-shared';
import type { StepResult } from './recovery-work.lambda-shared';
import type { Outcome, RunbookSettings } from './runbook.contract';
import { pages } from '../capture/aws-call.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';
import { putOnce, timeInKey } from '../capture/document-store.lambda-shared';
import type { Place } from '../capture/document-store.lambda-shared';
import type { Clock } from '../capture/pacing.lambda-shared';

/** The steps that leave results. */
export const STEPS_WITH_RESULTS = ['preflight', 'plan', 'work', 'verify'] as const;
export type StepWithResult = typeof STEPS_WITH_RESULTS[number];

/** The result of a step as it is kept, also of one that failed. */
export interface KeptResult extends Omit<StepResult, 'outcome'> {
  readonly outcome: Outcome;
  /** Why the step failed. */
  readonly problems?: string[];
}

/**
 * The objects that a run leaves: its record, and before that the results of its steps.
 */
export class RecordStore {
  private readonly newestOf = new Map<StepWithResult, Promise<Kept | undefined>>();
  private readonly prefix: string;

  constructor(
    private readonly call: Call, private readonly settings: RunbookSettings, { account }: Place, { id, begunAt }: Pick<Execution, 'id' | 'begunAt'>,
    private readonly clock: Clock,
  ) {
    this.prefix = `records/${account}/${settings.runbook}/${timeInKey(begunAt)}-${id}`;
  }

  /** The newest result of a step, if it has one. */
  public async newest(step: StepWithResult): Promise<KeptResult | undefined> {
    return (await this.read(step))?.result;
  }

  /** Where the newest result of a step is. */
  public async newestLocation(step: StepWithResult): Promise<string | undefined> {
    const kept = await this.read(step);
    return kept && this.locationOf(kept.key);
  }

  /** Keeps a result, unless the newest one of the step says the same. Answers where it is. */
  public async keep(step: StepWithResult, result: KeptResult): Promise<string> {
    const newest = await this.read(step);
    if (newest !== undefined && JSON.stringify(newest.result) === JSON.stringify(result)) {
      return this.locationOf(newest.key);
    }
    const key = `${this.prefix}/${step}-${new Date(this.clock.now()).toISOString().replace(/[:.]/g, '-')}.json`;
    await this.put(key, result);
    this.newestOf.set(step, Promise.resolve({ key, result }));
    return this.locationOf(key);
  }

  /** Puts the record, unless the run has one. Answers with the one that it has then. */
  public async putRecord<T extends object>(record: T): Promise<T> {
    const key = `${this.prefix}.json`;
    return await this.put(key, record) ? record : this.get(key);
  }

  /** Where the record of the run is. */
  public get record(): string {
    return this.locationOf(`${this.prefix}.json`);
  }

  private locationOf(key: string): string {
    return `s3://${this.settings.bucket.name}/${key}`;
  }

  private read(step: StepWithResult): Promise<Kept | undefined> {
    const reading = this.newestOf.get(step) ?? this.readNewest(step);
    this.newestOf.set(step, reading);
    return reading;
  }

  private async readNewest(step: StepWithResult): Promise<Kept | undefined> {
    const { name, account } = this.settings.bucket;
    const contents = await pages(this.call, 's3', 'ListObjectsV2', { Bucket: name, ExpectedBucketOwner: account, Prefix: `${this.prefix}/${step}-` },
      { list: 'Contents', token: 'NextContinuationToken', inputToken: 'ContinuationToken' });
    const key = contents.map(({ Key }) => Key as string).sort().pop();
    return key === undefined ? undefined : { key, result: await this.get(key) };
  }

  private put(Key: string, content: object): Promise<boolean> {
    const { bucket } = this.settings;
    return putOnce(this.call, bucket, { Key, Body: Buffer.from(JSON.stringify(content)), ContentType: 'application/json' }, bucket.recordKeptDays,
      this.clock.now());
  }

  private async get(Key: string): Promise<any> {
    const { name, account } = this.settings.bucket;
    const { Body } = await this.call('s3', 'GetObject', { Bucket: name, ExpectedBucketOwner: account, Key });
    return JSON.parse(Buffer.from(Body).toString('utf8'));
  }
}

interface Kept {
  readonly key: string;
  readonly result: KeptResult;
}
