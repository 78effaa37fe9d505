import { CfnOutput, Duration, Lazy, RemovalPolicy, Stage } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as oam from 'aws-cdk-lib/aws-oam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { accountsOf, BusAccounts } from './bus-accounts';
import { EVENT_BUSES, SENT } from './buses-and-forwarders';
import { ANYWHERE, alarmOnJobs, alarmOnSilence } from './central-alarms';
import { checkCentralMonitoring, takeBusName, takeSink } from './central-checks';
import type { CentralMonitoringProps } from './central-monitoring-props';
import { logEvents } from './event-log';
import { countJobs, namespaceOf } from './job-metrics';
import { CataloguedAlarms, literalAlarmName, publishTo } from '../alarms/catalogued-alarms';
import { EventRules } from '../alarms/event-rules';
import { EVENT_SOURCE } from '../capture/capture.contract';
import { captureFailed } from '../configuration/capture-failed-event';
import { tellOfJobs } from '../events/job-messages';
import { backupJobWithIssues } from '../events/job-problem-events';
import { JobStateChange } from '../events/job-state-change';
import {
  backupPlanChanged, backupPlanDeleted, backupPlanModified, backupPlanRemoved, backupSettingsChanged, recoveryPointDeleted, recoveryPointExposed,
  regionSettingsModified, vaultChanged, vaultKeyTampered, vaultTampered,
} from '../events/tampering-events';
import { NamedAlarms } from '../monitoring/named-alarms';
import { MessageTopics } from '../notification/message-topics';
import { planFactOf } from '../plan/plans-in-app';
import type { PlanFact } from '../plan/plans-in-app';
import { atSynthesis } from '../private/at-synthesis';
import { Environment, warnOfUnknownRegions } from '../private/environment';
import { validate } from '../private/messages';
import { dependableOn } from '../private/ordering';
import { stableName } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';
import { regionStack } from '../private/region-stack';
import { charged, Registry, unchecked } from '../private/registry';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { distinct, primaryOf, replicaOf } from '../vault/single-vault';

