import { describe, expect, test } from 'vitest';
import { HostInterfaces } from '../../../src/daemon/vrrp-process/host-interfaces.ts';
import { blockOf, parseText } from '../../config-parser/parse-helpers.ts';
import { FakeMonitor, hostAddress, link } from './fakes.ts';

/** eth0 as it is, with the delays of a line of interface_up_down_delays. */
function delayed(line: string, isUp = true) {
  const monitor = new FakeMonitor(link('eth0', { isUp }));
  const settled: string[] = [];
  const interfaces = new HostInterfaces(monitor, (name) => settled.push(name));
  const { interfaceDelays } = parseText(blockOf('interface_up_down_delays', line)).config.globalDefs.vrrp;
  interfaces.configure(interfaceDelays, []);
  const turns = (up: boolean, atMs: number) => {
    const now = link('eth0', { isUp: up });
    monitor.table.set('eth0', now);
    interfaces.notice(now, atMs);
  };
  return { interfaces, settled, turns };
}

describe('interface_up_down_delays', () => {
  test('an interface that goes down for the first time counts as up until its delay is over', () => {
    const { interfaces, settled, turns } = delayed('eth0 2 1');
    turns(false, 1000);
    expect(interfaces.isUpByName('eth0')).toBe(true);
    expect(interfaces.nextTimeoutMs).toBe(3000);
    interfaces.timeout(2999);
    expect([interfaces.isUpByName('eth0'), settled]).toEqual([true, []]);
    interfaces.timeout(3000);
    expect([interfaces.isUpByName('eth0'), settled]).toEqual([false, ['eth0']]);
  });

  test('one that comes back within its delay was never down', () => {
    const { interfaces, settled, turns } = delayed('eth0 2 1');
    turns(false, 1000);
    turns(true, 2000);
    interfaces.timeout(3000);
    expect([interfaces.isUpByName('eth0'), settled, interfaces.nextTimeoutMs]).toEqual([true, [], undefined]);
  });

  test('one that comes up has the other delay', () => {
    const { interfaces, turns } = delayed('eth0 2 1', false);
    turns(true, 1000);
    expect([interfaces.isUpByName('eth0'), interfaces.nextTimeoutMs]).toEqual([false, 2000]);
    interfaces.timeout(2000);
    expect(interfaces.isUpByName('eth0')).toBe(true);
  });

  test('does not concern other interfaces', () => {
    const { interfaces, turns } = delayed('eth1 2 1');
    turns(false, 1000);
    expect([interfaces.isUpByName('eth0'), interfaces.nextTimeoutMs]).toEqual([false, undefined]);
  });

  test('over a reload goes on with the delay that runs, and ends without the line', () => {
    const { interfaces, turns } = delayed('eth0 2 1');
    turns(false, 1000);
    interfaces.configure([{ interface: 'eth0', downDelayMs: 2000, upDelayMs: 1000 }], []);
    expect(interfaces.nextTimeoutMs).toBe(3000);
    interfaces.configure([], []);
    expect([interfaces.isUpByName('eth0'), interfaces.nextTimeoutMs]).toEqual([false, undefined]);
  });
});

test('an interface that is missing is down, and an address that some interface has is there', () => {
  const { interfaces } = delayed('eth0 2 1');
  expect(interfaces.isUpByName('eth9')).toBe(false);
  expect(interfaces.hasAddress(hostAddress)).toBe(true);
});
