import { mkdtempSync, readFileSync } from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { StageSynthesisOptions } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { IConstruct } from 'constructs';
import { BackupTier } from '../../src/objectives/backup-tier';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import type { TieredBackupPlanProps } from '../../src/plan/tiered-backup-plan-props';
import { afterAllInEachStage } from '../../src/private/at-synthesis';
import type { RecoveryReport } from '../../src/report/report-model';
import { reportOf } from '../../src/report/report-of';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { INFRASTRUCTURE, IRELAND, LONDON } from '../stacks';

const reports = new WeakMap<IConstruct, RecoveryReport>();

afterAllInEachStage((stage) => {
  reports.set(stage, JSON.parse(JSON.stringify(reportOf(stage, '0.0.0'))) as RecoveryReport);
});

export const PLACE = { account: INFRASTRUCTURE, region: LONDON };

/** An app in a folder of its own, so that its assembly can be read. */
export function newApp(): App {
  return new App({ outdir: mkdtempSync(path.join(os.tmpdir(), 'report-')) });
}

export function tableIn(scope: Stack, id: string, pointInTimeRecoveryEnabled = false): dynamodb.Table {
  return new dynamodb.Table(scope, id, {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled },
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A stack with a table that a daily plan copies into another region, and one that nothing protects. */
export function protectedStack(app: App, props: Partial<TieredBackupPlanProps> = {}, id = 'Orders'): Stack {
  const stack = new Stack(app, id, { env: PLACE });
  const vault = new ReplicatedBackupVault(stack, 'Vault', {
    replicaRegion: IRELAND,
    replicaVaultLock: VaultLock.compliance({ minRetention: Duration.days(7), maxRetention: Duration.days(365), changeableFor: Duration.days(14) }),
  });
  const plan = new TieredBackupPlan(stack, 'Plan', {
    vault,
    tiers: [BackupTier.daily({ hour: 5, completionWindow: Duration.hours(5), deleteAfter: Duration.days(35) })],
    objectives: [
      new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo: Duration.hours(30) }),
      new RecoveryObjective({ name: 'Failover', rto: Duration.hours(8), rpo: Duration.hours(36), survives: FailureScope.REGION }),
    ],
    ...props,
  });
  plan.addSelection('Tables', { resources: [BackupTarget.fromDynamoDbTable(tableIn(stack, 'Table'))] });
  tableIn(stack, 'Forgotten');
  return stack;
}

/** A file of the assembly of an app, if the test loads what writes it. */
export function fileOf(app: App, name = 'recovery-report.json', options: StageSynthesisOptions = {}): string {
  return readFileSync(path.join(app.synth({ force: true, ...options }).directory, name), 'utf8');
}

export function reportIn(app: App, options?: StageSynthesisOptions): RecoveryReport {
  app.synth({ force: true, ...options });
  return reports.get(app)!;
}
