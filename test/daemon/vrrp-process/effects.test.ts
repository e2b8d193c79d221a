import { describe, expect, test } from 'vitest';
import type { VirtualAddress } from '../../../src/config-parser/config.ts';
import type { Announcements } from '../../../src/daemon/vrrp-process/announcements.ts';
import type { Announcer } from '../../../src/daemon/vrrp-process/announcer.ts';
import { EffectPerformer } from '../../../src/daemon/vrrp-process/effects.ts';
import { virtualAddress } from '../../vrrp/instances.ts';
import { FakeMonitor, fakeKernel, fakeLog, link, masterRuntime } from './fakes.ts';

/** eth0, where advertisements go; a macvlan on it; and eth1. */
function host({ isHeldByAnother = false, refuses = (_what: string): boolean => false } = {}) {
  const kernel = fakeKernel(refuses);
  const { log, lines } = fakeLog();
  const announced: string[] = [];
  const withdrawn: string[] = [];
  const announcements = {
    announce: (addresses: readonly VirtualAddress[], repeat: number) => {
      for (const { address, interface: device } of addresses)
        announced.push(`${address} ${device} ${repeat}`);
      return [];
    },
    withdraw: (addresses: readonly VirtualAddress[]) =>
      withdrawn.push(...addresses.map((one) => one.address)),
  };
  const performer = new EffectPerformer({
    ...kernel,
    announcements: announcements as unknown as Announcements,
    announcer: { prepareFrames: () => undefined } as unknown as Announcer,
    monitor: new FakeMonitor(
      link('eth0'),
      link('vrrp.51', { index: 9, kind: 'macvlan' }),
      link('eth1', { index: 8 }),
    ),
    log,
    isHeldByAnother: () => isHeldByAnother,
  });
  return { performer, announced, withdrawn, lines, asked: kernel.asked };
}

const addresses = [
  virtualAddress('10.0.0.3'),
  virtualAddress('10.0.0.4', { interface: 'vrrp.51' }),
  virtualAddress('10.0.0.5', { interface: 'eth1' }),
  virtualAddress('10.0.0.6', { interface: 'gone' }),
];

describe('garp_extra_if', () => {
  const announce = (extraInterfaceAll: boolean) => {
    const { performer, announced } = host();
    const { runtime } = masterRuntime();
    const { gratuitousArp } = runtime.config;
    runtime.config = { ...runtime.config, gratuitousArp: { ...gratuitousArp, extraInterfaceAll } };
    performer.perform(runtime, {
      kind: 'sendGratuitousArp',
      addresses,
      repeat: 1,
      onExtraInterfaces: true,
    });
    return announced;
  };

  test('announces on the macvlans that no advertisement leaves by', () => {
    expect(announce(false)).toEqual(['10.0.0.4 vrrp.51 1']);
  });

  test('with "all" announces on every other interface', () => {
    expect(announce(true)).toEqual(['10.0.0.4 vrrp.51 1', '10.0.0.5 eth1 1']);
  });
});

describe('an address that is let go', () => {
  test('is removed, and what waited to be announced is withdrawn', async () => {
    const { performer, asked, withdrawn } = host();
    performer.perform(masterRuntime().runtime, { kind: 'removeAddresses', addresses: addresses.slice(0, 1) });
    await performer.settled();
    expect([asked, withdrawn]).toEqual([['remove 10.0.0.3 on eth0'], ['10.0.0.3']]);
  });

  test('stays where another instance is Master of it, and with --dont-release-vrrp', async () => {
    for (const keeps of [true, false]) {
      const { performer, asked } = host({ isHeldByAnother: !keeps });
      performer.keepAddresses = keeps;
      performer.perform(masterRuntime().runtime, { kind: 'removeAddresses', addresses });
      await performer.settled();
      expect(asked).toEqual([]);
    }
  });
});

describe('what the kernel refuses', () => {
  test('comes back to the instance where it is an address', async () => {
    const { performer } = host({ refuses: (what) => what.startsWith('add 10.0.0.3') });
    const { runtime, effects } = masterRuntime();
    effects.length = 0;
    performer.perform(runtime, { kind: 'addAddresses', addresses: addresses.slice(0, 1) });
    await performer.settled();
    expect(effects).toMatchObject([
      { kind: 'report', report: { kind: 'addressAddFailed', error: '10.0.0.3 on eth0 was refused' } },
    ]);
  });

  test('is logged where it is a route or a rule', async () => {
    const { performer, lines } = host({ refuses: (what) => what.includes('rule') });
    const entries = { routes: [], rules: [{} as never] };
    performer.perform(masterRuntime().runtime, { kind: 'addRoutes', ...entries });
    performer.perform(masterRuntime().runtime, { kind: 'removeRoutes', ...entries });
    await performer.settled();
    expect(lines).toEqual(['(VI_1) cannot add: rule was refused', '(VI_1) cannot remove: rule was refused']);
  });
});
