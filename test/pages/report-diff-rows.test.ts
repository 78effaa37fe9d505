import { FailureScope } from '../../src/objectives/recovery-objective';
import { changesBetween } from '../../src/pages/report-diff';
import type { BucketEntry, CaptureEntry, CoverageEntry, ObjectiveEntry, PlanEntry, RecoveryReport, SettingEntry, TierEntry, VaultEntry } from '../../src/report/report-model';

type Lists = Partial<RecoveryReport>;
type Change = [kind: string, of: string, text: string];

const PLACE = { account: '222222222222', region: 'eu-west-2' };

function reportOf(lists: Lists): RecoveryReport {
  return {
    $schema: '',
    version: 1,
    libraryVersion: '0.9.0',
    verdict: {
      objectives: { met: 0, accepted: 0, missed: 0, notChecked: 0 },
      resources: { protected: 0, accepted: 0, undecided: 0, unprotected: 0 },
      notChecked: 0,
    },
    objectives: [],
    accepted: [],
    plans: [],
    captures: [],
    runbooks: [],
    vaults: [],
    buckets: [],
    coverage: [],
    topics: [],
    forwarding: [],
    alarmsOff: [],
    settings: [],
    costs: { currency: 'USD', pricesOf: '2025-06-18', usdPerMonth: 0, assumptions: [], lines: [], notPriced: [] },
    notChecked: [],
    unverified: [],
    evidence: [],
    ...lists,
  };
}

function changes(before: Lists, after: Lists): Change[] {
  return changesBetween(reportOf(before), reportOf(after)).map(({ kind, of, text }) => [kind, of, text]);
}

/** The kind of the change back. */
const BACK: Record<string, string> = { worse: 'better', better: 'worse', other: 'other' };

const tier = (members: Partial<TierEntry> = {}): TierEntry => ({
  name: 'daily', schedule: 'cron(0 5 * * ? *)', timeZone: 'Etc/UTC', isContinuous: true, intervalMinutes: 1440, isDurationAssumed: false, ...members,
});
const objective = (members: Partial<ObjectiveEntry> = {}): Lists => ({
  objectives: [{ name: 'Orders', survives: FailureScope.REGION, of: 'Shop/Plan', kind: 'plan', status: 'met', limitedBy: '', tiers: ['daily'], rtoMinutes: 240, rpoMinutes: 1800, nominalMinutes: 1440, worstCaseMinutes: 1500, ...members }],
});
const plan = (members: Partial<PlanEntry> = {}): Lists => ({ plans: [{ ...PLACE, path: 'Shop/Plan', name: 'shop', selections: [], tiers: [tier()], destinations: [], ...members }] });
const into = (members: Partial<PlanEntry['destinations'][number]> = {}): Lists => plan({
  destinations: [{ vault: 'central', isOwn: false, serves: [], worstCaseMinutes: 1500, retention: [{ tier: 'daily', deleteAfterDays: 35, moveToColdStorageAfterDays: 30 }], ...members }],
});
const vault = (lock: VaultEntry['lock']): Lists => ({ vaults: [{ ...PLACE, arn: 'arn:vault', name: 'central', path: 'Shop/Vault', isImported: false, lock }] });
const bucket = (members: Partial<BucketEntry> = {}): Lists => ({
  buckets: [{ ...PLACE, arn: 'arn:bucket', name: 'b', path: 'Shop/Bucket', hasTimeControl: true, lock: { mode: 'COMPLIANCE', days: 35 }, retention: [{ prefix: 'logs/', transitions: [], expiresAfterDays: 400 }], ...members }],
});
const replica = (days: number): BucketEntry['replica'] => ({ ...PLACE, arn: 'arn:replica', name: 'r', lock: { mode: 'GOVERNANCE', days }, retention: [] });
const capture = (members: Partial<CaptureEntry> = {}): Lists => ({
  captures: [{ ...PLACE, path: 'Shop/Capture', kind: 'ecs', bucket: 'b', schedules: [tier()], retention: [{ tier: 'daily', deleteAfterDays: 35 }], onChange: 'best effort', ...members }],
});
const coverage = (members: Partial<CoverageEntry> = {}): Lists => ({
  coverage: [{ ...PLACE, path: 'Shop/Table', type: 'AWS::DynamoDB::Table', status: 'protected', by: [{ kind: 'plan', path: 'Shop/Plan', selection: 'Tables' }, { kind: 'pointInTimeRecovery' }], worstCaseMinutes: { RESOURCE: 1500, REGION: 1500 }, ...members }],
});
const setting = (members: Partial<SettingEntry> = {}): Lists => ({ settings: [{ setting: 'crossAccountBackup', account: '222222222222', neededBy: [], isHandled: true, ...members }] });

const RUNBOOK = { ...PLACE, path: 'Shop/Restore', kind: 'ecs-restore', document: 'restore', sourceRegion: 'eu-west-2', bucket: 'b', objectives: [], requiredApprovals: 0 };
const ACCEPTED = { path: 'Shop', property: 'CoverageCheck.accept' as const, resourceTypes: ['AWS::SecretsManager::Secret'], reason: 'Rotated' };

