/** A host without a kernel: interfaces that a test sets, and clients that note what they are asked for. */
import type { VirtualAddress, VrrpInstanceConfig } from '../../../src/config-parser/config.ts';
import { ChildLog } from '../../../src/daemon/child-log.ts';
import type { NotifyEvent } from '../../../src/daemon/ipc.ts';
import type {
  AdvertisementPort,
  SocketPlace,
} from '../../../src/daemon/vrrp-process/advertisement-sockets.ts';
import { InstanceRuntime, type InstanceServices } from '../../../src/daemon/vrrp-process/instance-runtime.ts';
import type { LinkMonitor, LinkState } from '../../../src/kernel/link-monitor.ts';
import type { RouteClient } from '../../../src/kernel/route-client.ts';
import type { AddressClient } from '../../../src/kernel/rtnetlink.ts';
import { address } from '../../../src/net/address.ts';
import type { InstanceEffect, Surroundings } from '../../../src/vrrp/index.ts';
import { instanceConfig } from '../../vrrp/instances.ts';

export const hostAddress = address('10.0.0.10');

export function link(name = 'eth0', changes: Partial<LinkState> = {}): LinkState {
  const state: Partial<LinkState> = {
    index: 7,
    name,
    mac: Uint8Array.of(2, 0, 0, 0, 0, 7),
    mtu: 1500,
    isUp: true,
    isRunning: true,
    supportsMulticast: true,
    isLoopback: false,
    hasArp: true,
    addresses: [{ address: hostAddress, prefixLength: 24, scope: 0, isSecondary: false, isTentative: false }],
    ...changes,
  };
  return state as LinkState;
}

export class FakeMonitor implements LinkMonitor {
  readonly table = new Map<string, LinkState>();

  constructor(...links: readonly LinkState[]) {
    for (const one of links) this.table.set(one.name, one);
  }

  links(): ReadonlyMap<string, LinkState> {
    return this.table;
  }

  async resynchronise(): Promise<void> {}

  close(): void {}
}

/** What was logged, as text, once the turn is over. */
export function fakeLog() {
  const lines: string[] = [];
  const log = new ChildLog((_message, sent) => sent());
  log.record = ({ message }) => {
    lines.push(message);
  };
  return { log, lines };
}

/** What was asked of the kernel, as text; what `refuses` says is refused. */
export function fakeKernel(refuses: (what: string) => boolean = () => false) {
  const asked: string[] = [];
  const answer = (doing: string, what: string) => {
    asked.push(`${doing} ${what}`);
    return refuses(`${doing} ${what}`) ? { error: new Error(`${what} was refused`) } : {};
  };
  const addressText = ({ address: text, interface: device }: VirtualAddress) => `${text} on ${device}`;
  const addresses = {
    addAddresses: async (list: readonly { address: VirtualAddress }[]) =>
      list.map((one) => ({
        address: one.address,
        alreadySo: false,
        ...answer('add', addressText(one.address)),
      })),
    removeAddresses: async (list: readonly { address: VirtualAddress }[]) =>
      list.map((one) => ({
        address: one.address,
        alreadySo: false,
        ...answer('remove', addressText(one.address)),
      })),
    prepare: () => undefined,
    close: () => undefined,
  };
  const entryResults = (doing: string, kind: string, entries: readonly unknown[]) =>
    entries.map((entry) => ({ entry, alreadySo: false, ...answer(doing, kind) }));
  const routes = {
    names: {},
    addRoutes: async (entries: readonly unknown[]) => entryResults('add', 'route', entries),
    removeRoutes: async (entries: readonly unknown[]) => entryResults('remove', 'route', entries),
    addRules: async (entries: readonly unknown[]) => entryResults('add', 'rule', entries),
    removeRules: async (entries: readonly unknown[]) => entryResults('remove', 'rule', entries),
    preferenceOf: () => 16384,
    close: () => undefined,
  };
  // The results have an Error where the kernel's are a NetlinkError: nobody here looks at more than the message.
  return {
    asked,
    addresses: addresses as unknown as AddressClient,
    routes: routes as unknown as RouteClient,
  };
}

/** An instance with nothing around it; `effects` are those of all steps. */
export function fakeRuntime(
  changes: Partial<VrrpInstanceConfig> = {},
  stepped?: InstanceServices['stepped'],
) {
  const clock = { nowMs: 0 };
  const effects: InstanceEffect[] = [];
  const port = (place: SocketPlace): AdvertisementPort => ({
    place,
    send: () => undefined,
    close: () => undefined,
  });
  const runtime: InstanceRuntime = new InstanceRuntime(instanceConfig(changes), {
    nowMs: () => clock.nowMs,
    join: (_runtime, place) => port(place),
    perform: (_runtime, effect) => effects.push(effect),
    socketRefused: () => undefined,
    stepped: (which, its) => stepped?.(which, its),
  });
  return { runtime, effects, clock };
}

export const place: SocketPlace = {
  kind: 'multicast',
  interface: { name: 'eth0', index: 7 },
  group: address('224.0.0.18'),
  source: hostAddress,
  authenticationHeader: false,
};

/** Gives it what it needs to run, from its own clock on. */
export function start(runtime: InstanceRuntime, changes: Partial<Surroundings> = {}): void {
  const own: Surroundings = { faults: [], weight: 0, sourceAddress: hostAddress, ...changes };
  runtime.look(own, place);
  runtime.face(own.faults);
}

/** A Master of `changes`, at 10 s of its clock. */
export function masterRuntime(
  changes: Partial<VrrpInstanceConfig> = {},
  stepped?: InstanceServices['stepped'],
) {
  const made = fakeRuntime(changes, stepped);
  start(made.runtime);
  made.clock.nowMs = 10_000;
  made.runtime.timeout(10_000);
  return made;
}

export function wordsOf(events: readonly NotifyEvent[]): readonly string[] {
  return events.map(({ kind, name, state }) => `${kind} ${name} ${state}`);
}
