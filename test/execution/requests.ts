import type { Context } from 'aws-lambda';
import type { FakeAccount } from './fake-account';
import { ACCOUNT, REGION } from './fake-account';
import type { RecoveryWork, StepResult } from '../../src/execution/recovery-work.lambda-shared';
import { runbookHandler } from '../../src/execution/runbook-handler.lambda-shared';
import { Outcome, SETTINGS_VARIABLE } from '../../src/execution/runbook.contract';
import type { RunbookSettings, StatusEvent, StepAnswer, StepRequest } from '../../src/execution/runbook.contract';

export const SETTINGS: RunbookSettings = {
  kind: 'ecs-restore',
  runbook: 'ecs-restore',
  bucket: { name: 'config-of-prod', region: REGION, account: '444455556666', tiers: ['daily', 'change'], recordKeptDays: 365, lockMode: 'COMPLIANCE' },
  sourceRegion: REGION,
  objectives: [{ name: 'prod', survives: 'RESOURCE', rtoSeconds: 3600, rpoSeconds: 86400 }],
  libraryVersion: '0.9.0',
  isApproved: false,
  defaults: { DryRun: 'false', DetectedAt: '' },
};

export const DONE: StepResult = { outcome: Outcome.DONE, summary: 'All is well.', objects: [] };

/** Work that is done at once. */
export function workOf(steps: Partial<RecoveryWork> = {}): RecoveryWork {
  const done = async () => DONE;
  return { rates: {}, preflight: done, plan: done, work: done, verify: done, ...steps };
}

export interface Seen {
  readonly answer?: StepAnswer;
  readonly error?: Error;
  /** What was written to the log, by whatever means. */
  readonly lines: string[];
}

export interface AskOptions {
  readonly settings?: RunbookSettings;
  /** What AWS Lambda gives the function. */
  readonly seconds?: number;
}

/** The function as steps of the document, or as the rule, invoke it. Of a step that failed, the document asks for the result, which is its error. */
export async function ask(
  aws: Pick<FakeAccount, 'call' | 'clock'>, work: RecoveryWork, event: StepRequest | StatusEvent, options?: AskOptions,
): Promise<Seen> {
  const { answer, error, lines } = await invoke(aws, work, event, options);
  if (answer?.outcome !== Outcome.FAILED) {
    return { answer, error, lines };
  }
  const after = await invoke(aws, work, { ...event as StepRequest, only: 'RESULT' }, options);
  return { answer, error: after.error, lines: [...lines, ...after.lines] };
}

async function invoke(
  aws: Pick<FakeAccount, 'call' | 'clock'>, work: RecoveryWork, event: StepRequest | StatusEvent, { settings = SETTINGS, seconds = 300 }: AskOptions = {},
): Promise<Seen> {
  process.env[SETTINGS_VARIABLE] = JSON.stringify(settings);
  const end = aws.clock.now() + seconds * 1000;
  const context = {
    invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:runbook`, getRemainingTimeInMillis: () => end - aws.clock.now(),
  } as Context;
  const lines: string[] = [];
  const record = (...texts: unknown[]) => lines.push(texts.map(String).join(' ')) > 0;
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(record), jest.spyOn(process.stderr, 'write').mockImplementation(record),
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((method) => jest.spyOn(console, method).mockImplementation(record)),
  ];
  try {
    return { answer: await runbookHandler(work, () => aws.call, aws.clock)(event, context), lines };
  } catch (error) {
    return { error: error as Error, lines };
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
}

/** A whole run, step by step, as the document asks: until a step fails, and then its failure is recorded. */
export async function run(aws: FakeAccount, work: RecoveryWork, request: StepRequest, options?: AskOptions): Promise<Seen[]> {
  const steps = request.parameters.DryRun === 'true' ? ['preflight', 'plan', 'record'] as const : ['preflight', 'plan', 'work', 'verify', 'record'] as const;
  const seen: Seen[] = [];
  for (const step of steps) {
    for (let round = 0; round === 0 || (seen.at(-1)!.answer?.outcome === Outcome.ASK_AGAIN && round < 100); round++) {
      await aws.clock.sleep(1000);
      seen.push(await ask(aws, work, { ...request, step }, options));
    }
    if (seen.at(-1)!.answer?.outcome !== Outcome.DONE) {
      return [...seen, await ask(aws, work, { ...request, step: 'recordFailure' }, options)];
    }
  }
  return seen;
}
