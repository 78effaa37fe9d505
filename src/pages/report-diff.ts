import { day, span, usd } from './report-texts';
import type { CostsEntry, CoverageEntry, LockEntry, ObjectiveEntry, RecoveryReport, RetentionEntry, SingleBucketEntry, TierEntry } from '../report/report-model';

/** `worse`: a promise, a protection or a check is weaker than before. */
export type ChangeKind = 'worse' | 'better' | 'other';

/**
 * What differs between two reports.
 */
export interface ReportChange {
  readonly kind: ChangeKind;
  /** The construct, the vault or the bucket. */
  readonly of: string;
  readonly text: string;
}

/** What a change of an app does to what it promises. */
export function changesBetween(before: RecoveryReport, after: RecoveryReport): ReportChange[] {
  const changes = new Changes();
  compareObjectives(changes, before, after);
  comparePlans(changes, before, after);
  compareCoverage(changes, before, after);
  compareVaults(changes, before, after);
  compareBuckets(changes, before, after);
  compareCaptures(changes, before, after);
  changes.pairs(before.runbooks, after.runbooks, ({ path }) => path, ({ path }) => path, ({ kind }) => `the runbook ${kind}`, () => undefined);
  compareCosts(changes, before.costs, after.costs);
  compareLists(changes, before, after);
  return changes.all;
}

type Better = 'less' | 'more';

/** Collects what differs. */
class Changes {
  public readonly all: ReportChange[] = [];

  public add(kind: ChangeKind, of: string, text: string): void {
    this.all.push({ kind, of, text });
  }

  /** @param better Which number is better; one that is missing is the worst */
  public number(
    of: string, what: string, better: Better, before: number | undefined, after: number | undefined, say: (value: number | undefined) => string,
  ): void {
    if (before === after) {
      return;
    }
    const isMore = (after ?? (better === 'more' ? -Infinity : Infinity)) > (before ?? (better === 'more' ? -Infinity : Infinity));
    this.add(isMore === (better === 'more') ? 'better' : 'worse', of, `${what}: ${say(before)} before, ${say(after)} now`);
  }

  /** Calls back with each pair that is in both lists, and says which of them are removed and which are new. */
  public pairs<T>(
    before: readonly T[], after: readonly T[], keyOf: (each: T) => string, of: (each: T) => string, what: (each: T) => string,
    each: (before: T, after: T) => void, kinds: { readonly gone: ChangeKind; readonly added: ChangeKind } = { gone: 'worse', added: 'better' },
    texts = { gone: 'is removed', added: 'is new' },
  ): void {
    const known = new Map(before.map((one) => [keyOf(one), one]));
    const now = new Map(after.map((one) => [keyOf(one), one]));
    for (const [key, one] of known) {
      const other = now.get(key);
      if (other === undefined) {
        this.add(kinds.gone, of(one), `${what(one)} ${texts.gone}`);
      } else {
        each(one, other);
      }
    }
    [...now].filter(([key]) => !known.has(key)).forEach(([, one]) => this.add(kinds.added, of(one), `${what(one)} ${texts.added}`));
  }
}

const STATUSES = ['missed', 'notChecked', 'accepted', 'met'];

function compareObjectives(changes: Changes, before: RecoveryReport, after: RecoveryReport): void {
  changes.pairs(before.objectives, after.objectives, ({ name, survives, of }) => `${name}\n${survives}\n${of}`, ({ of }) => of,
    ({ name, survives }) => `objective ${name} (loss of the ${survives.toLowerCase()})`, (one, other) => {
      const what = (text: string) => `${text} of objective ${one.name} (loss of the ${one.survives.toLowerCase()})`;
      const number = (text: string, member: keyof ObjectiveEntry & `${string}Minutes`) => changes.number(one.of, what(text), 'less', one[member], other[member], span);
      number('promised RPO', 'rpoMinutes');
      number('promised RTO', 'rtoMinutes');
      number('nominal RPO', 'nominalMinutes');
      number('worst case', 'worstCaseMinutes');
      if (one.status !== other.status) {
        changes.add(STATUSES.indexOf(other.status) < STATUSES.indexOf(one.status) ? 'worse' : 'better', one.of, `${what('status')}: ${one.status} before, ${other.status} now`);
      }
    });
}

function comparePlans(changes: Changes, before: RecoveryReport, after: RecoveryReport): void {
  changes.pairs(before.plans, after.plans, ({ path }) => path, ({ path }) => path, () => 'the plan', (one, other) => {
    compareTiers(changes, one.path, one.tiers, other.tiers);
    changes.pairs(one.destinations, other.destinations, ({ vault }) => vault, () => one.path, ({ vault, isOwn }) => `${isOwn ? 'the backup' : 'the copy'} into ${vault}`, (into, now) => {
      changes.number(one.path, `worst case in ${into.vault}`, 'less', into.worstCaseMinutes, now.worstCaseMinutes, span);
      compareRetention(changes, one.path, ` in ${into.vault}`, into.retention, now.retention);
    });
  });
}

