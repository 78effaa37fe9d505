import type { Construct } from 'constructs';
import type { AlarmName } from '../alarms/alarm-catalogue';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { AlarmSeverity } from '../notification/notify';
import { failingRuns } from '../plan/job-gaps';
import type { AllFailingRuns } from '../plan/job-gaps';
import { isBrokenByOneRun } from '../plan/objective-checks';
import type { PlanFact } from '../plan/plans-in-app';
import type { SingleVault } from '../vault/single-vault';

/** What is counted of a vault, with the end of an id where a name has two alarms: no vault has a dot in its name. */
export type VaultMetric = readonly [name: AlarmName, metricName: string, end?: string];

/** A backup job that did not complete. */
const FAILURES: VaultMetric[] = [['backup-job-failed', 'NumberOfBackupJobsFailed'], ['backup-job-expired', 'NumberOfBackupJobsExpired']];

/**
 * The severity of a single failed job: a warning, if the next run still meets the objectives of the plan.
 */
export class SingleFailures {
  private readonly all: AllFailingRuns;
  private readonly broken: PlanFact[];

  constructor(scope: Construct, private readonly made: CataloguedAlarms, plans: PlanFact[]) {
    this.all = failingRuns(plans);
    this.broken = plans.filter((plan) => isBrokenByOneRun(scope, plan));
  }

  /** That of an alarm on single failures in a vault, or in any vault of the plans. */
  public severityOf(name: AlarmName, vault?: SingleVault): AlarmSeverity {
    return this.made.severityOf(name, this.isBroken(vault) ? AlarmSeverity.CRITICAL : undefined);
  }

  /** The failures that are counted separately; for the essential set, those without an alarm on repeated failures. */
  public metricsOf(vault: SingleVault): VaultMetric[] {
    const isToldAgain = this.failing.vaults.some((each) => isOne(each, vault)) && this.made.isEnabled('backup-job-failing');
    return FAILURES.filter(([name]) => !(isToldAgain && this.made.mergedInto(name)));
  }

  /** The vaults with an alarm on failures in two runs: of what is essential, those where one is not critical already. */
  public get failing(): AllFailingRuns {
    const isLeftOut = (vault: Place) => this.made.isEssential && this.isBroken(vault);
    return { ...this.all, vaults: this.all.vaults.filter((vault) => !isLeftOut(vault)) };
  }

  private isBroken(vault?: Place): boolean {
    return this.broken.some((plan) => vault === undefined || isOne({ ...plan, backupVaultName: plan.vault.backupVaultName }, vault));
  }
}

type Place = Pick<SingleVault, 'backupVaultName' | 'environment'>;

function isOne(one: Place, other: Place): boolean {
  return one.backupVaultName === other.backupVaultName && !one.environment.differsFrom(other.environment);
}
