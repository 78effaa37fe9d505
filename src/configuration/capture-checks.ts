import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { objectiveFinding } from './capture-objectives';
import type { ConfigurationCaptureProps } from './capture-props';
import { CAPTURES } from './captures-in-app';
import { checkOverrides } from '../alarms/alarm-checks';
import { checkPresentation } from '../alarms/names-and-runbooks';
import { BUCKETS } from '../buckets/buckets-in-app';
import { checkNotify } from '../notification/notify-checks';
import type { BackupTier } from '../objectives/backup-tier';
import type { Environment } from '../private/environment';
import type { PropsErrors } from '../private/props-errors';
import { isInTwinStack } from '../private/region-stack';
import { Registry } from '../private/registry';
import { describe, inDays, inMinutes } from '../private/spans';

/** The names of the alarms of a capture. */
const CAPTURE_ALARMS = ['config-capture-failed', 'no-good-config-snapshot', 'plaintext-secret-found', 'image-not-kept', 'event-not-delivered'] as const;

/** The maximum of EventBridge Scheduler, in minutes. */
const LONGEST_START_WINDOW = 1440;

/** The maximum delay of Amazon SQS, in seconds. */
const LONGEST_DELAY = 900;

/** What the environment variables of a function may have, in bytes, less what else is in them. */
const NAMES_LIMIT = 3000;

/**
 * What is captured.
 */
export interface CheckedCapture {
  readonly kind: string;
  /** In a word: `cluster`. */
  readonly what: string;
  /** The property with the targets: `clusters`. */
  readonly property: string;
  /** Names, which may be tokens; undefined for all of the account and region. */
  readonly targets?: readonly string[];
}

/**
 * Adds all problems of what every capture has.
 *
 * @returns what could not be checked, and why
 */
export function checkCapture(
  scope: IConstruct, errors: PropsErrors, home: Environment, capture: CheckedCapture, props: ConfigurationCaptureProps,
): string[] {
  const { changeDelay, onChange, notify, overrides, roleName } = props;
  checkSchedules(errors, props);
  const delay = changeDelay === undefined || changeDelay.isUnresolved() ? undefined : changeDelay.toSeconds({ integral: false });
  errors.when(changeDelay?.isUnresolved(), () => "'changeDelay' must be known at synthesis, got a token");
  errors.when(delay !== undefined && (!Number.isInteger(delay) || delay > LONGEST_DELAY),
    () => `'changeDelay' must be whole seconds, at most 15 minutes, the maximum of Amazon SQS, got ${describe(changeDelay!)}`);
  errors.when(changeDelay !== undefined && onChange === false, () => "'changeDelay' has no effect without 'onChange': leave one of them out");
  errors.when(roleName !== undefined && Token.isUnresolved(roleName), () => "'roleName' must be a literal name, because policies of other accounts contain it, got a token");
  errors.when(roleName !== undefined && !Token.isUnresolved(roleName) && !/^[\w+=,.@-]{1,64}$/.test(roleName),
    () => `'roleName' must be 1 to 64 letters, digits and characters of '+=,.@_-', got '${roleName}'`);
  checkTargets(scope, errors, home, capture);
  checkNotify(errors, notify, 'CloudWatch', { of: 'the metrics', environment: home, scope, isForAlarms: true });
  checkPresentation(errors, props);
  checkOverrides(errors, overrides, [...CAPTURE_ALARMS]);
  return checkObjectives(scope, errors, home, props);
}

function checkSchedules(errors: PropsErrors, { schedules, bucket }: ConfigurationCaptureProps): void {
  errors.whenEmpty('schedules', schedules, 'schedule');
  const names = schedules.map(({ name }) => name);
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
    errors.add(`'schedules' must have different names, got '${name}' several times: leave out the repetition`);
  }
  for (const schedule of schedules) {
    const minutes = inMinutes(schedule.startWindow);
    errors.when(schedule.isContinuous, () => `'schedules' must not be continuous, got '${schedule.name}': a snapshot has a time, so use another tier`);
    errors.when(schedule.startWindow.isUnresolved(), () => `'startWindow' of schedule '${schedule.name}' must be known at synthesis, got a token`);
    errors.when(minutes !== undefined && minutes > LONGEST_START_WINDOW,
      () => `'startWindow' of schedule '${schedule.name}' must be at most 24 hours, the maximum of EventBridge Scheduler, got ${describe(schedule.startWindow)}`);
    errors.when(schedule.completionWindow.isUnresolved(), () => `'completionWindow' of schedule '${schedule.name}' must be known at synthesis, got a token`);
    checkRetention(errors, schedule, bucket.schedules.find(({ name }) => name === schedule.name), bucket.schedules);
  }
}

/** The bucket deletes snapshots by the name of their schedule. */
function checkRetention(errors: PropsErrors, { name, deleteAfter }: BackupTier, ofBucket: BackupTier | undefined, all: readonly BackupTier[]): void {
  errors.when(ofBucket === undefined,
    () => `'schedules' must be schedules of the bucket (${all.map((each) => each.name).join(', ')}), got '${name}': add it to the 'schedules' of the bucket`);
  const [mine, kept] = [inDays(deleteAfter), inDays(ofBucket?.deleteAfter)];
  errors.when(mine !== undefined && kept !== undefined && mine !== kept,
    () => `'deleteAfter' of schedule '${name}' must be that of the bucket, ${describe(ofBucket!.deleteAfter)}, got ${describe(deleteAfter)}: use the same BackupTier for both`);
}

function checkTargets(scope: IConstruct, errors: PropsErrors, home: Environment, { kind, what, property, targets }: CheckedCapture): void {
  const literal = (targets ?? []).filter((name) => !Token.isUnresolved(name));
  for (const name of new Set((targets ?? []).filter((each, index) => targets!.indexOf(each) !== index))) {
    errors.add(`'${property}' must name each ${what} once, got '${name}' several times`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(literal));
  errors.when(bytes > NAMES_LIMIT,
    () => `'${property}' must have names of at most ${NAMES_LIMIT} bytes together, because AWS Lambda limits environment variables, got ${bytes}: `
      + `capture all of the account and region, or use several constructs with fewer ${what}s each`);
  for (const other of Registry.of(scope).all(CAPTURES)) {
    if (other.kind !== kind || other.by === scope || other.environment.toString() !== home.toString() || isInTwinStack(other.by, scope)) {
      continue;
    }
    const both = targets === undefined || other.targets === undefined ? ['all'] : targets.filter((name) => other.targets!.includes(name));
    errors.when(both.length > 0, () => `'${property}' must not contain what '${other.by.node.path}' captures already: `
      + (both[0] === 'all' ? `one of the two captures every ${what} of the account and region` : `got '${both.join("', '")}'`)
      + '; add the schedules to that construct');
  }
}

function checkObjectives(scope: IConstruct, errors: PropsErrors, home: Environment, props: ConfigurationCaptureProps): string[] {
  const { schedules, bucket, objectives = [], acceptNominalRpo } = props;
  const hasTimeControl = Registry.of(scope).find(BUCKETS, (fact) => fact.bucket === bucket)?.hasTimeControl;
  const findings = schedules.length === 0 ? [] : objectives.map((objective) => objectiveFinding(objective, {
    schedules, bucket, home, hasTimeControl, isNominalAccepted: acceptNominalRpo !== undefined,
  }));
  errors.add(...findings.flatMap(({ problem }) => problem ?? []));
  errors.when(acceptNominalRpo !== undefined && !/\S/.test(acceptNominalRpo), () => "'acceptNominalRpo' must be a reason, got an empty one");
  return findings.flatMap(({ unchecked }) => unchecked ?? []);
}
