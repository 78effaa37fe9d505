import { coverageSection } from './coverage-section';
import { day, decimals, lockText, place, span, table, usd } from './report-texts';
import type { Section, Table } from './report-texts';
import { scheduleSections } from './schedule-sections';
import type { CostLine } from '../costs/cost-lines';
import { newestEvidence } from '../report/evidence';
import type { EvidenceEntry, RecoveryReport } from '../report/report-model';

/** The sections of the report: the Markdown file and the page have the same ones. */
export function sectionsOf(report: RecoveryReport): Section[] {
  return [
    verdictSection(report),
    coverageSection(report),
    ...scheduleSections(report),
    captureSection(report),
    costSection(report),
    settingSection(report),
    notCheckedSection(report),
  ];
}

const STATUS = { met: 'met', accepted: 'accepted exception', missed: 'MISSED', notChecked: 'not checked' };
const LOSS = { RESOURCE: 'resource', REGION: 'region', ACCOUNT: 'account' };

export interface VerdictTexts {
  /** `attention`: every objective is met, and yet something is to be decided or done. */
  readonly level: 'met' | 'attention' | 'notMet';
  readonly sentence: string;
  /** What needs attention, and what is only good to know. */
  readonly details: readonly string[];
}

/** What a reader sees first. */
export function verdictOf(report: RecoveryReport): VerdictTexts {
  const { verdict: { objectives, resources, notChecked }, alarmsOff, settings } = report;
  const all = total(objectives);
  const count = (number: number, one: string, many: string) => number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  const attention = [
    ...count(objectives.accepted, 'objective is met by an accepted exception', 'objectives are met by accepted exceptions'),
    ...count(objectives.notChecked, 'objective was not checked', 'objectives were not checked'),
    ...count(resources.unprotected, 'stateful resource is unprotected', 'stateful resources are unprotected'),
    ...count(resources.accepted, 'unprotected resource is accepted', 'unprotected resources are accepted'),
    ...count(resources.undecided, 'stateful resource is undecided', 'stateful resources are undecided'),
    ...count(notChecked, 'check was not made', 'checks were not made'),
    ...count(alarmsOff.length, 'alarm is switched off', 'alarms are switched off'),
    ...count(settings.filter(({ isHandled }) => !isHandled).length, 'setting is not set by this app', 'settings are not set by this app'),
  ];
  const level = objectives.missed > 0 ? 'notMet' : attention.length > 0 || all === 0 ? 'attention' : 'met';
  const promises = all === 0 ? 'The app has no objectives.'
    : objectives.missed > 0 ? `${objectives.missed} of ${all} objectives ${objectives.missed === 1 ? 'is' : 'are'} missed.`
      : objectives.met === all ? `All ${all} objectives are met.` : `${objectives.met} of ${all} objectives are met.`;
  return {
    level,
    sentence: attention.length === 0 ? promises : `${promises} Needs attention: ${attention.join(', ')}.`,
    details: ['The results are computed from schedules, windows, copies and locks. Only restore tests and drills show that a recovery works.'],
  };
}

/** The numbers of the verdict, for a glance. */
export function numbersOf(report: RecoveryReport): [name: string, value: string][] {
  const { objectives, resources, notChecked } = report.verdict;
  return [
    ['Objectives met', `${objectives.met} of ${total(objectives)}`],
    ['Objectives with evidence', `${report.objectives.filter((each) => newestEvidence(report, each)).length} of ${report.objectives.length}`],
    ['Resources protected', `${resources.protected} of ${total(resources)}`],
    ['Checks not made', String(notChecked)],
    ['Estimated cost a month', report.costs.lines.length === 0 ? 'not priced' : `${decimals(report.costs.usdPerMonth, 0)} USD`],
  ];
}

function total(numbers: Readonly<Record<string, number>>): number {
  return Object.values(numbers).reduce((sum, each) => sum + each, 0);
}

