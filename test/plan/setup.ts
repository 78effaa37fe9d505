import { App, Duration, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import type { TieredBackupPlanProps, TieredBackupSelectionOptions } from '../../src/plan/tiered-backup-plan-props';
import { BackupTarget } from '../../src/targets/backup-target';
import type { BackupTarget as Target } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsAtSynthesis, problemsOf } from '../problems';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

export const DAILY = () => BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) });
export const EVENING = () => BackupTier.daily({ name: 'evening', hour: 17, deleteAfter: Duration.days(7) });
export const TABLES = () => [BackupTarget.allOf(ResourceType.DYNAMODB)];

/** A table with what a table must have. */
export function tableIn(scope: Construct, id = 'Table', props: Partial<dynamodb.TableProps> = {}): dynamodb.Table {
  return new dynamodb.Table(scope, id, { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, ...props });
}

/**
 * An app with a stack that has a vault, for plans in it.
 */
export class Setup {
  public readonly app = new App();
  public readonly stack: Stack;
  public readonly vault: ReplicatedBackupVault;

  constructor(vaultProps: ConstructorParameters<typeof ReplicatedBackupVault>[2] = {}) {
    this.stack = stackIn(INFRASTRUCTURE, LONDON, this.app, 'Backup');
    this.vault = new ReplicatedBackupVault(this.stack, 'Vault', { backupVaultName: 'local', ...vaultProps });
  }

  /** A plan without a selection. */
  public plan(props: Partial<TieredBackupPlanProps> = {}, id = 'Plan'): TieredBackupPlan {
    return new TieredBackupPlan(this.stack, id, { vault: this.vault, tiers: [DAILY()], ...props });
  }

  /** A plan that selects. */
  public selecting(
    resources: Target[] = TABLES(), props: Partial<TieredBackupPlanProps> = {}, options: TieredBackupSelectionOptions = {},
  ): TieredBackupPlan {
    const plan = this.plan(props);
    plan.addSelection('Selection', { resources, ...options });
    return plan;
  }

  /** What construction refuses, a line for each problem. */
  public refusals(props: Partial<TieredBackupPlanProps>): string[] {
    return problemsOf(() => this.plan(props));
  }

  /** What synthesis refuses, a line for each problem. */
  public problems(): string[] {
    return problemsAtSynthesis(this.app);
  }
}
