import { ArchitectureGraph, COLUMNS } from './architecture-graph';
import type { GraphNode } from './architecture-graph';
import { coordinate as at, html, wrapped } from './markup';
import { place } from './report-texts';
import type { RecoveryReport } from '../report/report-model';

/**
 * Columns and, between them, gutters: in a gutter, first the vertical lines, then the labels. So no line crosses a node or a label. In a width
 * of 990, texts of 11 units are readable on paper.
 */
const WIDTH = 990;
const COLUMN_X = [20, 380, 775];
const COLUMN_WIDTH = [160, 195, 195];
const [CHANNELS, LABELS, GUTTER] = [14, 40, 200];
const [TOP, PADDING, BETWEEN, TITLE] = [26, 12, 12, 24];
const LINE = 14;

/** How wide a letter of a bold name and one of a detail are, and how many letters of a label fit, in the widest font of a system. */
const [NAME_WIDTH, DETAIL_WIDTH, LABEL_LETTERS] = [8.4, 6.9, 22];

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

interface PlacedNode extends Box {
  readonly node: GraphNode;
  readonly name: readonly string[];
  readonly detail: readonly string[];
}

/** Its arrow goes through its middle. */
interface PlacedLabel extends Point {
  readonly lines: readonly string[];
}

interface PlacedLine {
  readonly fromX: number;
  readonly fromY: number;
  /** Where it goes up or down. */
  readonly channelX: number;
  readonly toX: number;
  readonly toY: number;
}

/** What comes into a node with the same labels has one arrow. */
interface Entry {
  readonly from: string[];
  readonly lines: string[];
}

interface Draft {
  readonly node: GraphNode;
  readonly name: string[];
  readonly detail: string[];
  readonly entries: Entry[];
  readonly height: number;
}

/** Where everything is drawn. An account and Region is a box, and what is copied into it is another one, so that no line goes through a box. */
class ArchitectureLayout {
  public readonly places: (Box & { readonly title: readonly string[] })[] = [];
  public readonly nodes = new Map<string, PlacedNode>();
  public readonly labels: PlacedLabel[] = [];
  public readonly lines: PlacedLine[] = [];
  public height = 0;
  private readonly drafts: Draft[];

  constructor(private readonly graph: ArchitectureGraph) {
    this.drafts = [...graph.nodes.values()].map((node) => this.draftOf(node));
    // The first time shows from which height lines come: the second time, nodes are in that order.
    this.placeAll();
    this.placeAll();
    this.drawLines();
  }

  private draftOf(node: GraphNode): Draft {
    const width = COLUMN_WIDTH[node.column] - 12;
    const name = wrapped(node.name, Math.floor(width / NAME_WIDTH), 4);
    const detail = wrapped(node.detail ?? '', Math.floor(width / DETAIL_WIDTH), 2);
    const entries = new Map<string, Entry>();
    for (const { from, to, labels } of this.graph.edges.values()) {
      if (to === node.id) {
        const entry = entries.get(labels.join('\n')) ?? { from: [], lines: labelLines(labels) };
        entry.from.push(from);
        entries.set(labels.join('\n'), entry);
      }
    }
    const needed = [...entries.values()].reduce((sum, entry) => sum + heightOf(entry), 0);
    return { node, name, detail, entries: [...entries.values()], height: Math.max((name.length + detail.length) * LINE + 14, needed) };
  }

  private placeAll(): void {
    const known = new Map([...this.nodes].map(([id, { y, height }]) => [id, y + height / 2]));
    const rank = ({ node, entries }: Draft) => {
      const heights = entries.flatMap(({ from }) => from.map((id) => known.get(id) ?? 0));
      const isAlone = heights.length === 0 && ![...this.graph.edges.values()].some(({ from }) => from === node.id);
      return isAlone ? Number.MAX_SAFE_INTEGER : heights.reduce((sum, each) => sum + each, 0) / Math.max(1, heights.length);
    };
    const ofPlace = new Map<string, Draft[]>();
    for (const draft of this.drafts) {
      const key = `${draft.node.column === 2} ${place(draft.node.place)}`;
      ofPlace.set(key, [...ofPlace.get(key) ?? [], draft]);
    }
    this.places.length = 0;
    const first = (drafts: Draft[]) => Math.min(...drafts.map(({ node }) => node.column));
    const middle = (drafts: Draft[]) => Math.min(...drafts.map(rank));
    const bottoms = [TOP, TOP, TOP];
    for (const drafts of [...ofPlace.values()].sort((one, other) => first(one) - first(other) || middle(one) - middle(other))) {
      this.placeOne([...drafts].sort((one, other) => rank(one) - rank(other)), bottoms);
    }
    this.height = Math.max(...bottoms) - BETWEEN + 8;
  }

