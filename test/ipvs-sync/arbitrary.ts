/** fast-check's arbitraries for IPVS values: few addresses and ports, so that tables meet. */
import * as fc from 'fast-check';
import { schedulers, type VirtualService } from '../../src/config-parser/config.ts';
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

export function destination(from: fc.Arbitrary<IpAddress>): fc.Arbitrary<Destination> {
  return fc.record({
    address: from,
    port: fc.constantFrom(80, 8080),
    forwarding: fc.constantFrom('NAT' as const, 'DR' as const, 'TUN' as const),
    weight: fc.constantFrom(0, 1, 100, 65535),
    upperThreshold: fc.constantFrom(0, 100),
    lowerThreshold: fc.constantFrom(0, 50),
  });
}

export function service(from: fc.Arbitrary<IpAddress>): fc.Arbitrary<Service> {
  return fc
    .record({
      service: virtualService(from),
      scheduler: fc.constantFrom(...schedulers),
      persistent: fc.boolean(),
      timeout: fc.constantFrom(1, 360, 2678400),
      prefix: fc.constantFrom(1, 16, 24, 32),
    })
    .map(({ service: identity, scheduler, persistent, timeout, prefix }) => ({
      service: identity,
      scheduler,
      flags: persistent ? 1 : 0,
      persistenceTimeoutSeconds: persistent ? timeout : 0,
      persistencePrefixLength: prefix,
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
