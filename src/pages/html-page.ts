import { architectureDrawing } from './architecture-drawing';
import { retentionChart, weekChart } from './charts';
import { html } from './markup';
import { STYLE } from './page-style';
import { headline, sectionsOf } from './report-document';
import type { Cell, Section, Table } from './report-texts';
import type { RecoveryReport } from '../report/report-model';

/** From so many characters on, a text needs a wider column. */
const LONG = 50;

/** How many names of a cell are visible at once. */
const SHOWN = 3;

/** The report as one page, which loads nothing and runs nothing. */
export function pageOf(report: RecoveryReport, sections = sectionsOf(report)): string {
  const [verdict, ...others] = sections;
  const { objectives, resources } = report.verdict;
  const isBad = objectives.missed + resources.unprotected > 0;
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
    `<p class="headline${isBad ? ' bad' : ''}">${html(headline(report))}</p>`,
    sectionMarkup({ ...verdict, text: verdict.text.slice(1) }),
    '<h2 id="architecture">Architecture</h2>',
    '<p>What backs up, copies, captures and replicates what, from the constructs of the app. What is unprotected has a thick frame.</p>',
    drawing('Architecture', architectureDrawing(report)),
    ...others.map((section) => sectionMarkup(section, diagramOf(section, report))),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function diagramOf({ anchor }: Section, report: RecoveryReport): string {
  return anchor === 'week' ? drawing('The week', weekChart(report), [['window', 'start window'], ['duration', 'expected duration after the start window']])
    : anchor === 'retention' ? drawing('Retention', retentionChart(report), [['warm', 'warm'], ['cold', 'cold'], ['lock', 'minimum and maximum of the lock']]) : '';
}

function drawing(title: string, svg: string, key: [kind: string, text: string][] = []): string {
  const keys = key.map(([kind, text]) => `<span class="${kind}"></span>${text}`).join(' ');
  return svg === '' ? '' : `<div class="wide" role="region" aria-label="${html(title)}, drawn" tabindex="0">${svg}</div>${keys && `<p class="key">${keys}</p>`}`;
}

function sectionMarkup({ anchor, title, text, tables }: Section, diagram = ''): string {
  const filled = tables.filter(({ rows }) => rows.length > 0);
  return text.length + filled.length === 0 && diagram === '' ? '' : [
    `<h2 id="${html(anchor)}">${html(title)}</h2>`, ...text.map((each) => `<p>${html(each)}</p>`), diagram, ...filled.map(tableMarkup),
  ].join('\n');
}

function tableMarkup({ title, head, rows }: Table): string {
  return [
    `<h3>${html(title)}</h3>`,
    `<div class="wide" role="region" aria-label="${html(title)}" tabindex="0"><table>`,
    `<thead><tr>${head.map((each) => `<th scope="col">${html(each)}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.map((cells) => `<tr>${cells.map(cellMarkup).join('')}</tr>`).join('\n')}</tbody>`,
    '</table></div>',
  ].join('\n');
}

const BAD = /^(UNPROTECTED|MISSED|NO: .*|nothing remains)$/;
const GOOD = /^(protected|met|yes)$/;

function cellMarkup(cell: Cell): string {
  if (typeof cell === 'string') {
    const kind = BAD.test(cell) ? ' class="bad"' : GOOD.test(cell) ? ' class="good"' : cell.length > LONG ? ' class="long"' : '';
    return `<td${kind}>${html(cell)}</td>`;
  }
  const shown = cell.slice(0, SHOWN).map(html).join(', ');
  return cell.length <= SHOWN ? `<td>${shown}</td>`
    : `<td><details><summary>${shown}, and ${cell.length - SHOWN} more</summary>${cell.slice(SHOWN).map(html).join(', ')}</details></td>`;
}
