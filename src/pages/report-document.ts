import { coverageSection } from './coverage-section';
import { between, day, lockText, nameOfVault, place, span, table } from './report-texts';
import type { Section, Table } from './report-texts';
import { scheduleSections } from './schedule-sections';
import type { RecoveryReport } from '../report/report-model';

/** The sections of the report: the Markdown file and the page have the same ones. */
export function sectionsOf(report: RecoveryReport): Section[] {
  return [
    verdictSection(report),
    coverageSection(report),
    ...scheduleSections(report),
    captureSection(report),
    settingSection(report),
    notCheckedSection(report),
  ];
}

const STATUS = { met: 'met', accepted: 'accepted exception', missed: 'MISSED', notChecked: 'not checked' };
const LOSS = { RESOURCE: 'resource', REGION: 'region', ACCOUNT: 'account' };

/** What a reader sees first. */
export function headline({ verdict: { objectives, resources, notChecked } }: RecoveryReport): string {
  const all = Object.values(objectives).reduce((sum, each) => sum + each, 0);
  const stateful = Object.values(resources).reduce((sum, each) => sum + each, 0);
  const count = (number: number, text: string) => number === 0 ? [] : [`${number} ${text}`];
  const others = [...count(objectives.accepted, 'by an accepted exception'), ...count(objectives.missed, 'missed'), ...count(objectives.notChecked, 'not checked')];
  const left = [...count(resources.unprotected, 'unprotected'), ...count(resources.undecided, 'undecided')];
  return [
    all === 0 ? 'The app promises nothing: it has no objectives.' : `${objectives.met} of ${all} objectives are met by the schedules, windows and copies${others.length === 0 ? '' : ` (${others.join(', ')})`}.`,
    stateful === 0 ? 'The app has no stateful resource.' : `${resources.protected} of ${stateful} stateful resources are protected${left.length === 0 ? '' : ` (${left.join(', ')})`}.`,
    notChecked === 0 ? 'Everything was checked that synthesis can check.' : `${notChecked} ${notChecked === 1 ? 'check was' : 'checks were'} not made.`,
  ].join(' ');
}

function verdictSection(report: RecoveryReport): Section {
  const { objectives, accepted, evidence } = report;
  return {
    anchor: 'verdict',
    title: 'Verdict',
    text: [headline(report), 'Nominal is the longest gap between two starts. The worst case adds the windows of the jobs. Synthesis can\'t compute an RTO: restore tests and drills show it.'],
    tables: [
      table('Objectives', ['Objective', 'Of', 'Loss of the', 'RTO', 'RPO', 'Nominal', 'Worst case', 'Status', 'Limited by', 'Evidence'], objectives.map((each) => [
        each.name, each.of, LOSS[each.survives],
        span(each.rtoMinutes), span(each.rpoMinutes), span(each.nominalMinutes), span(each.worstCaseMinutes), STATUS[each.status],
        [each.limitedBy, ...each.leftForCopyMinutes === undefined ? [] : [`Left for the copy: ${span(each.leftForCopyMinutes)}.`]].join(' '),
        evidence.filter(({ objective }) => objective === each.name).map(({ kind, date, recoveryTimeMinutes }) =>
          `${kind} ${date}${recoveryTimeMinutes === undefined ? '' : `: ${span(recoveryTimeMinutes)}`}`).join(', ') || 'none',
      ])),
      table('Accepted exceptions', ['Construct', 'Property', 'Reason'], accepted.map(({ path, property, reason }) => [path, property, reason])),
      table('Evidence', ['Kind', 'Date', 'What', 'Recovery time', 'Data loss'], evidence.map((each) => [
        each.kind, each.date, each.what, span(each.recoveryTimeMinutes), span(each.dataLossMinutes),
      ])),
    ],
  };
}

function captureSection({ captures, buckets }: RecoveryReport): Section {
  const entry = (arn: string) => buckets.find((bucket) => bucket.arn === arn);
  return {
    anchor: 'captures',
    title: 'Snapshots of configuration',
    text: [],
    tables: [table('Captures', ['Construct', 'What', 'From', 'Into', 'Replica', 'On change'], captures.map((each) => [
      each.path, `${each.kind}: ${each.targets?.join(', ') ?? 'all'}`, place(each), entry(each.bucket)?.name ?? each.bucket, between(entry(each.bucket)?.replica?.region, 'none'),
      each.onChange === 'as usual' ? 'as usual, not as promised' : 'off',
    ]))],
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
      nameOfVault(vault), place(vault), lockText(vault.lock), `${day(vault.lock.changeableForDays)} after its deployment`,
    ])),
  ];
  return { anchor: 'settings', title: 'Settings, alarms and locks', text: [], tables };
}

const UNVERIFIED = 'https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/unverified.md';

function notCheckedSection({ notChecked }: RecoveryReport): Section {
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
      'Synthesis knows only what is in the app. What depends on tokens, imported resources or settings elsewhere is here.',
      `Which behaviour of AWS is not verified is in ${UNVERIFIED}.`,
    ],
    tables: [table('Not checked', ['Message', 'What', 'Constructs'], [...groups.values()].map(({ id, reason, paths }) => [id, reason, paths]))],
  };
}
