import { describe, expect, test } from 'vitest';
import { refusedBy } from '../../../src/daemon/vrrp-process/host-setup.ts';
import { placeInstance } from '../../../src/vrrp/index.ts';
import { blockOf, instanceWith, onlyInstance } from '../../config-parser/parse-helpers.ts';

/** The addresses that nothing may be sent to. */
function refused(...lines: readonly string[]): readonly string[] {
  const placement = placeInstance(onlyInstance(instanceWith(...lines)));
  return refusedBy(placement).map(({ address, interface: device }) => `${address} ${device}`);
}

describe('packets to the virtual addresses', () => {
  test.each(['', 'accept', 'no_accept\naccept', 'no_accept\npriority 255'])(
    'are taken in with %j',
    (lines) => {
      expect(refused(lines)).toEqual([]);
    },
  );

  test.each(['no_accept', 'strict_mode'])('are dropped with %s', (line) => {
    expect(refused('version 3', line)).toEqual(['192.0.2.10 eth0']);
  });

  test('are dropped with vrrp_strict in global_defs, and not where the instance says otherwise', () => {
    const of = (line: string) => {
      const text = `${blockOf('global_defs', 'vrrp_strict')}\n${instanceWith('version 3', line)}`;
      return refusedBy(placeInstance(onlyInstance(text))).length;
    };
    expect([of(''), of('strict_mode off')]).toEqual([1, 0]);
  });

  test('are dropped where the address is: on its macvlan, and those of virtual_ipaddress_excluded too', () => {
    const lines = ['no_accept', 'use_vmac', blockOf('virtual_ipaddress_excluded', '192.0.2.11 dev eth1')];
    expect(refused(...lines)).toEqual(['192.0.2.10 vrrp.51', '192.0.2.11 eth1']);
  });
});