test.each<[what: string, before: Lists, after: Lists, ...Change]>([
  ['a longer RTO', objective(), objective({ rtoMinutes: 480 }), 'worse', 'Shop/Plan', 'promised RTO of objective Orders (loss of the region): 4 hours before, 8 hours now'],
  ['a nominal RPO that is not known any more', objective(), objective({ nominalMinutes: undefined }), 'worse', 'Shop/Plan', 'nominal RPO of objective Orders (loss of the region): 24 hours before, – now'],
  ['an objective that is missed', objective(), objective({ status: 'missed' }), 'worse', 'Shop/Plan', 'status of objective Orders (loss of the region): met before, missed now'],
  ['an objective that is accepted only', objective(), objective({ status: 'accepted' }), 'worse', 'Shop/Plan', 'status of objective Orders (loss of the region): met before, accepted now'],
  ['an objective that is not checked', objective({ status: 'accepted' }), objective({ status: 'notChecked' }), 'worse', 'Shop/Plan', 'status of objective Orders (loss of the region): accepted before, notChecked now'],
  ['an objective that is removed', objective(), {}, 'worse', 'Shop/Plan', 'objective Orders (loss of the region) is removed'],
  ['a plan that is removed', plan(), {}, 'worse', 'Shop/Plan', 'the plan is removed'],
  ['a tier that is removed', plan(), plan({ tiers: [] }), 'worse', 'Shop/Plan', 'tier daily is removed'],
  ['a tier with longer gaps', plan(), plan({ tiers: [tier({ intervalMinutes: 2880 })] }), 'worse', 'Shop/Plan', 'longest gap of tier daily: 24 hours before, 2 days now'],
  ['a tier without continuous backups', plan(), plan({ tiers: [tier({ isContinuous: false })] }), 'worse', 'Shop/Plan', 'continuous backups of tier daily are off'],
  ['a tier at another time', plan(), plan({ tiers: [tier({ timeZone: 'Europe/London' })] }), 'other', 'Shop/Plan', 'schedule of tier daily: cron(0 5 * * ? *) (Etc/UTC) before, cron(0 5 * * ? *) (Europe/London) now'],
  ['a copy that is removed', into(), plan(), 'worse', 'Shop/Plan', 'the copy into central is removed'],
  ['a backup that is removed', into({ isOwn: true }), plan(), 'worse', 'Shop/Plan', 'the backup into central is removed'],
  ['a later copy', into(), into({ worstCaseMinutes: 3000 }), 'worse', 'Shop/Plan', 'worst case in central: 25 hours before, 50 hours now'],
  ['a copy that goes to cold storage earlier', into(), into({ retention: [{ tier: 'daily', deleteAfterDays: 35, moveToColdStorageAfterDays: 10 }] }), 'worse', 'Shop/Plan', 'tier daily is warm in central: 30 days before, 10 days now'],
  ['a copy that goes to cold storage at all', into({ retention: [{ tier: 'daily', deleteAfterDays: 35 }] }), into(), 'worse', 'Shop/Plan', 'tier daily is warm in central: always before, 30 days now'],
  ['a retention that is removed', into(), into({ retention: [] }), 'worse', 'Shop/Plan', 'retention of tier daily in central is removed'],
  ['a lock that is removed', vault({ mode: 'governance' }), vault({ mode: 'none' }), 'worse', 'arn:vault', 'lock: governance before, none now'],
  ['a lock that is not known any more', vault({ mode: 'governance' }), vault({ mode: 'unknown' }), 'worse', 'arn:vault', 'lock: governance before, unknown now'],
  ['a lock of which it is known that there is none', vault({ mode: 'unknown' }), vault({ mode: 'none' }), 'worse', 'arn:vault', 'lock: unknown before, none now'],
  ['a lock that can be changed for longer', vault({ mode: 'compliance', changeableForDays: 3 }), vault({ mode: 'compliance', changeableForDays: 14 }), 'worse', 'arn:vault', 'time in which the lock can be changed: 3 days before, 14 days now'],
  ['a lock with another maximum', vault({ mode: 'compliance', maxRetentionDays: 365 }), vault({ mode: 'compliance', maxRetentionDays: 400 }), 'other', 'arn:vault', 'maximum retention of the lock: 365 days before, 400 days now'],
  ['a bucket whose lock is of a weaker mode', bucket(), bucket({ lock: { mode: 'GOVERNANCE', days: 35 } }), 'worse', 'Shop/Bucket', 'lock of the bucket: COMPLIANCE before, GOVERNANCE now'],
  ['a bucket with a shorter lock', bucket(), bucket({ lock: { mode: 'COMPLIANCE', days: 14 } }), 'worse', 'Shop/Bucket', 'days of the lock of the bucket: 35 days before, 14 days now'],
  ['a bucket that deletes earlier', bucket(), bucket({ retention: [{ prefix: 'logs/', transitions: [], expiresAfterDays: 100 }] }), 'worse', 'Shop/Bucket', 'retention of logs/ in the bucket: 400 days before, 100 days now'],
  ['a replica that is removed', bucket({ replica: replica(35) }), bucket(), 'worse', 'Shop/Bucket', 'the replica is removed'],
  ['a replica with a shorter lock', bucket({ replica: replica(35) }), bucket({ replica: replica(14) }), 'worse', 'Shop/Bucket', 'days of the lock of the replica: 35 days before, 14 days now'],
  ['a replication without a time', bucket({ replica: replica(35) }), bucket({ replica: replica(35), hasTimeControl: false }), 'worse', 'Shop/Bucket', 'S3 Replication Time Control is off'],
  ['a capture that is removed', capture(), {}, 'worse', 'Shop/Capture', 'the capture of ecs is removed'],
  ['a capture that is made less often', capture(), capture({ schedules: [tier({ intervalMinutes: 2880 })] }), 'worse', 'Shop/Capture', 'longest gap of tier daily: 24 hours before, 2 days now'],
  ['a capture that is kept for a shorter time', capture(), capture({ retention: [{ tier: 'daily', deleteAfterDays: 14 }] }), 'worse', 'Shop/Capture', 'retention of tier daily: 35 days before, 14 days now'],
  ['a capture that does not follow changes', capture(), capture({ onChange: 'off' }), 'worse', 'Shop/Capture', 'changes are captured: best effort before, off now'],
  ['a runbook that is removed', { runbooks: [RUNBOOK] }, {}, 'worse', 'Shop/Restore', 'the runbook ecs-restore is removed'],
  ['a resource that is accepted without protection', coverage(), coverage({ status: 'accepted' }), 'worse', 'Shop/Table', 'protected before, accepted now'],
  ['a resource that is undecided', coverage(), coverage({ status: 'undecided' }), 'worse', 'Shop/Table', 'protected before, undecided now'],
  ['a resource of which nothing remains', coverage(), coverage({ worstCaseMinutes: { RESOURCE: 1500 } }), 'worse', 'Shop/Table', 'worst case after the loss of the region: 25 hours before, nothing remains now'],
  ['a setting that the app leaves alone', setting(), setting({ isHandled: false }), 'worse', '222222222222', 'crossAccountBackup: no longer set by this app'],
])('%s is the one change, and its reverse the other way round', (_, before, after, ...change) => {
  expect(changes(before, after)).toEqual([change]);
  expect(changes(after, before).map(([kind, of]) => [kind, of])).toEqual([[BACK[change[0]], change[1]]]);
});

