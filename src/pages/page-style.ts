/** Colors by scheme: on paper, those of the light one with more contrast. */
const LIGHT = '--text: #16191f; --soft: #4d545d; --page: #fff; --box: #f4f6f8; --line: #b4bec4; --good: #1b6b3a; --attention: #8a5a00; --bad: #b3261e; --one: #0b5cad; --two: #7a3e9d; --three: #8a5a00;';
const DARK = '--text: #e9ebed; --soft: #b6bec9; --page: #0f141a; --box: #1a222c; --line: #4a5563; --good: #6ad08c; --attention: #f0c060; --bad: #ff9d94; --one: #7cb8ff; --two: #d3a4f0; --three: #f0c060;';
const PAPER = '--text: #000; --soft: #333; --page: #fff; --box: #f4f4f4; --line: #999; --good: #14532d; --attention: #7a4f00; --bad: #991b1b; --one: #0b5cad; --two: #6b2d8f; --three: #7a4f00;';

/** The style of the page: on a phone, in the dark and on paper. Words break only where `breakable` lets them. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); }
h1 { margin: .5rem 0 1rem; font-size: 1.7rem; line-height: 1.2; } h2 { margin: 2.5rem 0 .8rem; padding-bottom: .2rem; border-bottom: 2px solid var(--line); font-size: 1.35rem; } h3 { margin: 1.6rem 0 .5rem; font-size: 1.05rem; }
p { margin: .5rem 0; max-width: 50rem; } p, li { overflow-wrap: anywhere; } a { color: var(--one); } .name { white-space: nowrap; } .long { overflow-wrap: anywhere; }
.verdict { padding: .9rem 1.1rem; border-left: .5rem solid var(--good); border-radius: .3rem; background: var(--box); }
.verdict p { max-width: none; margin: .3rem 0 0; } .verdict strong { display: block; font-size: 1.25rem; line-height: 1.35; color: var(--good); }
.verdict.attention { border-color: var(--attention); } .verdict.attention strong { color: var(--attention); }
.verdict.bad { border-color: var(--bad); } .verdict.bad strong { color: var(--bad); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .8rem; margin: 1rem 0; }
dl div { padding: .7rem .8rem; border: 1px solid var(--line); border-radius: .3rem; } dt { font-size: .875rem; color: var(--soft); } dd { margin: 0; font-size: 1.35rem; font-weight: 700; line-height: 1.3; overflow-wrap: anywhere; }
figure { margin: 1rem 0; } figure > div { overflow-x: auto; } figure svg { display: block; width: 100%; height: auto; } .hint { display: none; }
summary { cursor: pointer; } summary + ul { margin: .5rem 0; padding-left: 1.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.4; }
th, td { padding: .4rem .55rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom-width: 2px; background: var(--box); vertical-align: bottom; } tbody th { font-weight: 600; }
td.bad, th.bad { color: var(--bad); font-weight: 700; } td.good, th.good { color: var(--good); font-weight: 700; }
svg text { font: 11px system-ui, sans-serif; fill: var(--text); }
svg .node text { text-anchor: middle; } svg text.name { font-size: 12px; font-weight: 700; } svg .detail, svg text.flow, svg text.heading { fill: var(--soft); } svg text.heading { font-size: 12px; }
svg rect.place { fill: var(--box); stroke: var(--line); } svg text.place { font-weight: 700; }
svg .node rect { fill: var(--page); stroke: var(--soft); stroke-width: 1.5; }
svg .resource rect { stroke: var(--good); } svg .unprotected rect { stroke: var(--bad); stroke-width: 3; } svg .vault rect { stroke: var(--one); }
svg .bucket rect { stroke: var(--three); } svg .topic rect, svg .bus rect { stroke: var(--two); }
svg path.flow { fill: none; stroke: var(--soft); stroke-width: 1.2; } svg .arrow { fill: var(--soft); }
svg .axis { stroke: var(--line); } svg text.axis { stroke: none; fill: var(--soft); } svg text.row { font-size: 12px; text-anchor: end; }
svg .window { fill: var(--three); } svg .duration { fill: var(--one); } svg .warm { fill: var(--three); } svg .cold { fill: var(--one); }
svg .lock { stroke: var(--text); stroke-width: 2.5; }
.key { font-size: .875rem; } .key span { white-space: nowrap; margin-right: 1rem; } .key i { display: inline-block; width: 1rem; height: .8rem; margin-right: .35rem; border: 1px solid var(--line); }
.key .window, .key .warm { background: var(--three); } .key .duration, .key .cold { background: var(--one); } .key .lock { width: 3px; border: 0; background: var(--text); }
.key .resource { border: 2px solid var(--good); } .key .unprotected { border: 3px solid var(--bad); } .key .vault { border: 2px solid var(--one); } .key .bucket { border: 2px solid var(--three); } .key .topic { border: 2px solid var(--two); }
@media screen and (max-width: 60rem) {
  table, tbody, tr, th, td { display: block; } thead { display: none; }
  tbody { margin: 0 0 .8rem; padding: .3rem .7rem; border: 1px solid var(--line); border-radius: .3rem; } tr + tr { margin-top: .5rem; padding-top: .5rem; border-top: 1px solid var(--line); } th, td { padding: .25rem 0; border: 0; overflow-wrap: anywhere; }
  td { display: grid; grid-template-columns: minmax(6.5rem, 30%) 1fr; gap: .6rem; } td::before { content: attr(data-label); color: var(--soft); font-weight: 400; }
  td:empty { display: none; } tbody th { font-size: 1rem; } tbody th::before { content: attr(data-label) ": "; color: var(--soft); font-weight: 400; }
  figure svg { min-width: 52rem; } .hint { display: block; font-size: .875rem; color: var(--soft); }
}
@media print {
  :root { color-scheme: light; ${PAPER} }
  body { max-width: none; padding: 0; font-size: 9pt; } h2 { break-after: avoid; } h3 { break-after: avoid; } table { font-size: 7pt; } th, td { padding: .15rem .25rem; } tr, svg, dl, .verdict { break-inside: avoid; }
  figure > div { overflow: visible; } * { print-color-adjust: exact; }
}
`;