function verdictSection(report: RecoveryReport): Section {
  const { accepted, evidence } = report;
  const objectives = [...report.objectives].sort((one, other) =>
    compare(one.name, other.name) || compare(one.survives, other.survives) || compare(one.of, other.of));
  return {
    anchor: 'verdict',
    title: 'Objectives',
    text: ['Nominal is the longest gap between two starts. The worst case adds the windows of the jobs. Synthesis can\'t compute an RTO: restore tests and drills show it.'],
    tables: [
      table('Promised and computed', ['Objective', 'Of', 'Loss of the', 'RTO', 'RPO', 'Nominal', 'Worst case', 'Status', 'Limited by', 'Evidence'], objectives.map((each) => [
        each.name, each.of, LOSS[each.survives],
        span(each.rtoMinutes), span(each.rpoMinutes), span(each.nominalMinutes), span(each.worstCaseMinutes), STATUS[each.status],
        [each.limitedBy, ...each.leftForCopyMinutes === undefined ? [] : [`Left for the copy: ${span(each.leftForCopyMinutes)}.`]].join(' '),
        evidenceText(newestEvidence(report, each)),
      ])),
      table('Accepted exceptions', ['Construct', 'Property', 'Reason'], accepted.map(({ path, property, resourceTypes = [], reason }) => [path || 'the entire app', [property, ...resourceTypes].join(' '), reason])),
      table('Evidence', ['Kind', 'Date', 'What', 'Recovery time', 'Data loss'], evidence.map((each) => [
        each.kind, timeText(each.date), each.what, span(each.recoveryTimeMinutes), span(each.dataLossMinutes),
      ])),
    ],
  };
}

function evidenceText(evidence: EvidenceEntry | undefined): string {
  return evidence === undefined ? 'none'
    : `${evidence.kind} ${timeText(evidence.date)}${evidence.recoveryTimeMinutes === undefined ? '' : `: ${span(evidence.recoveryTimeMinutes)}`}`;
}