function compareTiers(changes: Changes, of: string, before: readonly TierEntry[], after: readonly TierEntry[]): void {
  changes.pairs(before, after, ({ name }) => name, () => of, ({ name }) => `tier ${name}`, (one, other) => {
    changes.number(of, `longest gap of tier ${one.name}`, 'less', one.intervalMinutes, other.intervalMinutes, span);
    if (one.schedule !== other.schedule || one.timeZone !== other.timeZone) {
      changes.add('other', of, `schedule of tier ${one.name}: ${one.schedule} (${one.timeZone}) before, ${other.schedule} (${other.timeZone}) now`);
    }
    if (one.isContinuous !== other.isContinuous) {
      changes.add(other.isContinuous ? 'better' : 'worse', of, `continuous backups of tier ${one.name} are ${other.isContinuous ? 'on' : 'off'}`);
    }
  });
}

function compareRetention(changes: Changes, of: string, where: string, before: readonly RetentionEntry[], after: readonly RetentionEntry[]): void {
  changes.pairs(before, after, ({ tier }) => tier, () => of, ({ tier }) => `retention of tier ${tier}${where}`, (one, other) => {
    changes.number(of, `retention of tier ${one.tier}${where}`, 'more', one.deleteAfterDays, other.deleteAfterDays, day);
    const [cold, now] = [one.moveToColdStorageAfterDays, other.moveToColdStorageAfterDays];
    if (cold !== now) {
      // A recovery point in cold storage can't be copied back.
      changes.add((now ?? Infinity) < (cold ?? Infinity) ? 'worse' : 'better', of, `tier ${one.tier} is warm${where}: ${cold === undefined ? 'always' : day(cold)} before, ${now === undefined ? 'always' : day(now)} now`);
    }
  });
}

const COVERAGE = ['unprotected', 'accepted', 'undecided', 'protected'];

function compareCoverage(changes: Changes, before: RecoveryReport, after: RecoveryReport): void {
  const known = new Map(before.coverage.map((each) => [each.path, each]));
  for (const now of after.coverage) {
    const one = known.get(now.path);
    if (!one) {
      changes.add(now.status === 'protected' ? 'other' : 'worse', now.path, `new and ${now.status} (${now.type})${now.reason === undefined ? '' : `: ${now.reason}`}`);
      continue;
    }
    if (one.status !== now.status) {
      changes.add(COVERAGE.indexOf(now.status) < COVERAGE.indexOf(one.status) ? 'worse' : 'better', now.path, `${one.status} before, ${now.status} now`);
    }
    compareProtection(changes, one, now);
  }
  const left = new Set(after.coverage.map(({ path }) => path));
  before.coverage.filter(({ path }) => !left.has(path)).forEach(({ path, type }) => changes.add('other', path, `removed from the app (${type})`));
}

function compareProtection(changes: Changes, one: CoverageEntry, now: CoverageEntry): void {
  for (const scope of ['RESOURCE', 'REGION', 'ACCOUNT'] as const) {
    const say = (minutes: number | undefined) => minutes === undefined ? 'nothing remains' : span(minutes);
    changes.number(now.path, `worst case after the loss of the ${scope.toLowerCase()}`, 'less', one.worstCaseMinutes[scope], now.worstCaseMinutes[scope], say);
  }
  const textOf = ({ kind, selection, path }: CoverageEntry['by'][number]) => `${kind} ${selection ?? path ?? ''}`.trim();
  const [before, after] = [one, now].map(({ by }) => by.map(textOf));
  before.filter((text) => !after.includes(text)).forEach((text) => changes.add('worse', now.path, `no longer protected by ${text}`));
}

const LOCKS = ['none', 'unknown', 'governance', 'compliance'];

function compareVaults(changes: Changes, before: RecoveryReport, after: RecoveryReport): void {
  changes.pairs(before.vaults, after.vaults, ({ arn }) => arn, ({ arn }) => arn, () => 'the vault', (one, other) => compareLocks(changes, one.arn, one.lock, other.lock),
    { gone: 'worse', added: 'other' });
}

function compareLocks(changes: Changes, of: string, one: LockEntry, other: LockEntry): void {
  if (one.mode !== other.mode) {
    changes.add(LOCKS.indexOf(other.mode) < LOCKS.indexOf(one.mode) ? 'worse' : 'better', of, `lock: ${one.mode} before, ${other.mode} now`);
    return;
  }
  changes.number(of, 'minimum retention of the lock', 'more', one.minRetentionDays, other.minRetentionDays, day);
  changes.number(of, 'time in which the lock can be changed', 'less', one.changeableForDays, other.changeableForDays, day);
  if (one.maxRetentionDays !== other.maxRetentionDays) {
    changes.add('other', of, `maximum retention of the lock: ${day(one.maxRetentionDays)} before, ${day(other.maxRetentionDays)} now`);
  }
}

