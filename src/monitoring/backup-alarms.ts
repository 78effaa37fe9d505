import { Duration, Stage } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { BackupAlarmsProps } from './backup-alarms-props';
import { alarmOnAbsence, backupFreshness, copyFreshness, strictest } from './freshness';
import type { Freshness } from './freshness';
import { resourceTypeNamesOf } from './resource-types';
import { backupJobWithIssues, backupPlanRemoved, recoveryPointDeleted, vaultKeyTampered, vaultTampered } from './tampering';
import { checkVaults, groupByStack, primaryOf, replicaOf } from './vault-side';
import type { VaultSide } from './vault-side';
import type { AlarmName } from '../alarms/alarm-catalogue';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { checkEmailAddresses, checkEvaluationPeriod, checkOverrides } from '../alarms/checks';
import { EventRules } from '../alarms/event-rules';
import { topicFor } from '../alarms/notification-topic';
import type { TieredBackupPlan } from '../plan';
import { Environment } from '../private/environment';
import { checkTopic } from '../private/environment-checks';
import { stableName } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';
import { unchecked } from '../private/registry';
import type { IReplicatedBackupVault } from '../vault';
import { backupMetric } from '../vault/backup-metrics';

/**
 * Alarms on what happens to backups, beside them: AWS Backup publishes its metrics and events in the account and region
 * of the job and of the vault.
 *
 * - On backup, copy and restore jobs that fail, expire, are stopped, or are completed with issues, and on recovery points
 *   and copies that are missing where nothing fails.
 * - On tampering: a vault, its key or its recovery points were changed or deleted, or a plan or a selection was removed.
 *   What was done by whom is published as well. Calls are told by AWS CloudTrail: a trail of the account or the organization must log management
 *   events, those of AWS KMS included. A deployment of yours that does the same is told too.
 *
 * A replica of a vault has its own alarms, in its own stack, with a topic there.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 *
 * @example
 * declare const vault: ReplicatedBackupVault;
 * declare const plan: TieredBackupPlan;
 * new BackupAlarms(stack, 'BackupAlarms', { vaults: [vault], plans: [plan] });
 */
export class BackupAlarms extends Construct {
  /**
   * All alarms of the account and region of this construct.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * All alarms of replicas, in their own accounts and regions.
   */
  public readonly replicaAlarms: cloudwatch.Alarm[];

  /**
   * Topic that the alarms publish to, but those of the replicas.
   */
  public readonly topic: sns.ITopic;

  /**
   * Topics that the alarms of the replicas publish to, one in each stack of replicas.
   */
  public readonly replicaTopics: sns.ITopic[];

  /**
   * Defines the alarms. Define them after the selections of the plans.
   *
   * @throws if a vault, a plan or a topic is elsewhere, or an override has no alarm; all problems at once
   */
  constructor(scope: Construct, id: string, props: BackupAlarmsProps) {
    super(scope, id);
    const { plans = [], evaluationPeriod = Duration.minutes(5), overrides = {} } = props;
    check(this, props, Environment.of(this));

    const types = typesOf(plans);
    const made = new CataloguedAlarms(overrides);
    this.topic = topicFor(this, props.topic, { emailAddresses: props.emailAddresses });
    const rules = new EventRules(this, this.topic, made);
    const vaults = [...new Set(props.vaults)];
    for (const vault of vaults) {
      const side = primaryOf(vault);
      this.watchMetrics(this, this.topic, side, METRICS, made, evaluationPeriod);
      this.watchEvents(rules, side);
      rules.alarm(`${vault.backupVaultName}-backup-job-with-issues`, 'backup-job-with-issues', backupJobWithIssues(nameOf(side), [vault.backupVaultName]));
    }
    for (const [name, metric] of copyMetrics(vaults, plans)) {
      made.add(this, `${name}-copy-job-failed`, 'copy-job-failed', this.topic, {
        metric, subject: `copies into vault ${name}`, period: evaluationPeriod, threshold: 0,
      });
    }
    this.watchFreshness(made, 'no-good-recovery-point', 'NumberOfBackupJobsCompleted', backupFreshness(this, plans));
    this.watchFreshness(made, 'no-good-copy', 'NumberOfCopyJobsCompleted', copyFreshness(this, plans));
    for (const plan of new Set(plans)) {
      rules.alarm(`${stableName(80, plan)}-backup-plan-removed`, 'backup-plan-removed', backupPlanRemoved(`plan ${stableName(50, plan)}`, [plan.backupPlanId]));
    }
    if (TOLD_BY_CLOUD_TRAIL.some((name) => made.isEnabled(name))) {
      unchecked(this, `whether a trail of AWS CloudTrail logs management events here, those of AWS KMS included: ${TOLD_BY_CLOUD_TRAIL.join(', ')} go by it`);
    }
    this.replicaTopics = this.watchReplicas(props, made, evaluationPeriod);
    this.node.addValidation({ validate: () => validate(plans, types) });
    this.alarms = made.beside(this);
    this.replicaAlarms = made.elsewhere(this);
  }