  private placeOne(drafts: Draft[], bottoms: number[]): void {
    const columns = drafts.map(({ node }) => node.column);
    const [from, to] = [Math.min(...columns), Math.max(...columns)];
    const top = Math.max(...bottoms.slice(from, to + 1));
    const next = [0, 1, 2].map(() => top + TITLE + (from === 0 ? LINE : 0));
    for (const { node, name: lines, detail, height } of drafts) {
      const { id, column } = node;
      this.nodes.set(id, { node, name: lines, detail, x: COLUMN_X[column], y: next[column], width: COLUMN_WIDTH[column], height });
      next[column] += height + BETWEEN;
    }
    const bottom = Math.max(...next) - BETWEEN + PADDING;
    const left = COLUMN_X[from] - PADDING;
    const { account, region } = drafts[0].node.place;
    // Next to the first column there may be lines.
    const title = from === 0 ? [account, region] : [place({ account, region })];
    this.places.push({ title, x: left, y: top, width: COLUMN_X[to] + COLUMN_WIDTH[to] + PADDING - left, height: bottom - top });
    bottoms.fill(bottom + BETWEEN, from, to + 1);
  }

  private drawLines(): void {
    const ends = new Map<string, Point[]>();
    for (const { node, entries } of this.drafts) {
      const { x, y, height } = this.nodes.get(node.id)!;
      let top = y + (height - entries.reduce((sum, entry) => sum + heightOf(entry), 0)) / 2;
      for (const entry of entries) {
        const middle = top + heightOf(entry) / 2;
        this.labels.push({ x: x - GUTTER + LABELS, y: middle, lines: entry.lines });
        entry.from.forEach((from) => ends.set(from, [...ends.get(from) ?? [], { x, y: middle }]));
        top += heightOf(entry);
      }
    }
    for (const column of [0, 1]) {
      const trunks = [...ends].filter(([id]) => this.nodes.get(id)!.node.column === column).map(([id, to]) => {
        const { x, y, width, height } = this.nodes.get(id)!;
        const fromY = y + height / 2;
        return { fromX: x + width, fromY, to, top: Math.min(fromY, ...to.map((end) => end.y)), bottom: Math.max(fromY, ...to.map((end) => end.y)) };
      });
      const channels = channelsOf(trunks);
      const step = (LABELS - CHANNELS) / (Math.max(0, ...channels) + 2);
      trunks.forEach(({ fromX, fromY, to }, index) => to.forEach(({ x, y }) => this.lines.push({
        fromX, fromY, toX: x, toY: y, channelX: fromX + CHANNELS + (channels[index] + 1) * step,
      })));
    }
  }
}

/** For each vertical line the first channel where no other one is at its height. */
function channelsOf(trunks: readonly { readonly top: number; readonly bottom: number }[]): number[] {
  const channels: number[] = [];
  trunks.forEach(({ top, bottom }, index) => {
    const near = trunks.slice(0, index).map((other, number) => other.top < bottom + 8 && top < other.bottom + 8 ? channels[number] : -1);
    const isTaken = (channel: number) => near.includes(channel);
    let channel = 0;
    while (isTaken(channel)) {
      channel++;
    }
    channels.push(channel);
  });
  return channels;
}

function labelLines(labels: readonly string[]): string[] {
  const most = 4;
  const shown = labels.length <= most ? labels : [...labels.slice(0, most - 1), `and ${labels.length - most + 1} more`];
  return shown.flatMap((label) => wrapped(label, LABEL_LETTERS, 2));
}

