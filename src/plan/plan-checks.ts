import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { BackupCopy } from './backup-copy';
import { destinationsOf } from './destinations';
import type { Rule, RuleCopy } from './plan-rules';
import type { TieredBackupPlanProps } from './tiered-backup-plan-props';
import type { BackupTier } from '../objectives/backup-tier';
import { overlapsOf } from '../objectives/overlaps';
import { checkLifecycle, warmDays } from '../objectives/recovery-point-lifecycle';
import { differ, Environment, partitionOf } from '../private/environment';
import { PropsErrors } from '../private/props-errors';
import { wholeDaysProblem } from '../private/spans';
import { DrRole } from '../roles/dr-role';
import { literalRoleName } from '../roles/role-name';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/** A copy needs its source in warm storage, and one job per resource at a time may make it wait. */
const WARM_MINIMUM = 7;

/**
 * What can be said of a plan that is not refused.
 */
export interface PlanNotes {
  readonly warnings: string[];
  readonly unchecked: string[];
}

/**
 * Everything that can be said of a plan before its selections are known.
 */
export function checkPlan(scope: IConstruct, props: TieredBackupPlanProps, copies: BackupCopy[], rules: Rule[]): PlanNotes {
  const errors = new PropsErrors('TieredBackupPlanProps', scope);
  const home = Environment.of(scope);
  checkNames(errors, props);
  checkVault(errors, props.vault, home);
  checkRole(errors, props.role, home);
  errors.add(...copies.flatMap((copy) => destinationProblems(copy, props, home)));
  checkAdmission(errors, props, copies);
  errors.when(props.role && props.removalPolicy !== undefined,
    () => "'removalPolicy' is of the role that is made for the plan, and 'role' is given: set the 'removalPolicy' of that one, and leave this one out");
  for (const rule of rules) {
    checkRetention(errors, rule, props);
    checkCopies(errors, rule);
  }
  const overlaps = overlapsOf(props.tiers);
  errors.add(...overlaps.errors);
  errors.throwIfAny();

  return { warnings: overlaps.warnings, unchecked: uncheckedOf(props, home, rules, overlaps.unknown) };
}

/** What is wrong with the tiers as rules of one plan, if anything is. */
export function tierProblems(tiers: BackupTier[]): string[] {
  const names = tiers.map((tier) => tier.name);
  return [
    ...tiers.length < 1 || tiers.length > 10 ? [`'tiers' must be 1 to 10, the rules that AWS Backup lets a plan have, got ${tiers.length}`] : [],
    ...[...new Set(names.filter((each, index) => names.indexOf(each) !== index))].map((name) =>
      `'tiers' must have different names, got '${name}' ${names.filter((each) => each === name).length} times: set 'name' on one of them`),
  ];
}

/** What is wrong with the names of the tiers that a copy is made of, if anything is. */
export function copyTierProblems({ _options, _destination: { backupVaultName } }: BackupCopy, tiers: BackupTier[]): string[] {
  const names = tiers.map((tier) => tier.name);
  return [
    ...(_options.tiers ?? []).filter((each) => !names.includes(each)).map((name) =>
      `'tiers' of the copy into '${backupVaultName}' must be names of the plan's tiers (${names.join(', ')}), got '${name}'`),
    ..._options.tiers?.length === 0 ? [`'tiers' of the copy into '${backupVaultName}' must name at least one tier, got none: for all of them leave it out`] : [],
  ];
}

function checkNames(errors: PropsErrors, { tiers, backupPlanName, acceptNominalRpo, localRetention }: TieredBackupPlanProps): void {
  errors.add(...tierProblems(tiers));
  errors.when(backupPlanName !== undefined && !Token.isUnresolved(backupPlanName) && !/^[A-Za-z0-9\-_.]{1,50}$/.test(backupPlanName),
    () => `'backupPlanName' must be 1 to 50 letters, digits, hyphens, underscores and dots, got '${backupPlanName}'`);
  errors.when(acceptNominalRpo !== undefined && acceptNominalRpo.trim() === '',
    () => "'acceptNominalRpo' must say why, for whoever asks later, got an empty text");
  const problem = wholeDaysProblem('localRetention', localRetention, 1, 36_500);
  errors.when(problem !== undefined, () => problem!);
}

function checkVault(errors: PropsErrors, vault: IReplicatedBackupVault, home: Environment): void {
  const where = new Environment(vault.account, vault.region);
  errors.when(where.differsFrom(home),
    () => `'vault' must be in the plan's own account and region (${home}), got '${vault.backupVaultName}' in ${where}: back up into a vault there and copy into this one with 'copyTo'`);
}

function checkRole(errors: PropsErrors, role: iam.IRole | undefined, home: Environment): void {
  if (!role) {
    return;
  }
  errors.when(differ(role.env.account, home.account), () => `'role' must be of the plan's own account (${home.account}), got '${role.node.path}' of account ${role.env.account}`);
  errors.when(role instanceof DrRole && differ(Environment.of(role).region, home.region),
    () => `'role' must be a DrRole for the plan's own region (${home.region}), got '${role.node.path}' for ${Environment.of(role).region}: it may do nothing here`);
}