function compareBuckets(changes: Changes, before: RecoveryReport, after: RecoveryReport): void {
  changes.pairs(before.buckets, after.buckets, ({ path }) => path, ({ path }) => path, () => 'the bucket', (one, other) => {
    compareSides(changes, one.path, 'bucket', one, other);
    if (one.replica && !other.replica) {
      changes.add('worse', one.path, 'the replica is removed');
    } else if (one.replica && other.replica) {
      compareSides(changes, one.path, 'replica', one.replica, other.replica);
      if (one.hasTimeControl !== other.hasTimeControl) {
        changes.add(other.hasTimeControl ? 'better' : 'worse', one.path, `S3 Replication Time Control is ${other.hasTimeControl ? 'on' : 'off'}`);
      }
    } else if (other.replica) {
      changes.add('better', one.path, 'the replica is new');
    }
  }, { gone: 'worse', added: 'other' });
}

function compareSides(changes: Changes, of: string, side: string, one: SingleBucketEntry, other: SingleBucketEntry): void {
  const modes = ['', 'no default', 'GOVERNANCE', 'COMPLIANCE'];
  const [mode, now] = [one, other].map(({ lock }) => lock?.mode ?? '');
  if (mode !== now) {
    changes.add(modes.indexOf(now) < modes.indexOf(mode) ? 'worse' : 'better', of, `lock of the ${side}: ${mode || 'none'} before, ${now || 'none'} now`);
  }
  changes.number(of, `days of the lock of the ${side}`, 'more', one.lock?.days, other.lock?.days, day);
  const kept = ({ retention }: SingleBucketEntry) => new Map(retention.map(({ prefix, expiresAfterDays }) => [prefix, expiresAfterDays ?? Infinity]));
  const say = (days: number | undefined) => days === Infinity ? 'not deleted' : day(days);
  for (const [prefix, days] of kept(other)) {
    changes.number(of, `retention of ${prefix || 'all objects'} in the ${side}`, 'more', kept(one).get(prefix) ?? Infinity, days, say);
  }
}

function compareCaptures(changes: Changes, before: RecoveryReport, after: RecoveryReport): void {
  changes.pairs(before.captures, after.captures, ({ path }) => path, ({ path }) => path, ({ kind }) => `the capture of ${kind}`, (one, other) => {
    compareTiers(changes, one.path, one.schedules, other.schedules);
    compareRetention(changes, one.path, '', one.retention, other.retention);
    if (one.onChange !== other.onChange) {
      changes.add(other.onChange === 'off' ? 'worse' : 'better', one.path, `changes are captured: ${one.onChange} before, ${other.onChange} now`);
    }
  });
}

/** More than so many percent more is worse. */
const COST_LIMIT = 10;

/** With other prices, the amounts can't be compared. */
function compareCosts(changes: Changes, before: CostsEntry, after: CostsEntry): void {
  const isUp = before.pricesOf === after.pricesOf && after.usdPerMonth > before.usdPerMonth * (1 + COST_LIMIT / 100);
  if (before.usdPerMonth !== after.usdPerMonth) {
    changes.add(isUp ? 'worse' : 'other', 'the entire app', `estimated cost a month: ${usd(before.usdPerMonth)} before, ${usd(after.usdPerMonth)} now`
      + `${before.pricesOf === after.pricesOf ? '' : `, with the prices of ${before.pricesOf} and ${after.pricesOf}`}`);
  }
}

function compareLists(changes: Changes, before: RecoveryReport, after: RecoveryReport): void {
  const ignore = () => undefined;
  const worse = { gone: 'better', added: 'worse' } as const;
  changes.pairs(before.accepted, after.accepted, ({ path, property, resourceTypes = [] }) => `${path}\n${property}\n${resourceTypes.join()}`, ({ path }) => path, ({ reason }) => `the accepted exception (${reason})`, ignore, worse);
  changes.pairs(before.alarmsOff, after.alarmsOff, ({ path, alarm }) => `${path}\n${alarm}`, ({ path }) => path, ({ alarm }) => `the override that switches off ${alarm}`, ignore, worse);
  changes.pairs(before.notChecked, after.notChecked, ({ path, id }) => `${path}\n${id}`, ({ path }) => path, ({ id, reason }) => `what is not checked (${id}: ${reason})`, ignore, worse);
  changes.pairs(before.settings, after.settings, ({ setting, account, region }) => `${setting}\n${account}\n${region}`, ({ account, region }) => `${account} ${region ?? ''}`.trim(),
    ({ setting, isHandled }) => `the setting ${setting} (${isHandled ? 'set by this app' : 'not set by this app'})`, (one, other) => {
      if (one.isHandled !== other.isHandled) {
        changes.add(other.isHandled ? 'better' : 'worse', `${one.account} ${one.region ?? ''}`.trim(), `${one.setting}: ${other.isHandled ? 'set' : 'no longer set'} by this app`);
      }
    }, { gone: 'other', added: 'other' }, { gone: 'is no longer required', added: 'is now required' });
}