/** A date and time with a space, at which a line can end. */
function timeText(date: string): string {
  return date.replace('T', ' ');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function captureSection({ captures, buckets, runbooks }: RecoveryReport): Section {
  const entry = (arn: string) => buckets.find((bucket) => bucket.arn === arn);
  return {
    anchor: 'captures',
    title: 'Snapshots of configuration and runbooks',
    text: [],
    tables: [table('Captures', ['Construct', 'What', 'From', 'Into', 'Replica', 'On change'], captures.map((each) => [
      each.path, `${each.kind}: ${each.targets?.join(', ') ?? 'all'}`, place(each), entry(each.bucket)?.name ?? each.bucket, entry(each.bucket)?.replica?.region ?? 'none',
      each.onChange,
    ])), table('Runbooks', ['Construct', 'Document', 'Recovers into', 'From snapshots of', 'In the bucket', 'Approvals', 'Objectives'], runbooks.map((each) => [
      each.path, each.document, place(each), each.sourceRegion, entry(each.bucket)?.name ?? each.bucket, String(each.requiredApprovals), each.objectives.join(', ') || 'none',
    ]))],
  };
}

/** What costs most comes first, and what several constructs have in a place is one row. */
function costSection({ costs: { pricesOf, usdPerMonth, largest, assumptions, lines, notPriced } }: RecoveryReport): Section {
  const groups = new Map<string, { readonly first: CostLine; quantity: number; amount: number; readonly of: Set<string> }>();
  for (const line of lines) {
    const key = JSON.stringify([line.what, line.account, line.region, line.isAssumed]);
    const group = groups.get(key) ?? { first: line, quantity: 0, amount: 0, of: new Set() };
    group.quantity += line.quantity;
    group.amount += line.usdPerMonth;
    group.of.add(line.of);
    groups.set(key, group);
  }
  const rows = [...groups.values()].sort((one, other) => other.amount - one.amount);
  return {
    anchor: 'cost',
    title: 'Cost a month',
    text: lines.length + notPriced.length === 0 ? [] : [
      ...largest ? [`An estimate from assumptions: ${usd(usdPerMonth)}. The largest part, ${usd(largest.usdPerMonth)}, is for ${largest.what}.`] : [],
      ...lines.some(({ isAssumed }) => isAssumed) ? ['Values that the app does not give are assumed by default: give them with CostAssumptions.'] : [],
      `The prices are the list prices of AWS on ${pricesOf}. Not included: the first copy into another Region of what is then copied incrementally, versions of objects that are not logs, restores, requests, early deletion, custom metrics, functions, messages, the Free Tier, discounts and taxes.`,
    ],
    tables: [
      table('Costs', ['What', 'Place', 'A month', 'Quantity', 'Price', 'Assumed', 'Of'], rows.map(({ first, quantity, amount, of }) => [
        first.what, place(first), usd(amount), first.unit === 'GB' ? `${decimals(quantity)} GB` : String(quantity), `${first.usdPerUnit} USD`, first.isAssumed ? 'by default' : 'no', [...of].filter((path) => path !== ''),
      ])),
      table('Assumptions', ['For', 'Data of a resource', 'Change in a day', 'Logs in a day'], assumptions.map((each) => {
        const text = (name: 'dataGbPerResource' | 'dailyChangePercent' | 'logsGbPerDay', unit: string) => `${each[name]} ${unit}${each.defaults.includes(name) ? ' (assumed)' : ''}`;
        return [each.path || 'the entire app', text('dataGbPerResource', 'GB'), text('dailyChangePercent', 'percent'), text('logsGbPerDay', 'GB')];
      })),
      table('Not priced', ['What', 'Region', 'Why', 'Of'], notPriced.map(({ what, region, reason, of }) => [what, region, reason, of])),
    ],
  };
}

function settingSection({ settings, alarmsOff, vaults }: RecoveryReport): Section {
  const permanent = vaults.filter(({ lock }) => lock.mode === 'compliance');
  const tables: Table[] = [
    table('What CloudFormation can\'t set', ['Setting', 'Account', 'Region', 'Needed by', 'Set by this app'], settings.map((each) => [
      each.setting, each.account, each.region ?? '', each.neededBy.join(', '), each.isHandled ? 'yes' : 'NO: set it yourself',
    ])),
    table('Alarms that overrides switch off', ['Construct', 'Alarm'], alarmsOff.map(({ path, alarm }) => [path, alarm])),
    table('Locks that become permanent', ['Vault', 'Place', 'Lock', 'Permanent'], permanent.map((vault) => [
      vault.name, place(vault), lockText(vault.lock), `${day(vault.lock.changeableForDays)} after its deployment`,
    ])),
  ];
  return { anchor: 'settings', title: 'Settings, alarms and locks', text: [], tables };
}

const UNVERIFIED = 'https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/unverified.md';

function notCheckedSection({ notChecked, unverified }: RecoveryReport): Section {
  const groups = new Map<string, { readonly id: string; readonly reason: string; readonly paths: string[] }>();
  for (const { id, reason, path } of notChecked) {
    const key = `${id}\n${reason}`;
    const group = groups.get(key) ?? { id, reason, paths: [] };
    group.paths.push(path);
    groups.set(key, group);
  }
  return {
    anchor: 'not-checked',
    title: 'Not checked',
    text: [
      'Synthesis knows only what is in the app. This section lists what depends on tokens, imported resources or settings elsewhere.',
      `Some behavior of AWS is not documented. The last table lists the questions that concern this app, and ${UNVERIFIED} what the library does about them.`,
    ],
    tables: [table('Not checked', ['Message', 'What', 'Constructs'], [...groups.values()].map(({ id, reason, paths }) => [id, reason, paths])),
      table('Unverified behavior of AWS', ['Question'], unverified.map((each) => [each.replaceAll('`', '')]))],
  };
}
