import { Duration } from 'aws-cdk-lib';
import { BackupTier, WeekDay } from 'cdk-backup-dr';
import type { StageConfig } from '../config';

/**
 * When backups are made, and how long their copies are kept.
 */
export function backupTiers(config: StageConfig): BackupTier[] {
  return tiersOf(config, config.backup.moveToColdStorageAfter);
}

/**
 * When the configuration of Amazon ECS is captured, and how long its snapshots are kept: as backups, but a bucket has no cold storage.
 */
export function configurationSchedules(config: StageConfig): BackupTier[] {
  return tiersOf(config);
}

function tiersOf({ backup }: StageConfig, moveToColdStorageAfter?: Duration): BackupTier[] {
  const { dailyRetention, weeklyRetention, eveningRetention } = backup;
  const tiers = [
    BackupTier.daily({
      hour: 5,
      startWindow: Duration.hours(1),
      completionWindow: Duration.hours(5),
      deleteAfter: dailyRetention,
      moveToColdStorageAfter,
    }),
    BackupTier.weekly({
      weekDay: WeekDay.SUNDAY,
      hour: 6,
      // The daily job may run until 11:00, and a table has one job at a time: with one hour, this one could expire unstarted.
      startWindow: Duration.hours(6),
      completionWindow: Duration.hours(12),
      deleteAfter: weeklyRetention,
      moveToColdStorageAfter,
    }),
  ];
  return eveningRetention ? [...tiers, BackupTier.daily({
    name: 'evening', hour: 17, completionWindow: Duration.hours(5), deleteAfter: eveningRetention,
  })] : tiers;
}
