/** What the directors did in a run: takeovers, windows without or with too many Masters, IPVS tables, notifications, states. Pure. */
import type { TableService } from '../../../observation.ts';
import type { ScenarioRun } from '../../report.ts';
import { countOf, formatDuration, formatOffset } from '../numbers.ts';
import { html, type Markup } from './markup.ts';
import { table } from './table.ts';

export function takeoverTable({ takeovers }: ScenarioRun, zeroAtMs: number): Markup | undefined {
  return table({
    caption: 'Takeovers: from the cause to the first advertisement, and what the files lead one to expect',
    columns: [
      { title: 'Instance' },
      { title: 'From, to' },
      { title: 'Took', isNumber: true },
      { title: 'After last advert', isNumber: true },
      { title: 'Expected', isNumber: true },
      { title: 'Address', isNumber: true },
      { title: 'Announced', isNumber: true },
      { title: 'First served', isNumber: true },
    ],
    rows: takeovers.map((one) => [
      html`${one.instance} <span class="aside">VRID ${one.vrid} on ${one.network}</span>`,
      html`${one.from ?? 'nobody'} → ${one.to} <span class="aside">${one.direction === 'failover' ? 'takeover' : 'return'}</span>`,
      formatDuration(one.takeoverMs),
      one.gapMs === undefined ? '–' : formatDuration(one.gapMs),
      html`${one.expectedMs === undefined ? '–' : formatDuration(one.expectedMs)}${
        one.expectedWhy !== undefined && html`<span class="aside">${one.expectedWhy}</span>`
      }`,
      offset(one.addressAtMs, zeroAtMs),
      offset(one.announcedAtMs, zeroAtMs),
      offset(one.firstServedAtMs, zeroAtMs),
    ]),
  });
}

function offset(atMs: number | undefined, zeroAtMs: number): string {
  return atMs === undefined ? '–' : formatOffset(atMs - zeroAtMs);
}

export function windowTable({ masterWindows }: ScenarioRun, zeroAtMs: number): Markup | undefined {
  if (masterWindows.length === 0)
    return html`<p class="note">At every moment exactly one director was Master of each virtual router.</p>`;
  const evidence = {
    advertisements: 'advertisements',
    addresses: 'who held the address',
    arp: 'ARP answers',
  };
  return table({
    caption: 'When not exactly one director was Master',
    columns: [
      { title: 'Masters' },
      { title: 'Instance' },
      { title: 'From', isNumber: true },
      { title: 'To', isNumber: true },
      { title: 'Length', isNumber: true },
      { title: 'Told by' },
    ],
    rows: masterWindows.map((one) => [
      one.kind === 'double' ? html`<strong>${one.nodes.join(' and ') || 'two'}</strong>` : 'nobody',
      html`${one.instance} <span class="aside">VRID ${one.vrid}${one.address !== undefined && `, ${one.address}`}</span>`,
      formatOffset(one.fromMs - zeroAtMs),
      formatOffset(one.toMs - zeroAtMs),
      formatDuration(one.ms),
      evidence[one.evidence] ?? one.evidence,
    ]),
  });
}

export function stateTable({ states }: ScenarioRun, zeroAtMs: number): Markup | undefined {
  return table({
    caption: 'States, as the daemons told them',
    columns: [
      { title: 'Time', isNumber: true },
      { title: 'Node' },
      { title: 'Instance' },
      { title: 'State' },
    ],
    rows: states.map(({ atMs, node, instance, state }) => [
      formatOffset(atMs - zeroAtMs),
      node,
      instance,
      state,
    ]),
  });
}

export function notificationTable({ notifications }: ScenarioRun, zeroAtMs: number): Markup | undefined {
  return table({
    caption: 'Notifications, in the order in which they ran',
    columns: [
      { title: 'Time', isNumber: true },
      { title: 'Node' },
      { title: 'Keyword' },
      { title: 'Words' },
      { title: 'Occurrence', isNumber: true },
    ],
    rows: notifications.map(({ atMs, node, keyword, words, occurrence }) => [
      formatOffset(atMs - zeroAtMs),
      node,
      keyword,
      html`<code>${words.join(' ')}</code>`,
      occurrence > 1 ? html`<strong>${occurrence}, repeated</strong>` : 1,
    ]),
  });
}

/** Once for all nodes where they are alike, else for each. */
export function tableSection({ tables }: ScenarioRun): Markup | undefined {
  if (tables === undefined) return undefined;
  const { areEqual, asConfigured, differences, nodes } = tables;
  const equal = areEqual ? 'The tables of all nodes are equal' : 'The tables of the nodes differ';
  const words = `${equal}, and ${asConfigured ? 'as the files say' : 'not as the files say'}, at the end of the run.`;
  const shown = areEqual ? nodes.slice(0, 1) : nodes;
  const names = areEqual ? nodes.map(({ node }) => node).join(', ') : undefined;
  return html`<p>${areEqual && asConfigured ? words : html`<strong>${words}</strong>`}</p>${
    differences.length > 0 && html`<ul>${differences.map((one) => html`<li>${one}</li>`)}</ul>`
  }${shown.map(({ node, services }) => serviceTable(names ?? node, services))}`;
}

function serviceTable(nodes: string, services: readonly TableService[]): Markup {
  const list = table({
    caption: `IPVS table of ${nodes}`,
    columns: [
      { title: 'Service' },
      { title: 'Scheduler' },
      { title: 'Destinations: address, forwarding, weight' },
    ],
    rows: services.map(({ protocol, address, scheduler, destinations }) => [
      `${protocol} ${address}`,
      scheduler,
      destinations.length === 0
        ? 'none'
        : html`<ul class="bare">${destinations.map((one) => html`<li>${one.address} <span class="aside">${one.forwarding}, weight ${one.weight}</span></li>`)}</ul>`,
    ]),
  });
  return list ?? html`<p class="note">The IPVS table of ${nodes} has ${countOf(0, 'service')}.</p>`;
}
