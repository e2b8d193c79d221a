/** What a watcher is told, from what was seen. */
import { expect, test } from 'vitest';
import {
  nothingSeen,
  rivalsAt,
  tellSeen,
  tellTime,
  type WatchView,
} from '../../../src/drill/live/watch-words.ts';
import type { Observation, RequestOutcome } from '../../../src/drill/observation.ts';

function advert(atMs: number, source: string, priority: number): Observation {
  const about = { version: 3, family: 4, vrid: 51, intervalMs: 1000 } as const;
  return { kind: 'advertisement', atMs, network: 'eth0', source, sourceMac: '', priority, ...about };
}

function request(atMs: number, outcome: RequestOutcome, endedAtMs = atMs + 2): Observation {
  return {
    kind: 'request',
    atMs,
    endedAtMs,
    outcome,
    client: 'c',
    service: '10.0.0.3:80/tcp',
    source: '10.0.0.9',
  };
}

/** The lines, and the view at the end. */
function tell(all: readonly Observation[]): { lines: readonly string[]; view: WatchView } {
  let view = nothingSeen;
  const lines: string[] = [];
  for (const seen of all) {
    const told = tellSeen(view, seen);
    view = told.next;
    lines.push(...told.lines);
  }
  return { lines, view };
}

test('the first Master is named, and its further advertisements are nothing to tell', () => {
  expect(tell([advert(0, '10.0.0.5', 150), advert(1000, '10.0.0.5', 150)]).lines).toEqual([
    'VRID 51: 10.0.0.5 is Master, priority 150',
  ]);
});

test('a farewell and the successor are told, with the time between', () => {
  const { lines } = tell([
    advert(0, '10.0.0.5', 150),
    advert(400, '10.0.0.5', 0),
    advert(1009, '10.0.0.6', 100),
  ]);
  expect(lines.slice(1)).toEqual([
    'VRID 51: 10.0.0.5 gives it up (priority 0)',
    'VRID 51: 10.0.0.6 is Master, priority 100, 609 ms after 10.0.0.5 spoke last',
  ]);
});

test('who preempts is the new Master, and not one of two', () => {
  const { lines } = tell([
    advert(0, '10.0.0.6', 100),
    advert(300, '10.0.0.5', 150),
    advert(1300, '10.0.0.5', 150),
  ]);
  expect(lines.slice(1)).toEqual([
    'VRID 51: 10.0.0.5 is Master, priority 150, 300 ms after 10.0.0.6 spoke last',
  ]);
});

test('two who both speak on are two Masters, told once, until one is left', () => {
  const both = [0, 1000, 2000].flatMap((at) => [
    advert(at, '10.0.0.6', 100),
    advert(at + 300, '10.0.0.5', 150),
  ]);
  const { lines, view } = tell(both);
  expect(lines.filter((line) => line.includes('two Masters'))).toEqual([
    'VRID 51: two Masters, 10.0.0.5 and 10.0.0.6',
  ]);
  expect(rivalsAt(view, 2400)).toEqual(['VRID 51', '10.0.0.5', '10.0.0.6']);
  const after = tellSeen(view, advert(4300, '10.0.0.5', 150));
  expect(after.lines).toEqual(['VRID 51: one Master again, 10.0.0.5']);
  expect(rivalsAt(after.next, 4400)).toEqual([]);
});

test('silence is told once it is overdue, and once, and its end too', () => {
  const { view } = tell([advert(0, '10.0.0.5', 150)]);
  expect(tellTime(view, 1600).lines).toEqual([]);
  const silent = tellTime(view, 1700);
  expect(silent.lines).toEqual(['VRID 51: no Master has advertised for 1.70 s']);
  expect(tellTime(silent.next, 1800).lines).toEqual([]);
  expect(tellSeen(silent.next, advert(2000, '10.0.0.5', 150)).lines).toEqual([
    'VRID 51: 10.0.0.5 advertises again',
  ]);
});

test('a service that fails is told at once with the kind, and its return with how many failed', () => {
  const all = [
    request(0, 'ok'),
    request(100, 'ok'),
    request(200, 'refused'),
    request(300, 'timeout'),
    request(400, 'ok'),
  ];
  expect(tell(all).lines).toEqual([
    '10.0.0.3:80/tcp answers, in 2.0 ms',
    '10.0.0.3:80/tcp fails: refused',
    '10.0.0.3:80/tcp answers, in 2.0 ms, after 2 requests failed in 200 ms',
  ]);
});

test('an answer to what was asked before the failure does not end it', () => {
  const all = [request(0, 'ok'), request(200, 'refused'), request(100, 'ok', 350), request(400, 'ok')];
  expect(tell(all).lines.slice(1)).toEqual([
    '10.0.0.3:80/tcp fails: refused',
    '10.0.0.3:80/tcp answers, in 2.0 ms, after 1 request failed in 200 ms',
  ]);
});
