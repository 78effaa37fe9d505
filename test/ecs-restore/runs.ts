import { createHash } from 'crypto';
import { gzipSync } from 'zlib';
import type { FakeEcs } from './fake-ecs';
import { safely } from '../../src/capture/aws-call.lambda-shared';
import { paced } from '../../src/capture/pacing.lambda-shared';
import { captureCluster } from '../../src/ecs-config/ecs-document.lambda-shared';
import { ECS_RESTORE } from '../../src/ecs-restore/ecs-restore-steps.lambda-shared';
import { explanationOf } from '../../src/execution/aws-reasons.lambda-shared';
import type { Run, StepResult } from '../../src/execution/recovery-work.lambda-shared';
import type { RunbookSettings } from '../../src/execution/runbook.contract';
import { ACCOUNT, REGION } from '../ecs-config/fake-aws-apis';
import { SETTINGS } from '../ecs-config/invocations';

export const PLACE = { partition: 'aws', region: REGION, account: ACCOUNT };

export const RUNBOOK_SETTINGS = {
  kind: 'ecs-restore',
  runbook: 'EcsRestore',
  bucket: { name: 'config-of-prod', region: REGION, account: '444455556666', tiers: ['daily', 'change'], recordKeptDays: 400 },
  sourceRegion: REGION,
  objectives: [],
  libraryVersion: '0.9.0',
  isApproved: false,
  defaults: {},
  passableRoles: ['execution', 'task', 'events', 'scheduler', 'services'].map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`),
} as unknown as RunbookSettings;

export const PARAMETERS = {
  Cluster: 'prod', Services: '*', Snapshot: 'Newest', NotAfter: '', Existing: 'SKIP', DesiredCount: 'AsCaptured', EnableSchedules: 'true',
};

/** What a capture makes of the cluster. */
export async function contentOf(aws: FakeEcs): Promise<any> {
  const { content } = await captureCluster(safely(aws.call), 'prod', PLACE, { ...SETTINGS, imageRegions: [] });
  return JSON.parse(JSON.stringify(content));
}

/** Puts a snapshot into the bucket. */
export function keep(aws: FakeEcs, content: any, time = '2026-11-29T05-00-00Z', { tier = 'daily', region = REGION } = {}): string {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
  const key = `${tier}/ecs/${ACCOUNT}/${region}/prod/${time}-${hash}.json.gz`;
  const begunAt = `${time.slice(0, 11)}${time.slice(11).replace(/-/g, ':')}`;
  const body = gzipSync(JSON.stringify({ schemaVersion: 1, kind: 'ecs', ...PLACE, region, begunAt, notCaptured: [], ...content }));
  aws.objects.set(key, { body, input: {}, versions: 1 });
  return key;
}

export type StepWithWork = 'preflight' | 'plan' | 'work' | 'verify';

/** An execution of the runbook: its steps, asked again as the document asks. */
export class Execution {
  public readonly results = new Map<string, StepResult>();
  public rounds = 0;

  constructor(
    private readonly aws: FakeEcs, private readonly parameters: Partial<typeof PARAMETERS> = {}, private readonly id = 'execution-1',
    private readonly settings: RunbookSettings = RUNBOOK_SETTINGS, private readonly place = PLACE,
  ) {}

  /** Asks once. */
  public async ask(step: StepWithWork): Promise<StepResult> {
    const { aws } = this;
    const deadline = { at: aws.clock.now() + 240_000 };
    const run: Run = {
      call: paced(safely(aws.call, explanationOf), ECS_RESTORE.rates, aws.clock, deadline, 1 / 2),
      clock: aws.clock,
      deadline: deadline.at,
      place: this.place,
      settings: this.settings,
      execution: this.id,
      parameters: { ...PARAMETERS, ...this.parameters },
      previous: async (name) => this.results.get(name),
    };
    this.rounds++;
    try {
      const result = await ECS_RESTORE[step](run);
      this.results.set(step, result);
      return result;
    } finally {
      deadline.at = -Infinity;
    }
  }

  /** Asks until the step ends. */
  public async end(step: StepWithWork): Promise<StepResult> {
    for (let round = 0; round < 100; round++) {
      const result = await this.ask(step);
      if (result.outcome === 'DONE') {
        return result;
      }
      await this.aws.clock.sleep(result.isWaiting ? 180_000 : 1000);
    }
    throw new Error(`${step} did not end: ${JSON.stringify(this.results.get(step))}`);
  }

  /** A whole run, from its preflight on. */
  public async restore(): Promise<StepResult> {
    await this.end('preflight');
    await this.end('plan');
    await this.end('work');
    return this.end('verify');
  }
}
