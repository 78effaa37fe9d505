import { Aspects, Stage } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import type { BackupCopy } from './backup-copy';
import type { BackupPlanAttributes, IBackupPlan } from './backup-plan-ref';
import { openForCopies, SHARED_KEYS, statementsForCopies } from './copy-checks';
import { deployAfterDestinations, destinationsOf } from './destinations';
import { ImportedBackupPlan } from './imported-backup-plan';
import { checkGiven, checkPlan } from './plan-checks';
import { backupVaultArnsOf, continuousTierOf, planFindings, roleLeftBehind, typesOf, usesColdStorage } from './plan-findings';
import type { PlanFindings } from './plan-findings';
import { copiesOf, renderRule, renderSettings, rulesOf } from './plan-rules';
import type { AdvancedSettings } from './plan-rules';
import { documentProblems, PLAN_DOCUMENTS, PLANS, registerPlan } from './plans-in-app';
import type { PlanFact, SelectionFact } from './plans-in-app';
import { Selection } from './selection';
import type { TieredBackupPlanProps, TieredBackupSelectionOptions } from './tiered-backup-plan-props';
import { ResourceType } from '../objectives/resource-type';
import { atSynthesis } from '../private/at-synthesis';
import { differ, Environment } from '../private/environment';
import { forUsers, inform, validate, warn } from '../private/messages';
import { isInTree } from '../private/ordering';
import { stableName } from '../private/physical-names';
import { checkShapes, PropsErrors, SHAPES } from '../private/props-errors';
import { Registry, unchecked, uncheckedPolicy } from '../private/registry';
import { DrRole } from '../roles/dr-role';
import { deployAfterRegionSettings, regionSettingsInStackOf } from '../settings/region-settings-in-app';
import { say } from '../targets/target-messages';
import { backupMetric } from '../vault/backup-metrics';
import { ReplicatedBackupVault } from '../vault/replicated-backup-vault';

