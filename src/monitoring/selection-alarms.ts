import type { Duration } from 'aws-cdk-lib';
import { alarmOnAbsence } from './absence-alarms';
import { alarmOnFailing } from './failing-alarms';
import { SingleFailures } from './single-failures';
import type { VaultMetric } from './single-failures';
import type { AlarmName } from '../alarms/alarm-catalogue';
import type { AlarmLocation } from '../alarms/alarm-locations';
import type { CataloguedAlarm, CataloguedAlarms } from '../alarms/catalogued-alarms';
import { backupJobGaps, copyJobGaps } from '../plan/job-gaps';
import type { JobGaps } from '../plan/job-gaps';
import { resourceTypeNamesOf } from '../plan/plans-in-app';
import type { PlanFact } from '../plan/plans-in-app';
import { Environment } from '../private/environment';
import { backupMetric } from '../vault/backup-metrics';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import type { SingleVault } from '../vault/single-vault';
import { nameOf, primaryOf } from '../vault/single-vault';

/**
 * Properties of alarms on selections.
 */
export interface SelectionAlarmsProps {
  readonly home: AlarmLocation;
  readonly vaults: IReplicatedBackupVault[];
  readonly plans: PlanFact[];
  readonly made: CataloguedAlarms;
  readonly period: Duration;
}

/**
 * The alarms that depend on the selections and objectives of plans. They are created once, as late as possible, because selections
 * can be defined after the alarms.
 */
export class SelectionAlarms {
  /** The resource types of each plan when the alarms were created. */
  private types?: string[];

  constructor(private readonly props: SelectionAlarmsProps) {}

  public make(): void {
    if (this.types) {
      return;
    }
    const { home, vaults, plans, made, period } = this.props;
    this.types = typesOf(plans);
    const failures = new SingleFailures(home.scope, made, plans);
    for (const side of vaults.map(primaryOf)) {
      for (const metric of failures.metricsOf(side)) {
        alarmOnCounts(home, side, [metric], made, { period, severity: failures.severityOf(metric[0], side) });
      }
    }
    alarmOnFailing({
      ...home,
      made,
      idOf: ({ backupVaultName }) => backupVaultName,
      metricOf: ({ backupVaultName }, metricName) => backupMetric({ backupVaultName, ...Environment.of(home.scope) }, metricName),
    }, failures.failing);
    this.watchForAbsence('no-good-recovery-point', 'NumberOfBackupJobsCompleted', backupJobGaps(plans, resourceTypeNamesOf));
    this.watchForAbsence('no-good-copy', 'NumberOfCopyJobsCompleted', copyJobGaps(plans, resourceTypeNamesOf));
    made.makeMerged();
  }

  /** A type that an aspect adds later would have no alarm on missing jobs. */
  public problems(): string[] {
    const { types, props: { plans } } = this;
    return types === undefined ? [] : typesOf(plans).flatMap((now, index) => now === types[index] ? []
      : `'plans' must have all selected resources before aspects visit the alarms: plan '${plans[index].path}' had ${types[index] || 'nothing'} then, and has ${now} now: add them without an aspect, or with an aspect with a lower 'priority' value`);
  }

  /** Copies are counted in the account and region of the source, by the name of the destination vault. */
  private watchForAbsence(name: AlarmName, metricName: string, all: JobGaps): void {
    const { home, made } = this.props;
    alarmOnAbsence({
      ...home,
      made,
      name,
      idOf: ({ backupVaultName, resourceType }) => `${backupVaultName}-${resourceType ?? 'all'}`,
      groupOf: ({ resourceType = 'all' }) => resourceType,
      metricOf: ({ backupVaultName, resourceType }) => backupMetric(
        { backupVaultName, ...Environment.of(home.scope) }, metricName,
        resourceType === undefined ? {} : { dimensionsMap: { BackupVaultName: backupVaultName, ResourceType: resourceType } },
      ),
    }, all, ({ backupVaultName, resourceType }) => `${backupVaultName} ${resourceType}`);
  }
}

/** Alarms on the metrics of a vault. */
export function alarmOnCounts(
  { scope, topics }: AlarmLocation, side: SingleVault, metrics: VaultMetric[], made: CataloguedAlarms, common: Pick<CataloguedAlarm, 'period' | 'severity'>,
): void {
  const { backupVaultName, environment } = side;
  for (const [name, metricName, end = ''] of metrics) {
    const metric = backupMetric({ backupVaultName, ...environment }, metricName);
    made.add(scope, `${backupVaultName}${end}`, name, topics, { ...common, metric, subject: nameOf(side), threshold: 0 });
  }
}

/** The resource types that plans currently select. */
function typesOf(plans: PlanFact[]): string[] {
  return plans.map((plan) => resourceTypeNamesOf(plan).map((name) => name ?? 'all').sort().join(', '));
}
