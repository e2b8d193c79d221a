/** What `holdfast ctl status` shows of the vrrp process, as plain data. Times are told as ages: clocks differ between processes. */
import { effectivePriority } from '../../vrrp/index.ts';
import type { InstanceStatus } from '../ipc.ts';
import { describeFault } from '../log-messages.ts';
import type { InstanceRuntime } from './instance-runtime.ts';

export function instanceStatus(runtime: InstanceRuntime, nowMs: number): InstanceStatus {
  const { config, state, port, sinceMs } = runtime;
  const ago = (atMs: number) => Math.max(0, nowMs - atMs) / 1000;
  return {
    name: config.name,
    state: state.name,
    sinceSeconds: ago(sinceMs),
    ...(config.interface !== undefined && { interface: config.interface }),
    family: config.family,
    vrid: config.vrid,
    version: config.version,
    basePriority: config.basePriority,
    effectivePriority: effectivePriority(config, state),
    ...(port && { sourceAddress: port.place.source }),
    ...masterOf(runtime, nowMs),
    peers: state.peers.map(({ source, priority, heardAtMs }) => ({
      address: source,
      priority,
      heardSecondsAgo: ago(heardAtMs),
    })),
    addresses: addressesOf(runtime),
    faults: state.name === 'Fault' ? state.faults.map((fault) => describeFault(config, fault)) : [],
    ...holdOf(runtime, nowMs),
    ...(state.name === 'Master' &&
      state.rival?.isReported && {
        rival: { address: state.rival.source, forSeconds: ago(state.rival.sinceMs) },
      }),
    statistics: { ...state.statistics },
  };
}

function addressesOf({ config }: InstanceRuntime): readonly string[] {
  return [...config.virtualAddresses, ...config.excludedAddresses].map(
    ({ address, prefixLength }) => `${address}/${prefixLength}`,
  );
}

function masterOf({ state }: InstanceRuntime, nowMs: number): Partial<InstanceStatus> {
  if (state.name !== 'Backup') return {};
  const { master, masterHeardAtMs, masterDownAtMs } = state;
  return {
    ...(master !== undefined && { master }),
    ...(masterHeardAtMs !== undefined && { masterHeardSecondsAgo: (nowMs - masterHeardAtMs) / 1000 }),
    ...(Number.isFinite(masterDownAtMs) && { masterDownInSeconds: (masterDownAtMs - nowMs) / 1000 }),
  };
}

function holdOf({ state: { hold } }: InstanceRuntime, nowMs: number): Pick<InstanceStatus, 'hold'> {
  if (hold === undefined) return {};
  const { kind, untilMs, reason } = hold;
  return {
    hold: {
      kind,
      ...(untilMs !== undefined && { forSeconds: Math.max(0, untilMs - nowMs) / 1000 }),
      ...(reason !== undefined && { reason }),
    },
  };
}