/**
 * A backup plan with several tiers, whose recovery points are copied into other regions and accounts.
 *
 * The construct defines both sides of a copy: the role that starts it, and the access policy and the key policy of a vault of
 * this library (see `copySources`). There are no references between accounts or regions.
 *
 * Synthesis rejects what would fail at run time: retentions that a lock rejects, cold storage that is too short, copies that
 * would be missing because start windows overlap, objectives that the schedules can't meet.
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
export class TieredBackupPlan extends Construct implements IBackupPlan {
  /**
   * Imports a plan that another app or team defines, for alarms on its recovery points.
   *
   * @throws if the tiers or the copies are not valid for a plan; the error lists all problems
   */
  public static fromBackupPlanAttributes(scope: Construct, id: string, attrs: BackupPlanAttributes): IBackupPlan {
    return new ImportedBackupPlan(scope, id, attrs);
  }

  public readonly backupPlanId: string;
  public readonly backupPlanArn: string;

  /**
   * Role of AWS Backup for backups and copies.
   */
  public readonly role: iam.IRole;

  private readonly fact: PlanFact;
  private readonly settings: AdvancedSettings;
  private readonly defined: SelectionInPlan[] = [];
  private found?: PlanFindings;
  private isSynthesized = false;

  /**
   * Defines a plan, which requires at least one selection.
   *
   * @throws if AWS Backup would reject the plan or a job of it, as far as this is known at synthesis; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: TieredBackupPlanProps) {
    super(scope, id);
    checkGiven(new PropsErrors('TieredBackupPlanProps', this), props);
    const { vault } = props;
    const home = Environment.of(this);
    const copies = copiesOf(props);
    const rules = rulesOf(props.tiers, copies, props.localRetention);
    const notes = checkPlan(this, props, copies, rules);
    notes.warnings.forEach(({ id: noteId, text }) => warn(this, noteId, text));
    notes.infos.forEach(({ id: noteId, text }) => inform(this, noteId, text));
    notes.unchecked.forEach(({ id: noteId, text }) => unchecked(this, noteId, text));

    this.settings = props;
    const { backupPlanName = stableName(50, this) } = props;
    const selections = () => this.selections.map(({ fact }) => fact);
    this.fact = {
      path: this.node.path,
      backupPlanName,
      vault,
      environment: home,
      rules,
      acceptNominalRpo: props.acceptNominalRpo,
      objectives: props.objectives ?? [],
      get selections() {
        return selections();
      },
    };
    this.role = props.role ?? DrRole._backup(this, 'Role', {
      resourceTypes: [], path: props.rolePath, backupVaultArns: backupVaultArnsOf(this.fact), removalPolicy: props.removalPolicy,
    });
    if (props.role && !(props.role instanceof DrRole)) {
      unchecked(this, 'roleNotChecked', `what role '${props.role.node.path}' may do: it is not a DrRole`);
    }
    openForCopies(this, this.fact, this.role);

    const plan = new CfnBackupPlan(this, 'Resource', {
      backupPlan: {
        backupPlanName,
        backupPlanRule: rules.map((rule) => renderRule(rule, vault.backupVaultName)),
        advancedBackupSettings: renderSettings(props),
      },
    });
    // The rules refer to the vault by a literal, so CloudFormation does not know the order.
    if (vault instanceof ReplicatedBackupVault && Stage.of(vault) === Stage.of(this)) {
      plan.node.addDependency(vault.primary);
    }
    this.backupPlanId = plan.attrBackupPlanId;
    this.backupPlanArn = plan.attrBackupPlanArn;

    Registry.of(this).register(PLAN_DOCUMENTS, this, { plan, backupPlanName });
    registerPlan(this, PLANS, this.fact);
    Aspects.of(this).add({ visit: (node) => this.adopt(node) });
    validate(this, () => [...(this.found = this.findings()).problems, ...documentProblems(plan, backupPlanName)]);
    atSynthesis(this, () => this.report());
  }

  /**
   * Adds a selection of resources to back up.
   *
   * With `TagFilter.oneOf`, it adds a selection for each value, named `<id>-<value>`, or with a hash if that is not a valid name.
   *
   * @param id Name of the selection, 1 to 50 letters, digits, hyphens, underscores and dots
   * @returns the selection, or the first of several
   * @throws if it selects nothing, or more than AWS Backup supports; the error lists all problems
   */
  public addSelection(id: string, options: TieredBackupSelectionOptions): CfnBackupSelection {
    if (this.isSynthesized) {
      throw new Error(forUsers(`plan '${this.node.path}' is already synthesized, so selection '${id}' would be lost: a pipeline synthesizes a Stage as soon as it is added, `
        + "so call 'addSelection' before"));
    }
    const selection = new Selection(this, id, options);
    const { names } = selection;
    const others = this.selections.flatMap((each) => each.selection.names);
    const taken = names.filter((name) => others.includes(name));
    if (taken.length > 0) {
      throw new Error(forUsers(`plan '${this.node.path}' already has a selection '${taken[0]}', and the names of selections must be unique: `
        + `use another id, or add all resources to one selection, got '${id}'`));
    }
    if (others.length + names.length > 100) {
      const many = names.length === 1 ? `'${id}'` : `'${id}', which is ${names.length} selections,`;
      throw new Error(forUsers(others.length >= 100
        ? `plan '${this.node.path}' has 100 selections, as many as AWS Backup lets a plan have: put '${id}' into another plan`
        : `plan '${this.node.path}' already has ${others.length} of the 100 selections that AWS Backup lets a plan have: put ${many} into another plan`));
    }
    const resources = selection.render(this.role.roleArn).map((backupSelection) => {
      const resource = new CfnBackupSelection(this, `Selection${backupSelection.selectionName}`, { backupPlanId: this.backupPlanId, backupSelection });
      // A job that starts before the settings of the region exist would back up without them.
      resource.node.addDependency(regionSettingsInStackOf(this));
      return resource;
    });
    this.defined.push({
      selection,
      resources,
      fact: {
        path: selection.path,
        targets: () => selection.targets(),
        isNarrowedByTags: selection.isNarrowedByTags,
        leavesOut: (type) => selection.leavesOut(type),
        objectives: selection.objectives,
        covers: (resource, tags) => selection.covers(resource, tags),
      },
    });
    return resources[0];
  }

  /**
   * A metric of copy jobs of this plan, in the account and region of the plan, where AWS Backup publishes it under the name of
   * the destination vault.
   *
   * @param copy One of `copyTo`
   * @default - sum over 5 minutes
   */
  public metricCopyJobs(copy: BackupCopy, metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const { account, region } = this.fact.environment;
    return backupMetric({ account, region, backupVaultName: copy._destination.backupVaultName }, metricName, options);
  }

  /**
   * Allows AWS Backup in the accounts that this plan copies into to use a key, so that it can read recovery points that are encrypted
   * with it. Types without full AWS Backup management, such as Amazon RDS, Amazon EBS and Amazon FSx, use the key of their resource.
   * Call it for each key of such a resource. It has no effect for other types.
   *
   * For an imported key, a warning contains the statements that its policy needs.
   *
   * @param key Key of resources that the plan selects, or an alias of it
   * @returns whether the key policy contains the statements; `false` for an imported key, and if the plan does not copy into another account
   * @throws if the key is in a Stage that has already been synthesized
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
   */
  public grantCopies(key: kms.IKey): iam.AddToResourcePolicyResult {
    checkShapes(this, 'grantCopies', { key }, { key: { ...SHAPES.key, isRequired: true } });
    const stage = Stage.of(key) as { readonly assembly?: unknown } | undefined;
    if (stage !== Stage.of(this) && stage?.assembly !== undefined) {
      throw new Error(forUsers(`key '${key.node.path}' is in a Stage that is already synthesized, so its policy can't be changed any more: `
        + 'call \'grantCopies\' before, or define the plan in the Stage of the key'));
    }
    Registry.of(this).register(SHARED_KEYS, this, key);
    const { account: own } = this.fact.environment;
    const accounts = [...new Set(destinationsOf(this.fact).map(({ environment: { account } }) => account))].filter((account) => differ(account, own));
    if (accounts.length === 0) {
      return { statementAdded: false };
    }
    const statements = statementsForCopies(this, accounts);
    const results = statements.map((statement) => key.addToResourcePolicy(statement, true));
    if (results.some(({ statementAdded }) => !statementAdded)) {
      uncheckedPolicy(this, 'resourceKeys', `key '${key.node.path}', which AWS Backup in account ${accounts.join(', ')} needs to read the source`, ...statements);
    }
    return results[0];
  }

  /** The selections in the tree. */
  private get selections(): SelectionInPlan[] {
    return this.defined.filter(({ resources }) => resources.some(isInTree));
  }

  /** Checks after all selections and their resources are known. */
  private adopt(node: IConstruct): void {
    if (node !== this) {
      return;
    }
    const selections = this.selections.map(({ selection }) => selection);
    selections.forEach((selection) => selection.settle(true)); // as things stand: another aspect may still add resources
    const { types, isKnown } = typesOf(selections);
    if (this.role instanceof DrRole && this.role.node.scope === this) {
      this.role._addResourceTypes(isKnown ? types : ResourceType.all());
    }
    const warm = types.filter((type) => !type.capabilities.coldStorage);
    if (usesColdStorage(this.fact) && warm.length > 0 && (warm.length < types.length || !isKnown)) {
      warn(this, 'coldStorageIgnored',
        `AWS Backup ignores 'moveToColdStorageAfter' for ${warm.join(', ')}: those recovery points stay in warm storage; select them in a separate plan to make this explicit`);
    }
    const continuous = continuousTierOf(this.fact);
    const snapshots = types.filter((type) => !type.capabilities.continuousBackup);
    if (continuous && snapshots.length > 0 && (snapshots.length < types.length || !isKnown)) {
      warn(this, 'noContinuousBackup',
        `AWS Backup creates no continuous backup of ${snapshots.join(', ')}: they get a snapshot when tier '${continuous.name}' runs; select them in a separate plan to make this explicit`);
    }
    selections.forEach((selection) => selection.settle(false));
  }

  private findings(): PlanFindings {
    const selections = this.selections.map(({ selection }) => selection);
    selections.forEach((selection) => selection.settle(true)); // of the selections that no template asked for
    return planFindings(this, this.fact, this.role, selections, this.settings);
  }

  /** What a validation found, or would have found if nobody had skipped it. */
  private report(): void {
    this.isSynthesized = true;
    const { messages } = this.found ?? this.findings();
    messages.forEach((message) => say(this, message));
    this.found = undefined;
    const leftBehind = roleLeftBehind(this, this.fact, this.role);
    if (leftBehind !== undefined) {
      warn(this, 'roleOutlivesVault', leftBehind);
    }
    const lateVaults = deployAfterDestinations(this, this.fact);
    lateVaults.forEach(({ backupVaultName }) => unchecked(this, 'vaultDeployedLater', `whether vault '${backupVaultName}' exists before the first copy into it: its stack waits for this one`));
    const late = new Set(this.selections.flatMap(({ resources }) => resources.flatMap(deployAfterRegionSettings)));
    late.forEach(({ node }) => unchecked(this, 'settingsDeployedLater', `whether the settings of AWS Backup in '${node.path}' exist before the first job runs: their stack waits for this one`));
  }
}

interface SelectionInPlan {
  readonly selection: Selection;
  /** One, or one for each value that a tag may have. */
  readonly resources: CfnBackupSelection[];
  readonly fact: SelectionFact;
}
