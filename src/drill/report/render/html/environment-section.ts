/** What was drilled: versions, kernel, files, timers, limits, the lab, and what was true before. Pure. */
import type { Topology } from '../../../topology/topology.ts';
import type { DrillReport, InstanceTimers, NodeEnvironment } from '../../report.ts';
import { countOf, formatCount, formatDuration } from '../numbers.ts';
import { html, type Markup } from './markup.ts';
import { table } from './table.ts';

export function environmentSection(report: DrillReport): Markup {
  const { environment, notes, steadyState, limits, topology } = report;
  const { kernel, nodes } = environment;
  return html`<section aria-labelledby="environment"><h2 id="environment">Environment</h2>
<dl class="facts"><div><dt>holdfast</dt><dd>${environment.holdfast}</dd></div><div><dt>Node.js</dt><dd>${environment.node}</dd></div><div><dt>Kernel</dt><dd>${kernel.release}, ${kernel.which === 'host' ? "this host's" : 'embedded'}, ${countOf(kernel.processors, 'processor')}: ${kernel.reason}</dd></div></dl>
${nodeTable(nodes)}${timerTable(nodes)}
${steadyState !== undefined && steadySentence(steadyState)}
${limits.length > 0 && html`<p>Limits: ${limits.map(({ text }, index) => html`${index > 0 && ', '}<code>${text}</code>`)}</p>`}
${topology !== undefined && lab(topology)}
${notes.length > 0 && html`<h3>Notes</h3><ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
</section>`;
}

function nodeTable(nodes: readonly NodeEnvironment[]): Markup | undefined {
  return table({
    caption: 'Directors and their configuration',
    columns: [{ title: 'Node' }, { title: 'Daemon' }, { title: 'File' }, { title: 'SHA-256' }],
    rows: nodes.map(({ name, daemon, daemonVersion, configFile, configHash }) => [
      name,
      `${daemon} ${daemonVersion}`,
      html`<code>${configFile}</code>`,
      html`<code class="hash">${configHash}</code>`,
    ]),
  });
}

function timerTable(nodes: readonly NodeEnvironment[]): Markup | undefined {
  return table({
    caption: 'Timers by the files: a Backup waits Master_Down_Interval, after priority 0 only Skew_Time',
    columns: [
      { title: 'Instance' },
      { title: 'Node' },
      { title: 'VRRP' },
      { title: 'Priority', isNumber: true },
      { title: 'Preempts' },
      { title: 'Advertisement_Interval', isNumber: true },
      { title: 'Skew_Time', isNumber: true },
      { title: 'Master_Down_Interval', isNumber: true },
    ],
    rows: nodes.flatMap(({ name, instances }) => instances.map((one) => timerRow(name, one))),
  });
}

function timerRow(node: string, one: InstanceTimers): readonly (string | number | Markup)[] {
  const delay = one.preemptDelayMs > 0 ? `, after ${formatDuration(one.preemptDelayMs)}` : '';
  return [
    html`${one.instance} <span class="aside">VRID ${one.vrid}</span>`,
    node,
    `version ${one.version}, IPv${one.family}`,
    one.priority,
    one.preempts ? `yes${delay}` : 'no',
    formatDuration(one.advertisementIntervalMs),
    formatDuration(one.skewTimeMs),
    formatDuration(one.masterDownIntervalMs),
  ];
}

function steadySentence(steady: NonNullable<DrillReport['steadyState']>): Markup {
  const masters = steady.masters.map(({ instance, node }) => `${node} is Master of ${instance}`).join(', ');
  return html`<p>Before anything was broken: ${masters || 'no Master is known'}; ${formatCount(steady.failedRequests)} of ${countOf(steady.requests, 'request')} failed. That state was reached ${formatDuration(steady.tookMs)} after the daemons were started.</p>`;
}

function lab(topology: Topology): Markup {
  const { networks, nodes, realServers, clients, routers, services } = topology;
  const machines = [
    ...nodes.map((one) => ({ ...one, role: 'director' })),
    ...realServers.map((one) => ({ ...one, role: 'real server' })),
    ...clients.map((one) => ({ ...one, role: 'client' })),
    ...routers.map((one) => ({ ...one, role: 'router' })),
  ];
  const counts = `${countOf(networks.length, 'network')}, ${countOf(machines.length, 'machine')}, ${countOf(services.length, 'service')}`;
  return html`<details class="fold"><summary>The lab: ${counts}</summary>${table({
    caption: 'Machines of the lab',
    columns: [{ title: 'Machine' }, { title: 'Is a' }, { title: 'Interfaces' }],
    rows: machines.map(({ name, role, interfaces }) => [
      name,
      role,
      interfaces.map((one) => `${one.name}: ${one.addresses.join(' ')}`).join('; '),
    ]),
  })}${table({
    caption: 'Services that clients ask for',
    columns: [{ title: 'Service' }, { title: 'Kind' }, { title: 'Clients' }, { title: 'Real servers' }],
    rows: services.map(({ name, kind, clients: askers, servers, sorryServers }) => [
      name,
      kind,
      askers.join(', '),
      [...servers, ...sorryServers.map((one) => `${one} (sorry server)`)].join(', '),
    ]),
  })}</details>`;
}
