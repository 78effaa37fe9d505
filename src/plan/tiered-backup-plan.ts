import { Annotations, Aspects, Stage } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { BackupCopy } from './backup-copy';
import { copyFindings } from './copy-checks';
import type { CopyDestination } from './destinations';
import { objectiveProblems } from './objective-checks';
import { checkPlan } from './plan-checks';
import { rulesOf } from './plan-rules';
import type { Rule } from './plan-rules';
import type { PlanFact } from './plans-in-app';
import { PLANS } from './plans-in-app';
import { Selection } from './selection';
import type { TieredBackupPlanProps, TieredBackupSelectionOptions } from './tiered-backup-plan-props';
import type { Lifecycle } from '../objectives/recovery-point-lifecycle';
import { ResourceType } from '../objectives/resource-type';
import { differ, Environment } from '../private/environment';
import { stableName } from '../private/physical-names';
import { Registry, unchecked } from '../private/registry';
import { DrRole } from '../roles/dr-role';
import { literalRoleName } from '../roles/role-name';
import { regionSettingsFor, regionSettingsOf } from '../settings/region-settings-in-app';
import { backupMetric } from '../vault/backup-metrics';
import { ReplicatedBackupVault } from '../vault/replicated-backup-vault';

/**
 * A backup plan with several tiers, whose recovery points are copied into other regions and accounts.
 *
 * Both sides of a copy are written: the role that starts it, and the access policy and the key policy of a vault of
 * this library (see `copySources`). Nothing refers from one account or region to the other.
 *
 * Synthesis refuses what would fail at night: retentions that a lock rejects, cold storage that is too short, start
 * windows that overlap, objectives that the schedules can't keep.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/about-backup-plans.html
 *
 * @example
 * declare const vault: ReplicatedBackupVault;
 * const plan = new TieredBackupPlan(stack, 'Plan', {
 *   vault,
 *   tiers: [BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) })],
 * });
 * plan.addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)], tags: { Environment: 'prod' } });
 */
export class TieredBackupPlan extends Construct {
  /**
   * Id of the plan.
   *
   * @attribute
   */
  public readonly backupPlanId: string;

  /**
   * ARN of the plan.
   *
   * @attribute
   */
  public readonly backupPlanArn: string;

  /**
   * Role that AWS Backup backs up and copies with.
   */
  public readonly role: iam.IRole;

  /** @internal */
  public readonly _fact: PlanFact;

  private readonly rules: Rule[];
  private readonly selections: Selection[] = [];
  private readonly destinations: CopyDestination[];
  private readonly backupVaultArns: string[];

  /**
   * Defines a plan. It needs at least one selection.
   *
   * @throws if AWS Backup would refuse the plan or a job of it, as far as that can be known; all problems at once
   */
  constructor(scope: Construct, id: string, props: TieredBackupPlanProps) {
    super(scope, id);
    const { vault } = props;
    const copies = props.copyTo ?? (vault.replicaVaultArn === undefined ? [] : [BackupCopy.toReplicaOf(vault)]);
    this.rules = rulesOf(props.tiers, copies, props.localRetention);
    for (const warning of checkPlan(this, props, copies, this.rules)) {
      Annotations.of(this).addWarningV2('cdk-backup-dr:tierMayExpireUnstarted', warning);
    }

    this.destinations = copies.map((copy) => copy._destination);
    this.backupVaultArns = [...new Set([vault.backupVaultArn, ...this.destinations.map((destination) => destination.backupVaultArn)])];
    this.role = props.role ?? DrRole._backup(this, 'Role', { resourceTypes: [], backupVaultArns: this.backupVaultArns });
    if (props.role && !(props.role instanceof DrRole)) {
      unchecked(this, `what role '${props.role.node.path}' may do: it is not a DrRole`);
    }
    this.openForCopies(props);

    const { backupPlanName = stableName(50, this) } = props;
    const plan = new CfnBackupPlan(this, 'Resource', {
      backupPlan: {
        backupPlanName,
        backupPlanRule: this.rules.map((rule) => renderRule(rule, vault.backupVaultName)),
      },
    });
    // The rules name the vault by a literal, so CloudFormation sees no order.
    if (vault instanceof ReplicatedBackupVault && Stage.of(vault) === Stage.of(this)) {
      plan.node.addDependency(vault.primary);
    }
    this.backupPlanId = plan.attrBackupPlanId;
    this.backupPlanArn = plan.attrBackupPlanArn;

    this._fact = {
      path: this.node.path,
      backupPlanName,
      backupVaultName: vault.backupVaultName,
      environment: Environment.of(this),
      rules: this.rules,
      acceptNominalRpo: props.acceptNominalRpo,
      objectives: props.objectives ?? [],
      selections: [],
    };
    Registry.of(this).register(PLANS, this._fact);
    this.node.addValidation({ validate: () => this.validate() });
    Aspects.of(this).add({ visit: (node) => this.adopt(node) });
  }

