/**
 * What a watcher is told while it happens: a new Master, two at once, a farewell, silence, failing and recovered services.
 * Pure: what was seen and the time in, sentences out.
 */

import { ms } from '../judge/finding.ts';
import type { Advertisement, Observation, RequestSeen } from '../observation.ts';

interface Speaker {
  readonly atMs: number;
  readonly intervalMs: number;
  readonly priority: number;
}

interface RouterView {
  readonly speakers: ReadonlyMap<string, Speaker>;
  readonly master?: string;
  readonly isDouble: boolean;
  readonly isSilent: boolean;
}

interface ServiceView {
  readonly failingSinceMs?: number;
  readonly failed: number;
  readonly hasAnswered: boolean;
}

export interface WatchView {
  readonly routers: ReadonlyMap<string, RouterView>;
  readonly services: ReadonlyMap<string, ServiceView>;
}

export interface Told {
  readonly next: WatchView;
  readonly lines: readonly string[];
}

export const nothingSeen: WatchView = { routers: new Map(), services: new Map() };

export function tellSeen(view: WatchView, seen: Observation): Told {
  if (seen.kind === 'advertisement') return tellAdvertisement(view, seen);
  if (seen.kind === 'request') return tellRequest(view, seen);
  if (seen.kind === 'neighbour' && seen.mac !== undefined)
    return { next: view, lines: [`${seen.address} is at ${seen.mac} for this machine`] };
  return { next: view, lines: [] };
}

/** Whose next advertisement is overdue: called now and then. */
export function tellTime(view: WatchView, nowMs: number): Told {
  const lines: string[] = [];
  const routers = new Map(view.routers);
  for (const [key, router] of view.routers) {
    const speaking = [...router.speakers].filter(([, speaker]) => isSpeaking(speaker, nowMs));
    if (speaking.length > 0 || router.isSilent) continue;
    routers.set(key, { ...router, isSilent: true, isDouble: false });
    const lastMs = Math.max(...[...router.speakers.values()].map(({ atMs }) => atMs));
    lines.push(`${key}: no Master has advertised for ${ms(nowMs - lastMs)}`);
  }
  return { next: { ...view, routers }, lines };
}

/** More than half an interval late is not the next one any more. */
function isSpeaking({ atMs, intervalMs, priority }: Speaker, nowMs: number): boolean {
  return priority > 0 && nowMs - atMs <= 1.5 * intervalMs + 150;
}

/** Who advertises as Master at that time, if there are several. */
export function rivalsAt(view: WatchView, nowMs: number): readonly string[] {
  for (const [key, { speakers }] of view.routers) {
    const speaking = [...speakers].filter(([, one]) => isSpeaking(one, nowMs)).map(([source]) => source);
    if (speaking.length > 1) return [key, ...speaking.sort()];
  }
  return [];
}

function tellAdvertisement(view: WatchView, seen: Advertisement): Told {
  const { vrid, family, source, atMs, priority, intervalMs } = seen;
  const key = `VRID ${vrid}${family === 6 ? ' (IPv6)' : ''}`;
  const before: RouterView = view.routers.get(key) ?? {
    speakers: new Map(),
    isDouble: false,
    isSilent: false,
  };
  const speakers = new Map(before.speakers).set(source, { atMs, intervalMs, priority });
  const others = [...speakers].filter(([name, one]) => name !== source && isSpeaking(one, atMs));
  const lines: string[] = [];
  const put = (router: RouterView): Told => ({
    next: { ...view, routers: new Map(view.routers).set(key, router) },
    lines,
  });
  if (priority === 0) {
    lines.push(`${key}: ${source} gives it up (priority 0)`);
    return put({ ...before, speakers });
  }
  // Who preempts speaks while the other was just heard; only when that one speaks on are they two.
  const own = before.speakers.get(source);
  const speaksOn = own !== undefined && isSpeaking(own, atMs);
  const isDouble = others.length > 0 && (before.isDouble || (speaksOn && before.master !== source));
  if (isDouble && !before.isDouble) {
    const names = [source, ...others.map(([name]) => name)].sort();
    lines.push(`${key}: two Masters, ${names.join(' and ')}`);
  }
  if (!isDouble && before.isDouble) lines.push(`${key}: one Master again, ${source}`);
  else if (before.master !== source && !isDouble) lines.push(newMaster(key, before, seen));
  else if (before.isSilent) lines.push(`${key}: ${source} advertises again`);
  const master = isDouble ? (before.master ?? source) : source;
  return put({ speakers, master, isDouble, isSilent: false });
}

function newMaster(
  key: string,
  { master, speakers }: RouterView,
  { source, atMs, priority }: Advertisement,
): string {
  const old = master === undefined ? undefined : speakers.get(master);
  if (old === undefined) return `${key}: ${source} is Master, priority ${priority}`;
  return `${key}: ${source} is Master, priority ${priority}, ${ms(atMs - old.atMs)} after ${master} spoke last`;
}

function tellRequest(view: WatchView, seen: RequestSeen): Told {
  const { service, outcome, atMs, endedAtMs, error } = seen;
  const before = view.services.get(service) ?? { failed: 0, hasAnswered: false };
  const put = (one: ServiceView, lines: readonly string[]): Told => ({
    next: { ...view, services: new Map(view.services).set(service, one) },
    lines,
  });
  if (outcome === 'ok') {
    const now = { failed: 0, hasAnswered: true };
    const answered = `${service} answers, in ${ms(endedAtMs - atMs)}`;
    if (before.failingSinceMs !== undefined && atMs >= before.failingSinceMs) {
      const count = `${before.failed} ${before.failed === 1 ? 'request' : 'requests'} failed in ${ms(atMs - before.failingSinceMs)}`;
      return put(now, [`${answered}, after ${count}`]);
    }
    // It began before those that failed.
    if (before.failingSinceMs !== undefined) return put({ ...before, hasAnswered: true }, []);
    return put(now, before.hasAnswered ? [] : [answered]);
  }
  const since = Math.min(before.failingSinceMs ?? atMs, atMs);
  const why = error === undefined ? '' : `, ${error}`;
  const line = `${service} fails: ${outcome}${why}`;
  return put(
    { failingSinceMs: since, failed: before.failed + 1, hasAnswered: before.hasAnswered },
    before.failingSinceMs === undefined ? [line] : [],
  );
}
