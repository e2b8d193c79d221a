/** How the page looks: on a screen wide or narrow, light or dark, and on paper. No fonts or pictures from elsewhere. */
import { drawingStyle } from './drawing-style.ts';

/** Ink on paper, one accent, and three colours that mean something; all at least 4.5 : 1 on their ground. */
const light = `
  --ink: #1c2127; --soft: #55606c; --paper: #ffffff; --raised: #f5f7f9; --rule: #d9dee4; --accent: #0b5ea8;
  --good: #1a6e33; --good-ground: #e4f4e8; --bad: #b3261e; --bad-ground: #fdebe9; --odd: #7a5200; --odd-ground: #fbf1dc;
  --master: #2f6fb0; --on-master: #ffffff; --held: #9cc3ea; --served: #b9dfc3; --on-served: #143d1f;
  --ground-broken: #fdf3f1; --grid: #e6eaee; --mark: #333c46;`;

const dark = `
  --ink: #e4e8ec; --soft: #a3aeb9; --paper: #14181c; --raised: #1d2329; --rule: #343c45; --accent: #7ab8f0;
  --good: #76cf8f; --good-ground: #16301e; --bad: #ff9a90; --bad-ground: #3d1a17; --odd: #e7bd68; --odd-ground: #352910;
  --master: #5b9bdb; --on-master: #0c1218; --held: #35618f; --served: #265c36; --on-served: #d8f0df;
  --ground-broken: #241a1b; --grid: #262d34; --mark: #c9d1d9;`;

const page = `
:root { color-scheme: light dark; ${light} }
@media screen and (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 0 1.5rem 4rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; font-weight: 650; text-wrap: balance; }
h2 { font-size: 1.3rem; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 0; }
h4 { font-size: 1rem; margin: 0; display: inline; }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, button:focus-visible, .chart:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
p { margin: .5rem 0; max-width: 46rem; }
code, pre { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
.aside, .note, .meta, .kind { color: var(--soft); }
.aside { font-weight: 400; font-size: .875em; }
.note { font-size: .875rem; }
ul.bare { list-style: none; margin: 0; padding: 0; }`;

const headline = `
.headline { margin-top: 2rem; padding: 1.5rem 1.75rem; border-radius: .5rem; background: var(--odd-ground); border-left: .5rem solid var(--odd); }
.headline.is-pass { background: var(--good-ground); border-color: var(--good); }
.headline.is-fail { background: var(--bad-ground); border-color: var(--bad); }
.headline .kind { margin: 0; font-size: .875rem; }
.headline h1 { margin: .15rem 0 .35rem; font-size: clamp(1.6rem, 1.1rem + 2.2vw, 2.4rem); letter-spacing: -.01em; color: var(--odd); }
.headline.is-pass h1 { color: var(--good); }
.headline.is-fail h1 { color: var(--bad); }
.headline .lede { margin: 0; font-size: 1.1rem; max-width: 56rem; }
.headline .meta { margin: .6rem 0 0; font-size: .875rem; max-width: none; }
.tiles { display: flex; flex-wrap: wrap; gap: 1px; margin: 0; background: var(--rule); border: 1px solid var(--rule); border-radius: .5rem; overflow: hidden; }
.tile { flex: 1 1 10.5rem; background: var(--paper); padding: .9rem 1.1rem 1rem; }
.tile dt { font-size: .875rem; color: var(--soft); }
.tile dd { margin: 0; }
.tile .value { display: block; font-size: 1.75rem; font-weight: 650; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tile .detail { display: block; font-size: .8125rem; line-height: 1.4; color: var(--soft); }
h3 + .notes { margin-top: .35rem; }
.fold + h3 { margin-top: 1.25rem; }
.problems { list-style: none; padding: 0; margin: 0; }
.problems li { padding: .5rem 0 .5rem 1rem; border-left: 3px solid var(--odd); margin-bottom: .75rem; }
.problems .is-fail { border-color: var(--bad); }
.broken { margin: .35rem 0 0; max-width: 60rem; }
.why { display: block; color: var(--soft); font-size: .875em; max-width: 46rem; }
.badge { display: inline-block; white-space: nowrap; padding: .05em .55em; border-radius: 1em; font-size: .8125rem; font-weight: 600; line-height: 1.5; color: var(--odd); background: var(--odd-ground); }
.badge.is-pass { color: var(--good); background: var(--good-ground); }
.badge.is-fail { color: var(--bad); background: var(--bad-ground); }
.badge.is-skipped { color: var(--soft); background: var(--raised); }`;

const tables = `
.scrolls { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: .8125rem; padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--rule); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-weight: 600; font-size: .8125rem; vertical-align: bottom; border-bottom: 1.5px solid var(--soft); }
tbody th { font-weight: 600; }
.number { text-align: right; white-space: nowrap; }
.findings td:nth-child(2) { white-space: normal; max-width: 16rem; }
.findings tbody th, .figures tbody th { font-weight: 500; }
.findings tbody th { min-width: 16rem; }
td .aside, th .aside { display: block; max-width: 24rem; white-space: normal; }
.hash { font-size: .75rem; word-break: break-all; }
.overview th[scope=row] { min-width: 11rem; }
.overview .value { display: block; font-weight: 600; }
.overview .beside { display: block; font-size: .75rem; color: var(--soft); }
.overview .label { display: none; }
.overview .is-broken .value, .overview .is-broken .beside { color: var(--bad); }
.overview .is-empty, .overview .reason { color: var(--soft); }`;

