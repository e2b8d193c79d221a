/**
 * A changed configuration for an instance that runs. Mastership never moves for an edit: only differences become effects, and
 * what is not mentioned here simply shows in the next advertisement.
 */
import type { VirtualAddress, VrrpInstanceConfig } from '../config-parser/config.ts';
import type { BackupState, InstanceState, MasterState } from './state.ts';
import {
  addAddresses,
  effectivePriority,
  heldAddresses,
  removeAddresses,
  type Step,
  sendGratuitousArp,
} from './step.ts';
import { skewTimeMs } from './timers.ts';
import { burstAfter, downIntervalMs } from './transitions.ts';

/**
 * What makes an instance of a new configuration the same as one that runs: not its name, so that renaming it costs nothing. What
 * differs in any of these is another instance: shut the old one down and start the new one.
 */
export function instanceKey(config: Pick<VrrpInstanceConfig, 'vrid' | 'family' | 'interface'>): string {
  return `${config.vrid} ipv${config.family} ${config.interface}`;
}

/** `previous` and `next` have the same `instanceKey`. The caller gives `next` to every later `step`. */
export function reconfigure(
  previous: VrrpInstanceConfig,
  next: VrrpInstanceConfig,
  state: InstanceState,
  nowMs: number,
): Step {
  switch (state.name) {
    case 'Backup':
      return { next: reconfigureBackup(previous, next, state, nowMs), effects: [] };
    case 'Master':
      return reconfigureMaster(previous, next, state, nowMs);
    default:
      return { next: state, effects: [] };
  }
}

function reconfigureBackup(
  previous: VrrpInstanceConfig,
  next: VrrpInstanceConfig,
  state: BackupState,
  nowMs: number,
): BackupState {
  const isLearned = next.version === 3 && previous.version === 3 && state.master !== undefined;
  const masterAdverIntervalMs = isLearned ? state.masterAdverIntervalMs : next.advertisementIntervalMs;
  const keepsPace =
    masterAdverIntervalMs === state.masterAdverIntervalMs &&
    previous.version === next.version &&
    previous.downTimerAdverts === next.downTimerAdverts;
  const masterDownAtMs = keepsPace
    ? state.masterDownAtMs + skewMs(next, masterAdverIntervalMs) - skewMs(previous, masterAdverIntervalMs)
    : nowMs + downIntervalMs(next, masterAdverIntervalMs);
  const preempts = next.preempt && next.preemptDelayMs === previous.preemptDelayMs;
  return {
    ...state,
    masterAdverIntervalMs,
    masterDownAtMs,
    preemptAtMs: preempts ? state.preemptAtMs : undefined,
  };
}

function reconfigureMaster(
  previous: VrrpInstanceConfig,
  next: VrrpInstanceConfig,
  state: MasterState,
  nowMs: number,
): Step<MasterState> {
  const held = heldAddresses(previous);
  const wanted = heldAddresses(next);
  const added = wanted.filter((address) => !includes(held, address));
  const removed = held.filter((address) => !includes(wanted, address));
  const { masterDelayMs, masterRepeat } = next.gratuitousArp;
  const burst = added.length > 0 ? burstAfter(nowMs, masterDelayMs, masterRepeat) : undefined;
  return {
    next: {
      ...state,
      advertiseAtMs: rearmed(state.advertiseAtMs, previous, next, nowMs),
      secondBurst: burst ?? state.secondBurst,
      refreshAtMs: refreshAt(state, previous, next, nowMs),
    },
    // First what goes: an address whose label or scope was changed is the same to the kernel, and must not be taken away again.
    effects: [...removeAddresses(removed), ...addAddresses(added), ...sendGratuitousArp(added, masterRepeat)],
  };
}

/** Counted from the last advertisement, so that no two are further apart than the new interval. */
function rearmed(
  advertiseAtMs: number,
  previous: VrrpInstanceConfig,
  next: VrrpInstanceConfig,
  nowMs: number,
): number {
  const changeMs = next.advertisementIntervalMs - previous.advertisementIntervalMs;
  return changeMs === 0 ? advertiseAtMs : Math.max(nowMs, advertiseAtMs + changeMs);
}

function refreshAt(
  state: MasterState,
  previous: VrrpInstanceConfig,
  next: VrrpInstanceConfig,
  nowMs: number,
): number | undefined {
  const { masterRefreshMs } = next.gratuitousArp;
  if (masterRefreshMs === previous.gratuitousArp.masterRefreshMs) return state.refreshAtMs;
  return masterRefreshMs > 0 ? nowMs + masterRefreshMs : undefined;
}

function skewMs(config: VrrpInstanceConfig, masterAdverIntervalMs: number): number {
  const { version } = config;
  return skewTimeMs({ version, priority: effectivePriority(config), masterAdverIntervalMs });
}

function includes(addresses: readonly VirtualAddress[], wanted: VirtualAddress): boolean {
  return addresses.some(
    (address) =>
      address.address === wanted.address &&
      address.prefixLength === wanted.prefixLength &&
      address.interface === wanted.interface &&
      address.scope === wanted.scope &&
      address.label === wanted.label &&
      address.broadcast === wanted.broadcast,
  );
}
