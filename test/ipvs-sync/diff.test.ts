import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tunnel } from '../../src/config-parser/config.ts';
import { applyOperations } from '../../src/ipvs-sync/apply.ts';
import { diff } from '../../src/ipvs-sync/diff.ts';
import type { Destination, Service, ServiceEntry, Table } from '../../src/ipvs-sync/model.ts';
import { type ServiceKey, serverKey, serviceKey } from '../../src/ipvs-sync/service-key.ts';
import { address } from '../../src/net/address.ts';
import { table } from './arbitrary.ts';
import { FakeKernel } from './fake-kernel.ts';

const http: Service = {
  service: { kind: 'address', protocol: 'TCP', address: address('10.0.0.3'), port: 80 },
  scheduler: 'rr',
  flags: 0,
  persistenceTimeoutSeconds: 0,
  persistencePrefixLength: 32,
};
const web = (last: number, weight = 1): Destination => ({
  address: address(`10.0.0.${last}`),
  port: 80,
  forwarding: 'DR',
  weight,
  upperThreshold: 0,
  lowerThreshold: 0,
});
const entry = (service: Service, ...destinations: Destination[]): ServiceEntry => ({ service, destinations });
const keys = (...services: Service[]): ReadonlySet<ServiceKey> =>
  new Set(services.map((one) => serviceKey(one.service)));
const kinds = (desired: Table, observed: Table, owned = keys(http)): string[] =>
  diff(desired, observed, owned).map((operation) => operation.kind);

describe('diff', () => {
  test('a service is created before its destinations', () => {
    expect(diff([entry(http, web(11), web(12))], [], new Set())).toEqual([
      { kind: 'createService', service: http },
      { kind: 'createDestination', service: http.service, destination: web(11) },
      { kind: 'createDestination', service: http.service, destination: web(12) },
    ]);
  });

  test('one changed weight is one update', () => {
    expect(diff([entry(http, web(11), web(12, 5))], [entry(http, web(11), web(12))], keys(http))).toEqual([
      { kind: 'updateDestination', service: http.service, destination: web(12, 5) },
    ]);
  });

  test('another forwarding method or threshold is an update too', () => {
    const changed: Destination = { ...web(11), forwarding: 'NAT', upperThreshold: 100, lowerThreshold: 50 };
    expect(kinds([entry(http, changed)], [entry(http, web(11))])).toEqual(['updateDestination']);
  });

  test.each<Partial<Service>>([
    { scheduler: 'wlc' },
    { flags: 1, persistenceTimeoutSeconds: 50 },
    { flags: 8 },
  ])('a service with %o is updated in place and its destinations are left alone', (change) => {
    expect(kinds([entry({ ...http, ...change }, web(11))], [entry(http, web(11))])).toEqual([
      'updateService',
    ]);
  });

  test('granularity matters with persistence and only then', () => {
    const persistent: Service = { ...http, flags: 1, persistenceTimeoutSeconds: 50 };
    const wide = { persistencePrefixLength: 24 };
    expect(kinds([entry({ ...persistent, ...wide })], [entry(persistent)])).toEqual(['updateService']);
    expect(kinds([entry({ ...http, ...wide })], [entry(http)])).toEqual([]);
  });

  test('the sorry server is added before the live servers go', () => {
    expect(kinds([entry(http, web(99))], [entry(http, web(11), web(12))])).toEqual([
      'createDestination',
      'removeDestination',
      'removeDestination',
    ]);
  });

  test('with quorum the live servers come before the sorry server goes, and with weights alone too', () => {
    expect(kinds([entry(http, web(11), web(12))], [entry(http, web(99))])).toEqual([
      'createDestination',
      'createDestination',
      'removeDestination',
    ]);
    const idle = (last: number) => web(last, 0);
    const weights = (desired: ServiceEntry, observed: ServiceEntry) =>
      diff([desired], [observed], keys(http)).map((operation) =>
        operation.kind === 'updateDestination' ? operation.destination.weight : operation.kind,
      );
    expect(weights(entry(http, idle(11), web(99)), entry(http, web(11), idle(99)))).toEqual([1, 0]);
    expect(weights(entry(http, idle(99), web(11)), entry(http, web(99), idle(11)))).toEqual([1, 0]);
  });

  test('another tunnel is an update, and one said with its defaults is the same', () => {
    const through = (tunnel: Tunnel): Destination => ({ ...web(11), forwarding: 'TUN', tunnel });
    const change = (a: Tunnel, b: Tunnel) => kinds([entry(http, through(a))], [entry(http, through(b))]);
    expect(change({ type: 'gue', port: 5555 }, { type: 'gue', port: 5556 })).toEqual(['updateDestination']);
    expect(change({ type: 'gre', checksum: 'csum' }, { type: 'gre' })).toEqual(['updateDestination']);
    expect(change({ type: 'gre', checksum: 'nocsum' }, { type: 'gre' })).toEqual([]);
    expect(change({ type: 'ipip' }, { type: 'ipip' })).toEqual([]);
  });

  test('another order of the same destinations, or of services, is no difference', () => {
    const udp: Service = { ...http, service: { ...http.service, protocol: 'UDP' } as Service['service'] };
    expect(kinds([entry(http, web(11), web(12))], [entry(http, web(12), web(11))])).toEqual([]);
    expect(kinds([entry(http), entry(udp)], [entry(udp), entry(http)])).toEqual([]);
  });

  test('an entry shared by both tables is neither compared nor removed', () => {
    const shared = entry(http, web(11));
    Object.defineProperty(shared, 'destinations', {
      get: () => {
        throw new Error('compared');
      },
    });
    expect(diff([shared], [shared], keys(http))).toEqual([]);
  });

  test('an owned service that is no longer desired is removed, and not destination by destination', () => {
    expect(diff([], [entry(http, web(11))], keys(http))).toEqual([
      { kind: 'removeService', service: http.service },
    ]);
  });

  test("an operator's service is left alone", () => {
    expect(diff([], [entry(http, web(11))], new Set())).toEqual([]);
  });

  test('an owned service that somebody removed is not removed again', () => {
    expect(diff([], [], keys(http))).toEqual([]);
  });

  test('tcp and udp on one address and port are two services', () => {
    const udp: Service = {
      ...http,
      service: { kind: 'address', protocol: 'UDP', address: address('10.0.0.3'), port: 80 },
    };
    expect(kinds([entry(udp)], [entry(http)], keys(udp))).toEqual(['createService']);
  });
});

