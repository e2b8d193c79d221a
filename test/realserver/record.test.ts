import { describe, expect, test } from 'vitest';
import {
  emptyRecord,
  formatRecord,
  parseRecord,
  type RealServerRecord,
  virtualIp,
} from '../../src/realserver/index.ts';

const vip = virtualIp('10.0.0.3', 'dr');
if (typeof vip === 'string') throw new Error(vip);
const record: RealServerRecord = {
  version: 1,
  virtualAddresses: [vip],
  changes: [
    { kind: 'setting', path: 'ipv4/conf/all/arp_ignore', previous: '0', value: '1' },
    { kind: 'linkUp', interface: 'tunl0' },
    { kind: 'address', interface: 'lo', address: vip.address, prefixLength: 32 },
  ],
};

describe('a record', () => {
  test('comes back as it was written', () => {
    for (const one of [record, emptyRecord]) expect(parseRecord(formatRecord(one))).toEqual(one);
  });

  test.each([
    ['nothing', ''],
    ['half of it', formatRecord(record).slice(0, 80)],
    ['another version', JSON.stringify({ ...record, version: 2 })],
    ['a list', '[]'],
    ['null', 'null'],
    ['an address that is none', JSON.stringify({ ...record, virtualAddresses: [{ ...vip, address: 'x' }] })],
    [
      'a setting that is not ours to change',
      JSON.stringify({
        ...record,
        changes: [{ kind: 'setting', path: '../kernel/panic', previous: '0', value: '1' }],
      }),
    ],
    [
      'a value that is no number',
      JSON.stringify({ ...record, changes: [{ ...record.changes[0], previous: 'yes\n' }] }),
    ],
    ['a change of no kind', JSON.stringify({ ...record, changes: [{ kind: 'shell', command: 'x' }] })],
  ])('of %s is not believed', (_, text) => {
    expect(parseRecord(text)).toBeUndefined();
  });
});