/** A vault of another account lets in one role by its name. Without a name it would have to let in the whole account. */
function checkAdmission(errors: PropsErrors, { role, vault }: TieredBackupPlanProps, copies: BackupCopy[]): void {
  if (!role || literalRoleName(role) !== undefined) {
    return;
  }
  for (const { _destination: { backupVaultName, environment, parts } } of copies) {
    errors.when(parts && differ(environment.account, vault.account) && !parts.admits(vault.account),
      () => `'role' must have a literal name, because vault '${backupVaultName}' of account ${environment.account} admits the role by its name: `
        + `set 'roleName' on the role, leave out 'role', or name account ${vault.account} in the 'copySources' of the vault, got '${role.node.path}'`);
  }
}

function destinationProblems(copy: BackupCopy, { vault, tiers }: TieredBackupPlanProps, home: Environment): string[] {
  const { environment, backupVaultArn, backupVaultName } = copy._destination;
  const problems = copyTierProblems(copy, tiers);
  if (!environment.isLiteral) {
    problems.push(`'copyTo' needs the literal account and region of vault '${backupVaultName}': set the 'env' of its stack, got ${environment}`);
    return problems;
  }
  if (backupVaultArn === vault.backupVaultArn) {
    problems.push(`'copyTo' must be another vault than the plan's own, got '${backupVaultName}'`);
  }
  if (!home.isLiteral) {
    problems.push(`'copyTo' needs the literal account and region of the plan's own stack: set its 'env', got ${home}`);
    return problems;
  }
  const isAbroad = differ(environment.account, home.account);
  if (partitionOf(environment.region) !== partitionOf(home.region)) {
    problems.push(`'copyTo' must stay in the partition ${partitionOf(home.region)}, got '${backupVaultName}' in ${environment}`);
  } else if (isAbroad && partitionOf(home.region) === 'aws-cn') {
    problems.push(`'copyTo' must stay in account ${home.account}, since AWS Backup copies into no other account in China, got '${backupVaultName}' in ${environment}`);
  }
  if (isAbroad && backupVaultName === 'Default') {
    problems.push(`'copyTo' must not be the vault 'Default' of account ${environment.account}: nothing can be copied into it from another account`);
  }
  return problems;
}

function checkRetention(errors: PropsErrors, { tier, lifecycle, copies }: Rule, { vault, localRetention }: TieredBackupPlanProps): void {
  const property = lifecycle.deleteAfter === localRetention ? `'localRetention' (tier '${tier.name}')` : `'deleteAfter' of tier '${tier.name}'`;
  const lockProblem = vault.vaultLock?._retentionProblem(property, lifecycle.deleteAfter, vault.backupVaultName);
  errors.when(lockProblem !== undefined, () => lockProblem!);

  const warm = warmDays(lifecycle);
  errors.when(copies.length > 0 && warm !== undefined && warm < WARM_MINIMUM,
    () => `${lifecycle.moveToColdStorageAfter ? `'moveToColdStorageAfter' of tier '${tier.name}'` : property} must be at least ${WARM_MINIMUM} days where copies are made: `
      + `a recovery point is copied from warm storage, got ${warm} days`);
}

function checkCopies(errors: PropsErrors, { tier, copies }: Rule): void {
  errors.when(copies.length > 5, () => `tier '${tier.name}' must be copied into at most 5 vaults, the copy actions that AWS Backup lets a rule have, got ${copies.length}`);
  const arns = copies.map(({ copy }) => copy.destinationBackupVaultArn);
  for (const arn of new Set(arns.filter((each, index) => arns.indexOf(each) !== index))) {
    errors.add(`'copyTo' must name a vault once for each tier, got ${arn} ${arns.filter((each) => each === arn).length} times for tier '${tier.name}'`);
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

function uncheckedOf({ vault, tiers }: TieredBackupPlanProps, environment: Environment, rules: Rule[], notCompared: BackupTier[]): string[] {
  const isToken = ({ lifecycle, copies }: Rule) => [lifecycle, ...copies.map((copy) => copy.lifecycle)]
    .some(({ deleteAfter, moveToColdStorageAfter }) => deleteAfter.isUnresolved() || moveToColdStorageAfter?.isUnresolved());
  return [
    ...destinationsOf({ vault, environment, rules }).filter(({ parts, vaultLock }) => !parts && !vaultLock).map(({ backupVaultName }) =>
      `the retentions against a lock of vault '${backupVaultName}': it is imported without one; say so with 'vaultLock' if it has one`),
    ...rules.filter(isToken).map(({ tier }) => `the retention of tier '${tier.name}' against cold storage, locks and copies: it is a token`),
    ...notCompared.map(({ name, scheduleExpression, _schedule: { isKnown } }) => {
      const why = isKnown ? 'its windows are tokens' : `the runs of '${scheduleExpression}' are not known`;
      return `whether the start window of tier '${name}' overlaps that of another: ${why}`;
    }),
    ...tiers.filter(({ _schedule: { isIntervalChecked } }) => !isIntervalChecked).map(({ name, scheduleExpression }) =>
      `whether tier '${name}' runs as often as its 'interval' says: only AWS can work out '${scheduleExpression}'`),
  ];
}
