import { createHash } from 'crypto';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { CaptureError, parts, reasonOf, safely, TargetGone } from './aws-call.lambda-shared';
import type { Call } from './aws-call.lambda-shared';
import { logFindings, logMetrics, putEvent } from './capture-report.lambda-shared';
import type { Finding, NotCaptured } from './capture-report.lambda-shared';
import { ATTEMPTS, CHANGE_TIER, QUEUE_VARIABLE, SETTINGS_VARIABLE } from './capture.contract';
import type { CaptureSettings, CaptureStateChange, ScheduleMessage, TargetMessage } from './capture.contract';
import { contentHash } from './content-hash.lambda-shared';
import { DocumentStore, hashInKey, timeInKey } from './document-store.lambda-shared';
import type { Place } from './document-store.lambda-shared';
import { CLOCK, paced } from './pacing.lambda-shared';
import type { Clock, Rates } from './pacing.lambda-shared';

/** Of the time that Lambda gives a function: what is kept for putting the document, and for the report of a failure. */
const TIME_TO_PUT = 30_000;
const TIME_TO_REPORT = 5_000;

/** The messages that Amazon SQS takes in a call. */
const BATCH = 10;

/** The target of a report if it is not known what there is. */
const ANY_TARGET = '*';

/** What is captured. */
export interface CaptureKind {
  readonly schemaVersion: number;
  readonly rates: Rates;
  /** All targets of the account and region. */
  targets(call: Call): Promise<string[]>;
  /** What an event of EventBridge is about, if it is about a target. */
  targetOf(event: ChangeEvent): string | undefined;
  capture(call: Call, target: string, place: Place, settings: CaptureSettings): Promise<Captured>;
}

/** As much of an event of EventBridge as is needed. */
export interface ChangeEvent {
  readonly 'id': string;
  readonly 'source': string;
  readonly 'detail-type': string;
  readonly 'time': string;
  readonly 'resources'?: string[];
  readonly 'detail'?: any;
}

export interface Captured {
  /** Members of the document. */
  readonly content: object;
  readonly notCaptured: NotCaptured[];
  readonly findings: Finding[];
  /** Paths to members of the document that the hash leaves out. */
  readonly volatile: string[];
  readonly metrics: Record<string, number>;
}

/** The APIs of AWS, with Amazon S3 in the region of the bucket. */
export interface Connection {
  readonly call: Call;
  /** The version of the AWS SDK. */
  sdkVersion(): Promise<string>;
}

/** A function of Lambda that captures a target for each message of Amazon SQS. */
export function captureHandler(kind: CaptureKind, connect: (settings: CaptureSettings) => Connection, clock: Clock = CLOCK) {
  const captured = new Map<string, number>(); // as long as Lambda keeps the function
  return async ({ Records }: SQSEvent, context: Context): Promise<void> => {
    const settings = { ...JSON.parse(process.env[SETTINGS_VARIABLE] ?? '{}'), queueUrl: process.env[QUEUE_VARIABLE] } as CaptureSettings;
    const [, partition, , region, account] = context.invokedFunctionArn.split(':');
    const end = clock.now() + context.getRemainingTimeInMillis();
    const connection = connect(settings);
    const call = safely(connection.call);
    const reading = { at: end - TIME_TO_PUT };
    const run = new CaptureRun(kind, settings, { partition, region, account }, clock, connection,
      paced(call, kind.rates, clock, reading), paced(call, {}, clock, { at: end - TIME_TO_REPORT }), captured);
    try {
      for (const record of Records) {
        await run.receive(record);
      }
    } finally {
      reading.at = -Infinity; // Lambda wakes the function for the next message, and what still waits would call on
    }
  };
}

class CaptureRun {
  private readonly store: DocumentStore;

  /**
   * @param read What is captured is read by these calls
   * @param call For all other calls
   * @param captured When the last capture of a target began that found everything, also if it had nothing to write
   */
  constructor(
    private readonly kind: CaptureKind, private readonly settings: CaptureSettings, private readonly place: Place,
    private readonly clock: Clock, private readonly connection: Connection, private readonly read: Call, private readonly call: Call,
    private readonly captured: Map<string, number>,
  ) {
    this.store = new DocumentStore(call, settings, place);
  }

  /** A failure is reported with the last attempt; before that, the message comes again. */
  public async receive({ body, attributes }: SQSRecord): Promise<void> {
    const begunAt = this.clock.now();
    let message: TargetMessage = { tier: CHANGE_TIER, trigger: 'change', target: ANY_TARGET, since: timestamp(begunAt) };
    try {
      const received = JSON.parse(body) as ScheduleMessage | TargetMessage | ChangeEvent;
      if ('schedule' in received) {
        message = { tier: received.schedule, trigger: 'schedule', target: ANY_TARGET, since: received.scheduledFor };
        await this.start(message, begunAt);
      } else if ('tier' in received) {
        message = received;
        await this.capture(received, begunAt);
      } else if ('detail-type' in received) {
        await this.startForChange(received);
      } else {
        throw new CaptureError('neither a schedule, nor a target, nor an event');
      }
    } catch (error) {
      if (error instanceof TargetGone && this.settings.targets === undefined) {
        return; // of all that there are, it was one a moment ago
      }
      const reason = reasonOf(error);
      if (Number(attributes.ApproximateReceiveCount) >= ATTEMPTS) {
        const change = this.ending(message, begunAt, 'FAILED', { reason });
        logMetrics(change, { Captured: 0, Failed: 1 });
        await putEvent(this.call, change).catch(() => undefined); // what failed first is the reason
      }
      throw new CaptureError(`${message.target}: ${reason}`); // no other error, which Lambda would log
    }
  }

