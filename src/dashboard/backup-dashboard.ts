import { Lazy, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ageWidgets } from './age-widgets';
import { alarmWidgets, costWidgets, headline, jobWidgets, restoreWidgets } from './job-widgets';
import { replicationWidgets } from './replication-widgets';
import { BUCKETS } from '../buckets/buckets-in-app';
import type { CentralMonitoring } from '../central/central-monitoring';
import { NamedAlarms } from '../monitoring/named-alarms';
import { objectivesOf, PLANS } from '../plan/plans-in-app';
import { Environment } from '../private/environment';
import { validate } from '../private/messages';
import { checkOnlyOne, takeOnlyOne } from '../private/only-one';
import { isInStageOf } from '../private/ordering';
import { stableNameOfAccount } from '../private/physical-names';
import { checkShapes, hasAll, PropsErrors, SHAPES } from '../private/props-errors';
import { charged, Registry } from '../private/registry';

/**
 * Properties of a dashboard.
 */
export interface BackupDashboardProps {
  /**
   * Name of the dashboard, 1 to 255 letters, digits, hyphens and underscores. Names are unique in an account across all regions: two
   * dashboards with the same name overwrite each other.
   *
   * @default - generated from the name of the stack, the construct's path in it and the region, the same at every synthesis
   */
  readonly dashboardName?: string;

  /**
   * Central monitoring in the account and region of this construct, whose counts of jobs are shown.
   *
   * @default - the metrics of AWS Backup are shown. Those of other accounts need cross-account observability, those of
   * other accounts in other regions the cross-account console of CloudWatch
   */
  readonly centralMonitoring?: CentralMonitoring;

  /**
   * Alarms to show, of the account and region of this construct, such as the `alarms` of `BackupAlarms`: all of those, also the ones
   * that come later.
   *
   * @default - the alarms of `centralMonitoring`, if it is set
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Account that pays the bill: the management account of the organization. It must share its metrics and receive billing alerts, a
   * preference in its Billing console.
   *
   * @default - the account of this construct
   */
  readonly billingAccount?: string;
}

/**
 * One dashboard for an entire app or Stage: alarms, jobs by their state, the age of the newest recovery point of each resource type
 * in each vault compared with the objectives, copies, restore times, the replication of each bucket, and costs.
 *
 * It shows every plan and bucket of its Stage or app, in all stacks and including those that are defined later. In an app with
 * several Stages, such as dev and prod, define one in each.
 *
 * Without central monitoring, it shows the specified `alarms`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 *
 * @example
 * declare const centralMonitoring: CentralMonitoring;
 * declare const vault: ReplicatedBackupVault;
 * new BackupDashboard(stack, 'Dashboard', { centralMonitoring });
 *
 * // without central monitoring
 * const alarms = new BackupAlarms(stack, 'BackupAlarms', { vaults: [vault] });
 * new BackupDashboard(stack, 'DashboardOfVault', { alarms: alarms.alarms });
 */
export class BackupDashboard extends Construct {
  /**
   * Name of the dashboard.
   */
  public readonly dashboardName: string;

  /**
   * Defines the dashboard.
   *
   * @throws if the name is not valid or not unique in the app, or central monitoring or an alarm is in another account or region;
   * the error lists all problems
   */
  constructor(scope: Construct, id: string, props: BackupDashboardProps = {}) {
    super(scope, id);
    checkShapes(this, 'BackupDashboardProps', props, PROPS);
    const home = Environment.of(this);
    check(this, props, home);
    if (props.dashboardName !== undefined) {
      takeOnlyOne(this, dashboardOf(props.dashboardName, home));
    }

    const alarms = props.alarms && new NamedAlarms(this, 'alarms', props.alarms);
    this.dashboardName = props.dashboardName ?? stableNameOfAccount(200, this);
    charged(new cloudwatch.CfnDashboard(this, 'Resource', {
      dashboardName: this.dashboardName,
      // The age of a recovery point is evaluated in the displayed range.
      dashboardBody: Lazy.string({
        produce: () => Stack.of(this).toJsonString({ start: '-P7D', periodOverride: 'inherit', widgets: this.widgets(props, home, alarms) }),
      }),
    }));
    validate(this, () => quotaProblems(this, this.widgets(props, home, alarms), props.centralMonitoring !== undefined));
  }

