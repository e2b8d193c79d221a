import { describe, expect, test } from 'vitest';
import { describeFault, describeReport, describeStateChange } from '../../src/daemon/log-messages.ts';
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
    expect(describeStateChange('VI_1', { ...change, from: 'Backup', to: 'Master' }).message).toBe(
      '(VI_1) Entering MASTER STATE',
    );
    expect(describeStateChange('VI_1', { ...change, from: 'Initialize', to: 'Backup' }).message).toBe(
      '(VI_1) Entering BACKUP STATE (init)',
    );
  });

  test.each([
    ['interface-missing', "(VI_1) interface eth0 doesn't exist"],
    ['interface-down', '(VI_1) interface eth0 is down'],
    ['socket-refused', '(VI_1) the kernel refuses a socket on interface eth0'],
    ['no-source-address', '(VI_1) Cannot find an IP address to use for interface eth0'],
  ] as const)('a fault says what is missing: %s', (reason, line) => {
    expect(describeFault(instance, reason)?.message).toContain(line);
  });

  test('what keepalived says only with -D is marked as detail', () => {
    expect(describeReport(instance, { kind: 'priorityZeroSent' }).detail).toBe(true);
    expect(describeReport(instance, { kind: 'advertisementTimeout' }).detail).toBeUndefined();
  });
});
