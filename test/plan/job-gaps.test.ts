import { Duration } from 'aws-cdk-lib';
import { DAILY, Setup, TABLES } from './setup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { backupJobGaps, copyJobGaps } from '../../src/plan/job-gaps';
import { planFactOf } from '../../src/plan/plans-in-app';
import { WeekDay } from '../../src/schedules/week-day';
import { IRELAND } from '../stacks';

const hoursOf = ({ gaps }: ReturnType<typeof copyJobGaps>) => gaps.map(({ hours, nominalHours }) => [hours, nominalHours]);

function gapsOf(tiers: BackupTier[]) {
  const fact = planFactOf(new Setup({ replicaRegion: IRELAND }).selecting(TABLES(), { tiers }));
  return { backups: backupJobGaps([fact]), copies: copyJobGaps([fact]) };
}

test('copies are missed after two gaps and a start window where a tier keeps less than its gap: they are made all the same', () => {
  const { backups, copies } = gapsOf([BackupTier.daily({ deleteAfter: Duration.days(1) })]);

  expect(hoursOf(copies)).toEqual([[49, 24]]);
  expect(backups).toEqual({ gaps: [], unknown: ["whether plan 'Backup/Plan' makes recovery points: there might be none at all"] });
});

test('copies of a tier that keeps more than its gap are missed at the worst case of both', () => {
  expect(hoursOf(gapsOf([DAILY()]).copies)).toEqual([[49, 24]]);
  expect(hoursOf(gapsOf([BackupTier.daily({ deleteAfter: Duration.days(35), completionWindow: Duration.hours(40) })]).copies)).toEqual([[65, 24]]);
});

test('a run that gives way is no gap where the other one is made at once, and one of half an hour where it is made then', () => {
  const weekly = (minute: number) => BackupTier.weekly({ weekDay: WeekDay.SUNDAY, minute, deleteAfter: Duration.days(90) });
  const [atOnce, later] = [gapsOf([DAILY(), weekly(0)]), gapsOf([DAILY(), weekly(30)])];

  expect(hoursOf(atOnce.backups)).toEqual([[30, 24]]);
  expect(hoursOf(later.backups)).toEqual([[31, 25]]); // 30.5 and 24.5 hours
  expect(hoursOf(atOnce.copies)).toEqual([[49, 24]]);
  expect(hoursOf(later.copies)).toEqual([[50, 25]]);
});

test('jobs of a continuous backup are not counted on, but its copies are', () => {
  const continuous = BackupTier.continuous({ deleteAfter: Duration.days(35) });

  expect(gapsOf([continuous]).backups.unknown).toEqual(["whether plan 'Backup/Plan' makes recovery points: AWS does not document which jobs complete for a continuous backup"]);
  expect(hoursOf(gapsOf([continuous]).copies)).toEqual([[49, 24]]);
  expect(hoursOf(gapsOf([continuous, DAILY()]).backups)).toEqual([[30, 24]]);
});
