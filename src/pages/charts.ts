import { coordinate as at, fitted, html } from './markup';
import type { RecoveryReport, TierEntry } from '../report/report-model';

const [LEFT, RIGHT, ROW, TOP] = [250, 710, 26, 24];
const WIDTH = LEFT + RIGHT + 45;
const DAY = 1440;

function chart(label: string, rows: number, content: string[]): string {
  const height = TOP + rows * ROW + 12;
  return rows === 0 ? '' : [`<svg role="img" aria-label="${html(label)}" viewBox="0 0 ${WIDTH} ${height}">`, ...content, '</svg>'].join('\n');
}

function lineAt(x: number, rows: number, text: string): string {
  return `<path class="axis" d="M${at(x)} ${TOP}V${TOP + rows * ROW}"/><text class="axis" x="${at(x + 3)}" y="16">${text}</text>`;
}

function rowLabel(index: number, text: string): string {
  return `<text class="row" x="${LEFT - 8}" y="${TOP + index * ROW + 17}"><title>${html(text)}</title>${html(fitted(text, 31))}</text>`;
}

function bar(kind: string, index: number, from: number, to: number, text: string): string {
  return `<rect class="${kind}" x="${at(LEFT + from)}" y="${TOP + index * ROW + 5}" width="${at(Math.max(1.5, to - from))}" height="${ROW - 10}"><title>${html(text)}</title></rect>`;
}

/** The start windows and the expected durations of a week, each tier in its own time zone. Equal ones are one row. */
export function weekChart({ plans, captures }: RecoveryReport): string {
  const rows = new Map<string, { readonly tier: TierEntry; readonly of: string[] }>();
  const all = [
    ...plans.flatMap(({ name, tiers }) => tiers.map((tier) => ({ of: name, tier }))),
    ...captures.flatMap(({ kind, schedules }) => schedules.map((tier) => ({ of: `capture ${kind}`, tier }))),
  ];
  for (const { of, tier } of all.filter((each) => each.tier.week)) {
    const key = JSON.stringify(tier);
    const row = rows.get(key) ?? { tier, of: [] };
    row.of.push(of);
    rows.set(key, row);
  }
  const x = (minute: number) => minute / (7 * DAY) * RIGHT;
  const content = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((day, index) => lineAt(LEFT + x(index * DAY), rows.size, day));
  [...rows.values()].forEach(({ tier, of }, index) => {
    const { name, timeZone, week = [], startWindowMinutes: window = 0, expectedDurationMinutes: duration = 0 } = tier;
    content.push(rowLabel(index, `${name}, ${of.length > 1 ? `${of.length} plans` : of.join(', ')} (${timeZone})`));
    for (const start of week) {
      // What goes beyond Sunday goes on on Monday.
      for (const begin of [start, start - 7 * DAY]) {
        const piece = (kind: string, from: number, to: number, text: string) => to <= 0 || from >= 7 * DAY ? []
          : [bar(kind, index, x(Math.max(0, from)), x(Math.min(7 * DAY, to)), `${name}: ${text}`)];
        content.push(...piece('window', begin, begin + window, 'start window'), ...piece('duration', begin + window, begin + window + duration, 'expected duration after the start window'));
      }
    }
  });
  return chart('Start windows and expected durations in a week', rows.size, content);
}

/** A bar for each tier in each vault: warm, cold, and the lock's minimum and maximum, on a logarithmic axis of days. */
export function retentionChart({ plans, vaults }: RecoveryReport): string {
  const byArn = new Map(vaults.map((vault) => [vault.arn, vault]));
  const rows = plans.flatMap(({ destinations }) => destinations)
    .flatMap(({ vault, retention }) => retention.map((kept) => ({ kept, vault: byArn.get(vault) })));
  const distinct = [...new Map(rows.map((row) => [JSON.stringify([row.kept, row.vault?.lock, rows.length > 60 ? '' : row.vault?.arn]), row])).values()];
  const longest = Math.max(1, ...distinct.flatMap(({ kept, vault }) => [kept.deleteAfterDays ?? 0, vault?.lock.maxRetentionDays ?? 0]));
  const x = (days: number) => Math.log(days + 1) / Math.log(longest + 1) * RIGHT;
  const content = [1, 7, 30, 90, 365, 3650].filter((days) => days <= longest).map((days) => lineAt(LEFT + x(days), distinct.length, `${days} d`));
  distinct.forEach(({ kept: { tier, deleteAfterDays: end, moveToColdStorageAfterDays: cold }, vault }, index) => {
    content.push(rowLabel(index, `${tier} in ${rows.length > 60 ? 'vaults' : vault?.name ?? 'a vault'}`));
    if (end === undefined) {
      return;
    }
    content.push(bar('warm', index, 0, x(cold ?? end), `warm until day ${cold ?? end}`), ...cold === undefined ? [] : [bar('cold', index, x(cold), x(end), `cold from day ${cold} to day ${end}`)]);
    const { minRetentionDays: min, maxRetentionDays: max } = vault?.lock ?? {};
    content.push(...[[min, 'minimum'], [max, 'maximum']].flatMap(([days, what]) => typeof days !== 'number' ? []
      : [`<path class="lock" d="M${at(LEFT + x(days))} ${TOP + index * ROW + 1}v${ROW - 2}"><title>${what} of the lock: day ${days}</title></path>`]));
  });
  return chart('Retention of each tier in each vault, in days', distinct.length, content);
}
