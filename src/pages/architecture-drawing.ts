import { createRequire } from 'module';
import { ArchitectureGraph } from './architecture-graph';
import type { GraphNode } from './architecture-graph';
import { coordinate as at, html, shortened } from './markup';
import { place } from './report-texts';
import type { RecoveryReport } from '../report/report-model';

interface Graph {
  setGraph(options: object): void;
  graph(): Partial<Box>;
  setNode(id: string, options: object): void;
  setParent(id: string, parent: string): void;
  setEdge(from: string, to: string, options: object): void;
  node(id: string): Box;
  edge(from: string, to: string): Point & { readonly points: Point[] };
  nodes(): string[];
}

interface Dagre {
  readonly graphlib: { readonly Graph: new (options: object) => Graph };
  readonly layout: (graph: Graph) => void;
}

// The declarations of the package are those of an ECMAScript module, which TypeScript does not let a CommonJS module import. The package is both.
const { graphlib, layout } = createRequire(__filename)('@dagrejs/dagre') as Dagre;

/** The width of a character and the height of a line, for fonts of all systems. */
const [CHARACTER, LINE] = [7.4, 16];

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** The architecture as SVG: accounts and regions as boxes, and the flows between what is in them. */
export function architectureDrawing(report: RecoveryReport): string {
  const { nodes, edges } = new ArchitectureGraph(report);
  if (nodes.size === 0) {
    return '';
  }
  const graph = new graphlib.Graph({ compound: true, multigraph: false });
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 70, marginx: 16, marginy: 28 });
  for (const node of nodes.values()) {
    const lines = linesOf(node);
    const parent = `place ${place(node.place)}`;
    graph.setNode(parent, { label: place(node.place) });
    graph.setNode(node.id, { width: widthOf(lines) + 24, height: lines.length * LINE + 16 });
    graph.setParent(node.id, parent);
  }
  for (const { from, to, labels } of edges.values()) {
    const lines = labelsOf(labels);
    graph.setEdge(from, to, { width: widthOf(lines), height: lines.length * LINE, labelpos: 'c' });
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const boxOf = (id: string) => graph.node(id);
  const places = graph.nodes().filter((id) => id.startsWith('place '));
  return [
    `<svg role="img" aria-label="Architecture: ${nodes.size} parts in ${places.length} places" viewBox="0 0 ${at(width)} ${at(height)}" width="${at(width)}" height="${at(height)}">`,
    '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" class="arrow"/></marker></defs>',
    ...places.map((id) => placeMarkup(id.replace('place ', ''), boxOf(id))),
    ...[...edges.values()].map(({ from, to, labels }) => edgeMarkup(graph.edge(from, to), labelsOf(labels))),
    ...[...nodes.values()].map((node) => nodeMarkup(node, boxOf(node.id))),
    '</svg>',
  ].join('\n');
}

function linesOf({ lines, count }: GraphNode & { readonly count: number }): string[] {
  return lines.map((line, index) => index === 0 && count > 1 ? `${count} × ${shortened(line)}` : shortened(line));
}

function labelsOf(labels: string[]): string[] {
  const most = 4;
  return labels.length <= most ? labels.map((label) => shortened(label)) : [...labels.slice(0, most - 1).map((label) => shortened(label)), `and ${labels.length - most + 1} more`];
}

function widthOf(lines: string[]): number {
  return Math.max(0, ...lines.map((line) => [...line].length)) * CHARACTER;
}

function placeMarkup(name: string, { x, y, width, height }: Box): string {
  const [left, top] = [x - width / 2, y - height / 2];
  return `<rect class="place" x="${at(left)}" y="${at(top)}" width="${at(width)}" height="${at(height)}" rx="8"/>`
    + `<text class="place" x="${at(left + 8)}" y="${at(top - 5)}">${html(name)}</text>`;
}

function nodeMarkup(node: GraphNode & { readonly count: number }, { x, y, width, height }: Box): string {
  const lines = linesOf(node);
  const texts = lines.map((line, index) =>
    `<text x="${at(x)}" y="${at(y + (index - (lines.length - 1) / 2) * LINE + 4)}" class="${index === 0 ? 'name' : 'detail'}">${html(line)}</text>`);
  return `<g class="${node.kind}"><title>${html(node.lines.join(', '))}</title>`
    + `<rect x="${at(x - width / 2)}" y="${at(y - height / 2)}" width="${at(width)}" height="${at(height)}" rx="5"/>${texts.join('')}</g>`;
}

function edgeMarkup({ points, x, y }: ReturnType<Graph['edge']>, lines: string[]): string {
  const path = points.map((point, index) => `${index === 0 ? 'M' : 'L'}${at(point.x)} ${at(point.y)}`).join('');
  const texts = lines.map((line, index) =>
    `<text class="flow" x="${at(x)}" y="${at(y + (index - (lines.length - 1) / 2) * LINE + 4)}">${html(line)}</text>`);
  return `<path class="flow" d="${path}" marker-end="url(#end)"/>${texts.join('')}`;
}
