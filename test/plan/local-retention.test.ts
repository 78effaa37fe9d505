import { Duration } from 'aws-cdk-lib';
import { Setup } from './setup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { WeekDay } from '../../src/schedules/week-day';
import { BackupTarget } from '../../src/targets/backup-target';
import { messagesAbout } from '../messages';
import { IRELAND } from '../stacks';

const TIERS = [
  BackupTier.daily({ hour: 5, deleteAfter: Duration.days(7) }),
  BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 12, deleteAfter: Duration.days(90) }),
  BackupTier.monthly({ day: 1, hour: 19, deleteAfter: Duration.days(365) }),
];

/** What is said of tiers that a local retention of 14 days cuts. */
function saidOf(replicaRegion?: string, tiers?: string[]): string[] {
  const setup = new Setup({ replicaRegion });
  const copyTo = tiers && [BackupCopy.toReplicaOf(setup.vault, { tiers })];
  setup.selecting([BackupTarget.allOf(ResourceType.EFS)], { tiers: TIERS, localRetention: Duration.days(14), copyTo });
  return messagesAbout(setup.stack, /localRetentionCutsTier/).map((text) => text.replace(/ \[ack.*/, ''));
}

test('a local retention that deletes what no copy keeps is warned of, with the tiers', () => {
  expect(saidOf()).toEqual([
    "'localRetention' (local_retention) deletes the recovery points of tier 'weekly' after 14 days instead of 90 days, tier 'monthly' after 14 days instead of 365 days, and no copies of them "
    + "are kept longer: copy them into another vault, set a longer 'localRetention', or leave it out",
  ]);
});

test('a local retention beside copies of each tier is what it is for', () => {
  expect(saidOf(IRELAND)).toEqual([]);
});

test('a tier that is not among the copied ones is warned of', () => {
  expect(saidOf(IRELAND, ['daily', 'weekly'])).toEqual([expect.stringMatching(/^'localRetention' \(local_retention\) deletes the recovery points of tier 'monthly' after 14 days instead of 365 days, and/)]);
});
