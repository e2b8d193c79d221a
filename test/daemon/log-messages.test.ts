import { describe, expect, test } from 'vitest';
import { describeFault, describeReport, describeStateChange } from '../../src/daemon/log-messages.ts';
import { nowMs } from '../../src/kernel/clock.ts';
import { address } from '../../src/net/address.ts';
import type { InstanceReport } from '../../src/vrrp/messages.ts';

const instance = { name: 'VI_1', vrid: 51, interface: 'eth0', family: 4 } as const;
const source = address('10.0.0.6');

/** What operators grep for in keepalived's log, word for word. */
const keepalivedLines: readonly [InstanceReport, string][] = [
  [{ kind: 'advertisementTimeout' }, '(VI_1) Receive advertisement timeout'],
  [
    { kind: 'higherPriorityReceived', source, priority: 150, ours: 100 },
    '(VI_1) Master received advert from 10.0.0.6 with higher priority 150, ours 100',
  ],
  [
    { kind: 'tieBreakLost', source, priority: 100 },
    '(VI_1) Master received advert from 10.0.0.6 with same priority 100 but higher IP address than ours',
  ],
  [
    { kind: 'forcingElection', source, priority: 100, ours: 150 },
    '(VI_1) Received advert from 10.0.0.6 with lower priority 100, ours 150, forcing new election',
  ],
  [
    { kind: 'lowerPriorityDiscarded', source, priority: 100 },
    '(VI_1) received lower priority (100) advert from 10.0.0.6 - discarding',
  ],
  [{ kind: 'priorityZeroReceived', source }, '(VI_1) Backup received priority 0 advertisement'],
  [{ kind: 'priorityZeroSent' }, '(VI_1) sent 0 priority'],
  [{ kind: 'masterChanged', to: source }, '(VI_1) master set to 10.0.0.6'],
];

describe('the log speaks as keepalived does', () => {
  test.each(keepalivedLines)('%o', (report, line) => {
    expect(describeReport(instance, report).message).toBe(line);
  });

  test('a transition says the state it enters, and (init) only after the start', () => {
    const change = { kind: 'stateChanged', reason: 'master-down-expired', priority: 100 } as const;
    expect(describeStateChange(instance, { ...change, from: 'Backup', to: 'Master' }).message).toBe(
      '(VI_1) Entering MASTER STATE',
    );
    expect(describeStateChange(instance, { ...change, from: 'Initialize', to: 'Backup' }).message).toBe(
      '(VI_1) Entering BACKUP STATE (init)',
    );
  });

  test.each([
    [{ reason: 'interface-missing' }, "interface eth0 doesn't exist"],
    [{ reason: 'interface-down' }, 'interface eth0 is down'],
    [{ reason: 'interface-down', subject: 'vrrp.51' }, 'interface vrrp.51 is down'],
    [{ reason: 'socket-refused' }, 'the kernel refuses a socket on interface eth0'],
    [{ reason: 'no-source-address' }, 'Cannot find an IP address to use for interface eth0'],
    [{ reason: 'tracked-script', subject: 'chk' }, 'tracked script chk has failed'],
    [{ reason: 'sync-group', subject: 'G1' }, 'another member of sync group G1 is in FAULT state'],
  ] as const)('a fault says what is missing: %o', (fault, line) => {
    expect(describeFault(instance, fault)).toContain(line);
  });

  test('an instance in Fault is told with all that keeps it there', () => {
    const faults = [
      { reason: 'interface-down' },
      { reason: 'tracked-file', subject: 'maintenance' },
    ] as const;
    expect(describeReport(instance, { kind: 'faults', faults })).toEqual({
      level: 'warning',
      message: '(VI_1) interface eth0 is down; tracked file maintenance says so',
    });
  });

  test('a dual master is told with the time since when, in the time of the day', () => {
    const { message } = describeReport(instance, { kind: 'dualMaster', source, sinceMs: nowMs() - 1000 });
    const [, text = ''] = /dual master since (\S+), peer 10\.0\.0\.6$/.exec(message) ?? [];
    expect(Math.abs(Date.parse(text) - (Date.now() - 1000))).toBeLessThan(500);
  });

  test('what keepalived says only with -D is marked as detail', () => {
    expect(describeReport(instance, { kind: 'priorityZeroSent' }).detail).toBe(true);
    expect(describeReport(instance, { kind: 'advertisementTimeout' }).detail).toBeUndefined();
  });
});
