/** What clients felt in a run: requests, latency, long connections, neighbour entries. Pure. */
import type { NeighbourReport, ScenarioRun } from '../../report.ts';
import { formatCount, formatDuration, formatOffset } from '../numbers.ts';
import { html, type Markup } from './markup.ts';
import { table } from './table.ts';

export function trafficTable({ traffic }: ScenarioRun): Markup | undefined {
  return table({
    caption: 'Requests of all clients',
    columns: [
      { title: 'Service' },
      { title: 'Requests', isNumber: true },
      { title: 'Failed', isNumber: true },
      { title: 'Share', isNumber: true },
      { title: 'By kind' },
      { title: 'Outage', isNumber: true },
      { title: 'Outage at return', isNumber: true },
      { title: 'Answered by' },
    ],
    rows: traffic.map((one) => [
      one.service,
      formatCount(one.requests),
      formatCount(one.failed),
      one.requests === 0 ? '' : `${((100 * one.failed) / one.requests).toFixed(2)} %`,
      one.failures.map(({ outcome, count }) => `${formatCount(count)} ${outcome}`).join(', ') || 'none',
      outage(one.failoverOutageMs),
      outage(one.failbackOutageMs),
      one.servers.map(({ server, answers }) => `${server} ${formatCount(answers)}`).join(', ') || 'nobody',
    ]),
  });
}

function outage(ms: number): string {
  return ms === 0 ? 'none' : formatDuration(ms);
}

const phaseWords = { before: 'before', during: 'while broken', after: 'after' } as const;

export function latencyTable({ traffic }: ScenarioRun): Markup | undefined {
  return table({
    caption: 'Latency of requests that succeeded',
    columns: [
      { title: 'Service' },
      { title: 'When' },
      { title: 'Requests', isNumber: true },
      { title: 'Median', isNumber: true },
      { title: '99th percentile', isNumber: true },
      { title: 'Longest', isNumber: true },
    ],
    rows: traffic.flatMap(({ service, latency }) =>
      latency.map(({ phase, requests, p50Ms, p99Ms, maxMs }) => [
        service,
        phaseWords[phase] ?? phase,
        formatCount(requests),
        duration(p50Ms),
        duration(p99Ms),
        duration(maxMs),
      ]),
    ),
  });
}

function duration(ms: number | undefined): string {
  return ms === undefined ? '–' : formatDuration(ms);
}

export function connectionTable({ connections }: ScenarioRun, zeroAtMs: number): Markup | undefined {
  return table({
    caption: 'Connections that were open when it broke',
    columns: [
      { title: 'Client' },
      { title: 'Service' },
      { title: 'Kept' },
      { title: 'Lost at', isNumber: true },
      { title: 'Longest stall', isNumber: true },
    ],
    rows: connections.map(({ client, service, kept, lostAtMs, longestStallMs }) => [
      client,
      service,
      kept ? 'kept' : 'lost',
      lostAtMs === undefined ? '' : formatOffset(lostAtMs - zeroAtMs),
      outage(longestStallMs),
    ]),
  });
}

export function neighbourTable({ neighbours }: ScenarioRun, zeroAtMs: number): Markup | undefined {
  return table({
    caption: "Clients' neighbour entries for virtual addresses",
    columns: [
      { title: 'Client' },
      { title: 'Address' },
      { title: 'Converged after', isNumber: true },
      { title: 'Announcements needed', isNumber: true },
      { title: 'At the end' },
      { title: 'Changes' },
    ],
    rows: neighbours.map((one) => [
      one.client,
      one.address,
      one.convergedAfterMs === undefined ? 'did not change' : formatDuration(one.convergedAfterMs),
      one.announcementsNeeded === undefined ? '' : formatCount(one.announcementsNeeded),
      one.isStaleAtEnd ? html`<strong>stale</strong>` : 'right',
      changes(one, zeroAtMs),
    ]),
  });
}

const mostChanges = 8;

function changes({ changes: all }: NeighbourReport, zeroAtMs: number): string {
  const said = all
    .slice(0, mostChanges)
    .map(({ atMs, node, mac }) => `${formatOffset(atMs - zeroAtMs)} ${node ?? mac ?? 'nobody'}`);
  const left = all.length - said.length;
  return [...said, ...(left > 0 ? [`and ${left} more`] : [])].join(', ');
}
