/**
 * keepalived.conf(5): vrrp_garp_interval, vrrp_gna_interval, garp_group: announcements on the interfaces that share a pause leave
 * one by one. Each interface, or each garp_group, has one queue for ARP and one for neighbour advertisements.
 */
import type { VirtualAddress } from '../config-parser/config.ts';

export interface AnnouncementQueueState {
  readonly waiting: readonly VirtualAddress[];
  /** When the next one may leave; in the past when nothing has left for a while. */
  readonly freeAtMs: number;
}

export const emptyAnnouncementQueue: AnnouncementQueueState = { waiting: [], freeAtMs: 0 };

export interface AnnouncementStep {
  readonly next: AnnouncementQueueState;
  /** To be sent now, in this order. */
  readonly send: readonly VirtualAddress[];
}

/** As many as five bursts of a thousand addresses; what is more is older than anybody needs. */
const mostWaiting = 25_000;

export function enqueueAnnouncements(
  state: AnnouncementQueueState,
  addresses: readonly VirtualAddress[],
  intervalMs: number,
  nowMs: number,
): AnnouncementStep {
  const waiting = [...state.waiting, ...addresses].slice(-mostWaiting);
  return dueAnnouncements({ ...state, waiting }, intervalMs, nowMs);
}

/** What may leave at `nowMs`. A late timer does not make up for what it missed: the pause is what the operator asked for. */
export function dueAnnouncements(
  state: AnnouncementQueueState,
  intervalMs: number,
  nowMs: number,
): AnnouncementStep {
  const { waiting, freeAtMs } = state;
  const [first, ...rest] = waiting;
  if (first === undefined || nowMs < freeAtMs) return { next: state, send: [] };
  if (intervalMs === 0) return { next: { waiting: [], freeAtMs }, send: waiting };
  return { next: { waiting: rest, freeAtMs: nowMs + intervalMs }, send: [first] };
}

/** The addresses are no longer ours to announce. */
export function withdrawAnnouncements(
  state: AnnouncementQueueState,
  addresses: readonly VirtualAddress[],
): AnnouncementQueueState {
  if (state.waiting.length === 0) return state;
  const gone = new Set(addresses.map(({ address }) => address));
  return { ...state, waiting: state.waiting.filter(({ address }) => !gone.has(address)) };
}

export function nextAnnouncementMs({ waiting, freeAtMs }: AnnouncementQueueState): number | undefined {
  return waiting.length === 0 ? undefined : freeAtMs;
}
