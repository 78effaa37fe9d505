import { Lazy, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { CentralMonitoring } from './central-monitoring';
import { alarmWidgets, costWidgets, headline, jobWidgets, restoreWidgets } from './dashboard-jobs';
import { ageWidgets, replicationWidgets } from './dashboard-promises';
import { Environment } from '../private/environment';
import { checkOnlyOne } from '../private/only-one';
import { stableName } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';

/**
 * Properties of a dashboard.
 */
export interface BackupDashboardProps {
  /**
   * Name of the dashboard, 1 to 255 letters, digits, hyphens and underscores. Dashboards are of the account, whatever the
   * region: two of one name overwrite each other.
   *
   * @default - made of the construct's path, the same at every synthesis
   */
  readonly dashboardName?: string;

  /**
   * Central monitoring of the account and region of this construct, whose counts of jobs are shown.
   *
   * @default - the metrics of AWS Backup are shown. Those of other accounts need cross-account observability, those of
   * other accounts in other regions the cross-account console of CloudWatch
   */
  readonly centralMonitoring?: CentralMonitoring;

  /**
   * Alarms to show, of the account and region of this construct.
   *
   * @default - those of `centralMonitoring`, if it is given
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Account that is billed: the management account of the organization. It must share its metrics, and get billing alerts
   * (a preference in its Billing console).
   *
   * @default - the account of this construct
   */
  readonly billingAccount?: string;
}

/**
 * One dashboard for the whole app: its alarms, jobs by their state, the age of the newest recovery point of each resource
 * type in each vault against the objectives, copies, restore times, the replication of each bucket, and what it costs.
 *
 * It shows every plan and bucket that the app defines, in whatever stack and also after this construct.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 *
 * @example
 * declare const centralMonitoring: CentralMonitoring;
 * new BackupDashboard(stack, 'Dashboard', { centralMonitoring });
 */
export class BackupDashboard extends Construct {
  /**
   * Name of the dashboard.
   */
  public readonly dashboardName: string;

  /**
   * Defines the dashboard.
   *
   * @throws if the name is none or that of another dashboard of the app, or central monitoring or an alarm is elsewhere;
   * all problems at once
   */
  constructor(scope: Construct, id: string, props: BackupDashboardProps = {}) {
    super(scope, id);
    const home = Environment.of(this);
    check(this, props, home);

    this.dashboardName = props.dashboardName ?? stableName(200, this);
    new cloudwatch.CfnDashboard(this, 'Resource', {
      dashboardName: this.dashboardName,
      dashboardBody: Lazy.string({ produce: () => this.render(props, home) }),
    });
  }

  private render({ centralMonitoring, alarms, billingAccount }: BackupDashboardProps, home: Environment): string {
    const shown = alarms ?? [...centralMonitoring?.healthAlarm ? [centralMonitoring.healthAlarm] : [], ...centralMonitoring?.alarms ?? []];
    const rows = [
      headline(this, centralMonitoring !== undefined),
      alarmWidgets(shown),
      jobWidgets(this, home, centralMonitoring !== undefined),
      ...ageWidgets(this, home, centralMonitoring !== undefined),
      restoreWidgets(this, home, centralMonitoring?._logGroupName),
      ...replicationWidgets(this),
      costWidgets(billingAccount ?? home.account, home),
    ].filter((row) => row.length > 0).map((row) => new cloudwatch.Row(...row));
    const column = new cloudwatch.Column(...rows);
    column.position(0, 0);
    // The age of a recovery point is looked for in the range that is shown.
    return Stack.of(this).toJsonString({ start: '-P7D', periodOverride: 'inherit', widgets: column.toJson() });
  }
}

function check(scope: Construct, { dashboardName, centralMonitoring, alarms, billingAccount }: BackupDashboardProps, home: Environment): void {
  const errors = new PropsErrors('BackupDashboardProps', scope);
  errors.when(dashboardName !== undefined && !Token.isUnresolved(dashboardName) && !/^[\w-]{1,255}$/.test(dashboardName),
    () => `'dashboardName' must be 1 to 255 letters, digits, hyphens and underscores, got '${dashboardName}'`);
  if (dashboardName !== undefined) {
    checkOnlyOne(errors, scope, `dashboard '${dashboardName}' in account ${home.account}`, "give this one another 'dashboardName'");
  }
  const central = centralMonitoring && Environment.of(centralMonitoring);
  errors.when(central?.differsFrom(home), () => `'centralMonitoring' must be in the account and region of the dashboard (${home}), got ${central}`);
  errors.whenEmpty('alarms', alarms, 'alarm', 'for those of central monitoring leave it out');
  for (const alarm of alarms ?? []) {
    const where = new Environment(alarm.env.account, alarm.env.region);
    errors.when(where.differsFrom(home), () => `'alarms' must be in the account and region of the dashboard (${home}), got '${alarm.node.path}' in ${where}`);
  }
  errors.when(billingAccount !== undefined && !Token.isUnresolved(billingAccount) && !/^\d{12}$/.test(billingAccount),
    () => `'billingAccount' must be 12 digits, got '${billingAccount}'`);
  errors.throwIfAny();
}
