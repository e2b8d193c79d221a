/** fast-check's arbitraries for IPVS values: few addresses and ports, so that tables meet. */
import * as fc from 'fast-check';
import { schedulers, type Tunnel, type VirtualService } from '../../src/config-parser/config.ts';
import type { Destination, Service, ServiceEntry, Table } from '../../src/ipvs-sync/model.ts';
import { serverKey, serviceKey } from '../../src/ipvs-sync/service-key.ts';
import { type AddressFamily, address, addressFromBytes, type IpAddress } from '../../src/net/address.ts';

const few: Readonly<Record<AddressFamily, readonly IpAddress[]>> = {
  4: ['10.0.0.3', '10.0.0.4', '10.0.0.200'].map(address),
  6: ['2001:db8::3', '2001:db8::4', 'fe80::1'].map(address),
};

const family = fc.constantFrom<AddressFamily>(4, 6);

export const anyAddress: fc.Arbitrary<IpAddress> = fc
  .oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
  .map(addressFromBytes);

export function virtualService(from: fc.Arbitrary<IpAddress>): fc.Arbitrary<VirtualService> {
  return fc.oneof(
    fc.record({
      kind: fc.constant('address' as const),
      protocol: fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const),
      address: from,
      port: fc.constantFrom(0, 80, 443, 65535),
    }),
    fc.record({ kind: fc.constant('fwmark' as const), mark: fc.constantFrom(1, 0xffffffff), family }),
  );
}

export const tunnel: fc.Arbitrary<Tunnel> = fc.constantFrom<Tunnel>(
  { type: 'ipip' },
  { type: 'gue', port: 5555 },
  { type: 'gue', port: 5555, checksum: 'remcsum' },
  { type: 'gre' },
  { type: 'gre', checksum: 'csum' },
);

export function destination(from: fc.Arbitrary<IpAddress>): fc.Arbitrary<Destination> {
  return fc
    .record({
      address: from,
      port: fc.constantFrom(80, 8080),
      forwarding: fc.constantFrom('NAT' as const, 'DR' as const, 'TUN' as const),
      tunnel,
      weight: fc.constantFrom(0, 1, 100, 65535),
      thresholds: fc.constantFrom([0, 0], [100, 0], [100, 50]),
    })
    .map(({ thresholds: [upperThreshold = 0, lowerThreshold = 0], tunnel: encapsulation, ...rest }) => ({
      ...rest,
      ...(rest.forwarding === 'TUN' && { tunnel: encapsulation }),
      upperThreshold,
      lowerThreshold,
    }));
}

export function service(from: fc.Arbitrary<IpAddress>): fc.Arbitrary<Service> {
  return fc
    .record({
      service: virtualService(from),
      scheduler: fc.constantFrom(...schedulers),
      persistent: fc.boolean(),
      timeout: fc.constantFrom(1, 360, 2678400),
      prefix: fc.constantFrom(1, 16, 24, 32),
      engine: fc.constantFrom(undefined, 'sip'),
      flags: fc.constantFrom(0, 0x4, 0x8, 0x38),
    })
    .map(({ service: identity, scheduler, persistent, timeout, prefix, engine, flags }) => ({
      service: identity,
      scheduler,
      flags: flags | (persistent ? 1 : 0),
      persistenceTimeoutSeconds: persistent ? timeout : 0,
      persistencePrefixLength: prefix,
      ...(persistent && engine !== undefined && { persistenceEngine: engine }),
    }));
}

const fewAddresses = family.chain((one) => fc.constantFrom(...few[one]));

const entry: fc.Arbitrary<ServiceEntry> = fc.record({
  service: service(fewAddresses),
  destinations: fc.uniqueArray(destination(fewAddresses), { selector: serverKey, maxLength: 4 }),
});

export const table: fc.Arbitrary<Table> = fc.uniqueArray(entry, {
  selector: (one) => serviceKey(one.service.service),
  maxLength: 5,
});
