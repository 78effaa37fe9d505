/** The style of the page: on a phone, in the dark and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --text: #16191f; --soft: #545b64; --page: #fff; --box: #f4f6f8; --line: #aab7b8; --good: #1b6b3a; --bad: #b3261e; --one: #0b5cad; --two: #7a3e9d; --three: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --text: #e9ebed; --soft: #b6bec9; --page: #0f141a; --box: #1a222c; --line: #5f6b7a; --good: #6ad08c; --bad: #ff9d94; --one: #7cb8ff; --two: #d3a4f0; --three: #f0c060; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); overflow-wrap: break-word; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; border-bottom: 2px solid var(--line); } h3 { margin-bottom: .4rem; }
a { color: var(--one); }
.headline { padding: .8rem 1rem; border-left: .5rem solid var(--good); background: var(--box); font-size: 1.1rem; }
.headline.bad { border-color: var(--bad); }
.wide { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; min-width: 100%; font-size: .875rem; }
th, td { padding: .35rem .6rem; border: 1px solid var(--line); text-align: left; vertical-align: top; min-width: 5rem; max-width: 24rem; }
th { background: var(--box); }
td.long { min-width: 18rem; }
td.bad { color: var(--bad); font-weight: 700; } td.good { color: var(--good); font-weight: 700; }
svg { display: block; } svg text { font: 12px system-ui, sans-serif; fill: var(--text); }
svg g text { text-anchor: middle; } svg .name { font-weight: 700; } svg .detail, svg text.flow { fill: var(--soft); }
svg text.flow { text-anchor: middle; font-size: 11px; paint-order: stroke; stroke: var(--page); stroke-width: 4px; }
svg rect.place { fill: var(--box); stroke: var(--line); } svg text.place { font-weight: 700; }
svg g rect { fill: var(--page); stroke: var(--soft); stroke-width: 1.5; }
svg .resource rect { stroke: var(--good); } svg .unprotected rect { stroke: var(--bad); stroke-width: 3; } svg .vault rect { stroke: var(--one); }
svg .bucket rect { stroke: var(--three); } svg .topic rect, svg .bus rect { stroke: var(--two); }
svg path.flow { fill: none; stroke: var(--soft); } svg .arrow { fill: var(--soft); }
svg .axis { stroke: var(--line); } svg text.axis { stroke: none; fill: var(--soft); } svg text.row { text-anchor: end; }
svg .window { fill: var(--three); } svg .duration { fill: var(--one); } svg .warm { fill: var(--three); } svg .cold { fill: var(--one); }
svg .lock { stroke: var(--text); stroke-width: 2.5; }
.key span { display: inline-block; width: 1rem; height: .8rem; margin: 0 .3rem 0 .8rem; border: 1px solid var(--line); }
.key .window, .key .warm { background: var(--three); } .key .duration, .key .cold { background: var(--one); } .key .lock { width: 3px; border: 0; background: var(--text); }
@media print {
  :root { color-scheme: light; --text: #000; --soft: #333; --page: #fff; --box: #f4f4f4; --line: #888; --good: #14532d; --bad: #991b1b; --one: #0b5cad; --two: #6b2d8f; --three: #7a4f00; }
  body { max-width: none; padding: 0; font-size: 9pt; } table { font-size: 6.5pt; } th, td, td.long { min-width: 0; overflow-wrap: anywhere; padding: .1rem .2rem; } tr, svg { break-inside: avoid; }
  .wide { overflow: visible; } svg { max-width: 100%; height: auto; } * { print-color-adjust: exact; }
}
`;
