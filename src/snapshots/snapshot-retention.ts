import { Duration, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { BackupTier } from '../objectives/backup-tier';
import { checkShape, describeValue, hasAll, PropsErrors, SHAPES } from '../private/props-errors';
import { describe, inDays, wholeDaysProblem } from '../private/spans';

/** The prefix of what is captured because something changed. */
export const CHANGES = 'change';

/** The prefix of the records of measured recoveries. */
export const RECORDS = 'records';

/**
 * How long snapshots are kept, as the user writes it.
 */
export interface RetentionProps {
  readonly schedules: BackupTier[];
  readonly changeRetention?: Duration;
  readonly recordRetention?: Duration;
  readonly objectLockMode?: s3.ObjectLockMode;
  readonly lifecycleRules?: s3.LifecycleRule[];
  readonly replicaLifecycleRules?: s3.LifecycleRule[];
}

/**
 * How long the objects below a prefix are kept.
 */
export interface Retention {
  /** Without the slash. */
  readonly prefix: string;
  readonly span: Duration;
  /** The property of the user. */
  readonly property: string;
}

export function defaultChangeRetention(): Duration {
  return Duration.days(30);
}

export function defaultRecordRetention(): Duration {
  return Duration.days(400);
}

/** The retention of each prefix of a bucket. */
export function retentionsOf({ schedules, changeRetention, recordRetention }: RetentionProps): Retention[] {
  return [
    ...schedules.map(({ name, deleteAfter }, index) => ({ prefix: name, span: deleteAfter, property: `'deleteAfter' of 'schedules[${index}]'` })),
    { prefix: CHANGES, span: changeRetention ?? defaultChangeRetention(), property: "'changeRetention'" },
    { prefix: RECORDS, span: recordRetention ?? defaultRecordRetention(), property: "'recordRetention'" },
  ];
}

/** The shortest and the longest retention, in days; tokens are left out. */
export function limitsOf(retentions: Retention[]): { readonly shortest: number; readonly longest: number } {
  const days = retentions.flatMap(({ span }) => inDays(span) ?? []);
  return { shortest: Math.min(...days), longest: Math.max(...days) };
}

/** The default of a bucket: what a writer asks no retention for is never locked for longer than it is kept. */
export function defaultLock(mode: s3.ObjectLockMode, retentions: Retention[]): s3.ObjectLockRetention {
  const shortest = Duration.days(limitsOf(retentions).shortest);
  return mode === s3.ObjectLockMode.COMPLIANCE ? s3.ObjectLockRetention.compliance(shortest) : s3.ObjectLockRetention.governance(shortest);
}

/** Rules that end the retention of each prefix. A version that expires is deleted a day later, so that nothing is kept beyond. */
export function retentionRules(retentions: Retention[]): s3.LifecycleRule[] {
  return retentions.map(({ prefix, span }) => ({
    id: ruleId(prefix), prefix: `${prefix}/`, expiration: span, noncurrentVersionExpiration: Duration.days(1),
  }));
}

function ruleId(prefix: string): string {
  return `retention-${prefix}`;
}

/** Problems of schedules and retentions, and of rules that would end a retention early. */
export function retentionProblems(props: RetentionProps): readonly string[] {
  const errors = new PropsErrors('retentions');
  const { schedules, changeRetention, recordRetention, objectLockMode } = props;
  const isUsable = [
    checkShape(errors, 'schedules', schedules, { what: 'tiers (BackupTier)', is: hasAll('name', 'deleteAfter'), isList: true, isRequired: true }),
    checkShape(errors, 'changeRetention', changeRetention, SHAPES.duration),
    checkShape(errors, 'recordRetention', recordRetention, SHAPES.duration),
  ].every((isRight) => isRight);
  errors.when(objectLockMode !== undefined && !Object.values(s3.ObjectLockMode).includes(objectLockMode),
    () => `'objectLockMode' must be a mode of S3 Object Lock, such as 's3.ObjectLockMode.GOVERNANCE', got ${describeValue(objectLockMode)}`);
  if (!isUsable) {
    return errors.all;
  }
  errors.whenEmpty('schedules', schedules, 'tier', 'the names of the tiers are the prefixes of the snapshots');
  schedules.forEach((tier, index) => checkTier(errors, tier, index, schedules));
  const retentions = retentionsOf(props);
  for (const [property, span] of Object.entries({ changeRetention, recordRetention })) { // a tier checks its own
    const problem = wholeDaysProblem(property, span, 1, 36_500);
    errors.when(problem !== undefined, () => problem!);
  }
  for (const { property } of retentions.filter(({ span }) => objectLockMode !== undefined && span.isUnresolved())) {
    errors.add(`${property} must be a literal with 'objectLockMode', because the lock of the bucket is the shortest retention, got a token`);
  }
  if (errors.all.length === 0) {
    checkRules(errors, 'lifecycleRules', props, retentions);
    checkRules(errors, 'replicaLifecycleRules', props, retentions);
  }
  return errors.all;
}

function checkTier(errors: PropsErrors, { name, moveToColdStorageAfter, isContinuous }: BackupTier, index: number, schedules: BackupTier[]): void {
  const where = `of 'schedules[${index}]'`;
  errors.when(Token.isUnresolved(name), () => `'name' ${where} must be a literal, because it is a prefix of the bucket, got a token`);
  errors.when(/^\.+$/.test(name), () => `'name' ${where} must have a letter or a digit, because it is a prefix of the bucket, got '${name}'`);
  errors.when(name === CHANGES || name === RECORDS,
    () => `'name' ${where} must be another one than '${CHANGES}' and '${RECORDS}', which are prefixes of the bucket themselves, got '${name}'`);
  const first = schedules.findIndex((other) => other.name === name);
  errors.when(first < index, () => `'name' ${where} must differ from that of 'schedules[${first}]', because it is a prefix of the bucket, got '${name}' twice`);
  errors.when(moveToColdStorageAfter !== undefined,
    () => `'moveToColdStorageAfter' ${where} must be left out: snapshots have no cold storage; move them with 'transitions' in 'lifecycleRules', got ${describe(moveToColdStorageAfter!)}`);
  errors.when(isContinuous, () => `'schedules[${index}]' must be a tier that runs at set times, such as 'BackupTier.daily', got a continuous one: there is no continuous backup of configuration`);
}

/** Rules of the user are applied besides those of the retention: whichever expires an object first. */
function checkRules(errors: PropsErrors, list: 'lifecycleRules' | 'replicaLifecycleRules', { objectLockMode, ...props }: RetentionProps, retentions: Retention[]): void {
  const bySpan = [...retentions].sort((one, other) => (inDays(one.span) ?? 0) - (inDays(other.span) ?? 0));
  const [shortest] = objectLockMode === undefined ? [] : bySpan;
  for (const [index, rule] of (props[list] ?? []).entries()) {
    const where = `of '${list}[${index}]'`;
    errors.when(retentions.some(({ prefix }) => rule.id === ruleId(prefix)), () => `'id' ${where} must be another one than '${rule.id}', which this library uses`);
    errors.when(rule.expirationDate !== undefined, () => `'expirationDate' ${where} must be left out: a date can't keep a retention`);
    const longest = bySpan.filter(({ prefix }) => meet(rule.prefix ?? '', `${prefix}/`)).pop();
    // Every object has at least the lock of the bucket. A rule of the retention deletes versions early enough already.
    const [name, least] = rule.expiration ? ['expiration', longest ?? shortest] as const : ['noncurrentVersionExpiration', shortest] as const;
    const [expires, kept] = [inDays(rule[name]), inDays(least?.span)];
    errors.when(expires !== undefined && kept !== undefined && expires < kept,
      () => `'${name}' ${where} must not be shorter than ${least!.property} (${describe(least!.span)}), got ${describe(rule[name]!)}`);
  }
}

/** Whether there can be objects with both prefixes. */
function meet(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