  /** One message for each target, so that none holds up another. If it is done twice, the captures are. */
  private async start(message: TargetMessage, begunAt: number): Promise<void> {
    this.windowOf(message.tier);
    const targets = this.settings.targets ?? await this.kind.targets(this.read);
    if (targets.length === 0) {
      // Without a value, the alarm on missing snapshots would be in ALARM for as long as there is nothing to capture.
      logMetrics(this.ending(message, begunAt, 'COMPLETED', {}), { Captured: 1, Failed: 0 });
    }
    await this.send(targets.map((target) => ({ ...message, target })));
  }

  private async startForChange(event: ChangeEvent): Promise<void> {
    const target = this.kind.targetOf(event);
    const isOurs = target !== undefined && (this.settings.targets?.includes(target) ?? true);
    if (isOurs && !await this.isCovered(target, event.time)) {
      await this.send([{ tier: CHANGE_TIER, trigger: 'change', target, since: event.time, eventId: event.id }]);
    }
  }

  /**
   * Within five minutes, the queue takes messages with the same text once: a second attempt, or an event that is delivered twice. Two
   * changes have two events, even in the same second: the capture for the first may have begun before the second happened.
   */
  private async send(messages: TargetMessage[]): Promise<void> {
    for (const part of parts(messages, BATCH)) {
      const { Failed = [] } = await this.call('sqs', 'SendMessageBatch', {
        QueueUrl: this.settings.queueUrl,
        Entries: part.map((message, index) => ({ Id: String(index), MessageBody: JSON.stringify(message), MessageGroupId: groupOf(message) })),
      });
      if (Failed.length > 0) {
        throw new CaptureError(`Amazon SQS did not take ${Failed.length} of ${part.length} messages`);
      }
    }
  }

  private async capture(message: TargetMessage, begunAt: number): Promise<void> {
    const { tier, trigger, target, since } = message;
    const isChange = trigger === 'change';
    const window = isChange ? Infinity : this.windowOf(tier);
    if (isChange && await this.isCovered(target, since)) {
      return;
    }
    const { content, notCaptured, findings, volatile, metrics } = await this.kind.capture(this.read, target, this.place, this.settings);
    const whole = {
      schemaVersion: this.kind.schemaVersion,
      kind: this.settings.kind,
      ...this.place,
      tier,
      trigger,
      ...isChange ? {} : { scheduledFor: since },
      begunAt: timestamp(begunAt),
      endedAt: timestamp(this.clock.now()),
      libraryVersion: this.settings.libraryVersion,
      sdkVersion: await this.connection.sdkVersion(),
      contentHash: '',
      ...content,
      notCaptured,
      findings,
    };
    const document = { ...whole, contentHash: contentHash(whole, volatile) };
    const isUnchanged = isChange && (await this.store.newest(target))?.hash === hashInKey(document.contentHash);
    const key = isUnchanged
      ? undefined
      : await this.store.put(tier, target, isChange ? begunAt : Date.parse(since), document.contentHash, document, this.clock.now());

    this.captured.set(target, begunAt);
    const isLate = this.clock.now() > Date.parse(since) + window * 60_000;
    const change = isLate
      ? this.ending(message, begunAt, 'FAILED', { key, reason: 'OutOfWindow: the capture ended after its start window and completion window' })
      : this.ending(message, begunAt, isUnchanged ? 'UNCHANGED' : 'COMPLETED', { key });
    logFindings(findings);
    logMetrics(change, { Captured: isUnchanged ? 0 : 1, Failed: isLate ? 1 : 0, NotCaptured: notCaptured.length, ...metrics });
    await putEvent(this.call, change); // if it fails, a second attempt might have nothing left to do
  }

  /** Whether a capture began in a later second: events have whole seconds. One that had nothing to write has left no document. */
  private async isCovered(target: string, since: string): Promise<boolean> {
    const changedAt = timeInKey(Date.parse(since));
    const begunAt = this.captured.get(target);
    if (begunAt !== undefined && timeInKey(begunAt) > changedAt) {
      return true;
    }
    const newest = await this.store.newest(target);
    return newest !== undefined && newest.time > changedAt;
  }

  private windowOf(tier: string): number {
    const { [tier]: limits } = this.settings.tiers;
    if (limits === undefined) {
      throw new CaptureError(`there is no schedule ${tier}`);
    }
    return limits.windowMinutes;
  }

  private ending(
    { tier, trigger, target, since }: TargetMessage, begunAt: number, state: CaptureStateChange['state'], outcome: { key?: string; reason?: string },
  ): CaptureStateChange {
    const { kind, backup, bucket } = this.settings;
    return {
      kind,
      backup,
      target,
      tier,
      trigger,
      state,
      ...trigger === 'schedule' ? { scheduledFor: since } : {},
      begunAt: timestamp(begunAt),
      endedAt: timestamp(this.clock.now()),
      bucketName: bucket.name,
      ...outcome,
    };
  }
}

/** Captures of the same target run one after the other. A group has at most 128 characters, the name of a cluster up to 255. */
function groupOf({ target }: TargetMessage): string {
  return createHash('sha256').update(target).digest('hex');
}

function timestamp(time: number): string {
  return new Date(time).toISOString();
}
