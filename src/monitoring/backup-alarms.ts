import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { BackupAlarmsProps } from './backup-alarms-props';
import type { AlarmName } from '../alarms/alarm-catalogue';
import { CataloguedAlarms, checkOverrides } from '../alarms/catalogued-alarms';
import { checkEmailAddresses } from '../alarms/email-addresses';
import { NotificationTopic, mayBeSilent } from '../alarms/notification-topic';
import { recoveryPointAge } from '../objectives/recovery-point-age';
import type { TieredBackupPlan } from '../plan';
import { Environment } from '../private/environment';
import { checkTopic } from '../private/environment-checks';
import { PropsErrors } from '../private/props-errors';
import { unchecked } from '../private/registry';
import { describeMinutes, inMinutes, tokenUnitProblem } from '../private/spans';
import type { IReplicatedBackupVault } from '../vault';

/** CloudWatch looks back for 7 days at the most, by the hour. */
const LOOK_BACK_HOURS = 7 * 24;

/**
 * Alarms on backup, copy and restore jobs, and on recovery points that are missing, beside the jobs: AWS Backup publishes
 * its metrics in the account and region of the job.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
 *
 * @example
 * declare const vault: ReplicatedBackupVault;
 * declare const plan: TieredBackupPlan;
 * new BackupAlarms(stack, 'BackupAlarms', { vaults: [vault], plans: [plan] });
 */
export class BackupAlarms extends Construct {
  /**
   * All alarms.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * Topic that the alarms publish to.
   */
  public readonly topic: sns.ITopic;

  /**
   * Defines the alarms. Define them after the selections of the plans.
   *
   * @throws if a vault, a plan or the topic is elsewhere, or an override has no alarm; all problems at once
   */
  constructor(scope: Construct, id: string, props: BackupAlarmsProps) {
    super(scope, id);
    const { vaults, plans = [], evaluationPeriod = Duration.minutes(5), overrides = {} } = props;
    check(this, props, Environment.of(this));

    const made = new CataloguedAlarms(overrides);
    mayBeSilent(this, props.topic);
    this.topic = props.topic ?? new NotificationTopic(this, 'Topic', { emailAddresses: props.emailAddresses }).topic;
    for (const vault of vaults) {
      const subject = `vault ${vault.backupVaultName}`;
      for (const [name, metric] of Object.entries(metricsOf(vault))) {
        made.add(this, `${vault.backupVaultName}-${name}`, name as AlarmName, this.topic, { metric, subject, period: evaluationPeriod, threshold: 0 });
      }
    }
    for (const [name, metric] of copyMetrics(vaults, plans)) {
      made.add(this, `${name}-copy-job-failed`, 'copy-job-failed', this.topic, {
        metric, subject: `copies into vault ${name}`, period: evaluationPeriod, threshold: 0,
      });
    }
    for (const { backupVaultName, resourceType, hours, metric } of strictest(plans.flatMap((plan) => this.freshnessOf(plan)))) {
      made.add(this, `${backupVaultName}-${resourceType ?? 'all'}-no-good-recovery-point`, 'no-good-recovery-point', this.topic, {
        metric,
        subject: `${resourceType ?? 'all types'} in vault ${backupVaultName}, ${describeMinutes(hours * 60)}`,
        period: Duration.hours(1),
        threshold: 1,
        evaluationPeriods: hours,
        isAboutAbsence: true,
      });
    }
    this.alarms = made.alarms;
  }

  /** For how long there may be no completed job of a type in the vault of a plan. */
  private freshnessOf(plan: TieredBackupPlan): Freshness[] {
    const { backupVaultName, rules, selections, environment: { account, region } } = plan._fact;
    const age = recoveryPointAge(rules.map(({ tier }) => tier));
    const hours = age && Math.ceil(age.worstCase / 60);
    if (hours === undefined || hours > LOOK_BACK_HOURS) {
      unchecked(this, `whether plan '${plan.node.path}' makes recovery points: ${whyNot(hours)}`);
      return [];
    }
    const types = new Set(selections.flatMap((selection) => selection.isNarrowedByTags && selection.targets().length === 0 ? undefined
      : selection.targets().map(({ type }) => type?.resourceTypeName)).flat());
    return [...types].map((resourceType) => ({
      backupVaultName,
      resourceType,
      hours,
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Backup',
        metricName: 'NumberOfBackupJobsCompleted',
        dimensionsMap: { BackupVaultName: backupVaultName, ...resourceType === undefined ? {} : { ResourceType: resourceType } },
        statistic: cloudwatch.Stats.SUM,
        account,
        region,
      }),
    }));
  }
}