  /**
   * Adds what the plan backs up.
   *
   * @param id Name of the selection, 1 to 50 letters, digits, hyphens, underscores and dots
   * @returns the selection
   * @throws if it selects nothing, or more than AWS Backup takes; all problems at once
   */
  public addSelection(id: string, options: TieredBackupSelectionOptions): CfnBackupSelection {
    if (this.selections.length === 100) {
      throw new Error(`plan '${this.node.path}' has 100 selections, as many as AWS Backup lets a plan have: put '${id}' into another plan`);
    }
    const selection = new Selection(this, id, options);
    this.selections.push(selection);
    this._fact.selections.push({
      path: selection.path,
      targets: () => selection.targets(),
      isNarrowedByTags: selection.isNarrowedByTags,
      objectives: selection.objectives,
    });

    const resource = new CfnBackupSelection(this, `Selection${id}`, {
      backupPlanId: this.backupPlanId,
      backupSelection: selection.render(this.role.roleArn),
    });
    // A job that starts before the region's settings are made would back up without them.
    resource.node.addDependency(regionSettingsOf(this));
    return resource;
  }

  /**
   * A metric of copy jobs that this plan starts, in the plan's own account and region: there AWS Backup publishes them,
   * under the name of the vault that is copied into.
   *
   * @param copy One of `copyTo`
   * @default - sum over 5 minutes
   */
  public metricCopyJobs(copy: BackupCopy, metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const { account, region } = this._fact.environment;
    return backupMetric({ account, region, backupVaultName: copy._destination.backupVaultName }, metricName, options);
  }

  /** Writes what a copy into another account needs on both sides: the key it is read with, and the vault it goes into. */
  private openForCopies({ vault }: TieredBackupPlanProps): void {
    for (const { environment, backupVaultName, parts } of this.destinations) {
      if (!differ(environment.account, vault.account)) {
        continue;
      }
      if (vault instanceof ReplicatedBackupVault) {
        vault._primaryParts.shareKeyWith(environment.account);
      } else {
        unchecked(this, `the key policy of the imported vault '${vault.backupVaultName}': it must let AWS Backup of account ${environment.account} read`);
      }
      if (parts) {
        parts.admit(vault.account, literalRoleName(this.role));
      } else {
        unchecked(this, `the access policy of the imported vault '${backupVaultName}': it must let account ${vault.account} copy into it`);
      }
    }
  }

  /** What can be said only when all selections, and all resources in them, are known. */
  private adopt(node: IConstruct): void {
    if (node !== this) {
      return;
    }
    this.selections.forEach((selection) => selection.settle(true)); // as things stand: another aspect may still add resources
    const types = this.knownTypes();
    if (this.role instanceof DrRole && this.role.node.scope === this) {
      this.role._addResourceTypes(this.isKnown() ? types : ResourceType.all());
    }
    const warm = types.filter((type) => !type.capabilities.coldStorage);
    if (this.usesColdStorage() && warm.length > 0 && (warm.length < types.length || !this.isKnown())) {
      Annotations.of(this).addWarningV2('cdk-backup-dr:coldStorageIgnored',
        `AWS Backup ignores 'moveToColdStorageAfter' for ${warm.join(', ')}: those recovery points stay in warm storage; select them in a plan of their own to make that plain`);
    }
    this.selections.forEach((selection) => selection.settle(false));
  }

