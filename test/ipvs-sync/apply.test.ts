import { describe, expect, test } from 'vitest';
import { applyOperations, nextRetryDelayMs, reconcile } from '../../src/ipvs-sync/apply.ts';
import type { Destination, Service, Table } from '../../src/ipvs-sync/model.ts';
import { type ServiceKey, serviceKey } from '../../src/ipvs-sync/service-key.ts';
import { address } from '../../src/net/address.ts';
import { FakeKernel } from './fake-kernel.ts';

const service = (port: number): Service => ({
  service: { kind: 'address', protocol: 'TCP', address: address('10.0.0.3'), port },
  scheduler: 'rr',
  flags: 0,
  persistenceTimeoutSeconds: 0,
  persistencePrefixLength: 32,
});
const web: Destination = {
  address: address('10.0.0.11'),
  port: 80,
  forwarding: 'DR',
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
};
const http = service(80);
const https = service(443);
const both: Table = [
  { service: http, destinations: [web] },
  { service: https, destinations: [web] },
];
const none: ReadonlySet<ServiceKey> = new Set();

/** A kernel whose scheduler module for port 80 is missing. */
function withoutScheduler(): FakeKernel {
  const kernel = new FakeKernel();
  kernel.refuse = (operation) =>
    operation.kind === 'createService' && operation.service === http ? 'ENOENT' : undefined;
  return kernel;
}

describe('applyOperations', () => {
  test('a service that cannot be created does not keep the others from theirs, and is the reason of its destinations', async () => {
    const kernel = withoutScheduler();
    const { performed, failures } = await reconcile({ client: kernel, desired: both, owned: none });
    expect(performed.map((operation) => operation.kind)).toEqual(['createService', 'createDestination']);
    expect(failures.map(({ operation, error }) => [operation.kind, error.message])).toEqual([
      ['createService', 'createService: ENOENT'],
      ['createDestination', 'createService: ENOENT'],
    ]);
  });

  test('a failed update does not keep the destinations of the service from being repaired', async () => {
    const kernel = new FakeKernel();
    kernel.refuse = (operation) => (operation.kind === 'updateService' ? 'EPERM' : undefined);
    await kernel.perform({ kind: 'createService', service: http });
    const desired: Table = [{ service: { ...http, scheduler: 'wlc' }, destinations: [web] }];
    const { performed, failures } = await reconcile({ client: kernel, desired, owned: none });
    expect(performed.map((operation) => operation.kind)).toEqual(['createDestination']);
    expect(failures).toHaveLength(1);
  });

  test('without an operation the kernel is not asked', async () => {
    const client = { performAll: () => Promise.reject(new Error('asked')) };
    expect(await applyOperations(client, [])).toEqual({ performed: [], failures: [] });
  });
});

describe('reconcile', () => {
  test('a second pass right after a successful one does nothing', async () => {
    const kernel = new FakeKernel();
    const { owned } = await reconcile({ client: kernel, desired: both, owned: none });
    const second = await reconcile({ client: kernel, desired: both, owned });
    expect(second.performed).toEqual([]);
    expect(second.owned).toEqual(owned);
  });

  test('what somebody emptied is put back', async () => {
    const kernel = new FakeKernel();
    const { owned } = await reconcile({ client: kernel, desired: both, owned: none });
    await kernel.flush();
    await reconcile({ client: kernel, desired: both, owned });
    expect(kernel.table().map((entry) => entry.destinations.length)).toEqual([1, 1]);
  });

  test('we own what we made and what we adopted, and no longer what we removed or what never came to be', async () => {
    const kernel = withoutScheduler();
    await kernel.perform({ kind: 'createService', service: https });
    const first = await reconcile({ client: kernel, desired: both, owned: none });
    expect([...first.owned]).toEqual([serviceKey(https.service)]);
    const second = await reconcile({ client: kernel, desired: [], owned: first.owned });
    expect([...second.owned]).toEqual([]);
    expect(kernel.table()).toEqual([]);
  });

  test('a service whose removal failed stays ours, so that the next pass tries again', async () => {
    const kernel = new FakeKernel();
    const { owned } = await reconcile({ client: kernel, desired: both, owned: none });
    kernel.refuse = () => 'EPERM';
    const failed = await reconcile({ client: kernel, desired: [], owned });
    expect(failed.failures).toHaveLength(2);
    expect(failed.owned).toEqual(owned);
  });

  test('without a readable table nothing is changed and the caller is told', async () => {
    const kernel = new FakeKernel();
    kernel.observe = () => Promise.reject(new Error('IPVS_CMD_GET_SERVICE: EPERM'));
    await expect(reconcile({ client: kernel, desired: both, owned: none })).rejects.toThrow('EPERM');
    expect(kernel.operations).toEqual([]);
  });
});

describe('nextRetryDelayMs', () => {
  test('doubles from half a second and stops at thirty', () => {
    expect([1, 2, 3, 6, 7, 8, 2000].map(nextRetryDelayMs)).toEqual([
      500, 1000, 2000, 16000, 30000, 30000, 30000,
    ]);
  });
});