/** Why no alarm can tell whether recovery points are made. */
function whyNot(hours: number | undefined): string {
  if (hours === undefined) {
    return 'its windows are tokens';
  }
  return hours === Infinity ? 'there may be none at all'
    : `they may be ${describeMinutes(hours * 60)} apart, and an alarm looks back for 7 days at the most`;
}

/** Jobs of several plans are counted together: of a vault and a type, the plan that says most counts. */
function strictest(all: Freshness[]): Freshness[] {
  const found = new Map<string, Freshness>();
  for (const each of all) {
    const key = `${each.backupVaultName}/${each.resourceType ?? ''}`;
    found.set(key, (found.get(key)?.hours ?? Infinity) <= each.hours ? found.get(key)! : each);
  }
  return [...found.values()];
}

interface Freshness {
  readonly backupVaultName: string;
  /** Left out where tags or tokens decide. */
  readonly resourceType?: string;
  readonly hours: number;
  readonly metric: cloudwatch.Metric;
}

const NAMES: AlarmName[] = [
  'backup-job-failed', 'backup-job-expired', 'backup-job-aborted', 'recovery-point-partial', 'copy-job-failed', 'restore-job-failed',
  'recovery-point-not-deleted', 'no-good-recovery-point',
];

function metricsOf(vault: IReplicatedBackupVault): Partial<Record<AlarmName, cloudwatch.Metric>> {
  return {
    'backup-job-failed': vault.metricNumberOfBackupJobsFailed(),
    'backup-job-expired': vault.metricNumberOfBackupJobsExpired(),
    'backup-job-aborted': vault.metricNumberOfBackupJobsAborted(),
    'recovery-point-partial': vault.metricNumberOfRecoveryPointsPartial(),
    'restore-job-failed': vault.metricNumberOfRestoreJobsFailed(),
    'recovery-point-not-deleted': vault.metricNumberOfRecoveryPointsExpired(),
  };
}

/** Copies are counted where they start, under the name of the vault that they go into. */
function copyMetrics(vaults: IReplicatedBackupVault[], plans: TieredBackupPlan[]): Map<string, cloudwatch.Metric> {
  const metrics = new Map<string, cloudwatch.Metric>();
  for (const vault of vaults.filter(({ replicaVaultName }) => replicaVaultName !== undefined)) {
    metrics.set(vault.replicaVaultName!, vault.metricReplica('NumberOfCopyJobsFailed'));
  }
  for (const plan of plans) {
    for (const { copy } of plan._fact.rules.flatMap(({ copies }) => copies)) {
      metrics.set(copy._destination.backupVaultName, plan.metricCopyJobs(copy, 'NumberOfCopyJobsFailed'));
    }
  }
  return metrics;
}

function check(scope: Construct, props: BackupAlarmsProps, home: Environment): void {
  const { vaults, plans = [], topic, emailAddresses, evaluationPeriod, overrides } = props;
  const errors = new PropsErrors('BackupAlarmsProps', scope);
  errors.whenEmpty('vaults', vaults, 'vault');
  for (const vault of vaults) {
    const where = new Environment(vault.account, vault.region);
    errors.when(where.differsFrom(home), () => `'vaults' must be in the account and region of the alarms (${home}), got '${vault.backupVaultName}' in ${where}`);
  }
  for (const { node: { path }, _fact: { environment, selections } } of plans) {
    errors.when(environment.differsFrom(home), () => `'plans' must be in the account and region of the alarms (${home}), got '${path}' in ${environment}`);
    errors.when(selections.length === 0, () => `'plans' must have their selections before the alarms are defined, got '${path}' with none`);
  }
  checkTopic(errors, 'topic', topic, 'CloudWatch', 'the metrics', home);
  const problem = tokenUnitProblem('evaluationPeriod', evaluationPeriod, 'minutes');
  errors.add(...problem ? [problem] : []);
  const minutes = inMinutes(evaluationPeriod);
  errors.when(minutes !== undefined && (!Number.isInteger(minutes) || minutes < 5),
    () => `'evaluationPeriod' must be whole minutes, 5 or more, since AWS Backup publishes every 5 minutes, got ${describeMinutes(minutes!)}`);
  checkEmailAddresses(errors, emailAddresses, topic);
  checkOverrides(errors, overrides, NAMES, (name) => name === 'no-good-recovery-point' ? 60 : minutes ?? 5);
  errors.throwIfAny();
}