/** Half of the lines are above the arrow, and half below. */
function heightOf({ lines }: Entry): number {
  return Math.ceil(lines.length / 2) * 2 * LINE + 10;
}

/** The architecture as SVG: accounts and Regions as boxes, and the flows between what is in them. */
export function architectureDrawing(report: RecoveryReport): string {
  const graph = new ArchitectureGraph(report);
  if (graph.nodes.size === 0) {
    return '';
  }
  const { places, nodes, labels, lines, height } = new ArchitectureLayout(graph);
  const nodesOf = (column: number) => [...nodes.values()].filter(({ node }) => node.column === column);
  return [
    `<svg role="img" aria-label="Architecture: ${nodes.size} parts in ${new Set([...graph.nodes.values()].map((node) => place(node.place))).size} accounts and Regions; the list below has its flows" viewBox="0 0 ${WIDTH} ${at(height)}">`,
    '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" class="arrow"/></marker></defs>',
    ...places.map(placeMarkup),
    ...COLUMNS.flatMap((title, column) => nodesOf(column).slice(0, 1).map(({ x }) => `<text class="heading" x="${at(x)}" y="14">${html(title)}</text>`)),
    ...lines.map(lineMarkup),
    ...labels.map(labelMarkup),
    ...[...nodes.values()].map(nodeMarkup),
    '</svg>',
  ].join('\n');
}

/** The flows of the drawing in words, for those who can't see it, or only a part of it. */
export function flowTexts(report: RecoveryReport): string[] {
  const { nodes, edges } = new ArchitectureGraph(report);
  const name = (id: string) => {
    const node = nodes.get(id)!;
    return `${node.name} (${place(node.place)})`;
  };
  const forwarded = report.forwarding.map(({ to, ...from }) => `Events of ${place(from)} → ${to}`);
  return [...[...edges.values()].map(({ from, to, labels }) => `${name(from)} → ${name(to)}: ${labels.join('; ')}`), ...forwarded];
}

function placeMarkup({ title, x, y, width, height }: Box & { readonly title: readonly string[] }): string {
  return `<rect class="place" x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" rx="8"/>`
    + title.map((line, index) => `<text class="place" x="${at(x + 12)}" y="${at(y + 16 + index * LINE)}">${html(line)}</text>`).join('');
}

function nodeMarkup({ node, name, detail, x, y, width, height }: PlacedNode): string {
  const middle = y + height / 2 - (name.length + detail.length - 1) / 2 * LINE + 4;
  const texts = [...name, ...detail].map((line, index) =>
    `<text x="${at(x + width / 2)}" y="${at(middle + index * LINE)}" class="${index < name.length ? 'name' : 'detail'}">${html(line)}</text>`);
  return `<g class="node ${node.kind}"><title>${html([node.name, ...node.detail === undefined ? [] : [node.detail]].join(', '))}</title>`
    + `<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" rx="5"/>${texts.join('')}</g>`;
}

function labelMarkup({ x, y, lines }: PlacedLabel): string {
  const above = Math.ceil(lines.length / 2);
  return lines.map((line, index) =>
    `<text class="flow" x="${at(x)}" y="${at(index < above ? y - 5 - (above - 1 - index) * LINE : y + 13 + (index - above) * LINE)}">${html(line)}</text>`).join('');
}

/** Out of a node, up or down in its channel, and into the next one, with round corners. */
function lineMarkup({ fromX, fromY, channelX, toX, toY }: PlacedLine): string {
  const radius = Math.min(6, Math.abs(toY - fromY) / 2);
  const down = Math.sign(toY - fromY);
  const path = radius < 0.5 ? `M${at(fromX)} ${at(fromY)}H${at(toX)}` : [
    `M${at(fromX)} ${at(fromY)}H${at(channelX - radius)}Q${at(channelX)} ${at(fromY)} ${at(channelX)} ${at(fromY + down * radius)}`,
    `V${at(toY - down * radius)}Q${at(channelX)} ${at(toY)} ${at(channelX + radius)} ${at(toY)}H${at(toX)}`,
  ].join('');
  return `<path class="flow" d="${path}" marker-end="url(#end)"/>`;
}