  private watchMetrics(scope: Construct, topic: sns.ITopic, side: VaultSide, metrics: MetricNames, made: CataloguedAlarms, period: Duration): void {
    const { backupVaultName, environment } = side;
    for (const [name, metricName] of Object.entries(metrics)) {
      made.add(scope, `${backupVaultName}-${name}`, name as AlarmName, topic, {
        metric: backupMetric({ backupVaultName, ...environment }, metricName), subject: nameOf(side), period, threshold: 0,
      });
    }
  }

  /** What somebody does to a vault, its recovery points and its key. */
  private watchEvents(rules: EventRules, side: VaultSide): void {
    const { backupVaultName, encryptionKey } = side;
    rules.alarm(`${backupVaultName}-vault-tampered`, 'vault-tampered', vaultTampered(nameOf(side), [backupVaultName]));
    rules.alarm(`${backupVaultName}-recovery-point-deleted`, 'recovery-point-deleted', recoveryPointDeleted(nameOf(side), [backupVaultName]));
    if (encryptionKey) {
      rules.alarm(`${backupVaultName}-vault-key-tampered`, 'vault-key-tampered', vaultKeyTampered(`key of ${nameOf(side)}`, [encryptionKey.keyArn]));
    } else {
      unchecked(this, `whether anybody tampers with the key of vault '${backupVaultName}': the vault is imported, and its key is not known`);
    }
  }

  /** Copies are counted where they start, by the name of the vault that they go into. */
  private watchFreshness(made: CataloguedAlarms, name: AlarmName, metricName: string, all: Freshness[]): void {
    for (const each of strictest(this, all, ({ backupVaultName, resourceType }) => `${backupVaultName} ${resourceType}`)) {
      const { backupVaultName, resourceType } = each;
      alarmOnAbsence(this, made, this.topic, `${backupVaultName}-${resourceType ?? 'all'}`, name, each, backupMetric(
        { backupVaultName, ...Environment.of(this) }, metricName,
        resourceType === undefined ? {} : { dimensionsMap: { BackupVaultName: backupVaultName, ResourceType: resourceType } },
      ));
    }
  }

  /** Where the replicas are. */
  private watchReplicas({ vaults, replicaTopic, emailAddresses }: BackupAlarmsProps, made: CataloguedAlarms, period: Duration): sns.ITopic[] {
    const places = groupByStack([...new Set(vaults)].flatMap((vault) => replicaOf(vault) ?? []), ({ backupVaultName, environment }) => {
      unchecked(this, `whether anybody tampers with vault '${backupVaultName}', which is imported: define BackupAlarms with it in a stack of ${environment}`);
    });
    return [...new Set([...places].map(([stack, sides]) => {
      const away = new Construct(stack, stableName(80, this));
      const topic = topicFor(away, replicaTopic, { emailAddresses });
      const rules = new EventRules(away, topic, made);
      for (const side of sides) {
        this.watchMetrics(away, topic, side, REPLICA_METRICS, made, period);
        this.watchEvents(rules, side);
      }
      return topic;
    }))];
  }
}

