import { Aspects, Duration, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { checkBackupAlarms } from './backup-alarms-checks';
import type { BackupAlarmsProps } from './backup-alarms-props';
import { ALARMS } from './named-alarms';
import { alarmOnCounts, SelectionAlarms } from './selection-alarms';
import type { VaultMetric } from './single-failures';
import { uncheckedKey } from './watched-vaults';
import type { AlarmName } from '../alarms/alarm-catalogue';
import { ALARM_SET } from '../alarms/alarm-checks';
import type { AlarmLocation } from '../alarms/alarm-locations';
import { AlarmLocations } from '../alarms/alarm-locations';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { inGroups } from '../alarms/event-pattern-size';
import { backupJobEnded, backupJobWithIssues, copyJobPartial, restoreJobNotCompleted } from '../events/job-problem-events';
import { ManagementEventTrail } from '../events/management-event-trail';
import { backupPlanChanged, backupPlanDeleted, backupPlanModified, backupPlanRemoved, backupSettingsChanged, recoveryPointDeleted, recoveryPointExposed, regionSettingsModified, vaultChanged, vaultKeyTampered, vaultTampered } from '../events/tampering-events';
import { NOTIFY } from '../notification/notify-checks';
import { destinationsOf } from '../plan/destinations';
import { planFactOf, PLANS, WATCHED_PLANS } from '../plan/plans-in-app';
import type { PlanFact } from '../plan/plans-in-app';
import { atSynthesis } from '../private/at-synthesis';
import { Environment } from '../private/environment';
import { validate as validateTree } from '../private/messages';
import { isInStageOf } from '../private/ordering';
import { stableName } from '../private/physical-names';
import { checkShapes, SHAPES } from '../private/props-errors';
import { Registry, unchecked } from '../private/registry';
import { backupMetric } from '../vault/backup-metrics';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import type { SingleVault } from '../vault/single-vault';
import { distinct, groupByStack, nameOf, primaryOf, replicaOf } from '../vault/single-vault';

/**
 * Alarms on backups, in the account and region of the jobs and vaults, where AWS Backup publishes its metrics and events.
 *
 * - On backup, copy and restore jobs that fail, expire, are stopped, or complete with issues, and on missing recovery points
 *   and copies, even if no job fails.
 * - On tampering: a vault, its key, its recovery points or a plan were changed or deleted, access to recovery points was created,
 *   or settings of AWS Backup were changed in the account and region. The change and the caller are published as well. This
 *   requires AWS CloudTrail: a trail of the account or the organization must log management events, including those of AWS KMS.
 *   Your deployments trigger these alarms too.
 *
 * A replica of a vault has its own alarms and topic, in its own stack.
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
   * All alarms of the account and region of this construct. The list is complete after synthesis: which alarms there are on what is
   * missing or fails again depends on the selections of the plans, and those may be defined later.
   *
   * Later alarms reach whatever takes this list as it is: `alarms` of `BackupDashboard` and `healthAlarms` of `CentralMonitoring`. For
   * more actions use `addAlarmAction`, and for other changes an aspect on this construct. A loop over the list misses those that come later.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * All alarms of replicas, in their own accounts and regions.
   */
  public readonly replicaAlarms: cloudwatch.Alarm[];

  /**
   * Topic that the alarms publish to, except those of the replicas: the topic that the constructs of the stack share, or the first
   * one of `notify` if that contains only topics.
   */
  public readonly topic: sns.ITopic;

  /**
   * Topics of the alarms of the replicas, one in each stack of replicas.
   */
  public readonly replicaTopics: sns.ITopic[];

  private readonly made: CataloguedAlarms;

  /**
   * Defines the alarms.
   *
   * @throws if a vault or a plan is in another account or region, a topic is in another region, or an override has no alarm; the
   * error lists all problems
   */
  constructor(scope: Construct, id: string, props: BackupAlarmsProps) {
    super(scope, id);
    checkShapes(this, 'BackupAlarmsProps', props, PROPS);
    const period = props.period ?? Duration.minutes(5);
    const plans = (props.plans ?? []).map(planFactOf);
    checkBackupAlarms(this, props, Environment.of(this));

    const made = new CataloguedAlarms(this, props);
    const locations = new AlarmLocations(this, made, props);
    const { home: { rules, topics } } = locations;
    const vaults = distinct(props.vaults);
    const count = { period, threshold: 0 };
    for (const side of vaults.map(primaryOf)) {
      this.watch(locations.home, side, METRICS, made, props);
      rules.alarm(side.backupVaultName, 'backup-job-with-issues', backupJobWithIssues(nameOf(side), [side.backupVaultName]));
    }
    for (const [name, metric] of copyMetrics(vaults, plans)) {
      made.add(this, name, 'copy-job-failed', topics, { ...count, metric, subject: `copies into vault ${name}` });
    }
    for (const [end, backupVaultArns] of inGroups(vaults.map(({ backupVaultArn }) => backupVaultArn))) {
      rules.alarm(`copies.partial${end}`, 'copy-job-failed', copyJobPartial('copies that left something out', backupVaultArns));
    }
    for (const [end, names] of inGroups(vaults.map(({ backupVaultName }) => backupVaultName))) {
      rules.alarm(`jobs.told${end}`, 'backup-job-aborted', backupJobEnded('ABORTED', 'backup jobs into the vaults', names));
      rules.alarm(`jobs.told${end}`, 'recovery-point-partial', backupJobEnded('PARTIAL', 'backup jobs into the vaults', names));
    }
    this.watchAccount(locations.home, props);
    for (const plan of new Set(props.plans)) {
      const watched = { subject: `plan ${planFactOf(plan).backupPlanName}`, names: [plan.backupPlanId], deploymentRoles: props.deploymentRoles };
      rules.alarm(stableName(80, plan), 'backup-plan-removed', backupPlanRemoved(watched));
      rules.alarm(`${stableName(80, plan)}.told`, 'backup-plan-removed', backupPlanDeleted(watched));
      rules.alarm(stableName(80, plan), 'backup-plan-changed', backupPlanChanged(watched));
      rules.alarm(`${stableName(80, plan)}.told`, 'backup-plan-changed', backupPlanModified(watched));
    }
    this.watchReplicas(vaults, plans, locations, made, props);
    atSynthesis(this, () => {
      if (TOLD_BY_CLOUD_TRAIL.some((name) => made.isEnabled(name)) && !ManagementEventTrail._isVouchedFor(this)) {
        unchecked(this, 'managementEventTrail', `whether a trail of AWS CloudTrail logs management events here, including those of AWS KMS, which ${TOLD_BY_CLOUD_TRAIL.join(', ')} require; `
          + 'if one does, declare it once for the app: ManagementEventTrail.vouchFor(app, trailArn)');
      }
    });
    const selected = new SelectionAlarms({ home: locations.home, vaults, plans, made, period });
    // Below this construct, in the stack that is being visited, so that all aspects of the app are applied to the alarms.
    Aspects.of(this).add({
      visit: (node) => {
        if (node === this) {
          selected.make();
        }
      },
    });
    validateTree(this, () => selected.problems());
    atSynthesis(this, () => this.sayWhichPlansAreNotWatched(vaults, plans));
    if (plans.length === 0) {
      selected.make();
    } else {
      made.makeMerged((each, name) => Stack.of(each) !== Stack.of(this) || name === 'event-not-delivered'); // those don't depend on the selections
    }
    plans.forEach((plan) => Registry.of(this).register(WATCHED_PLANS, this, plan));
    this.topic = topics.main;
    this.replicaTopics = locations.replicaTopics;
    this.alarms = made.beside(this);
    this.replicaAlarms = made.elsewhere(this);
    this.made = made;
    Registry.of(this).register(ALARMS, this, { by: this, alarms: this.alarms });
  }

  /**
   * Adds actions to all `alarms`, those too that are made later. CloudWatch takes five for an alarm, the topics included.
   *
   * Of the `replicaAlarms` there are none later: add an action of their region to each of them.
   *
   * @param actions What an alarm does when it is on, in the account and region of this construct
   */
  public addAlarmAction(...actions: cloudwatch.IAlarmAction[]): void {
    this.made.addAlarmAction(this, ...actions);
  }

  /** Alarms on the jobs of a vault, and on changes of the vault, its recovery points and its key. */
  private watch(location: AlarmLocation, side: SingleVault, metrics: VaultMetric[], made: CataloguedAlarms, options: WatchOptions): void {
    const { rules } = location;
    const { backupVaultName, encryptionKey } = side;
    const { deploymentRoles } = options;
    alarmOnCounts(location, side, metrics, made, { period: options.period ?? Duration.minutes(5) });
    const watched = { subject: nameOf(side), names: [backupVaultName], deploymentRoles };
    rules.alarm(backupVaultName, 'vault-tampered', vaultTampered(watched));
    rules.alarm(`${backupVaultName}.told`, 'vault-tampered', vaultChanged(watched));
    rules.alarm(backupVaultName, 'recovery-point-deleted', recoveryPointDeleted(watched));
    if (encryptionKey) {
      rules.alarm(backupVaultName, 'vault-key-tampered', vaultKeyTampered({ subject: `key of ${nameOf(side)}`, names: [encryptionKey.keyArn], deploymentRoles }));
    } else {
      uncheckedKey(this, side);
    }
  }

  /** Alarms on events of an account and region without the name of a vault or a plan. */
  private watchAccount({ rules }: AlarmLocation, { deploymentRoles }: WatchOptions): void {
    rules.alarm(undefined, 'restore-job-failed', restoreJobNotCompleted());
    rules.alarm(undefined, 'recovery-point-exposed', recoveryPointExposed({ subject: ACCOUNT, deploymentRoles }));
    rules.alarm(undefined, 'backup-settings-changed', backupSettingsChanged(ACCOUNT));
    rules.alarm('told', 'backup-settings-changed', regionSettingsModified(ACCOUNT));
  }

  /** The places of the replicas. */
  private watchReplicas(
    vaults: IReplicatedBackupVault[], plans: PlanFact[], locations: AlarmLocations, made: CataloguedAlarms, options: WatchOptions,
  ): void {
    const places = groupByStack(vaults.flatMap((vault) => replicaOf(vault) ?? []), ({ backupVaultName, environment }) => {
      unchecked(this, 'replicaNotWatched', `whether anybody tampers with vault '${backupVaultName}', which is imported: define BackupAlarms with it in a stack in ${environment}`);
    });
    for (const [stack, sides] of places) {
      const location = locations.in(stack);
      sides.forEach((side) => this.watch(location, side, staysEmpty(side, plans) ? [] : REPLICA_METRICS, made, options));
      this.watchAccount(location, options);
    }
  }

  /** Plans of watched vaults, whose failures are reported, but not missing jobs. */
  private sayWhichPlansAreNotWatched(vaults: IReplicatedBackupVault[], plans: PlanFact[]): void {
    for (const plan of Registry.of(this).all(PLANS)) {
      const isOfVault = vaults.some(({ account, region, backupVaultName }) => plan.vault.backupVaultName === backupVaultName
        && plan.environment.account === account && plan.environment.region === region);
      if (isOfVault && !plans.includes(plan) && isInStageOf(this, plan.path) && !Registry.of(this).find(WATCHED_PLANS, (other) => other === plan)) {
        unchecked(this, 'planNotWatched', `whether plan '${plan.path}' creates recovery points and copies in time: add it to 'plans'`);
      }
    }
  }
}

