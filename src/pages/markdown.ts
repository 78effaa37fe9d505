import { numbersOf, sectionsOf, verdictOf } from './report-document';
import type { Cell, Table } from './report-texts';
import type { RecoveryReport } from '../report/report-model';

/** How many names a cell shows: all of them are in the JSON file. */
const SHOWN = 10;

/** The report as Markdown. */
export function markdownOf(report: RecoveryReport, sections = sectionsOf(report)): string {
  const { sentence, details } = verdictOf(report);
  const lines = [
    '# Recovery report',
    '',
    'Written by cdk-backup-dr at synthesis. `recovery-report.json` has the same facts for programs.',
    '',
    `**${escaped(sentence)}** ${details.map(escaped).join(' ')}`,
    '',
    `${numbersOf(report).map(([name, value]) => `${name}: ${value}`).join('. ')}.`,
    ...sections.flatMap(({ title, text, tables }) => {
      const filled = tables.filter(({ rows }) => rows.length > 0);
      return text.length + filled.length === 0 ? [] : [
        '', `## ${title}`, ...text.flatMap((each) => ['', escaped(each)]), ...filled.flatMap((each) => tableLines(each)),
      ];
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function tableLines({ title, head, rows }: Table): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return ['', `### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map((cells) => line(cells.map(cellText)))];
}

function cellText(cell: Cell): string {
  if (typeof cell === 'string') {
    return escaped(cell);
  }
  const more = cell.length > SHOWN ? [`and ${cell.length - SHOWN} more`] : [];
  return [...cell.slice(0, SHOWN).map(escaped), ...more].join(', ');
}

/** A name can have any characters: none of them must end a cell, or be markup. */
export function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]|~]/g, '\\$&').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