test.each<[what: string, before: Lists, after: Lists, ...Change]>([
  ['a vault that is removed', vault({ mode: 'none' }), {}, 'worse', 'arn:vault', 'the vault is removed'],
  ['a vault that is new', {}, vault({ mode: 'none' }), 'other', 'arn:vault', 'the vault is new'],
  ['a bucket that is removed', bucket(), {}, 'worse', 'Shop/Bucket', 'the bucket is removed'],
  ['a bucket that is new', {}, bucket(), 'other', 'Shop/Bucket', 'the bucket is new'],
  ['a resource that is removed', coverage(), {}, 'other', 'Shop/Table', 'removed from the app (AWS::DynamoDB::Table)'],
  ['a resource that is new and protected', {}, coverage(), 'other', 'Shop/Table', 'new and protected (AWS::DynamoDB::Table)'],
  ['a resource that has one protection less', coverage(), coverage({ by: [{ kind: 'pointInTimeRecovery' }] }), 'worse', 'Shop/Table', 'no longer protected by plan Tables'],
  ['a setting that is required now', {}, setting({ region: 'eu-west-2', isHandled: false }), 'other', '222222222222 eu-west-2', 'the setting crossAccountBackup (not set by this app) is now required'],
  ['a setting that is not required any more', setting(), {}, 'other', '222222222222', 'the setting crossAccountBackup (set by this app) is no longer required'],
  ['what is not checked now', {}, { notChecked: [{ path: 'Shop', id: 'no-region', reason: 'it has none' }] }, 'worse', 'Shop', 'what is not checked (no-region: it has none) is new'],
  ['a second exception for other types', { accepted: [ACCEPTED] }, { accepted: [ACCEPTED, { ...ACCEPTED, resourceTypes: ['AWS::S3::Bucket'] }] }, 'worse', 'Shop', 'the accepted exception (Rotated) is new'],
  ['an alarm that is switched on again', { alarmsOff: [{ path: 'Shop/Alarms', alarm: 'backup-job-failed' }] }, {}, 'better', 'Shop/Alarms', 'the override that switches off backup-job-failed is removed'],
])('%s is the one change', (_, before, after, ...change) => {
  expect(changes(before, after)).toEqual([change]);
});
