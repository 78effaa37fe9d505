import { Duration, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { BackupCopy } from './backup-copy';
import { destinationsOf } from './destinations';
import { tierInPlan } from './plan-rules';
import type { Rule, RuleCopy } from './plan-rules';
import type { TieredBackupPlanProps } from './tiered-backup-plan-props';
import type { BackupTier } from '../objectives/backup-tier';
import { overlapsOf } from '../objectives/overlaps';
import { checkLifecycle, warmDays } from '../objectives/recovery-point-lifecycle';
import { sayValue } from '../objectives/tier-checks';
import { differ, Environment, partitionOf } from '../private/environment';
import { PropsErrors } from '../private/props-errors';
import { describe, describeDays, inMinutes, wholeDaysProblem } from '../private/spans';
import { DrRole } from '../roles/dr-role';
import { howToName, literalRoleName, partitionProblem } from '../roles/role-name';
import { pathProblem } from '../roles/role-path';
import { DAY, sayTime } from '../schedules/calendar';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/** With less time in warm storage, a copy that waits for other jobs or is repeated might find nothing to copy. */
const WARM_DAYS = 7;

/**
 * Messages about a valid plan.
 */
export interface PlanNotes {
  readonly warnings: Note[];
  readonly infos: Note[];
  readonly unchecked: Note[];
}

/**
 * A message that can be acknowledged with its id.
 */
export interface Note {
  readonly id: string;
  readonly text: string;
}

/**
 * Checks of a plan before its selections are known.
 */
export function checkPlan(scope: IConstruct, props: TieredBackupPlanProps, copies: BackupCopy[], rules: Rule[]): PlanNotes {
  const errors = new PropsErrors('TieredBackupPlanProps', scope);
  const home = Environment.of(scope);
  checkNames(errors, props);
  checkVault(errors, props.vault, home);
  checkRole(errors, props.role, home);
  checkRolePath(errors, props);
  errors.add(...copies.flatMap((copy) => destinationProblems(copy, props, home)));
  checkAdmission(errors, props, copies, home);
  errors.when(props.role && props.removalPolicy !== undefined,
    () => "'removalPolicy' applies to the role that is created for the plan, but 'role' is set: set the 'removalPolicy' of that role, and leave this one out");
  for (const rule of rules) {
    checkRetention(errors, rule, props);
    checkCopies(errors, rule);
  }
  const overlaps = overlapsOf(rules.map(tierInPlan));
  errors.add(...overlaps.errors);
  errors.throwIfAny();

  const notes = (id: string, texts: string[]) => texts.map((text) => ({ id, text }));
  return {
    warnings: [
      ...notes('tierMayExpireUnstarted', overlaps.warnings),
      ...notes('startWindowsOverlap', overlaps.givingWay),
      ...notes('shortWarmRetention', rules.flatMap((rule) => shortWarmRetention(rule, props) ?? [])),
      ...notes('runSkippedByClocks', rules.flatMap(({ tier }) => skippedRun(tier) ?? [])),
      ...notes('continuousBackupMayExpire', rules.flatMap((rule) => expiringContinuous(rule, props) ?? [])),
    ],
    infos: notes('assumedDuration', assumedDurations(props.tiers)),
    unchecked: uncheckedOf(props, home, rules, overlaps.unknown),
  };
}

/** Assumed values. */
function assumedDurations(tiers: BackupTier[]): string[] {
  const byDuration = new Map<string, string[]>();
  for (const { name, expectedDuration } of tiers.filter(({ _isDurationAssumed }) => _isDurationAssumed)) {
    byDuration.set(describe(expectedDuration), [...byDuration.get(describe(expectedDuration)) ?? [], `'${name}'`]);
  }
  return [...byDuration].map(([duration, names]) => `RPOs, overlaps and alarms assume that no backup job of ${names.length === 1 ? 'tier' : 'tiers'} ${names.join(', ')} takes `
    + `longer than ${duration}: if that is wrong, set 'expectedDuration'`);
}

/** Required properties, which no compiler reports in JavaScript. */
export function checkGiven(errors: PropsErrors, given: Partial<Pick<TieredBackupPlanProps, 'vault' | 'tiers' | 'copyTo'>> | undefined): void {
  const { vault, tiers, copyTo } = given ?? {};
  errors.when(typeof vault?.backupVaultName !== 'string' || vault.account === undefined,
    () => `'vault' is required, the ReplicatedBackupVault that the plan backs up into, or an imported one, got ${sayValue(vault)}`);
  errors.when(!Array.isArray(tiers) || tiers.some((tier) => tier?._schedule === undefined),
    () => "'tiers' must be a list of tiers, such as 'BackupTier.daily', got "
      + (Array.isArray(tiers) ? `${sayValue(tiers.find((tier) => tier?._schedule === undefined))} in it` : sayValue(tiers)));
  errors.whenNotList('copyTo', copyTo, 'BackupCopy');
  errors.throwIfAny();
}

/** Problems of the tiers as rules of one plan. */
export function tierProblems(tiers: BackupTier[]): string[] {
  const names = tiers.map((tier) => tier.name);
  return [
    ...tiers.length < 1 || tiers.length > 10 ? [`'tiers' must be 1 to 10, the rules that AWS Backup lets a plan have, got ${tiers.length}`] : [],
    ...[...new Set(names.filter((each, index) => names.indexOf(each) !== index))].map((name) =>
      `'tiers' must have unique names, got '${name}' ${names.filter((each) => each === name).length} times: set 'name' on one of them`),
  ];
}

/** Problems of the names of the tiers of a copy. */
export function copyTierProblems({ _options, _destination: { backupVaultName } }: BackupCopy, tiers: BackupTier[]): string[] {
  const names = tiers.map((tier) => tier.name);
  return [
    ...(_options.tiers ?? []).filter((each) => !names.includes(each)).map((name) =>
      `'tiers' of the copy into '${backupVaultName}' must be names of tiers of the plan (${names.join(', ')}), got '${name}'`),
    ..._options.tiers?.length === 0 ? [`'tiers' of the copy into '${backupVaultName}' must contain at least one tier, got none: leave it out for all tiers`] : [],
  ];
}

function checkNames(errors: PropsErrors, { tiers, backupPlanName, acceptNominalRpo, localRetention }: TieredBackupPlanProps): void {
  errors.add(...tierProblems(tiers));
  const continuous = tiers.filter(({ isContinuous }) => isContinuous);
  errors.when(continuous.length > 1,
    () => `'tiers' must have at most one continuous tier, because a resource has one continuous backup, got ${continuous.map(({ name }) => `'${name}'`).join(', ')}`);
  errors.when(backupPlanName !== undefined && !Token.isUnresolved(backupPlanName) && !/^[A-Za-z0-9\-_.]{1,50}$/.test(backupPlanName),
    () => `'backupPlanName' must be 1 to 50 letters, digits, hyphens, underscores and dots, got '${backupPlanName}'`);
  errors.when(acceptNominalRpo !== undefined && acceptNominalRpo.trim() === '',
    () => "'acceptNominalRpo' must contain the reason, got an empty string");
  const problem = wholeDaysProblem('localRetention', localRetention, 1, 36_500);
  errors.when(problem !== undefined, () => problem!);
}

function checkVault(errors: PropsErrors, vault: IReplicatedBackupVault, home: Environment): void {
  const where = new Environment(vault.account, vault.region);
  errors.when(where.differsFrom(home),
    () => `'vault' must be in the account and region of the plan (${home}), got '${vault.backupVaultName}' in ${where}: back up into a vault there and copy into this one with 'copyTo'`);
}

function checkRole(errors: PropsErrors, role: iam.IRole | undefined, home: Environment): void {
  if (!role) {
    return;
  }
  errors.when(differ(role.env.account, home.account), () => `'role' must be in the account of the plan (${home.account}), got '${role.node.path}' in account ${role.env.account}`);
  const problem = partitionProblem("'role'", role, home.region);
  errors.when(problem !== undefined, () => problem!);
  errors.when(role instanceof DrRole && differ(Environment.of(role).region, home.region),
    () => `'role' must be a DrRole for the region of the plan (${home.region}), got '${role.node.path}' for ${Environment.of(role).region}, which has no permissions here`);
}

function checkRolePath(errors: PropsErrors, { role, rolePath }: TieredBackupPlanProps): void {
  errors.when(role && rolePath !== undefined, () => "'rolePath' applies to the role that the plan creates: leave it out with 'role', and set the 'path' of that role");
  const problem = pathProblem('rolePath', rolePath);
  errors.when(problem !== undefined, () => problem!);
}

/** A vault of another account allows one role by its name. Without a name, it would have to allow the entire account. */
function checkAdmission(errors: PropsErrors, { role }: TieredBackupPlanProps, copies: BackupCopy[], { account }: Environment): void {
  if (!role || literalRoleName(role) !== undefined) {
    return;
  }
  for (const { _destination: { backupVaultName, environment, parts } } of copies) {
    errors.when(parts && differ(environment.account, account) && !parts.admits(account),
      () => `'role' must have a literal name, because vault '${backupVaultName}' in account ${environment.account} allows the role by its name: `
        + `${howToName(role)}, leave out 'role', or name account ${account} in the 'copySources' of the vault, got '${role.node.path}'`);
  }
}

function destinationProblems(copy: BackupCopy, { vault, tiers }: TieredBackupPlanProps, home: Environment): string[] {
  const { environment, backupVaultArn, backupVaultName } = copy._destination;
  const problems = copyTierProblems(copy, tiers);
  if (!environment.isLiteral) {
    problems.push(`'copyTo' requires a literal account and region of vault '${backupVaultName}': set the 'env' of its stack, got ${environment}`);
    return problems;
  }
  if (backupVaultArn === vault.backupVaultArn) {
    problems.push(`'copyTo' must not contain the vault of the plan, got '${backupVaultName}'`);
  }
  if (!home.isLiteral) {
    problems.push(`'copyTo' requires a literal account and region of the stack of the plan: set its 'env', got ${home}`);
    return problems;
  }
  const isAbroad = differ(environment.account, home.account);
  if (partitionOf(environment.region) !== partitionOf(home.region)) {
    problems.push(`'copyTo' must stay in the partition ${partitionOf(home.region)}, got '${backupVaultName}' in ${environment}`);
  } else if (isAbroad && partitionOf(home.region) === 'aws-cn') {
    problems.push(`'copyTo' must stay in account ${home.account}, because AWS Backup does not copy across accounts in China, got '${backupVaultName}' in ${environment}`);
  }
  if (isAbroad && backupVaultName === 'Default') {
    problems.push(`'copyTo' must not contain the vault 'Default' of account ${environment.account}: other accounts can't copy into it`);
  }
  return problems;
}

function checkRetention(errors: PropsErrors, rule: Rule, props: TieredBackupPlanProps): void {
  const { tier, lifecycle } = rule;
  const { vault } = props;
  const lockProblem = vault.vaultLock?._retentionProblem(retentionProperty(rule, props), lifecycle.deleteAfter, vault.backupVaultName);
  errors.when(lockProblem !== undefined, () => lockProblem!);

  const warm = warmDaysToCopy(rule);
  const expected = inMinutes(tier.expectedDuration);
  errors.when(warm !== undefined && expected !== undefined && warm < WARM_DAYS && warm * DAY < expected,
    () => `${warmProperty(rule, props)} must be at least as long as the 'expectedDuration' of the tier (${describe(tier.expectedDuration)}) if there are copies: `
      + `AWS Backup copies a complete recovery point from warm storage, got ${describe(Duration.days(warm!))}`);
}

/** How long a recovery point is there to be copied, where copies are made and that is known. What is copied of a continuous backup is another snapshot. */
function warmDaysToCopy({ tier, lifecycle, copies }: Rule): number | undefined {
  return copies.length > 0 && !tier.isContinuous ? warmDays(lifecycle) : undefined;
}

function shortWarmRetention(rule: Rule, props: TieredBackupPlanProps): string | undefined {
  const warm = warmDaysToCopy(rule);
  return warm === undefined || warm >= WARM_DAYS ? undefined
    : `${warmProperty(rule, props)} is ${describeDays(warm)}, and there are copies: AWS Backup copies from warm storage and runs one job per resource at a time, `
      + `so a copy that waits or is repeated might find nothing to copy; set it to at least ${WARM_DAYS} days, or acknowledge this warning with the reason`;
}

function retentionProperty({ tier, lifecycle }: Rule, { localRetention }: TieredBackupPlanProps): string {
  return lifecycle.deleteAfter === localRetention ? `'localRetention' (tier '${tier.name}')` : `'deleteAfter' of tier '${tier.name}'`;
}

function warmProperty(rule: Rule, props: TieredBackupPlanProps): string {
  return rule.lifecycle.moveToColdStorageAfter ? `'moveToColdStorageAfter' of tier '${rule.tier.name}'` : retentionProperty(rule, props);
}

function skippedRun({ name, timeZone, _schedule }: BackupTier): string | undefined {
  const skipped = _schedule.skipped();
  // A tier that runs every hour has its next run soon.
  return skipped === undefined || _schedule.minutesOfDay.length === 24 ? undefined
    : `tier '${name}' runs at ${sayTime(skipped)}, which clocks in time zone '${timeZone}' skip when they are set forward, so a run does not take place: choose another time, or UTC`;
}

function expiringContinuous(rule: Rule, props: TieredBackupPlanProps): string | undefined {
  const { tier, lifecycle } = rule;
  const kept = inMinutes(lifecycle.deleteAfter);
  return !tier.isContinuous || kept === undefined || kept > DAY ? undefined
    : `${retentionProperty(rule, props)} is 1 day, which is not longer than the time between two runs, so AWS Backup could let the continuous backup expire: set it to at least 2 days`;
}

function checkCopies(errors: PropsErrors, { tier, copies }: Rule): void {
  errors.when(copies.length > 5, () => `tier '${tier.name}' must be copied into at most 5 vaults, the maximum number of copy actions of a rule, got ${copies.length}`);
  const arns = copies.map(({ copy }) => copy.destinationBackupVaultArn);
  for (const arn of new Set(arns.filter((each, index) => arns.indexOf(each) !== index))) {
    errors.add(`'copyTo' must contain a vault only once for each tier, got ${arn} ${arns.filter((each) => each === arn).length} times for tier '${tier.name}'`);
  }
  for (const copy of copies) {
    checkCopy(errors, copy, tier.name);
  }
}

function checkCopy(errors: PropsErrors, { copy, lifecycle }: RuleCopy, tier: string): void {
  const { backupVaultName, vaultLock } = copy._destination;
  const ofCopy = new PropsErrors('copy');
  checkLifecycle(ofCopy, lifecycle);
  const lockProblem = vaultLock?._retentionProblem("'deleteAfter'", lifecycle.deleteAfter, backupVaultName);
  ofCopy.when(lockProblem !== undefined, () => lockProblem!);
  errors.add(...ofCopy.all.map((problem) => `the copy of tier '${tier}' into '${backupVaultName}': ${problem}`));
}

function uncheckedOf({ vault, tiers }: TieredBackupPlanProps, environment: Environment, rules: Rule[], notCompared: BackupTier[]): Note[] {
  const isToken = ({ lifecycle, copies }: Rule) => [lifecycle, ...copies.map((copy) => copy.lifecycle)]
    .some(({ deleteAfter, moveToColdStorageAfter }) => deleteAfter.isUnresolved() || moveToColdStorageAfter?.isUnresolved());
  return [
    ...destinationsOf({ vault, environment, rules }).filter(({ parts, vaultLock }) => !parts && !vaultLock)
      .map(({ backupVaultName, lockProperty }) => ({
        id: 'unknownVaultLock',
        text: `the retentions against a lock of vault '${backupVaultName}': it is imported without one; set '${lockProperty}' if it has one`,
      })),
    ...rules.filter(isToken).map(({ tier }) => ({
      id: 'retentionToken', text: `the retention of tier '${tier.name}' against cold storage, locks and copies: it is a token`,
    })),
    ...notCompared.map(({ name, scheduleExpression, _schedule: { isKnown } }) => {
      const why = isKnown ? 'its windows are tokens' : `only AWS can compute the runs of '${scheduleExpression}'`;
      return { id: 'overlapNotChecked', text: `whether the start window of tier '${name}' overlaps that of another: ${why}` };
    }),
    ...tiers.filter(({ _schedule: { isIntervalChecked } }) => !isIntervalChecked).map(({ name, scheduleExpression }) => ({
      id: 'intervalNotChecked', text: `whether tier '${name}' runs as often as its 'interval' specifies: only AWS can compute '${scheduleExpression}'`,
    })),
  ];
}
