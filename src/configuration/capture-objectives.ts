import type { Duration } from 'aws-cdk-lib';
import type { IReplicatedBucket } from '../buckets/replicated-bucket-ref';
import type { BackupTier } from '../objectives/backup-tier';
import { FailureScope } from '../objectives/recovery-objective';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import { recoveryPointAge } from '../objectives/recovery-point-age';
import type { RecoveryPointAge } from '../objectives/recovery-point-age';
import { differ } from '../private/environment';
import type { Environment } from '../private/environment';
import { describe, describeMinutes, inMinutes } from '../private/spans';

/** Time of S3 Replication Time Control, in minutes. */
const REPLICATION_TIME = 15;

/**
 * What decides whether objectives of a configuration are met.
 */
export interface PromisedCaptures {
  readonly schedules: readonly BackupTier[];
  readonly bucket: IReplicatedBucket;
  /** Whether S3 commits to a replication time; undefined if unknown. */
  readonly hasTimeControl?: boolean;
  readonly home: Environment;
  readonly isNominalAccepted: boolean;
}

/**
 * The problem of an objective that the schedules and the places of the bucket and its replica can't meet, or why it is unknown.
 */
export interface ObjectiveFinding {
  readonly problem?: string;
  readonly unchecked?: string;
}

/**
 * The arithmetic is that of recovery points: a snapshot has the configuration of the scheduled time at the earliest, and is there at the
 * end of the windows at the latest.
 */
export function objectiveFinding(objective: RecoveryObjective, captures: PromisedCaptures): ObjectiveFinding {
  const { name, survives } = objective;
  const subject = `objective '${name}' (survives ${survives})`;
  const rpo = inMinutes(objective.rpo);
  const age = recoveryPointAge([...captures.schedules]);
  if (rpo === undefined || age === undefined) {
    return { unchecked: `objective '${name}': ${rpo === undefined ? "its 'rpo' is a token" : "the windows of 'schedules' are tokens"}` };
  }
  const place = placeFor(survives, captures);
  if (place === undefined) {
    const where = survives === FailureScope.REGION ? 'region' : 'account';
    return { problem: `${subject}: the bucket ${where === 'region' ? 'and its replica are' : 'is'} in the ${where} of the configuration, so no snapshot survives its loss: use a bucket in another ${where}` };
  }
  if (place === 'replica' && captures.hasTimeControl === undefined) {
    return { unchecked: `objective '${name}': whether the imported bucket has S3 Replication Time Control, which limits how old its replica is` };
  }
  if (place === 'replica' && !captures.hasTimeControl) {
    return { problem: `${subject}: only the replica of the bucket survives, and without 'replicationTimeControl' S3 does not commit to a replication time: turn it on` };
  }
  const delay = place === 'replica' ? REPLICATION_TIME : 0;
  return { problem: ageProblem(subject, objective.rpo, captures, { ...age, delay }) };
}

/** How old the newest snapshot can be after a loss, in minutes; undefined if none remains, or this is unknown. */
export function survivingSnapshot(survives: FailureScope, captures: PromisedCaptures): { readonly place: 'bucket' | 'replica'; readonly age: RecoveryPointAge } | undefined {
  const place = placeFor(survives, captures);
  const age = recoveryPointAge([...captures.schedules]);
  if (place === undefined || age === undefined || (place === 'replica' && !captures.hasTimeControl)) {
    return undefined;
  }
  const delay = place === 'replica' ? REPLICATION_TIME : 0;
  return { place, age: { nominal: age.nominal + delay, worstCase: age.worstCase + delay } };
}

/** Where snapshots remain; undefined if nowhere. */
function placeFor(survives: FailureScope, { bucket, home }: PromisedCaptures): 'bucket' | 'replica' | undefined {
  const remains = {
    [FailureScope.RESOURCE]: () => true,
    [FailureScope.REGION]: (region: string) => differ(region, home.region),
    [FailureScope.ACCOUNT]: () => differ(bucket.account, home.account),
  }[survives];
  return remains(bucket.region) ? 'bucket' : bucket.replicaRegion !== undefined && remains(bucket.replicaRegion) ? 'replica' : undefined;
}

function ageProblem(
  subject: string, rpo: Duration, { schedules, isNominalAccepted }: PromisedCaptures, { worstCase, nominal, delay }: Record<'worstCase' | 'nominal' | 'delay', number>,
): string | undefined {
  const minutes = inMinutes(rpo)!;
  if (worstCase + delay <= minutes) {
    return undefined;
  }
  const names = schedules.map((tier) => `'${tier.name}'`).join(', ');
  const replicated = delay === 0 ? '' : ` and ${describeMinutes(delay)} of replication`;
  const old = (age: number) => delay === 0 ? describeMinutes(age) : `${describeMinutes(age)} and ${describeMinutes(delay)}`;
  if (nominal + delay > minutes) {
    return `${subject}: the newest snapshot can be ${old(nominal)} old because of the gaps between the starts of ${names}${replicated} alone, and `
      + `'rpo' is ${describe(rpo)}: add a schedule or run one more often, or set a longer 'rpo'`;
  }
  if (worstCase === Number.POSITIVE_INFINITY) {
    return `${subject}: there might be no snapshot at all, because those of ${names} can be deleted before the next one is complete: set a longer 'deleteAfter'`;
  }
  return isNominalAccepted ? undefined
    : `${subject}: the newest snapshot can be ${old(worstCase)} old in the worst case, and 'rpo' is ${describe(rpo)}: `
      + `there are up to ${describeMinutes(nominal)} between the starts of ${names}${replicated}, and a run can start at the end of its 'startWindow' and take its 'expectedDuration'; `
      + "add a schedule, shorten the 'startWindow', set a shorter 'expectedDuration', set a longer 'rpo', or explain in 'acceptNominalRpo' why this is accepted "
      + "('onChange' promises nothing, because events are delivered on a best-effort basis)";
}