const isServed = ({ destinations }: ServiceEntry): boolean => destinations.some(({ weight }) => weight > 0);

describe('diff and a kernel', () => {
  const seed = (entries: Table): Promise<FakeKernel> => {
    const kernel = new FakeKernel();
    return applyOperations(kernel, diff(entries, [], new Set())).then(() => {
      kernel.operations.length = 0;
      return kernel;
    });
  };
  /** Comparable: no counters, no order, no granularity where it means nothing. */
  const plain = (entries: Table): unknown =>
    entries
      .map(({ service, destinations }) => ({
        ...service,
        persistencePrefixLength:
          service.persistenceTimeoutSeconds === 0 ? 0 : service.persistencePrefixLength,
        destinations: destinations
          .map(({ address: ip, port, forwarding, tunnel, weight, upperThreshold, lowerThreshold }) =>
            JSON.stringify([ip, port, forwarding, tunnel, weight, upperThreshold, lowerThreshold]),
          )
          .sort(),
      }))
      .sort((a, b) => (serviceKey(a.service) < serviceKey(b.service) ? -1 : 1));

  test('whatever was there, afterwards desired services are as desired, foreign ones as they were, others gone', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        table,
        fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
        async (desired, before, ours) => {
          const kernel = await seed(before);
          const owned = new Set(
            before.filter((_, index) => ours[index]).map((one) => serviceKey(one.service.service)),
          );
          const wanted = new Set(desired.map((one) => serviceKey(one.service.service)));
          const foreign = before.filter(({ service }) => {
            const key = serviceKey(service.service);
            return !owned.has(key) && !wanted.has(key);
          });
          const { failures } = await applyOperations(kernel, diff(desired, kernel.table(), owned));
          expect(failures).toEqual([]);
          expect(plain(kernel.table())).toEqual(plain([...desired, ...foreign]));
          expect(diff(desired, kernel.table(), owned)).toEqual([]);
        },
      ),
    );
  });

  test('no operation is superfluous: each changes the table', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, async (desired, before) => {
        const kernel = await seed(before);
        const owned = new Set(before.map((one) => serviceKey(one.service.service)));
        for (const operation of diff(desired, kernel.table(), owned)) {
          const previous = JSON.stringify(plain(kernel.table()));
          await kernel.perform(operation);
          expect(JSON.stringify(plain(kernel.table()))).not.toBe(previous);
        }
      }),
    );
  });

  test('a service that somebody serves before and after is served at every moment in between', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, async (desired, before) => {
        const kernel = await seed(before);
        const staying = new Set(
          desired
            .filter(isServed)
            .map((one) => serviceKey(one.service.service))
            .filter((key) => before.some((one) => serviceKey(one.service.service) === key && isServed(one))),
        );
        const empty = new Set<ServiceKey>();
        kernel.afterEach = () => {
          for (const one of kernel.table()) {
            if (!isServed(one)) empty.add(serviceKey(one.service.service));
          }
        };
        await applyOperations(kernel, diff(desired, kernel.table(), new Set(staying)));
        expect([...staying].filter((key) => empty.has(key))).toEqual([]);
      }),
    );
  });

  test('what stays is never removed and created', () => {
    fc.assert(
      fc.property(table, table, (desired, before) => {
        const owned = new Set(before.map((one) => serviceKey(one.service.service)));
        const operations = diff(desired, before, owned);
        for (const operation of operations) {
          if (operation.kind === 'removeService') {
            expect(desired.map((one) => serviceKey(one.service.service))).not.toContain(
              serviceKey(operation.service),
            );
          }
          if (operation.kind === 'removeDestination') {
            const wanted = desired.find(
              (one) => serviceKey(one.service.service) === serviceKey(operation.service),
            );
            expect(wanted?.destinations.map(serverKey)).not.toContain(serverKey(operation));
          }
        }
      }),
    );
  });
});
