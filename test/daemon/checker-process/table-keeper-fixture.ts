/** A table keeper on a virtual clock and a kernel of its own. */
import { vi } from 'vitest';
import type { VirtualService } from '../../../src/config-parser/config.ts';
import { TableKeeper, type TableKeeperOptions } from '../../../src/daemon/checker-process/table-keeper.ts';
import { waitUntil } from '../../../src/daemon/checker-process/wait-until.ts';
import type { LogRecord } from '../../../src/daemon/ipc.ts';
import { desiredTable, serviceKey } from '../../../src/ipvs-sync/index.ts';
import { address } from '../../../src/net/address.ts';
import { realServer, virtualServer } from '../../ipvs-sync/table-fixtures.ts';
import { FakeIpvs } from './fake-ipvs.ts';

export const service: VirtualService = {
  kind: 'address',
  protocol: 'TCP',
  address: address('10.0.0.3'),
  port: 80,
};
export const foreign: VirtualService = { ...service, address: address('10.0.0.200') };

export function goalOf(...hosts: string[]) {
  const realServers = hosts.map((host) => realServer(host));
  return { desired: desiredTable([virtualServer('10.0.0.3', { realServers })], new Map()) };
}

export const both = goalOf('10.0.0.7', '10.0.0.8');
export const bothInTable = ['10.0.0.3:80/tcp -> 10.0.0.7:80 1', '10.0.0.3:80/tcp -> 10.0.0.8:80 1'];

export function setUp(options: Partial<TableKeeperOptions> = {}, ipvs = new FakeIpvs()) {
  const records: LogRecord[] = [];
  const owned: string[][] = [];
  let opens = 0;
  let openError: Error | undefined;
  const keeper = new TableKeeper(
    {
      openClient: async () => {
        opens += 1;
        if (openError !== undefined) throw openError;
        return ipvs;
      },
      nowMs: () => performance.now(),
      waitUntil,
      log: (record) => records.push(record),
      reportOwned: (services) => owned.push(services.map(serviceKey)),
      reportSysctl: () => undefined,
    },
    { owned: [], changedSysctls: new Map(), flushFirst: false, ...options },
  );
  return {
    ipvs,
    keeper,
    owned,
    messages: () => records.map(({ level, message }) => `${level}: ${message}`),
    opens: () => opens,
    failToOpen: (error: Error | undefined) => {
      openError = error;
    },
  };
}

export async function settled<Value>(work: Promise<Value>): Promise<Value> {
  await vi.advanceTimersByTimeAsync(50);
  return work;
}

export function createForeign(ipvs: FakeIpvs): void {
  const entry = {
    service: foreign,
    scheduler: 'rr',
    flags: 0,
    persistenceTimeoutSeconds: 0,
    persistencePrefixLength: 32,
  };
  ipvs.change({ kind: 'createService', service: entry });
}
