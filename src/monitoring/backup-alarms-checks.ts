import { Stage, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkAbsence, checkPlans } from './absence-alarms';
import type { BackupAlarmsProps } from './backup-alarms-props';
import { checkLiteral, checkVaults } from './watched-vaults';
import type { AlarmName } from '../alarms/alarm-catalogue';
import { checkEssential, checkPeriod, checkOverrides } from '../alarms/alarm-checks';
import { checkPresentation } from '../alarms/names-and-runbooks';
import { checkDeploymentRoles } from '../events/deployment-roles';
import { checkNotify } from '../notification/notify-checks';
import { destinationsOf } from '../plan/destinations';
import { backupJobGaps, copyJobGaps } from '../plan/job-gaps';
import { planFactOf } from '../plan/plans-in-app';
import { Environment } from '../private/environment';
import { PropsErrors } from '../private/props-errors';
import { replicaOf } from '../vault/single-vault';

const NAMES: AlarmName[] = [
  'backup-job-failed', 'backup-job-expired', 'backup-job-failing', 'backup-job-aborted', 'backup-job-with-issues', 'recovery-point-partial', 'copy-job-failed',
  'restore-job-failed', 'recovery-point-not-deleted', 'no-good-recovery-point', 'no-good-copy', 'vault-tampered', 'vault-key-tampered',
  'recovery-point-deleted', 'backup-plan-removed', 'backup-plan-changed', 'backup-settings-changed', 'recovery-point-exposed',
  'backup-tampered', 'event-not-delivered',
];

/** All problems of alarms on backups. */
export function checkBackupAlarms(scope: Construct, props: BackupAlarmsProps, home: Environment): void {
  const { vaults, plans, notify, period, overrides } = props;
  const errors = new PropsErrors('BackupAlarmsProps', scope);
  errors.whenEmpty('vaults', vaults, 'vault');
  errors.whenEmpty('plans', plans, 'plan', 'leave it out for no alarms on missing jobs');
  checkVaults(errors, scope, vaults, 'the alarms');
  checkLiteral(errors, vaults);
  for (const plan of plans ?? []) {
    const fact = planFactOf(plan);
    const { path, environment, vault: { backupVaultName } } = fact;
    errors.when(Stage.of(plan) !== Stage.of(scope), () => `'plans' must be in the Stage of the alarms, got '${path}' in another Stage: define the alarms there`);
    errors.when(environment.differsFrom(home), () => `'plans' must be in the account and region of the alarms (${home}), got '${path}' in ${environment}`);
    errors.when(!vaults.some((vault) => vault.backupVaultName === backupVaultName),
      () => `'plans' must back up into one of 'vaults', got '${path}', which backs up into '${backupVaultName}': add that vault too`);
    errors.when(destinationsOf(fact).some((destination) => !destination.isOwn && Token.isUnresolved(destination.backupVaultName)),
      () => `'plans' must copy into vaults with literal names, which identify their alarms, got '${path}', which copies into one with a token`);
  }
  const replicas = vaults.flatMap((vault) => replicaOf(vault) ?? []).filter(({ stack }) => stack);
  checkNotify(errors, notify, 'CloudWatch', { of: 'the metrics', environment: home, scope, isForRules: true },
    ...replicas.map(({ environment, stack }) => ({ of: 'the replicas', environment, scope: stack!, isForRules: true })));
  const minutes = checkPeriod(errors, period);
  checkPresentation(errors, props);
  checkDeploymentRoles(errors, props.deploymentRoles);
  checkOverrides(errors, overrides, NAMES, minutes);
  checkPlans(errors, overrides, 'backup-job-failing', plans);
  checkEssential(errors, overrides, props.alarmSet);
  checkAbsence(errors, overrides, 'no-good-recovery-point', plans && backupJobGaps(plans.map(planFactOf)));
  checkAbsence(errors, overrides, 'no-good-copy', plans && copyJobGaps(plans.map(planFactOf)));
  errors.throwIfAny();
}
