import { lockText, place, span, table } from './report-texts';
import type { Section } from './report-texts';
import type { CoverageEntry, ProtectionEntry, RecoveryReport } from '../report/report-model';

/** Resources that the same things protect. */
export interface CoverageGroup {
  readonly of: CoverageEntry;
  readonly paths: readonly string[];
}

/** A thousand tables of one selection are one line. */
export function coverageGroups({ coverage }: RecoveryReport): CoverageGroup[] {
  const groups = new Map<string, { readonly of: CoverageEntry; readonly paths: string[] }>();
  for (const entry of coverage) {
    const { path, by, ...rest } = entry;
    const key = JSON.stringify([rest, entry.by.map((each) => each.kind === 'replication' ? { ...each, path: '' } : each)]);
    const group = groups.get(key) ?? { of: entry, paths: [] };
    group.paths.push(path);
    groups.set(key, group);
  }
  const order = ['unprotected', 'undecided', 'accepted', 'protected'];
  return [...groups.values()].sort((one, other) => order.indexOf(one.of.status) - order.indexOf(other.of.status));
}

export function coverageSection(report: RecoveryReport): Section {
  return {
    anchor: 'coverage',
    title: 'Coverage',
    text: ['Every stateful resource of the app, and what protects it. The worst case is the age of the newest data that can be recovered after the loss of the resource, its region or its account.'],
    tables: [
      table('Resources', ['Status', 'Type', 'Place', 'Protected by', 'Resource lost', 'Region lost', 'Account lost', 'Resources'], coverageGroups(report).map(({ of, paths }) => [
        of.status === 'unprotected' ? 'UNPROTECTED' : of.status,
        of.type,
        place(of),
        [...of.by.map(protectionText), ...of.reason === undefined ? [] : [of.reason]].join('; '),
        lossText(of.worstCaseMinutes.RESOURCE), lossText(of.worstCaseMinutes.REGION), lossText(of.worstCaseMinutes.ACCOUNT),
        paths,
      ])),
      table('Vaults of each plan', ['Plan', 'Vault', 'Place', 'Lock', 'Serves the loss of the', 'Tiers', 'Worst case'], report.plans.flatMap((plan) => plan.destinations.map((destination) => {
        const vault = report.vaults.find(({ arn }) => arn === destination.vault);
        return [
          plan.name, vault?.name ?? destination.vault, vault ? place(vault) : '', vault ? lockText(vault.lock) : '',
          destination.serves.map((scope) => scope.toLowerCase()).join(', '), destination.retention.map(({ tier }) => tier).join(', '), span(destination.worstCaseMinutes),
        ];
      }))),
      table('Buckets', ['Bucket', 'Place', 'Replica', 'Replication', 'Lock', 'Lock of the replica'], report.buckets.map(({ name, replica, hasTimeControl, lock, ...bucket }) => [
        name, place(bucket), replica ? `${replica.name} (${replica.region})` : 'none', replica ? hasTimeControl ? 'within 15 minutes' : 'no time commitment' : '',
        objectLockText(lock), replica ? objectLockText(replica.lock) : '',
      ])),
    ],
  };
}

function objectLockText(lock: { readonly mode: string; readonly days?: number } | undefined): string {
  return lock === undefined ? 'none' : `${lock.mode.toLowerCase()}${lock.days === undefined ? '' : `, ${lock.days} days`}`;
}

function lossText(minutes: number | undefined): string {
  return minutes === undefined ? 'nothing remains' : span(minutes);
}

function protectionText({ kind, path, selection }: ProtectionEntry): string {
  const texts: Record<ProtectionEntry['kind'], string> = {
    plan: `selection ${selection}`, pointInTimeRecovery: 'point-in-time recovery', replication: 'replication', snapshots: `snapshots by ${path}`,
  };
  return texts[kind];
}