/** Properties of everything that is watched. */
type WatchOptions = Pick<BackupAlarmsProps, 'period' | 'deploymentRoles'>;

const ACCOUNT = 'account and region';

const PROPS = {
  vaults: { ...SHAPES.vaults, isRequired: true },
  plans: SHAPES.plans,
  notify: NOTIFY,
  period: SHAPES.duration,
  alarmSet: ALARM_SET,
  deploymentRoles: SHAPES.texts,
  overrides: SHAPES.map,
};

const TOLD_BY_CLOUD_TRAIL: AlarmName[] = [
  'vault-tampered', 'vault-key-tampered', 'recovery-point-deleted', 'backup-plan-removed', 'backup-plan-changed', 'backup-settings-changed',
  'recovery-point-exposed',
];

/** Metrics of recovery points, whoever created them. */
const REPLICA_METRICS: VaultMetric[] = [
  ['recovery-point-partial', 'NumberOfRecoveryPointsPartial'],
  ['restore-job-failed', 'NumberOfRestoreJobsFailed'],
  ['recovery-point-not-deleted', 'NumberOfRecoveryPointsExpired'],
];

const METRICS: VaultMetric[] = [
  ['backup-job-aborted', 'NumberOfBackupJobsAborted'],
  ['recovery-point-partial', 'NumberOfBackupJobsPartial', '.job'],
  ...REPLICA_METRICS, // there are no backup jobs into a replica
];

/** Whether a replica has no jobs: no plan copies into it, and it is not a landing vault. */
function staysEmpty({ backupVaultArn, isLandingVault }: SingleVault, plans: PlanFact[]): boolean {
  return plans.length > 0 && isLandingVault === false && !plans.flatMap(destinationsOf).some((each) => each.backupVaultArn === backupVaultArn);
}

/** Copies are counted in the account and region of the source, under the name of the destination vault. */
function copyMetrics(vaults: IReplicatedBackupVault[], plans: PlanFact[]): Map<string, cloudwatch.Metric> {
  const metrics = new Map<string, cloudwatch.Metric>();
  for (const vault of vaults.filter((each) => each.replicaVaultName !== undefined && !staysEmpty(replicaOf(each)!, plans))) {
    metrics.set(vault.replicaVaultName!, vault.metricReplica('NumberOfCopyJobsFailed'));
  }
  for (const plan of plans) {
    const { account, region } = plan.environment;
    for (const { backupVaultName } of destinationsOf(plan).filter(({ isOwn }) => !isOwn)) {
      metrics.set(backupVaultName, backupMetric({ account, region, backupVaultName }, 'NumberOfCopyJobsFailed'));
    }
  }
  return metrics;
}
