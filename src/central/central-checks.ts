import { Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { CentralMonitoringProps } from './central-monitoring-props';
import { checkLogRetention } from './event-log';
import type { AlarmName } from '../alarms/alarm-catalogue';
import { ALARM_SET, checkEssential, checkPeriod, checkOverrides } from '../alarms/alarm-checks';
import { checkPresentation } from '../alarms/names-and-runbooks';
import { checkDeploymentRoles } from '../events/deployment-roles';
import { checkAbsence, checkPlans } from '../monitoring/absence-alarms';
import { checkLiteral } from '../monitoring/watched-vaults';
import { checkNotify } from '../notification/notify-checks';
import { backupJobGaps, copyJobGaps } from '../plan/job-gaps';
import { planFactOf } from '../plan/plans-in-app';
import { Environment, partitionOf } from '../private/environment';
import { checkOrganizationId, checkRegion } from '../private/environment-checks';
import { checkOnlyOne, takeOnlyOne } from '../private/only-one';
import { checkShape, PropsErrors } from '../private/props-errors';

const NAMES: AlarmName[] = [
  'backup-job-failed', 'backup-job-expired', 'backup-job-failing', 'backup-job-aborted', 'recovery-point-partial', 'backup-job-with-issues', 'copy-job-failed', 'restore-job-failed', 'config-capture-failed',
  'no-good-recovery-point', 'no-good-copy', 'vault-tampered', 'vault-key-tampered', 'recovery-point-deleted', 'backup-plan-removed',
  'backup-plan-changed', 'backup-settings-changed', 'recovery-point-exposed', 'backup-tampered', 'event-not-delivered', 'backup-health',
];

function busOf(eventBusName: string, { account, region }: Environment): string {
  return `bus '${eventBusName}' in account ${account}, region ${region}`;
}

function sinkOf(region: string, { account }: Environment): string {
  return `the sink in account ${account}, region ${region}`;
}

/** Takes the name that no other central monitoring of the app may have. */
export function takeBusName(scope: Construct, { eventBusName }: CentralMonitoringProps, home: Environment): void {
  if (eventBusName !== undefined) {
    takeOnlyOne(scope, busOf(eventBusName, home));
  }
}

/** Takes the one sink of a region. */
export function takeSink(scope: Construct, region: string, sink: IConstruct): void {
  takeOnlyOne(scope, sinkOf(region, Environment.of(scope)), undefined, sink);
}

/** All problems of central monitoring. */
export function checkCentralMonitoring(scope: Construct, props: CentralMonitoringProps, home: Environment): void {
  const { organizationId, vaults, plans, eventBusName, notifications, logRetention, notify, observabilityRegions, overrides } = props;
  const errors = new PropsErrors('CentralMonitoringProps', scope);
  errors.when(!organizationId && ![props.accounts, vaults, plans].some((each) => each && each.length > 0),
    () => "'organizationId' or 'accounts' is required, to allow accounts to send events to the bus: an id such as 'o-exampleorg12', or ids of accounts");
  for (const [property, what] of Object.entries({ accounts: 'account id', vaults: 'ReplicatedBackupVault', plans: 'TieredBackupPlan', healthAlarms: 'alarm', deploymentRoles: 'ARN of a role' })) {
    errors.whenNotList(property, props[property as 'vaults'], what);
  }
  checkShape(errors, 'alarmSet', props.alarmSet, ALARM_SET);
  errors.throwIfAny();
  errors.when(props.allAccountsOfOrganization && !organizationId, () => "'allAccountsOfOrganization' requires 'organizationId': set it, or leave this one out");
  errors.when(props.allAccountsOfOrganization && props.accounts !== undefined,
    () => "'accounts' has no effect if 'allAccountsOfOrganization' allows every account: leave one of them out");
  errors.whenEmpty('accounts', props.accounts, 'account', 'leave it out for those of the app');
  for (const account of props.accounts ?? []) {
    errors.when(Token.isUnresolved(account) || !/^\d{12}$/.test(account),
      () => `'accounts' must be literal account ids of 12 digits, got ${Token.isUnresolved(account) ? 'a token' : `'${account}'`}`);
  }
  checkOrganizationId(errors, organizationId ?? undefined);
  errors.when(!organizationId && observabilityRegions && observabilityRegions.length > 0,
    () => "'observabilityRegions' requires 'organizationId', whose accounts may share their metrics: set it, or leave the regions out");
  errors.whenEmpty('vaults', vaults, 'vault', 'leave it out for all vaults together');
  for (const { backupVaultName, account, region } of vaults ?? []) {
    errors.when(!new Environment(account, region).isLiteral,
      () => `'vaults' must be in stacks with a literal account and region, because their jobs are counted by these: set their 'env', got '${backupVaultName}'`);
  }
  checkLiteral(errors, vaults);
  const planFacts = plans?.map(planFactOf);
  errors.whenEmpty('plans', plans, 'plan', 'leave it out for no alarm on missing jobs');
  for (const { path, environment, selections } of planFacts ?? []) {
    errors.when(!environment.isLiteral,
      () => `'plans' must be in stacks with a literal account and region, because their jobs are counted by these: set their 'env', got '${path}'`);
    errors.when(selections.length === 0, () => `'plans' must have their selections before central monitoring is defined, got '${path}' with none`);
  }
  errors.whenEmpty('healthAlarms', props.healthAlarms, 'alarm', 'leave it out for only those of central monitoring');
  errors.whenEmpty('notifications', notifications, 'event', 'leave it out for those that require an action');
  errors.when(eventBusName !== undefined && !Token.isUnresolved(eventBusName) && (!/^[\w.-]{1,240}$/.test(eventBusName) || eventBusName === 'default'),
    () => `'eventBusName' must be 1 to 240 letters, digits, hyphens, underscores and dots, and not 'default', got '${eventBusName}'`);
  if (eventBusName !== undefined) {
    checkOnlyOne(errors, scope, busOf(eventBusName, home), "set another 'eventBusName' for this one");
  }
  for (const alarm of props.healthAlarms ?? []) {
    const where = new Environment(alarm.env.account, alarm.env.region);
    errors.when(where.differsFrom(home), () => `'healthAlarms' must be in the account and region of central monitoring (${home}), got '${alarm.node.path}' in ${where}`);
  }
  checkLogRetention(errors, logRetention);
  checkNotify(errors, notify, 'CloudWatch', { of: 'the alarms', environment: home, scope, isForRules: true });
  const minutes = checkPeriod(errors, props.period);
  errors.whenEmpty('observabilityRegions', observabilityRegions, 'region', 'leave it out for no metrics of other accounts');
  for (const region of observabilityRegions ?? []) {
    errors.when(Token.isUnresolved(region), () => "'observabilityRegions' must be literal regions, such as 'eu-west-1', got a token");
    checkRegion(errors, 'observabilityRegions', region);
    errors.when(![region, home.region].some((each) => Token.isUnresolved(each)) && partitionOf(region) !== partitionOf(home.region),
      () => `'observabilityRegions' must be in the partition ${partitionOf(home.region)}, got '${region}'`);
  }
  for (const region of new Set(observabilityRegions)) {
    checkOnlyOne(errors, scope, sinkOf(region, home), "AWS supports one, so remove the region from 'observabilityRegions' here");
  }
  checkPresentation(errors, props);
  checkDeploymentRoles(errors, props.deploymentRoles);
  checkOverrides(errors, overrides, NAMES, minutes);
  checkEssential(errors, overrides, props.alarmSet);
  const known = planFacts?.filter(({ environment }) => environment.isLiteral);
  checkPlans(errors, overrides, 'backup-job-failing', plans ?? undefined);
  checkAbsence(errors, overrides, 'no-good-recovery-point', known && backupJobGaps(known));
  checkAbsence(errors, overrides, 'no-good-copy', known && copyJobGaps(known));
  errors.throwIfAny();
}
