import { describe, expect, test } from 'vitest';
import type { SyncDaemonConfig } from '../../src/config-parser/config.ts';
import { attributeU32, nestedAttribute } from '../../src/ipvs-sync/attributes.ts';
import {
  decodeSyncDaemon,
  encodeSyncDaemon,
  encodeSyncDaemonState,
} from '../../src/ipvs-sync/codec-sync-daemon.ts';
import type { SyncDaemon } from '../../src/ipvs-sync/model.ts';
import { desiredSyncDaemons, diffSyncDaemons } from '../../src/ipvs-sync/sync-daemons.ts';
import { address } from '../../src/net/address.ts';

const config: SyncDaemonConfig = { interface: 'eth0', instance: 'VI_1', syncId: 51 };
const master: SyncDaemon = { state: 'master', interface: 'eth0', syncId: 51 };
const backup: SyncDaemon = { ...master, state: 'backup' };
/** What the kernel adds to what it was told. */
const chosen = { maxLengthBytes: 1464, port: 8848, ttl: 1, group: address('224.0.0.81') };

describe('desired', () => {
  test('the director that answers sends, another listens, also before anything is known', () => {
    expect(desiredSyncDaemons(config, true)).toEqual([master]);
    expect(desiredSyncDaemons(config, false)).toEqual([backup]);
    expect(desiredSyncDaemons(config, undefined)).toEqual([backup]);
  });

  test('without an instance both halves run, and without a configuration none', () => {
    const { instance: _instance, ...always } = config;
    expect(desiredSyncDaemons(always, undefined)).toEqual([master, backup]);
    expect(desiredSyncDaemons(undefined, true)).toEqual([]);
  });
});

describe('changes', () => {
  test('what runs as wanted is left alone, whatever the kernel has chosen itself', () => {
    expect(diffSyncDaemons([master], [{ ...master, ...chosen }])).toEqual({ stop: [], start: [] });
  });

  test('a length that the kernel does not take as given is no difference', () => {
    const short = { ...backup, maxLengthBytes: 100 };
    expect(diffSyncDaemons([short], [{ ...short, maxLengthBytes: 1024 }])).toEqual({ stop: [], start: [] });
    const long = { ...master, maxLengthBytes: 65_507, group: address('ff02::51') };
    expect(diffSyncDaemons([long], [{ ...long, maxLengthBytes: 65_487 }])).toEqual({ stop: [], start: [] });
  });

  test('a change of the state stops one half and starts the other', () => {
    expect(diffSyncDaemons([master], [backup])).toEqual({ stop: ['backup'], start: [master] });
  });

  test.each<Partial<SyncDaemon>>([
    { interface: 'eth1' },
    { syncId: 7 },
    { port: 8850 },
    { ttl: 2 },
    { maxLengthBytes: 1000 },
    { group: address('224.0.0.82') },
  ])('another %o is a stop and a start', (change) => {
    const wanted = { ...master, ...change };
    expect(diffSyncDaemons([wanted], [{ ...master, ...chosen }])).toEqual({
      stop: ['master'],
      start: [wanted],
    });
  });
});

describe('as attributes', () => {
  test.each<SyncDaemon>([
    master,
    { ...backup, ...chosen },
    { ...master, port: 9000, ttl: 255, group: address('ff02::51') },
  ])('%o comes back as it was', (daemon) => {
    expect(decodeSyncDaemon(encodeSyncDaemon(daemon))).toEqual(daemon);
  });

  test('the port is in the order of the machine, and the group in that of the network', () => {
    const hex = [...encodeSyncDaemon({ ...master, port: 8848, group: address('224.0.0.81') })]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
    expect(hex).toContain('06000700902200');
    expect(hex).toContain('08000500e0000051');
  });

  test('what the kernel never sends is refused', () => {
    expect(decodeSyncDaemon(encodeSyncDaemonState('master'))).toBeUndefined();
    expect(decodeSyncDaemon(nestedAttribute(3, attributeU32(1, 9)))).toBeUndefined();
    const whole = encodeSyncDaemon({ ...master, ...chosen });
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodeSyncDaemon(whole.subarray(0, length))).toBeUndefined();
    }
  });
});