  /** Evaluated at synthesis, because plans and buckets can be defined after this construct. */
  private widgets({ centralMonitoring, billingAccount }: BackupDashboardProps, home: Environment, alarms?: NamedAlarms): WidgetJson[] {
    const registry = Registry.of(this);
    const plans = registry.all(PLANS).filter(({ path }) => isInStageOf(this, path));
    const buckets = registry.all(BUCKETS).filter(({ bucket }) => isInStageOf(this, bucket.node.path));
    const objectives = [...new Set([
      ...plans.flatMap(objectivesOf),
      ...buckets.flatMap((bucket) => bucket.objectives),
    ])];
    const namespace = centralMonitoring?._namespace;
    const shown = alarms?.all ?? [...centralMonitoring?.healthAlarm ? [centralMonitoring.healthAlarm] : [], ...centralMonitoring?.alarms ?? []];
    const rows = [ // each goes on below itself where it gets too wide
      headline(this.dashboardName, objectives, namespace),
      alarmWidgets(this, shown),
      jobWidgets(plans, home, namespace),
      ageWidgets(plans, home, namespace),
      restoreWidgets(objectives, home, centralMonitoring?._logGroupName),
      replicationWidgets(buckets),
      costWidgets(billingAccount ?? home.account, home),
    ].map((row) => new cloudwatch.Row(...row));
    const column = new cloudwatch.Column(...rows);
    column.position(0, 0);
    return column.toJson();
  }
}

interface WidgetJson {
  readonly properties: { readonly title?: string; readonly metrics?: unknown[] };
}

/**
 * Limits of CloudWatch.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const QUOTAS = { widgets: 500, metrics: 2_500, linesOfGraph: 500 };

function quotaProblems(scope: Construct, widgets: WidgetJson[], isCentral: boolean): string[] {
  const divide = 'divide the content into several Stages, with a dashboard in each';
  const count = isCentral ? divide : `set 'centralMonitoring', which counts the jobs of the organization instead of those of each vault, or ${divide}`;
  const lines = widgets.flatMap(({ properties }) => properties.metrics ?? []);
  // A metric is a line of several values, an expression one of a single value. To resolve them takes longer than the rest.
  const metrics = lines.length <= QUOTAS.metrics ? 0 : (Stack.of(scope).resolve(lines) as unknown[][]).filter((line) => line.length > 1).length;
  const problem = (what: string, has: number, things: string, quota: number, wayOut: string) => has <= quota ? []
    : [`${what} has ${has} ${things}, and CloudWatch supports at most ${quota}: ${wayOut}`];
  return [
    ...problem('the dashboard', widgets.length, 'widgets', QUOTAS.widgets, divide),
    ...problem('the dashboard', metrics, 'metrics', QUOTAS.metrics, count),
    ...widgets.flatMap(({ properties }) => problem(
      `graph '${properties.title}'`, properties.metrics?.length ?? 0, 'metrics and expressions', QUOTAS.linesOfGraph, count,
    )),
  ];
}

const PROPS = {
  dashboardName: SHAPES.text,
  centralMonitoring: { what: 'a CentralMonitoring', is: hasAll('node', 'eventBusArn') },
  alarms: SHAPES.alarms,
  billingAccount: SHAPES.text,
};

function dashboardOf(dashboardName: string, { account }: Environment): string {
  return `dashboard '${dashboardName}' in account ${account}`;
}

function check(scope: Construct, { dashboardName, centralMonitoring, alarms, billingAccount }: BackupDashboardProps, home: Environment): void {
  const errors = new PropsErrors('BackupDashboardProps', scope);
  errors.when(dashboardName !== undefined && !Token.isUnresolved(dashboardName) && !/^[\w-]{1,255}$/.test(dashboardName),
    () => `'dashboardName' must be 1 to 255 letters, digits, hyphens and underscores, got '${dashboardName}'`);
  if (dashboardName !== undefined) {
    checkOnlyOne(errors, scope, dashboardOf(dashboardName, home), "set another 'dashboardName' for this one");
  }
  const central = centralMonitoring && Environment.of(centralMonitoring);
  errors.when(central?.differsFrom(home), () => `'centralMonitoring' must be in the account and region of the dashboard (${home}), got ${central}`);
  errors.whenEmpty('alarms', alarms, 'alarm', 'leave it out for those of central monitoring');
  for (const alarm of alarms ?? []) {
    const where = new Environment(alarm.env.account, alarm.env.region);
    errors.when(where.differsFrom(home), () => `'alarms' must be in the account and region of the dashboard (${home}), got '${alarm.node.path}' in ${where}`);
  }
  errors.when(billingAccount !== undefined && !Token.isUnresolved(billingAccount) && !/^\d{12}$/.test(billingAccount),
    () => `'billingAccount' must be 12 digits, got '${billingAccount}'`);
  errors.throwIfAny();
}
