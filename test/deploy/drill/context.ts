import { BackupClient } from '@aws-sdk/client-backup';
import type { BackupJob, CopyJob } from '@aws-sdk/client-backup';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Promises, Table, Vault } from './promises';
import type { Json } from './snapshots';
import { Broken } from './step';
import type { Deployment, DeployedResource } from '../deployment/deployment';
import type { LocalAws } from '../local-aws/local-aws';

export type Item = Record<string, AttributeValue>;

/** A recovery from the recovery points of a plan, for the recovery report. */
export interface Recovery {
  readonly plan: string;
  readonly survives: 'REGION' | 'ACCOUNT';
  readonly what: string;
  readonly recoverySeconds: number;
  readonly dataLossSeconds: number;
}

/** What earlier steps have done, for those that go on from there. */
export interface Memory {
  resources: DeployedResource[];
  /** The items that were put into each table, by its name. */
  items: Map<string, Item[]>;
  /** When the rule ran. */
  ran: Date;
  backupJobs: BackupJob[];
  copyJobs: CopyJob[];
  /** Copy jobs that were to fail, and did. */
  failedCopyJobs: CopyJob[];
  /** The table that is lost, and the recovery point that came back for it. */
  lost: string;
  lostAt: Date;
  cameBack: string;
  restored: string;
  /** The configuration that was captured, as the APIs answered it before it was deleted, and when that was. */
  captured: Json;
  deletedAt: Date;
}

/** How much time passes at once: first little, so that nothing short is missed. */
const SHORT_STEPS = { minutes: 1, until: 3_600_000 };
const LONG_STEP_MINUTES = 15;

/** What the steps of a drill have in common. */
export class Context {
  private readonly memory: Partial<Memory> = {};
  /** The queues that get what the topics of runbooks publish, by region. */
  public readonly mailboxes = new Map<string, string>();
  /** What was recovered: records of runbooks, and tables from the recovery points of a plan. */
  public readonly records: Json[] = [];
  public readonly recoveries: Recovery[] = [];

  constructor(readonly aws: LocalAws, readonly deployment: Deployment, readonly promises: Promises) {}

  backup(where: { readonly account: string; readonly region: string }): BackupClient {
    return this.aws.client(BackupClient, where.account, where.region);
  }

  tables(where: { readonly account: string; readonly region: string }): DynamoDBClient {
    return this.aws.client(DynamoDBClient, where.account, where.region);
  }

  remember<Key extends keyof Memory>(key: Key, value: Memory[Key]): void {
    this.memory[key] = value;
  }

  recall<Key extends keyof Memory>(key: Key): Memory[Key] {
    const value = this.memory[key];
    if (value === undefined) {
      throw new Error(`no earlier step has left '${key}'`);
    }
    return value as Memory[Key];
  }

  recallOr<Key extends keyof Memory>(key: Key, otherwise: Memory[Key]): Memory[Key] {
    return (this.memory[key] as Memory[Key] | undefined) ?? otherwise;
  }

  /** The name that CloudFormation gave to a table. */
  nameOf({ declared: { stack, logicalId } }: Table): string {
    const found = this.recall('resources').find((resource) => resource.stack.id === stack.id && resource.logicalId === logicalId);
    if (!found) {
      throw new Broken(`the table ${logicalId} of ${stack.name} is not there`);
    }
    return found.physicalId;
  }

  /**
   * Lets minutes pass until something is so.
   *
   * @param probe gives undefined as long as it is not
   * @throws Broken if it is not so within the simulated hours
   */
  async until<Value>(what: string, hours: number, probe: () => Promise<Value | undefined>): Promise<Value> {
    const started = (await this.aws.clock.now()).getTime();
    for (;;) {
      const value = await probe();
      if (value !== undefined) {
        return value;
      }
      const passed = (await this.aws.clock.now()).getTime() - started;
      if (passed > hours * 3_600_000) {
        throw new Broken(`not within ${hours} h: ${what}`);
      }
      await this.aws.clock.forward({ minutes: passed < SHORT_STEPS.until ? SHORT_STEPS.minutes : LONG_STEP_MINUTES });
    }
  }
}

/** A short name of a place, for the reader. */
export function placeOf({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${account}/${region}`;
}

export function isIn(vault: Vault): (job: { readonly DestinationBackupVaultArn?: string }) => boolean {
  return ({ DestinationBackupVaultArn }) => DestinationBackupVaultArn === vault.arn;
}