/**
 * Monitoring of backups in all accounts and regions of an organization, in one account that an attacker of another account can't
 * reach.
 *
 * `BackupEventForwarding` sends events of AWS Backup to the bus of this construct, which only accepts the accounts of the
 * organization that the app contains (see `accounts`). The events are stored in a log group and counted. There are alarms on the counts, messages about jobs, and
 * one alarm on all of these alarms. No metrics are read from other accounts.
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
   * Event bus, for use in its own account and region only.
   */
  public readonly eventBus: events.IEventBus;

  /**
   * ARN of the bus, a literal if the account and region of the stack are.
   *
   * @attribute
   */
  public readonly eventBusArn: string;

  /**
   * Log group with the events.
   */
  public readonly logGroup: logs.ILogGroup;

  /**
   * Topic of alarms and messages: the topic that the constructs of the stack share, or the first one of `notify` if that contains only topics.
   */
  public readonly topic: sns.ITopic;

  /**
   * All alarms but `healthAlarm`.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * The alarm `backup-health`, which is in ALARM while any critical alarm is.
   *
   * @default - it is disabled, or AlarmSet.ESSENTIAL leaves it out
   */
  public readonly healthAlarm?: cloudwatch.CompositeAlarm;

  /** @internal */
  public readonly _logGroupName: string;

  /** @internal Of the metrics that events are counted by. */
  public readonly _namespace: string;

  /**
   * Defines the bus with its log group, rules and alarms.
   *
   * @throws if the organization id is not valid, a topic is in another place, an override has no alarm, or the app already has such a
   * bus or sink; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: CentralMonitoringProps) {
    super(scope, id);
    const home = Environment.of(this);
    const { vaults, eventBusName = stableName(64, this), period = Duration.minutes(5) } = props;
    const { removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    checkCentralMonitoring(this, props, home);
    warnOfUnknownRegions(this, ...props.observabilityRegions ?? []);
    takeBusName(this, props, home);
    const plans = (props.plans ?? []).map(planFactOf);

    const made = new CataloguedAlarms(this, props);
    const topics = new MessageTopics(this, this, props);
    this.topic = topics.main;
    this.eventBusArn = `arn:${home.partitionIn(this)}:events:${home.region}:${home.account}:event-bus/${eventBusName}`;
    const accounts = new BusAccounts(this, this.eventBusArn, props.organizationId, [
      ...props.accounts ?? [], ...(vaults ?? []).flatMap(accountsOf), ...plans.map(({ environment }) => environment.account),
    ], props.allAccountsOfOrganization);
    this.eventBus = this.defineBus(eventBusName, accounts);

    const rules = new EventRules(this, topics, made, { eventBusName: this.eventBus.eventBusName });
    this._logGroupName = `/aws/events/${eventBusName}`;
    this._namespace = namespaceOf(eventBusName);
    const log = logEvents(this, {
      logGroupName: this._logGroupName, retention: props.logRetention ?? Duration.days(365), key: topics.sharedKey, rules, pattern: { source: ['aws.backup', 'aws.kms', EVENT_SOURCE] }, removalPolicy,
    });
    this.logGroup = log.logGroup;
    log.rule.node.addDependency(...countJobs(this, this.logGroup, this._namespace));
    const central = { scope: this, made, topics, namespace: this._namespace };
    alarmOnJobs(central, period, plans, vaults && distinct(vaults));
    alarmOnSilence(central, plans);
    const anywhere = { subject: ANYWHERE, deploymentRoles: props.deploymentRoles ?? undefined };
    rules.alarm(undefined, 'backup-job-with-issues', backupJobWithIssues(ANYWHERE));
    rules.alarm(undefined, 'vault-tampered', vaultTampered(anywhere));
    rules.alarm('told', 'vault-tampered', vaultChanged(anywhere));
    rules.alarm(undefined, 'vault-key-tampered', vaultKeyTampered(anywhere));
    rules.alarm(undefined, 'recovery-point-deleted', recoveryPointDeleted(anywhere));
    rules.alarm(undefined, 'backup-plan-removed', backupPlanRemoved(anywhere));
    rules.alarm('told', 'backup-plan-removed', backupPlanDeleted(anywhere));
    rules.alarm(undefined, 'backup-plan-changed', backupPlanChanged(anywhere));
    rules.alarm('told', 'backup-plan-changed', backupPlanModified(anywhere));
    rules.alarm(undefined, 'recovery-point-exposed', recoveryPointExposed(anywhere));
    rules.alarm(undefined, 'backup-settings-changed', backupSettingsChanged(ANYWHERE));
    rules.alarm('told', 'backup-settings-changed', regionSettingsModified(ANYWHERE));
    rules.alarm(undefined, 'config-capture-failed', captureFailed(ANYWHERE));
    tellOfJobs(rules, home, props.notifications ?? JobStateChange.actionable());

    accounts.narrowRules();

    made.makeMerged();
    this.alarms = made.beside(this);
    this.healthAlarm = hasHealth(made, props) ? this.defineHealthAlarm(made, topics, props.healthAlarms ?? []) : undefined;
    atSynthesis(this, () => accounts.settle());
    atSynthesis(this, () => this.sayWhoTellsNothing(vaults ?? [], plans));
    for (const region of new Set(props.observabilityRegions)) {
      defineSink(this, region, props.organizationId!);
    }
  }

  private defineBus(eventBusName: string, accounts: BusAccounts): events.IEventBus {
    const bus = new events.EventBus(this, 'Bus', { eventBusName, description: 'Events of AWS Backup in the organization' });
    const policy = new events.CfnEventBusPolicy(this, 'BusPolicy', {
      eventBusName: bus.eventBusName,
      statementId: 'OrganizationPutsEvents',
      statement: {
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: this.eventBusArn,
        Condition: accounts.condition,
      },
    });
    Registry.of(this).register(EVENT_BUSES, this, {
      eventBusArn: this.eventBusArn, parts: [bus.node.defaultChild as events.CfnEventBus, policy], keepsOut: (account) => accounts.keepsOut(account),
    });
    return bus;
  }

  /** An alarm on events that are not forwarded never changes. Another app might forward them. */
  private sayWhoTellsNothing(vaults: IReplicatedBackupVault[], plans: PlanFact[]): void {
    const sent = new Set(Registry.of(this).all(SENT).filter(({ destinationArn, within }) => destinationArn === this.eventBusArn
      && (Stage.of(this) === this.node.root || (within && Stage.of(within) === Stage.of(this))))
      .map(({ account, region }) => new Environment(account, region).toString()));
    const watched = [...vaults.flatMap((vault) => [primaryOf(vault), replicaOf(vault) ?? primaryOf(vault)]), ...plans];
    for (const place of new Set(watched.map(({ environment }) => environment.toString()))) {
      if (!sent.has(place)) {
        unchecked(this, 'eventsNotForwarded', `whether the events of ${place} are forwarded to this bus: no BackupEventForwarding of this app does so`);
      }
    }
  }

  /** What is named in the rule may still be made: it is read when the template is written. */
  private defineHealthAlarm(made: CataloguedAlarms, topics: MessageTopics, others: cloudwatch.IAlarm[]): cloudwatch.CompositeAlarm {
    const named = new NamedAlarms(this, 'healthAlarms', others);
    const all = () => [...new Set<cloudwatch.IAlarm>([...made.critical, ...named.all])];
    const rule = () => all().map((alarm) => `ALARM("${literalAlarmName(alarm) ?? alarm.alarmName}")`).join(' OR ');
    const tooMany = () => {
      const { length } = all();
      return length <= HEALTH_LIMITS.alarms && rule().length <= HEALTH_LIMITS.characters ? []
        : [`'vaults', 'plans' and 'healthAlarms' make ${length} alarms with a rule of ${rule().length} characters for 'backup-health', and CloudWatch supports at most `
          + `${HEALTH_LIMITS.alarms} and ${HEALTH_LIMITS.characters}: specify fewer, leave out 'vaults' for alarms on all of them together, or disable 'backup-health'`];
    };
    const errors = new PropsErrors('CentralMonitoringProps', this);
    errors.add(...tooMany());
    errors.when(all().length === 0, () => "'overrides' leave no critical alarm for 'backup-health': disable it too");
    errors.throwIfAny();
    validate(this, tooMany);

    const alarm = charged(new cloudwatch.CompositeAlarm(this, 'Health', {
      compositeAlarmName: made.nameOf('backup-health', stableName(200, this)),
      alarmDescription: made.describe('backup-health'),
      alarmRule: cloudwatch.AlarmRule.fromString(Lazy.uncachedString({ produce: rule })),
    }));
    alarm.node.addDependency(dependableOn(all)); // named, not referred to
    publishTo(topics, made.severityOf('backup-health'), alarm, true);
    return alarm;
  }
}

/** Of what is essential, only where the caller names more alarms than are here. */
function hasHealth(made: CataloguedAlarms, { healthAlarms, overrides }: CentralMonitoringProps): boolean {
  return made.isEnabled('backup-health') || (healthAlarms !== undefined && (overrides?.backupHealth?.enabled ?? true));
}

const HEALTH_LIMITS = { alarms: 100, characters: 10_240 };

/** Those who share must belong to the organization, and can share metrics only. */
function defineSink(scope: Construct, region: string, organizationId: string): void {
  const isHome = region === Environment.of(scope).region;
  const where = isHome ? scope : new Construct(regionStack(scope, 'observabilityRegions', region, 'remove the region, and define a sink there yourself'), stableName(80, scope));
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
  takeSink(scope, region, where);
  new CfnOutput(where, 'SinkArn', { value: sink.attrArn, description: 'Sink for the metrics of other accounts: their sinkArn' });
}
