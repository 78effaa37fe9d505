import { CfnOutput, Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as oam from 'aws-cdk-lib/aws-oam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ANYWHERE, alarmOnJobs, alarmOnSilence } from './central-alarms';
import type { CentralMonitoringProps } from './central-monitoring-props';
import { checkLogRetention, logEvents } from './event-log';
import { JobEvent } from './job-event';
import { tellOfJobs } from './job-messages';
import { countJobs } from './job-metrics';
import { backupJobWithIssues, backupPlanRemoved, recoveryPointDeleted, vaultKeyTampered, vaultTampered } from './tampering';
import type { AlarmName } from '../alarms/alarm-catalogue';
import { ALARM_CATALOGUE, runbookUrl } from '../alarms/alarm-catalogue';
import { CataloguedAlarms, publishTo } from '../alarms/catalogued-alarms';
import { checkEmailAddresses, checkEvaluationPeriod, checkOverrides } from '../alarms/checks';
import { EventRules } from '../alarms/event-rules';
import { topicFor } from '../alarms/notification-topic';
import { Environment } from '../private/environment';
import { checkOrganizationId, checkRegion, checkTopic } from '../private/environment-checks';
import { checkOnlyOne } from '../private/only-one';
import { stableName } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';
import { regionStack } from '../private/region-stack';

/**
 * What happens to backups in all accounts and regions of an organization, seen in one account: out of reach of whoever
 * takes over one of the others.
 *
 * `BackupEventForwarding` puts events of AWS Backup on the bus that is made here, which is open to the organization and
 * to nobody else. They are kept in a log group and counted, and there are alarms on the counts, messages about jobs, and
 * one alarm on all of these alarms. No metric is read from another account.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 *
 * @example
 * declare const infrastructure: Stack; // of another account
 * const monitoring = new CentralMonitoring(stack, 'Monitoring', { organizationId: 'o-exampleorg12', eventBusName: 'backups' });
 * new BackupEventForwarding(infrastructure, 'Forwarding', { eventBusArn: monitoring.eventBusArn });
 */
export class CentralMonitoring extends Construct {
  /**
   * Bus that events are put on, for use in its own account and region only.
   */
  public readonly eventBus: events.IEventBus;

  /**
   * ARN of the bus: a literal where the account and region of the stack are.
   *
   * @attribute
   */
  public readonly eventBusArn: string;

  /**
   * Log group that the events are kept in.
   */
  public readonly logGroup: logs.ILogGroup;

  /**
   * Topic of alarms and messages.
   */
  public readonly topic: sns.ITopic;

  /**
   * All alarms but `healthAlarm`.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * The alarm that is on while any of the others is, `backup-health`.
   *
   * @default - it is switched off
   */
  public readonly healthAlarm?: cloudwatch.CompositeAlarm;

  /** @internal */
  public readonly _logGroupName: string;

  /**
   * Defines the bus and all that listens to it.
   *
   * @throws if the organization is none, the topic is elsewhere, an override has no alarm, or the app has such a bus or sink
   * already; all problems at once
   */
  constructor(scope: Construct, id: string, props: CentralMonitoringProps) {
    super(scope, id);
    const home = Environment.of(this);
    const { vaults, plans = [], eventBusName = stableName(64, this), evaluationPeriod = Duration.minutes(5), overrides = {} } = props;
    check(this, props, home);

    const key = new kms.Key(this, 'Key', {
      description: 'Encrypts the events of backups, and the messages about them',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const made = new CataloguedAlarms(overrides);
    this.topic = topicFor(this, props.topic, { emailAddresses: props.emailAddresses, encryptionKey: key });
    this.eventBusArn = `arn:${home.partitionIn(this)}:events:${home.region}:${home.account}:event-bus/${eventBusName}`;
    this.eventBus = this.defineBus(eventBusName, props.organizationId);

    const rules = new EventRules(this, this.topic, made, this.eventBus.eventBusName);
    this._logGroupName = `/aws/events/${eventBusName}`;
    this.logGroup = logEvents(this, {
      logGroupName: this._logGroupName, retention: props.logRetention ?? Duration.days(365), key, rules, pattern: { source: ['aws.backup', 'aws.kms'] },
    });
    countJobs(this, this.logGroup);
    alarmOnJobs(this, made, this.topic, evaluationPeriod, vaults);
    alarmOnSilence(this, made, this.topic, plans);
    rules.alarm('backup-job-with-issues', 'backup-job-with-issues', backupJobWithIssues(ANYWHERE));
    rules.alarm('vault-tampered', 'vault-tampered', vaultTampered(ANYWHERE));
    rules.alarm('vault-key-tampered', 'vault-key-tampered', vaultKeyTampered(ANYWHERE));
    rules.alarm('recovery-point-deleted', 'recovery-point-deleted', recoveryPointDeleted(ANYWHERE));
    rules.alarm('backup-plan-removed', 'backup-plan-removed', backupPlanRemoved(ANYWHERE));
    tellOfJobs(rules, home, props.notifications ?? JobEvent.actionable());

    this.alarms = made.beside(this);
    this.healthAlarm = made.isEnabled('backup-health') ? this.defineHealthAlarm(made, props.healthAlarms ?? []) : undefined;
    for (const region of new Set(props.observabilityRegions)) {
      defineSink(this, region, props.organizationId);
    }
  }

  private defineBus(eventBusName: string, organizationId: string): events.IEventBus {
    const bus = new events.EventBus(this, 'Bus', { eventBusName, description: 'Events of AWS Backup in the organization' });
    new events.CfnEventBusPolicy(this, 'BusPolicy', {
      eventBusName: bus.eventBusName,
      statementId: 'OrganizationPutsEvents',
      statement: {
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: this.eventBusArn,
        Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
      },
    });
    return bus;
  }

  private defineHealthAlarm(made: CataloguedAlarms, others: cloudwatch.IAlarm[]): cloudwatch.CompositeAlarm {
    const all = [...new Set<cloudwatch.IAlarm>([...made.beside(this), ...others])];
    const rule = all.map((alarm) => `ALARM("${nameOf(alarm)}")`).join(' OR ');
    const errors = new PropsErrors('CentralMonitoringProps', this);
    errors.when(all.length > HEALTH_LIMITS.alarms || rule.length > HEALTH_LIMITS.characters,
      () => `'vaults', 'plans' and 'healthAlarms' make ${all.length} alarms with a rule of ${rule.length} characters for 'backup-health', and CloudWatch takes `
        + `${HEALTH_LIMITS.alarms} and ${HEALTH_LIMITS.characters}: name fewer, leave 'vaults' out, for alarms on all of them together, or switch 'backup-health' off`);
    errors.when(all.length === 0, () => "'overrides' switch all alarms off that 'backup-health' is on: switch that off too");
    errors.throwIfAny();

    const { happened, means } = ALARM_CATALOGUE['backup-health'];
    const alarm = new cloudwatch.CompositeAlarm(this, 'Health', {
      compositeAlarmName: stableName(200, this, 'backup-health'),
      alarmDescription: `${made.severityOf('backup-health')}: ${happened} ${means} What to do: ${runbookUrl('backup-health')}`,
      alarmRule: cloudwatch.AlarmRule.fromString(rule),
    });
    alarm.node.addDependency(...all); // named, not referred to
    publishTo(this.topic, alarm);
    return alarm;
  }
}

/** A literal where there is one, so that its length is known; for others the reference. */
function nameOf(alarm: cloudwatch.IAlarm): string {
  const { alarmName } = (alarm.node.defaultChild ?? {}) as Partial<cloudwatch.CfnAlarm>;
  return alarmName === undefined || Token.isUnresolved(alarmName) ? alarm.alarmName : alarmName;
}

const HEALTH_LIMITS = { alarms: 100, characters: 10_240 };

const NAMES: AlarmName[] = [
  'backup-job-failed', 'backup-job-expired', 'backup-job-aborted', 'backup-job-with-issues', 'copy-job-failed', 'restore-job-failed',
  'no-good-recovery-point', 'no-good-copy', 'vault-tampered', 'vault-key-tampered', 'recovery-point-deleted', 'backup-plan-removed',
  'event-not-delivered', 'backup-health',
];

/** Those who share must belong to the organization, and can share metrics only. */
function defineSink(scope: Construct, region: string, organizationId: string): void {
  const isHome = region === Environment.of(scope).region;
  const where = isHome ? scope : new Construct(regionStack(scope, 'observabilityRegions', region), stableName(80, scope));
  const sink = new oam.CfnSink(where, 'Sink', {
    name: stableName(64, scope),
    policy: {
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Principal: '*',
        Resource: '*',
        Action: ['oam:CreateLink', 'oam:UpdateLink'],
        Condition: {
          'StringEquals': { 'aws:PrincipalOrgID': organizationId },
          'ForAllValues:StringEquals': { 'oam:ResourceTypes': ['AWS::CloudWatch::Metric'] },
        },
      }],
    },
  });
  new CfnOutput(where, 'SinkArn', { value: sink.attrArn, description: 'Sink for the metrics of other accounts: their sinkArn' });
}

function check(scope: Construct, props: CentralMonitoringProps, home: Environment): void {
  const { organizationId, vaults, plans, eventBusName, notifications, logRetention, topic, emailAddresses, observabilityRegions, overrides } = props;
  const errors = new PropsErrors('CentralMonitoringProps', scope);
  checkOrganizationId(errors, organizationId);
  errors.whenEmpty('vaults', vaults, 'vault', 'for all vaults together leave it out');
  for (const { backupVaultName, account, region } of vaults ?? []) {
    errors.when(!new Environment(account, region).isLiteral,
      () => `'vaults' must be in stacks with a literal account and region, by which their jobs are counted: set their 'env', got '${backupVaultName}'`);
  }
  errors.whenEmpty('plans', plans, 'plan', 'for no alarm on what is missing leave it out');
  for (const { node: { path }, _fact: { environment, selections } } of plans ?? []) {
    errors.when(!environment.isLiteral,
      () => `'plans' must be in stacks with a literal account and region, by which their jobs are counted: set their 'env', got '${path}'`);
    errors.when(selections.length === 0, () => `'plans' must have their selections before central monitoring is defined, got '${path}' with none`);
  }
  errors.whenEmpty('notifications', notifications, 'event', 'for those to act on leave it out');
  errors.when(eventBusName !== undefined && !Token.isUnresolved(eventBusName) && (!/^[\w.-]{1,256}$/.test(eventBusName) || eventBusName === 'default'),
    () => `'eventBusName' must be 1 to 256 letters, digits, hyphens, underscores and dots, and not 'default', got '${eventBusName}'`);
  if (eventBusName !== undefined) {
    checkOnlyOne(errors, scope, `bus '${eventBusName}' in account ${home.account}, region ${home.region}`, "give this one another 'eventBusName'");
  }
  for (const alarm of props.healthAlarms ?? []) {
    const where = new Environment(alarm.env.account, alarm.env.region);
    errors.when(where.differsFrom(home), () => `'healthAlarms' must be in the account and region of central monitoring (${home}), got '${alarm.node.path}' in ${where}`);
  }
  checkLogRetention(errors, logRetention);
  checkTopic(errors, 'topic', topic, 'CloudWatch', 'the alarms', home);
  const minutes = checkEvaluationPeriod(errors, props.evaluationPeriod);
  checkEmailAddresses(errors, emailAddresses, topic);
  errors.whenEmpty('observabilityRegions', observabilityRegions, 'region', 'for no metrics of other accounts leave it out');
  for (const region of observabilityRegions ?? []) {
    errors.when(Token.isUnresolved(region), () => "'observabilityRegions' must be literal regions, such as 'eu-west-1', got a token");
    checkRegion(errors, 'observabilityRegions', region);
  }
  for (const region of new Set(observabilityRegions)) {
    checkOnlyOne(errors, scope, `the sink in account ${home.account}, region ${region}`, "AWS takes one, so leave the region out of 'observabilityRegions' here");
  }
  checkOverrides(errors, overrides, NAMES, (name) => name === 'no-good-recovery-point' || name === 'no-good-copy' ? 60 : minutes ?? 5);
  const { threshold, evaluationPeriods } = overrides?.['backup-health'] ?? {};
  errors.when(threshold !== undefined || evaluationPeriods !== undefined,
    () => "'backup-health' is on other alarms and has no 'threshold' and no 'evaluationPeriods': leave them out of its override");
  errors.throwIfAny();
}
