/** What the state machine makes of dropped and accepted packets: counters, reports, and address lists that differ. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import type { Counter } from '../../src/vrrp/index.ts';
import {
  backup,
  higherAddress,
  lowerAddress,
  master,
  type PacketChanges,
  virtualAddress,
} from './instances.ts';

const ourOnly = address('10.0.0.10');

describe('the counters of the state', () => {
  const drops: readonly (readonly [Counter, PacketChanges])[] = [
    ['ipTtlErr', { datagram: { hopLimit: 64 } }],
    ['packetLenErr', { datagram: { payload: new Uint8Array(3) } }],
    ['vridErr', { advertisement: { vrid: 1 } }],
    ['versionErr', { advertisement: { version: 3 } }],
    ['authtypeMismatch', { advertisement: { authentication: { type: 'none' } } }],
    ['authFailure', { advertisement: { authentication: { type: 'PASS', password: 'wrong' } } }],
    ['advertIntervalErr', { advertisement: { advertisementIntervalMs: 3000 } }],
    ['addrListErr', { datagram: { destination: ourOnly } }],
  ];

  test.each(drops)('%s counts its drop, and nothing else changes', (counter, changes) => {
    for (const instance of [backup(), master()]) {
      const before = instance.state;
      instance.hears(255, 10_100, changes);
      const { statistics, reported: _, ...rest } = instance.state;
      const { statistics: earlier, reported: _also, ...restBefore } = before;
      expect(rest).toEqual(restBefore);
      expect(statistics).toEqual({ ...earlier, [counter]: earlier[counter] + 1 });
    }
  });

  test.each(drops)(
    '%s is reported once until the master changes, and counted each time',
    (counter, changes) => {
      const instance = backup();
      instance.hears(150, 100);
      expect(instance.hears(255, 200, changes)).toMatchObject([
        { kind: 'report', report: { kind: 'packetDropped', counter } },
      ]);
      expect(instance.hears(255, 300, changes)).toEqual([]);
      instance.hears(150, 400, { source: higherAddress });
      expect(instance.hears(255, 500, changes)).toHaveLength(1);
      expect(instance.state.statistics[counter]).toBe(3);
    },
  );

  test('a good advertisement counts advertRcvd, one of priority 0 priZeroRcvd as well', () => {
    const instance = backup();
    instance.hears(150, 100);
    instance.hears(0, 200);
    expect(instance.state.statistics).toMatchObject({ advertRcvd: 2, priZeroRcvd: 1 });
  });
});

describe('an address list that is not ours is reported and accepted', () => {
  const others: readonly (readonly [string, PacketChanges['advertisement'], string])[] = [
    [
      'another count',
      { addresses: [address('10.0.0.3'), address('10.0.0.4')] },
      'expected 1 VIPs but received 2',
    ],
    ['no address', { addresses: [] }, 'expected 1 VIPs but received 0'],
    ['another address', { addresses: [address('10.0.0.4')] }, 'ip address 10.0.0.3 is not present'],
  ];

  test.each(others)('%s', (_what, advertisement = {}, detail) => {
    const instance = backup();
    instance.hears(150, 1000, { advertisement });
    expect(instance.in('Backup').masterDownAtMs).toBe(1000 + 3609.375);
    expect(instance.effects.at(-1)).toMatchObject({ report: { kind: 'addressListDiffers', detail } });
    instance.hears(150, 2000, { advertisement });
    expect(instance.effects).toEqual([]);
    expect(instance.state.statistics).toMatchObject({ advertRcvd: 2, addrListErr: 2 });
  });

  test('the order of the addresses does not matter', () => {
    const instance = backup({ virtualAddresses: [virtualAddress('10.0.0.3'), virtualAddress('10.0.0.4')] });
    instance.hears(150, 1000, { advertisement: { addresses: [address('10.0.0.4'), address('10.0.0.3')] } });
    expect(instance.state.statistics.addrListErr).toBe(0);
  });

  test('skip_check_adv_addr looks at a new Master only', () => {
    const instance = backup({ skipCheckAdvAddr: true });
    const advertisement = { addresses: [] };
    instance.hears(150, 1000, { advertisement });
    instance.hears(150, 2000, { advertisement });
    expect(instance.state.statistics.addrListErr).toBe(1);
    instance.hears(150, 3000, { advertisement, source: higherAddress });
    expect(instance.state.statistics.addrListErr).toBe(2);
  });

  test('a Master looks at every list, whatever skip_check_adv_addr says', () => {
    const instance = master({ skipCheckAdvAddr: true });
    for (const atMs of [10_100, 10_200])
      instance.hears(50, atMs, { advertisement: { addresses: [] }, source: lowerAddress });
    expect(instance.state.statistics.addrListErr).toBe(2);
  });
});
