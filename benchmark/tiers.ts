import { App, Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ACCOUNT, AWAY, HOME, table } from './apps';
import { BackupTarget, BackupTier, FailureScope, RecoveryObjective, ReplicatedBackupVault, TieredBackupPlan, WeekDay } from '../lib';

const PLANS = 10;
const TABLES_A_PLAN = 10;

/**
 * Ten plans with copies into another region, each with ten tables of its own: with a daily and a weekly tier, or with a
 * monthly and a yearly one besides.
 */
export function define(variant: 'two-tiers' | 'four-tiers'): App {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Backups', { env: { account: ACCOUNT, region: HOME } });
  const vault = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: AWAY });
  for (let index = 0; index < PLANS; index++) {
    const workload = new Construct(stack, `Workload${index}`);
    Array.from({ length: TABLES_A_PLAN }, (_, position) => table(workload, `Table${position}`));
    const plan = new TieredBackupPlan(stack, `Plan${index}`, {
      vault,
      tiers: tiers().slice(0, variant === 'two-tiers' ? 2 : 4),
      objectives: [
        new RecoveryObjective({ name: 'Table', rto: Duration.hours(4), rpo: Duration.hours(30) }),
        new RecoveryObjective({ name: 'Region', rto: Duration.hours(8), rpo: Duration.hours(30), survives: FailureScope.REGION }),
      ],
    });
    plan.addSelection('Tables', { resources: [BackupTarget.fromConstruct(workload)] });
  }
  return app;
}

/** As a team has them: no start window overlaps another, and no job may run into the window of the next one. */
function tiers(): BackupTier[] {
  const windows = { startWindow: Duration.hours(1), completionWindow: Duration.hours(3), moveToColdStorageAfter: Duration.days(30) };
  return [
    BackupTier.daily({ hour: 1, deleteAfter: Duration.days(120), ...windows }),
    BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 8, deleteAfter: Duration.days(180), ...windows }),
    BackupTier.monthly({ day: 1, hour: 15, deleteAfter: Duration.days(365), ...windows }),
    BackupTier.yearly({ month: 1, day: 1, hour: 21, deleteAfter: Duration.days(2555), ...windows }),
  ];
}