const sections = `
.scenario { border-top: 1px solid var(--rule); }
.scenario:last-of-type { border-bottom: 1px solid var(--rule); }
.scenario > details > summary { padding: .75rem 0; display: flex; gap: .25rem 1rem; flex-wrap: wrap; align-items: baseline; cursor: pointer; list-style-position: outside; }
.scenario > details > summary h3 { flex: 1 1 20rem; }
.scenario > details > summary h3::before { content: "▸"; display: inline-block; width: 1.1em; color: var(--soft); }
.scenario > details[open] > summary h3::before { content: "▾"; }
.scenario > details[open] { padding-bottom: 1.5rem; }
.glance { color: var(--soft); font-size: .8125rem; font-variant-numeric: tabular-nums; }
.description { margin-top: 0; }
.run { border-top: 1px dashed var(--rule); padding: .5rem 0; }
.run > summary { cursor: pointer; }
.run.is-short { padding-left: 1.1rem; }
.fold { margin: .25rem 0; }
.fold > summary { cursor: pointer; padding: .3rem 0; font-weight: 600; font-size: .9375rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .5rem 1.5rem; margin: 0 0 1rem; }
.facts dt { font-size: .8125rem; color: var(--soft); }
.facts dd { margin: 0; }
.command { background: var(--raised); padding: .8rem 1rem; border-radius: .4rem; white-space: pre-wrap; word-break: break-word; margin: 0; }
.notes li, .evidence li { margin: .2rem 0; max-width: 46rem; }
.better { color: var(--good); } .worse { color: var(--bad); }
footer { margin-top: 3rem; color: var(--soft); font-size: .8125rem; }`;

const narrow = `
@media screen and (max-width: 44rem) {
  body { padding: 0 1rem 3rem; }
  .headline { margin: 0 -1rem; border-radius: 0; padding: 1.25rem 1rem 1.25rem 1rem; border-left-width: .4rem; }
  .tiles { margin: 0 -1rem; border-radius: 0; border-width: 1px 0; }
  .tile { flex-basis: 9rem; padding: .75rem 1rem; }
  .tile .value { font-size: 1.4rem; }
  .chart .names { width: 116px; }
  .overview, .overview caption, .overview tbody, .overview tr, .overview th, .overview td { display: block; }
  .overview thead { display: none; }
  .overview tr { padding: .7rem 0; border-bottom: 1px solid var(--rule); display: grid; grid-template-columns: 1fr auto; gap: .2rem .75rem; }
  .overview th, .overview td { border: 0; padding: 0; }
  .overview td { grid-column: 1 / -1; }
  .overview th + td { grid-column: 2; grid-row: 1; }
  .overview td.number { text-align: left; white-space: normal; display: grid; grid-template-columns: 8.5rem 1fr; gap: 0 .75rem; align-items: baseline; font-size: .875rem; }
  .overview .label { display: block; color: var(--soft); }
  .overview .beside { grid-column: 2; }
  .overview td.reason { font-size: .875rem; }
  .overview .is-empty { display: none !important; }
  .plain:not(.events), .plain:not(.events) caption, .plain:not(.events) tbody, .plain:not(.events) tr, .plain:not(.events) th, .plain:not(.events) td { display: block; }
  .plain:not(.events) thead, .plain:not(.events) td:empty { display: none; }
  .plain:not(.events) tr { padding: .5rem 0; border-bottom: 1px solid var(--rule); }
  .plain:not(.events) tbody th, .plain:not(.events) td { border: 0; padding: 0; min-width: 0; max-width: none; text-align: left; white-space: normal; }
  .plain:not(.events) td:not(:empty) { display: grid; grid-template-columns: 8.5rem 1fr; gap: 0 .75rem; }
  .plain:not(.events) td::before { content: attr(data-label); color: var(--soft); }
  .plain:not(.events) td > * { justify-self: start; }
  .plain:not(.events) td > .aside { grid-column: 2; }
}`;

const paper = `
@page { margin: 15mm 13mm; }
@media print {
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  .headline, .headline.is-pass, .headline.is-fail { margin-top: 0; background: none; border: 1.5pt solid var(--ink); border-left-width: 6pt; }
  .headline, .badge { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .badge, .badge.is-pass, .badge.is-fail, .badge.is-skipped { background: none; border: .75pt solid currentColor; }
  .zoom { display: none; }
  details:not([open])::details-content { content-visibility: visible; block-size: auto; }
  details > summary { list-style: none; }
  details > summary::-webkit-details-marker { display: none; }
  .scenario > details > summary h3::before { content: none !important; }
  .scenario { border-top: 0; }
  .scenarios, .scenario.is-played ~ .scenario.is-played { break-before: page; }
  .command { background: none; border: .75pt solid var(--rule); }
  .scrolls, .chart { overflow: visible; }
  h2, h3, h4, caption, summary, figcaption, .close-up { break-after: avoid; }
  tr, .tile, .chart, .problems li { break-inside: avoid; }
  thead { display: table-header-group; }
  table { font-size: 8pt; }
  th, td { padding-right: .5rem; }
  .overview .beside { white-space: normal; }
  .plain:not(.is-long) { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}`;

export const pageStyle = [page, headline, tables, sections, drawingStyle, narrow, paper].join('\n');
