import type { AlarmName } from './alarm-catalogue';

/** One alarm on everything that somebody changes, removes or makes readable. */
const TAMPERED = 'backup-tampered';

const ESSENTIAL: readonly (readonly [name: AlarmName, mergedInto: AlarmName | undefined])[] = [
  ['backup-job-failing', undefined],
  ['backup-job-failed', 'backup-job-failed'],
  ['backup-job-expired', 'backup-job-failed'],
  ['copy-job-failed', 'copy-job-failed'],
  ['restore-job-failed', 'restore-job-failed'],
  ['no-good-recovery-point', undefined],
  ['no-good-copy', 'no-good-copy'],
  ['vault-tampered', TAMPERED],
  ['vault-key-tampered', TAMPERED],
  ['recovery-point-deleted', TAMPERED],
  ['recovery-point-exposed', TAMPERED],
  ['backup-plan-removed', TAMPERED],
  [TAMPERED, undefined],
  ['event-not-delivered', 'event-not-delivered'],
];

/**
 * The set of alarms to create.
 *
 * @example
 * declare const vault: ReplicatedBackupVault;
 * declare const plan: TieredBackupPlan;
 * new BackupAlarms(stack, 'BackupAlarms', { vaults: [vault], plans: [plan], alarmSet: AlarmSet.ESSENTIAL });
 */
export class AlarmSet {
  /**
   * What loses data, and nothing else: at most 8 alarms on a vault with a replica and a plan, in both regions together, and 2 for each selected resource
   * type, however many vaults are copied into. All of them are CRITICAL, but for a vault without plans or with rare runs.
   *
   * In the region of the vault: `backup-job-failing`, `copy-job-failed`, `restore-job-failed`, `backup-tampered` and `event-not-delivered`; for each resource type
   * `no-good-recovery-point` and `no-good-copy`. In the region of the replica: `restore-job-failed`, `backup-tampered` and `event-not-delivered`. If
   * one failed run misses an objective, or no alarm can detect two consecutive runs, there is `backup-job-failed` instead of `backup-job-failing`.
   *
   * What `AlarmSet.COMPLETE` has several alarms on is one alarm here, on up to 10 metrics: on the sum of what is counted, and for `no-good-copy` on each
   * of the vaults that are copied into. Its description says what is watched, and its runbook how to find which it was. The messages about events stay
   * apart, and name the runbook of each. An override of a name makes its alarms as `AlarmSet.COMPLETE` does, so `backupPlanChanged: { enabled: true }` adds one.
   *
   * `CentralMonitoring` has `backup-job-failed` and `copy-job-failed`, `restore-job-failed`, `backup-tampered` and `event-not-delivered`; with `plans`
   * `backup-job-failing` and `no-good-recovery-point` for each vault, and `no-good-copy` for each account that copies.
   */
  public static readonly ESSENTIAL = new AlarmSet('ESSENTIAL', new Map(ESSENTIAL));

  /**
   * Every alarm of the catalogue, each on one metric or one rule.
   */
  public static readonly COMPLETE = new AlarmSet('COMPLETE');

  /**
   * Name of the set: `ESSENTIAL` or `COMPLETE`.
   */
  public readonly name: string;

  /** @internal The names that are created, and the names that they are merged into; undefined for all, each separately. */
  public readonly _names?: ReadonlyMap<AlarmName, AlarmName | undefined>;

  private constructor(name: string, names?: ReadonlyMap<AlarmName, AlarmName | undefined>) {
    this.name = name;
    this._names = names;
  }
}
