/** How drawings look. Every colour that means something comes with a form or a hatching of its own. */

const zooms = [2, 4, 8, 16, 32]
  .map((zoom) => `.zoom-${zoom} .drawing { width: calc(${zoom} * (100% - 148px)); }`)
  .join('\n');

export const drawingStyle = `
.timeline { margin: 1.25rem 0; }
.timeline figcaption, .close-up { font-size: .8125rem; color: var(--soft); margin: 0 0 .4rem; padding-right: 5rem; max-width: none; }
.close-up { margin-top: 1.25rem; }
.chart { display: flex; overflow-x: auto; }
.names { flex: none; position: sticky; left: 0; z-index: 1; background: var(--paper); }
.drawing { flex: none; width: calc(100% - 148px); min-width: 38rem; overflow: visible; }
${zooms}
.zoom { display: flex; justify-content: flex-end; gap: .25rem; margin: -1.9rem 0 .25rem; }
.zoom button { font: inherit; width: 1.8rem; line-height: 1.4; color: var(--ink); background: var(--raised); border: 1px solid var(--rule); border-radius: .25rem; cursor: pointer; }
.shared { position: absolute; }
.chart text { font-size: 11px; fill: var(--ink); font-variant-numeric: tabular-nums; }
.chart .lane-name { font-weight: 600; font-size: 12px; }
.chart .lane-detail, .chart .tick-label { fill: var(--soft); }
.chart .mark-label { fill: var(--ink); font-size: 10.5px; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-opacity: .75; stroke-linejoin: round; }
.chart .step-label { font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
.divide { stroke: var(--rule); }
.tick { stroke: var(--grid); }
.ground-broken { fill: var(--ground-broken); }
.step line { stroke: var(--mark); stroke-dasharray: 4 3; }
.step-inject line { stroke: var(--bad); stroke-dasharray: none; stroke-width: 1.5; }
.step-inject .step-label { fill: var(--bad); }
.pointer { stroke: var(--accent); pointer-events: none; }
.chart .pointer-label { fill: var(--accent); font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }
.span-phase { fill: var(--raised); stroke: var(--rule); }
.span-phase.is-broken { fill: var(--bad-ground); stroke: var(--bad); }
.span-master { fill: var(--master); }
.span-backup { fill: var(--rule); }
.span-holds { fill: var(--held); }
.span-stopped { fill: var(--paper); stroke: var(--soft); stroke-dasharray: 3 2; }
.span-served { fill: var(--served); }
.span-failing { fill: url(#hatch-failing); stroke: var(--bad); }
.span-no-master { fill: url(#hatch-none); stroke: var(--bad); }
.span-double-master { fill: url(#hatch-double); stroke: var(--bad); stroke-width: 1.5; }
.span-fault { fill: url(#hatch-fault); stroke: var(--odd); }
.span-stale { fill: var(--odd-ground); stroke: var(--odd); stroke-dasharray: 2 2; }
.hatch-ground { fill: var(--bad-ground); }
.hatch-line { fill: var(--bad); stroke: var(--bad); stroke-width: .8; fill-opacity: .55; stroke-opacity: .6; }
#hatch-fault .hatch-ground { fill: var(--odd-ground); }
#hatch-fault .hatch-line { fill: var(--odd); stroke: var(--odd); }
.chart .on-master { fill: var(--on-master); }
.chart .on-served { fill: var(--on-served); }
.chart .on-failing, .chart .on-double-master, .chart .on-no-master, .chart .on-fault { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.strokes path, .legend path { vector-effect: non-scaling-stroke; stroke-width: 1.25; }
.stroke-advertisement { stroke: var(--master); fill: var(--master); }
.stroke-arp-reply { stroke: var(--soft); fill: var(--soft); }
.stroke-request-failed { stroke: var(--bad); fill: var(--bad); }
.mark-priority-zero, .mark-announcement, .mark-neighbour-changed, .mark-notification { fill: var(--mark); }
.mark-address-added, .mark-server-back { fill: var(--good); }
.mark-address-removed, .mark-server-out, .mark-connection-lost { fill: var(--bad); }
.mark-log { fill: var(--soft); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: 0; margin: .6rem 0 0; font-size: .75rem; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: .4rem; }
.runs { width: 9rem; display: block; }
.runs-axis { stroke: var(--rule); }
.runs-expected { stroke: var(--soft); stroke-dasharray: 2 2; }
.runs-dot { fill: var(--master); fill-opacity: .55; }
@media print {
  .chart { display: flex; }
  .drawing { min-width: 0; width: calc(100% - 148px); }
  .chart text, .chart .lane-name, .chart .mark-label { font-size: 8.25px; }
  .drawing, .names, .legend, .runs { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}`;
