/** keepalived.conf(5): use_vmac, use_vmac_addr: where addresses are held. */
import { expect, test } from 'vitest';
import { placeInstance, virtualRouterMac } from '../../src/vrrp/index.ts';
import { instanceConfig, virtualAddress } from './instances.ts';

const virtualLink = {
  kind: 'macvlan',
  name: 'vrrp.51',
  mac: '00:00:5e:00:01:33',
  transmitsByBase: false,
  netlinkNotify: false,
} as const;
const here = virtualAddress('10.0.0.3');
const elsewhere = virtualAddress('10.1.0.3', { interface: 'eth1' });

test('without virtual links nothing moves, not even the object', () => {
  const config = instanceConfig();
  expect(placeInstance(config)).toEqual({ config, links: [] });
  expect(placeInstance(config).config).toBe(config);
});

test('addresses of the interface move to its virtual link, those of another stay where "dev" says', () => {
  const { config, links } = placeInstance(
    instanceConfig({ virtualLink, virtualAddresses: [here, elsewhere] }),
  );
  expect(config.virtualAddresses.map((address) => address.interface)).toEqual(['vrrp.51', 'eth1']);
  expect(links).toEqual([{ link: virtualLink, base: 'eth0' }]);
});

test('with use_vmac_addr, or use_vmac at the address, each interface gets a link of its own', () => {
  const all = placeInstance(
    instanceConfig({ virtualLink, useVmacAddr: true, virtualAddresses: [here, elsewhere] }),
  );
  expect(all.config.virtualAddresses.map((address) => address.interface)).toEqual(['vrrp.51', 'vrrp.51.1']);
  expect(all.links[1]).toMatchObject({ base: 'eth1', link: { mac: '00:00:5e:00:01:33' } });
  const one = placeInstance(instanceConfig({ excludedAddresses: [{ ...elsewhere, useVmac: true }] }));
  expect(one.config.excludedAddresses.map((address) => address.interface)).toEqual(['vrrp.51.0']);
});

test('RFC 5798 section 7.3: the virtual router MAC ends with the VRID, and the family is in it', () => {
  expect(virtualRouterMac({ family: 4, vrid: 51 })).toBe('00:00:5e:00:01:33');
  expect(virtualRouterMac({ family: 6, vrid: 5 })).toBe('00:00:5e:00:02:05');
});