/** The resource types that plans select, as they stand now. */
function typesOf(plans: TieredBackupPlan[]): string[] {
  return plans.map(({ _fact }) => resourceTypeNamesOf(_fact.selections).map((name) => name ?? 'all').sort().join(', '));
}

/** A type that comes later would have no alarm on what is missing. */
function validate(plans: TieredBackupPlan[], types: string[]): string[] {
  return typesOf(plans).flatMap((now, index) => now === types[index] ? []
    : `'plans' must have all that they select before the alarms are defined: plan '${plans[index].node.path}' had ${types[index]} then, and has ${now}`);
}

const TOLD_BY_CLOUD_TRAIL: AlarmName[] = ['vault-tampered', 'vault-key-tampered', 'recovery-point-deleted', 'backup-plan-removed'];

function nameOf({ backupVaultName }: VaultSide): string {
  return `vault ${backupVaultName}`;
}

type MetricNames = Partial<Record<AlarmName, string>>;

const METRICS: MetricNames = {
  'backup-job-failed': 'NumberOfBackupJobsFailed',
  'backup-job-expired': 'NumberOfBackupJobsExpired',
  'backup-job-aborted': 'NumberOfBackupJobsAborted',
  'recovery-point-partial': 'NumberOfRecoveryPointsPartial',
  'restore-job-failed': 'NumberOfRestoreJobsFailed',
  'recovery-point-not-deleted': 'NumberOfRecoveryPointsExpired',
};

/** Nothing is backed up into a replica. */
const REPLICA_METRICS: MetricNames = {
  'restore-job-failed': METRICS['restore-job-failed'],
  'recovery-point-not-deleted': METRICS['recovery-point-not-deleted'],
};

const NAMES: AlarmName[] = [
  'backup-job-failed', 'backup-job-expired', 'backup-job-aborted', 'backup-job-with-issues', 'recovery-point-partial', 'copy-job-failed',
  'restore-job-failed', 'recovery-point-not-deleted', 'no-good-recovery-point', 'no-good-copy', 'vault-tampered', 'vault-key-tampered',
  'recovery-point-deleted', 'backup-plan-removed', 'event-not-delivered',
];

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
  const { vaults, plans = [], topic, replicaTopic, emailAddresses, evaluationPeriod, overrides } = props;
  const errors = new PropsErrors('BackupAlarmsProps', scope);
  errors.whenEmpty('vaults', vaults, 'vault');
  checkVaults(errors, scope, vaults, 'the alarms');
  for (const plan of plans) {
    const { node: { path }, _fact: { environment, selections, backupVaultName } } = plan;
    errors.when(Stage.of(plan) !== Stage.of(scope), () => `'plans' must be in the Stage of the alarms, got '${path}' of another one: define the alarms there`);
    errors.when(environment.differsFrom(home), () => `'plans' must be in the account and region of the alarms (${home}), got '${path}' in ${environment}`);
    errors.when(!vaults.some((vault) => vault.backupVaultName === backupVaultName),
      () => `'plans' must back up into one of 'vaults', got '${path}', which backs up into '${backupVaultName}': name that vault too`);
    errors.when(selections.length === 0, () => `'plans' must have their selections before the alarms are defined, got '${path}' with none`);
  }
  checkTopic(errors, 'topic', topic, 'CloudWatch', 'the metrics', home);
  const replicas = vaults.flatMap((vault) => replicaOf(vault) ?? []).filter(({ stack }) => stack);
  errors.when(replicaTopic && replicas.length === 0, () => "'replicaTopic' is of no use, since 'vaults' have no replica that this app defines: leave it out");
  for (const { environment } of replicas) {
    checkTopic(errors, 'replicaTopic', replicaTopic, 'CloudWatch', 'the replicas', environment);
  }
  const minutes = checkEvaluationPeriod(errors, evaluationPeriod);
  checkEmailAddresses(errors, emailAddresses, replicas.length > 0 ? topic && replicaTopic : topic);
  checkOverrides(errors, overrides, NAMES, (name) => name === 'no-good-recovery-point' || name === 'no-good-copy' ? 60 : minutes ?? 5);
  errors.throwIfAny();
}
