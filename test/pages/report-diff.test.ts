import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupTier } from '../../src/objectives/backup-tier';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { changesBetween } from '../../src/pages/report-diff';
import type { ChangeKind } from '../../src/pages/report-diff';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import type { RecoveryReport } from '../../src/report/report-model';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { newApp, PLACE, reportIn, tableIn } from '../report/apps';
import { IRELAND } from '../stacks';

const days = (amount: number) => Duration.days(amount);

interface Design {
  readonly hours: number;
  readonly rpo: number;
  readonly deleteAfter: number;
  readonly minRetention: number;
  readonly isCompliant: boolean;
  readonly isCopied: boolean;
  readonly isSelected: boolean;
  readonly isReplicated: boolean;
  readonly hasTimeControl: boolean;
  readonly hasAlarm: boolean;
  readonly acceptNominalRpo?: string;
  readonly description?: string;
}

const GOOD: Design = {
  hours: 12,
  rpo: 36,
  deleteAfter: 35,
  minRetention: 14,
  isCompliant: true,
  isCopied: true,
  isSelected: true,
  isReplicated: true,
  hasTimeControl: true,
  hasAlarm: true,
};

function reportWith(changed: Partial<Design> = {}): RecoveryReport {
  const design = { ...GOOD, ...changed };
  const app = newApp();
  const stack = new Stack(app, 'Orders', { env: PLACE, description: design.description ?? 'Orders' });
  const limits = { minRetention: days(design.minRetention), maxRetention: days(365) };
  const vault = new ReplicatedBackupVault(stack, 'Vault', {
    replicaRegion: IRELAND,
    replicaVaultLock: design.isCompliant ? VaultLock.compliance({ ...limits, changeableFor: days(14) }) : VaultLock.governance(limits),
  });
  const plan = new TieredBackupPlan(stack, 'Plan', {
    vault,
    tiers: [BackupTier.everyHours(design.hours, { name: 'often', firstHour: 5, completionWindow: Duration.hours(4), deleteAfter: days(design.deleteAfter) })],
    copyTo: design.isCopied ? [BackupCopy.toReplicaOf(vault)] : [],
    objectives: [new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo: Duration.hours(design.rpo) })],
    acceptNominalRpo: design.acceptNominalRpo,
  });
  const [one, other] = ['One', 'Other'].map((id) => tableIn(stack, id));
  plan.addSelection('Tables', { resources: [one, ...design.isSelected ? [other] : []].map((table) => BackupTarget.fromDynamoDbTable(table)) });
  if (design.isReplicated) {
    new ReplicatedBucket(stack, 'Bucket', { replicaRegion: IRELAND, replicationTimeControl: design.hasTimeControl });
  } else {
    new ReplicatedBucket(stack, 'Bucket');
  }
  new s3.Bucket(stack, 'Cache', { removalPolicy: RemovalPolicy.DESTROY });
  new BackupAlarms(stack, 'Alarms', { vaults: [vault], overrides: { backupJobFailed: { enabled: design.hasAlarm } } });
  return reportIn(app);
}

const before = reportWith();
const worse = (after: RecoveryReport) => changesBetween(before, after).filter(({ kind }) => kind === 'worse').map(({ text }) => text);

test.each<[string, Partial<Design>, string]>([
  ['backups that are made less often', { hours: 24 }, 'worst case of objective Orders (loss of the resource): 17 hours before, 29 hours now'],
  ['a longer RPO', { rpo: 48 }, 'promised RPO of objective Orders (loss of the resource): 36 hours before, 2 days now'],
  ['a shorter retention', { deleteAfter: 21 }, 'retention of tier often in arn:aws:backup:eu-west-2:222222222222:backup-vault:'],
  ['a copy that is not made', { isCopied: false }, 'the copy into arn:aws:backup:eu-west-1:222222222222:backup-vault:'],
  ['a lock that can be removed', { isCompliant: false }, 'lock: compliance before, governance now'],
  ['a lock with a shorter minimum', { minRetention: 7 }, 'minimum retention of the lock: 14 days before, 7 days now'],
  ['a table that is not selected', { isSelected: false }, 'protected before, unprotected now'],
  ['a bucket without its replica', { isReplicated: false }, 'the replica is removed'],
  ['a replication without a time', { hasTimeControl: false }, 'S3 Replication Time Control is off'],
  ['an alarm that is switched off', { hasAlarm: false }, 'the override that switches off backup-job-failed is new'],
  ['an exception that is accepted', { acceptNominalRpo: 'Jobs take minutes' }, 'the accepted exception (Jobs take minutes) is new'],
])('%s is worse', (_, changed, text) => {
  expect(worse(reportWith(changed))).toContainEqual(expect.stringContaining(text));
});

test('a description that is renamed changes nothing', () => {
  expect(changesBetween(before, reportWith({ description: 'All orders of all shops' }))).toEqual([]);
});

test('the other way round, each of them is better, and nothing but the cost is worse', () => {
  const changes = changesBetween(reportWith({ deleteAfter: 21, isSelected: false, hasAlarm: false }), before).filter(({ text }) => !text.startsWith('estimated cost'));

  expect(changes.filter(({ kind }) => kind === 'worse')).toEqual([]);
  expect(changes.filter(({ kind }) => kind === 'better').map(({ text }) => text)).toEqual(expect.arrayContaining([
    'unprotected before, protected now', 'the override that switches off backup-job-failed is removed', expect.stringContaining('21 days before, 35 days now'),
  ]));
});

test('a new table that nothing protects is worse, and a protected one is not', () => {
  const app = newApp();
  tableIn(new Stack(app, 'New', { env: PLACE }), 'Table');
  new ReplicatedBackupVault(new Stack(app, 'Vaults', { env: PLACE }), 'Vault');
  const after = { ...before, coverage: [...before.coverage, ...reportIn(app).coverage] };

  expect(worse(after)).toEqual(['new and unprotected (AWS::DynamoDB::Table): No selection contains it.']);
});

test('an objective that is not there any more is worse', () => {
  expect(worse({ ...before, objectives: [] })).toEqual(['objective Orders (loss of the resource) is removed']);
  expect(before.objectives.map(({ survives }) => survives)).toEqual([FailureScope.RESOURCE]);
});

const costing = (usdPerMonth: number, pricesOf = '2025-06-18'): RecoveryReport => ({ ...before, costs: { ...before.costs, usdPerMonth, pricesOf } });

test.each<[string, number, number, ChangeKind[]]>([
  ['more than 10 percent higher is worse', 1000, 1100.01, ['worse']], ['10 percent higher', 1000, 1100, ['other']], ['lower', 1000, 10, ['other']],
  ['as high as before', 1000, 1000, []], ['above nothing is worse', 0, 0.01, ['worse']],
])('a cost that is %s', (_, one, other, kinds) => {
  expect(changesBetween(costing(one), costing(other)).map(({ kind }) => kind)).toEqual(kinds);
});

test('a higher cost is told with both amounts', () => {
  expect(changesBetween(costing(924.68), costing(1200))).toEqual([{ kind: 'worse', of: 'the entire app', text: 'estimated cost a month: 924.68 USD before, 1,200.00 USD now' }]);
});

test('a cost with other prices is not worse', () => {
  expect(changesBetween(costing(924.68), costing(1200, '2026-12-01'))).toEqual([{
    kind: 'other', of: 'the entire app', text: 'estimated cost a month: 924.68 USD before, 1,200.00 USD now, with the prices of 2025-06-18 and 2026-12-01',
  }]);
});