  private validate(): string[] {
    if (this.selections.length === 0) {
      return ["a plan without a selection backs up nothing: call 'addSelection', or leave the plan out"];
    }
    this.selections.forEach((selection) => selection.settle(true)); // nothing is defined any more once the tree is validated
    const types = this.knownTypes();
    const isNeverCold = this.isKnown() && types.length > 0 && this.usesColdStorage() && types.every((type) => !type.capabilities.coldStorage);
    return [
      ...this.role instanceof DrRole ? this.role._problemsForBackup(types, this.backupVaultArns) : [],
      ...this.selections.flatMap((selection) => this.problemsOf(selection).map((problem) => `selection '${selection.id}': ${problem}`)),
      ...isNeverCold ? [`'moveToColdStorageAfter' is of no use: none of the selected types (${types.join(', ')}) has cold storage; leave it out`] : [],
      ...this.advancedDynamoDbProblems(types),
      ...objectiveProblems(this, this._fact),
    ];
  }

  private problemsOf(selection: Selection): string[] {
    const { problems, unchecked: reasons } = copyFindings(selection.targets(), this.destinations, this._fact.environment);
    reasons.forEach((reason) => unchecked(this, reason));
    if (!selection.isKnown()) {
      unchecked(this, `what AWS Backup can do for all that selection '${selection.id}' selects: tags or tokens decide`);
    }
    return [...selection.problems(), ...problems];
  }

  /** Without its advanced features, a recovery point of DynamoDB can neither be copied nor moved to cold storage. */
  private advancedDynamoDbProblems(types: ResourceType[]): string[] {
    const needs = this.destinations.length > 0 || this.usesColdStorage();
    if (!needs || !types.some((type) => type.resourceTypeName === ResourceType.DYNAMODB.resourceTypeName)) {
      return [];
    }
    const settings = regionSettingsFor(this);
    if (settings.length === 0) {
      unchecked(this, 'whether AWS Backup has its advanced features for DynamoDB here, which copies and cold storage need: '
        + `define BackupRegionSettings for ${this._fact.environment}`);
    }
    const away = this.destinations.map(({ environment }) => environment)
      .filter((environment) => environment.differsFrom(this._fact.environment) && regionSettingsFor(this, environment).length === 0);
    for (const place of new Set(away.map(String))) {
      unchecked(this, `whether AWS Backup has its advanced features for DynamoDB in ${place}, which copies into it need: define BackupRegionSettings in a stack there`);
    }
    return settings.length === 0 || settings.some(({ hasAdvancedDynamoDb }) => hasAdvancedDynamoDb) ? [] : [
      `copies and cold storage of DynamoDB need the advanced features of AWS Backup: turn on 'dynamoDbAdvancedFeatures' in '${settings[0].construct.node.path}'`,
    ];
  }

  private knownTypes(): ResourceType[] {
    return [...new Set(this.selections.flatMap((selection) => selection.knownTypes()))];
  }

  private isKnown(): boolean {
    return this.selections.every((selection) => selection.isKnown());
  }

  private usesColdStorage(): boolean {
    return this.rules.flatMap(({ lifecycle, copies }) => [lifecycle, ...copies.map((copy) => copy.lifecycle)])
      .some((lifecycle) => lifecycle.moveToColdStorageAfter);
  }
}

function renderRule({ tier, lifecycle, copies }: Rule, targetBackupVault: string): CfnBackupPlan.BackupRuleResourceTypeProperty {
  return {
    ruleName: tier.name,
    targetBackupVault,
    scheduleExpression: tier.scheduleExpression,
    startWindowMinutes: tier.startWindow.toMinutes(),
    completionWindowMinutes: tier.completionWindow.toMinutes(),
    lifecycle: renderLifecycle(lifecycle),
    recoveryPointTags: tier.recoveryPointTags,
    // The lifecycle is always written: without it, how long a copy is kept is disputed.
    copyActions: copies.length === 0 ? undefined : copies.map((copy) => ({
      destinationBackupVaultArn: copy.copy.destinationBackupVaultArn,
      lifecycle: renderLifecycle(copy.lifecycle),
    })),
  };
}

function renderLifecycle({ deleteAfter, moveToColdStorageAfter }: Lifecycle): CfnBackupPlan.LifecycleResourceTypeProperty {
  return { deleteAfterDays: deleteAfter.toDays(), moveToColdStorageAfterDays: moveToColdStorageAfter?.toDays() };
}
