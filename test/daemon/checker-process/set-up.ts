/** A checker process on a virtual clock, with servers that die when told, and a table in memory. */
import { vi } from 'vitest';
import type { Config, LvsGlobals, VirtualServerConfig } from '../../../src/config-parser/config.ts';
import { type MemoryNews, noMemory, updateMemory } from '../../../src/daemon/checker-memory.ts';
import { CheckerProcess } from '../../../src/daemon/checker-process/checker-process.ts';
import type { HostAddresses } from '../../../src/daemon/checker-process/host-addresses.ts';
import type { SysctlPort } from '../../../src/daemon/checker-process/table-sysctls.ts';
import { Timers } from '../../../src/daemon/checker-process/timers.ts';
import { waitUntil } from '../../../src/daemon/checker-process/wait-until.ts';
import type { CheckerMemory, LogRecord } from '../../../src/daemon/ipc.ts';
import type { ProbeOutcome, ProbeSuccess } from '../../../src/healthcheck/index.ts';
import { address, type IpAddress } from '../../../src/net/address.ts';
import type { NotifyEvent } from '../../../src/notify/messages.ts';
import { emptyConfig, emptyGlobalDefs } from '../../config-parser/empty-config.ts';
import { FakeIpvs } from './fake-ipvs.ts';

export function configOf(
  virtualServers: readonly VirtualServerConfig[],
  lvs: Partial<LvsGlobals> = {},
): Config {
  const globalDefs = emptyGlobalDefs();
  return emptyConfig({ globalDefs: { ...globalDefs, lvs: { ...globalDefs.lvs, ...lvs } }, virtualServers });
}

/** Servers fail while their address (for MISC_CHECK the program) stands in `dead`. */
export function setUp(
  ipvs = new FakeIpvs(),
  memory: CheckerMemory = noMemory,
  { sysctls }: { readonly sysctls?: SysctlPort } = {},
) {
  const records: LogRecord[] = [];
  const probes: string[] = [];
  const notified: NotifyEvent[] = [];
  const remembered: MemoryNews[] = [];
  const dead = new Set<string>();
  const unaskable = new Set<string>();
  const weights = new Map<string, NonNullable<ProbeSuccess['weight']>>();
  const addresses = new Set<IpAddress>();
  const observers: ((event: NotifyEvent) => void)[] = [];
  let addressesChanged = () => {};
  const startMs = performance.now();
  const timers = new Timers(() => performance.now());
  const checkers = new CheckerProcess({
    openClient: async () => ipvs,
    ...(sysctls !== undefined && { sysctls }),
    nowMs: () => performance.now(),
    callAt: (atMs, run) => timers.callAt(atMs, run),
    waitUntil,
    random: () => 0,
    log: (record) => records.push(record),
    remember: (news) => remembered.push(news),
    notify: (events) => {
      notified.push(...events);
      for (const event of events) for (const observe of observers) observe(event);
    },
    onMistake: (error) => {
      throw error;
    },
    watchAddresses: async (changed): Promise<HostAddresses> => {
      addressesChanged = changed;
      return { all: () => addresses, close: () => {} };
    },
    probeOf: (checker) => async (): Promise<ProbeOutcome> => {
      const [place, port] =
        checker.kind === 'MISC_CHECK'
          ? [checker.command.argv[0] ?? '', '']
          : [checker.connectAddress, `:${checker.connectPort}`];
      // Reading the kernel's table takes a moment, which is of no interest.
      probes.push(`${Math.round((performance.now() - startMs) / 10) * 10} ${place}${port}`);
      if (unaskable.has(place)) return { kind: 'inconclusive', detail: 'bind: EADDRNOTAVAIL', elapsedMs: 0 };
      const weight = weights.get(place);
      return dead.has(place)
        ? { kind: 'failed', reason: 'refused', detail: 'The server refused it.', elapsedMs: 0 }
        : { kind: 'ok', elapsedMs: 0, ...(weight !== undefined && { weight }) };
    },
  });
  return {
    ipvs,
    dead,
    unaskable,
    weights,
    probes,
    checkers,
    remembered,
    /** The messages since the last call. */
    messages: () =>
      records
        .splice(0)
        .filter(({ detail }) => !detail)
        .map(({ message }) => message),
    details: () =>
      records
        .splice(0)
        .filter(({ detail }) => detail)
        .map(({ message }) => message),
    /** `DOWN [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80: TCP CHECK failed on service`, since the last call. */
    told: () =>
      notified.splice(0).map((event) => {
        if (event.kind !== 'realServer' && event.kind !== 'virtualServer') return event.kind;
        const of = event.kind === 'realServer' ? ` of ${event.virtualServer}` : '';
        return `${event.state} ${event.name}${of}: ${event.text}${event.isLast ? ' (last)' : ''}`;
      }),
    /** Each event as it is. */
    observeEvents: (observe: (event: NotifyEvent) => void) => void observers.push(observe),
    /** What a supervisor that was told all this gives to a successor. */
    memory: () => remembered.reduce(updateMemory, memory),
    setAddresses: (...now: readonly string[]) => {
      addresses.clear();
      for (const one of now) addresses.add(address(one));
      addressesChanged();
    },
    configure: (config: Config, more: { keepIpvsOnExit?: boolean } = {}) =>
      checkers.configure({ config, options: { keepIpvsOnExit: false, ...more }, memory }),
  };
}

/** Past the first check of every server, 1 s after the start. */
export async function started(config: Config, set = setUp()) {
  void set.configure(config);
  await vi.advanceTimersByTimeAsync(1500);
  set.messages();
  set.told();
  return set;
}
