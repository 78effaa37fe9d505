import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { alarmOnCaptures } from './capture-alarms';
import { checkCapture } from './capture-checks';
import { defineFunction } from './capture-function';
import { backupNameOf } from './capture-metrics';
import type { ConfigurationCaptureProps } from './capture-props';
import { defineQueues } from './capture-queues';
import { defineSchedules } from './capture-schedules';
import { CAPTURES } from './captures-in-app';
import { AlarmLocations } from '../alarms/alarm-locations';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import type { CaptureSettings, CaptureTier } from '../capture/capture.contract';
import { libraryVersion } from '../handlers/library-version';
import { Environment } from '../private/environment';
import type { PropsErrors } from '../private/props-errors';
import { Registry, unchecked } from '../private/registry';
import { admitCapture, captureStatements } from '../snapshots/snapshot-writers';

/**
 * Changes that a rule matches.
 */
export interface ChangePattern {
  readonly id: string;
  readonly description: string;
  readonly pattern: object;
}

/**
 * Specification of a construct that captures.
 */
export interface CaptureDesign {
  /** What is captured: `ecs`. */
  readonly kind: string;
  /** In a word: `cluster`. */
  readonly what: string;
  /** The property with the targets: `clusters`. */
  readonly property: string;
  /** Names; undefined for all of the account and region. */
  readonly targets?: string[];
  /** The folder of the handler's bundle below `assets`. */
  readonly bundle: string;
  /** What the handler reads, each statement with the reason for its wildcard, if it has one. */
  readonly reads: ReadonlyMap<iam.PolicyStatement, string | undefined>;
  readonly changes: ChangePattern[];
  readonly settings?: Pick<CaptureSettings, 'imageRegions'>;
}

/**
 * Checks and defines what captures configuration: schedules, rules on changes, queues, the function with its role, and alarms.
 */
export class ConfigurationCapture {
  public readonly role: iam.Role;
  public readonly handler: lambda.Function;
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * @param errors Problems of the design; all problems are thrown together
   */
  constructor(
    private readonly scope: Construct, errors: PropsErrors, private readonly design: CaptureDesign, private readonly props: ConfigurationCaptureProps,
  ) {
    const { bucket, schedules, onChange = true, objectives = [], acceptNominalRpo } = props;
    const { kind, targets } = design;
    const home = Environment.of(scope);
    const notChecked = checkCapture(scope, errors, home, design, props);
    errors.throwIfAny();
    notChecked.forEach((reason) => unchecked(scope, 'objectiveNotChecked', reason));

    const made = new CataloguedAlarms(scope, props);
    const { topics, rules } = new AlarmLocations(scope, made, props).home;
    const key = topics.queueKey;
    const changes = onChange ? design.changes : [];
    const delay = onChange ? props.changeDelay ?? Duration.minutes(2) : undefined;
    const queues = defineQueues(scope, key, delay, changes.map(({ id }) => rules.arnOf(id)));
    for (const { id, description, pattern } of changes) {
      rules.deliver(id, description, pattern, queues.changes!.arn).node.addDependency(queues.changes!.policy);
    }
    defineSchedules(scope, schedules, queues, key);
    const { role, handler } = defineFunction(scope, {
      bundle: design.bundle,
      settings: this.settings(),
      queues,
      queueKey: key,
      statements: new Map([...design.reads, ...captureStatements(bucket, kind, home.account)]),
      roleName: props.roleName,
      permissionsBoundary: props.permissionsBoundary,
    });
    this.role = role;
    this.handler = handler;
    admitCapture(bucket, { by: scope, kind, role, account: home.account });
    alarmOnCaptures({ scope, kind, targets, schedules, queues, made, topics });
    made.makeMerged();
    this.alarms = made.beside(scope);
    Registry.of(scope).register(CAPTURES, scope, {
      by: scope, kind, environment: home, targets, bucket, schedules, isOnChange: onChange, objectives, acceptNominalRpo,
    });
  }

  private settings(): Omit<CaptureSettings, 'queueUrl'> {
    const { bucket, schedules } = this.props;
    const { kind, targets, settings } = this.design;
    const tiers = schedules.map((tier): [string, CaptureTier] => [tier.name, {
      keptDays: tier.deleteAfter.toDays(),
      windowMinutes: tier.startWindow.toMinutes() + tier.completionWindow.toMinutes(),
    }]);
    return {
      kind,
      backup: backupNameOf(this.scope),
      bucket: { name: bucket.bucketName, region: bucket.region, account: bucket.account, lockMode: bucket.objectLockMode },
      tiers: Object.fromEntries(tiers),
      changeKeptDays: bucket.changeRetention.toDays(),
      targets,
      libraryVersion: libraryVersion(),
      ...settings,
    };
  }
}
