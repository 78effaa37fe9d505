import { architectureDrawing, flowTexts } from './architecture-drawing';
import { retentionChart, weekChart } from './charts';
import { breakable, html } from './markup';
import { STYLE } from './page-style';
import { numbersOf, sectionsOf, verdictOf } from './report-document';
import type { Cell, Section, Table } from './report-texts';
import type { RecoveryReport } from '../report/report-model';

/** How many names of a cell are visible at once. */
const SHOWN = 3;

type Key = readonly (readonly [kind: string, text: string])[];

/** The report as one page, which loads nothing and runs nothing: what a manager asks first, then the picture, then what explains both. */
export function pageOf(report: RecoveryReport, sections = sectionsOf(report)): string {
  const { level, sentence, details } = verdictOf(report);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'; img-src data:">',
    '<link rel="icon" href="data:,">',
    '<title>Recovery report</title>',
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    '<h1>Recovery report</h1>',
    `<div class="verdict ${LEVELS[level]}"><strong>${html(sentence)}</strong>${details.map((each) => `<p>${html(each)}</p>`).join('')}</div>`,
    `<dl>${numbersOf(report).map(([name, value]) => `<div><dt>${html(name)}</dt><dd>${html(value)}</dd></div>`).join('')}</dl>`,
    '<h2 id="architecture">Architecture</h2>',
    '<p>The flows of backups, copies, snapshots and replication in the app.</p>',
    figure('Architecture', architectureDrawing(report), NODES, flowsMarkup(report)),
    ...sections.map((section) => sectionMarkup(section, diagramOf(section, report))),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const LEVELS = { met: 'good', attention: 'attention', notMet: 'bad' };

const NODES: Key = [['resource', 'protected resource'], ['unprotected', 'not protected'], ['vault', 'backup vault'], ['bucket', 'bucket'], ['topic', 'notification']];

function diagramOf({ anchor }: Section, report: RecoveryReport): string {
  return anchor === 'week' ? figure('The week', weekChart(report), [['window', 'start window'], ['duration', 'expected duration after the start window']])
    : anchor === 'retention' ? figure('Retention', retentionChart(report), [['warm', 'warm'], ['cold', 'cold'], ['lock', 'minimum and maximum of the lock']]) : '';
}

/** A drawing, which a phone scrolls: what is in it is also in words below it, or in a table. */
function figure(title: string, svg: string, key: Key, words = ''): string {
  const keys = key.map(([kind, text]) => `<span><i class="${kind}"></i>${text}</span>`).join(' ');
  return svg === '' ? '' : [
    '<figure><p class="hint">Scroll the drawing sideways.</p>',
    `<div role="region" aria-label="${html(title)}, drawn" tabindex="0">${svg}</div>`,
    `<figcaption class="key">${keys}</figcaption></figure>${words}`,
  ].join('\n');
}

function flowsMarkup(report: RecoveryReport): string {
  const flows = flowTexts(report);
  return flows.length === 0 ? '' : `<details><summary>The flows of the drawing as a list</summary><ul>${flows.map((each) => `<li>${breakable(each)}</li>`).join('\n')}</ul></details>`;
}

function sectionMarkup({ anchor, title, text, tables }: Section, diagram = ''): string {
  const filled = tables.filter(({ rows }) => rows.length > 0);
  return text.length + filled.length === 0 && diagram === '' ? '' : [
    `<h2 id="${html(anchor)}">${html(title)}</h2>`, ...text.map((each) => `<p>${linked(each)}</p>`), diagram, ...filled.map(tableMarkup),
  ].join('\n');
}

/** Addresses are links. */
function linked(text: string): string {
  return html(text).replace(/https:\/\/[\w./-]*[\w/]/g, (url) => `<a href="${url}">${url}</a>`);
}

/** The first cell of a row is its header; rows with the same one are a group with one header. */
function tableMarkup({ title, head, rows }: Table): string {
  const groups: (readonly Cell[])[][] = [];
  rows.forEach((cells, index) => {
    if (index > 0 && String(cells[0]) === String(rows[index - 1][0])) {
      groups[groups.length - 1].push(cells);
    } else {
      groups.push([cells]);
    }
  });
  return [
    `<h3>${html(title)}</h3>`,
    '<table>',
    `<thead><tr>${head.map((each) => `<th scope="col">${html(each)}</th>`).join('')}</tr></thead>`,
    ...groups.map((group) => `<tbody>${group.map((cells, index) =>
      `<tr>${cells.map((cell, column) => column > 0 ? cellMarkup(cell, head[column]) : index > 0 ? '' : cellMarkup(cell, head[0], group.length)).join('')}</tr>`).join('\n')}</tbody>`),
    '</table>',
  ].join('\n');
}

const BAD = /^(UNPROTECTED|MISSED|NO: .*|nothing remains)$/;
const GOOD = /^(protected|met|yes)$/;

/** A cell, or, of so many rows, the header. */
function cellMarkup(cell: Cell, label: string, rows = 0): string {
  const kind = typeof cell !== 'string' ? '' : BAD.test(cell) ? ' class="bad"' : GOOD.test(cell) ? ' class="good"' : '';
  const content = typeof cell === 'string' ? breakable(cell) : namesMarkup(cell);
  const about = `${kind} data-label="${html(label)}"`;
  return rows > 0 ? `<th scope="${rows > 1 ? 'rowgroup' : 'row'}"${rows > 1 ? ` rowspan="${rows}"` : ''}${about}>${content}</th>` : `<td${about}>${content && `<div>${content}</div>`}</td>`;
}

function namesMarkup(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map(breakable).join(', ');
  return names.length <= SHOWN ? shown : `<details><summary>${shown}, and ${names.length - SHOWN} more</summary>${names.slice(SHOWN).map(breakable).join(', ')}</details>`;
}
