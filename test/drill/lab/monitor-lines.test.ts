/** Lines of programs that watch a lab, as they really write them. */
import { expect, test } from 'vitest';
import {
  parseMonitorLine,
  parsePingLine,
  parseRecordedLine,
  recordSeparator,
  stateInLog,
} from '../../../src/drill/lab/monitor-lines.ts';

test('an address that comes and one that goes', () => {
  const added =
    '[2026-11-23T07:44:23.344694] 6: eth0    inet 10.9.9.9/24 scope global eth0\\       valid_lft forever';
  expect(parseMonitorLine(added)).toEqual({
    kind: 'address',
    atMs: Date.UTC(2026, 10, 23, 7, 44, 23) + 344.694,
    interface: 'eth0',
    address: '10.9.9.9',
    holds: true,
  });
  const removed = '[2026-11-23T07:44:23.456409] Deleted 6: vrrp.51@eth0    inet6 2001:db8::1/64 scope global';
  expect(parseMonitorLine(removed)).toMatchObject({
    interface: 'vrrp.51',
    address: '2001:db8::1',
    holds: false,
  });
});

test('a neighbour with and without a MAC address, and one that is forgotten', () => {
  const line = '[2026-11-23T07:44:23.377552] 10.9.9.10 dev eth0 lladdr 02:00:00:00:00:01 REACHABLE ';
  expect(parseMonitorLine(line)).toMatchObject({
    kind: 'neighbour',
    address: '10.9.9.10',
    mac: '02:00:00:00:00:01',
    state: 'REACHABLE',
  });
  expect(parseMonitorLine('[2026-11-23T07:44:23.377552] 10.9.9.10 dev eth0  FAILED')).toEqual({
    kind: 'neighbour',
    atMs: expect.any(Number),
    address: '10.9.9.10',
    state: 'FAILED',
  });
  const gone = '[2026-11-23T07:44:23.377552] Deleted 10.9.9.10 dev eth0 lladdr 02:00:00:00:00:01 STALE';
  expect(parseMonitorLine(gone)).toMatchObject({ state: 'DELETED' });
});

test('anything else is no line of a monitor', () => {
  expect(parseMonitorLine('6: eth0 inet 10.0.0.1/24')).toBeUndefined();
  expect(parseMonitorLine('')).toBeUndefined();
});

test.each([
  ['Nov 23 08:22:30 holdfast_vrrp[1]: (VI_1) Entering MASTER STATE', 'VI_1', 'MASTER'],
  ['Mon Nov 23 08:22:30 2026: (VI_1) Entering BACKUP STATE (init)', 'VI_1', 'BACKUP'],
  ['(SITE_6) Entering FAULT STATE', 'SITE_6', 'FAULT'],
])('%s tells a state', (line, instance, state) => {
  expect(stateInLog(line)).toEqual({ instance, state });
});

test('a line that only names an instance tells no state', () => {
  expect(stateInLog('(VI_1) Receive advertisement timeout')).toBeUndefined();
});

test('pings that are answered, not answered and not delivered', () => {
  expect(
    parsePingLine('[1795419862.800743] 64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.078 ms'),
  ).toEqual({
    kind: 'answered',
    atMs: expect.closeTo(1795419862800.743, 2),
    sequence: 1,
    roundTripMs: 0.078,
  });
  expect(parsePingLine('[1795419862.800743] no answer yet for icmp_seq=7')).toMatchObject({
    kind: 'unanswered',
    sequence: 7,
  });
  const unreachable = '[1795419862.8] From 10.0.0.9 icmp_seq=9 Destination Host Unreachable';
  expect(parsePingLine(unreachable)).toMatchObject({ kind: 'unreachable', sequence: 9 });
  expect(parsePingLine('2 packets transmitted')).toBeUndefined();
});

test('what the recorder writes comes back in its words', () => {
  const line = ['1795419862.123456789', 'lb01', 'notify_master', '/etc/told a b', 'INSTANCE'].join(
    recordSeparator,
  );
  expect(parseRecordedLine(line)).toEqual({
    atMs: expect.closeTo(1795419862123.457, 2),
    node: 'lb01',
    keyword: 'notify_master',
    words: ['/etc/told a b', 'INSTANCE'],
  });
  expect(parseRecordedLine('rubbish')).toBeUndefined();
});
