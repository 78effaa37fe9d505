import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { BackupCopy } from './backup-copy';
import type { BackupPlanAttributes, IBackupPlan } from './backup-plan-ref';
import { checkGiven, copyTierProblems, tierProblems } from './plan-checks';
import { copiesOf, rulesOf } from './plan-rules';
import { IMPORTED_PLANS, registerPlan } from './plans-in-app';
import { backupPlanArn } from '../private/arns';
import { Environment } from '../private/environment';
import { PropsErrors } from '../private/props-errors';
import { backupMetric } from '../vault/backup-metrics';

/**
 * A plan that another app or team defines.
 *
 * @internal
 */
export class ImportedBackupPlan extends Construct implements IBackupPlan {
  public readonly backupPlanId: string;
  public readonly backupPlanArn: string;
  private readonly home: Environment;

  constructor(scope: Construct, id: string, attrs: BackupPlanAttributes) {
    super(scope, id);
    const errors = new PropsErrors('BackupPlanAttributes', this);
    checkGiven(errors, attrs ?? {});
    const { backupPlanId, backupPlanName = backupPlanId, vault, tiers, resourceTypes } = attrs;
    const copies = copiesOf(attrs);
    errors.add(...tierProblems(tiers), ...copies.flatMap((copy) => copyTierProblems(copy, tiers)));
    errors.whenEmpty('resourceTypes', resourceTypes, 'type', 'leave it out if they are unknown');
    errors.throwIfAny();

    this.backupPlanId = backupPlanId;
    this.home = new Environment(vault.account, vault.region);
    this.backupPlanArn = backupPlanArn(this, this.home, backupPlanId);
    registerPlan(this, IMPORTED_PLANS, {
      path: this.node.path,
      environment: this.home,
      backupPlanName,
      vault,
      rules: rulesOf(tiers, copies),
      objectives: attrs.objectives ?? [],
      selections: [{
        path: this.node.path,
        targets: () => (resourceTypes ?? []).map((type) => ({ arn: '*', type })),
        isNarrowedByTags: true,
        leavesOut: () => false,
        covers: () => undefined,
        objectives: [],
      }],
    });
  }

  public metricCopyJobs(copy: BackupCopy, metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const { account, region } = this.home;
    return backupMetric({ account, region, backupVaultName: copy._destination.backupVaultName }, metricName, options);
  }
}
