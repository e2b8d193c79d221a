/**
 * A changed configuration for an instance that runs. Mastership never moves for an edit: only differences become effects, and
 * what is not mentioned here simply shows in the next advertisement; for another priority that is due at once.
 */
import type { VirtualAddress, VrrpInstanceConfig } from '../config-parser/config.ts';
import type { BackupState, InstanceState, MasterState } from './state.ts';
import {
  addAddresses,
  addRoutes,
  effectivePriority,
  heldAddresses,
  letGo,
  removeAddresses,
  removeRoutes,
  report,
  type Step,
  sendGratuitousArp,
  stay,
} from './step.ts';
import { skewTimeMs } from './timers.ts';
import { burstAfter, downIntervalMs } from './transitions.ts';

/**
 * What makes an instance of a new configuration the same as one that runs: not its name, so that renaming it costs nothing. What
 * differs in any of these is another instance: shut the old one down and start the new one.
 */
export function instanceKey(
  config: Pick<
    VrrpInstanceConfig,
    'vrid' | 'family' | 'interface' | 'vrf' | 'transport' | 'sourceAddress' | 'virtualLink'
  >,
): string {
  const { vrid, family, interface: device, vrf, transport, sourceAddress, virtualLink } = config;
  const where =
    transport.kind === 'multicast'
      ? transport.group
      : `unicast ${device === undefined ? (sourceAddress ?? '') : firstPeer(transport.peers)}`;
  const link = virtualLink === undefined ? '' : `${virtualLink.kind} ${virtualLink.name}`;
  return `${vrid} ipv${family} ${device ?? vrf ?? ''} ${where} ${link}`;
}

/** Instances that share VRID and interface have other peers each; one that gets a further peer is the same still. */
function firstPeer(peers: readonly { readonly address: string }[]): string {
  return peers.map(({ address }) => address).sort()[0] ?? '';
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
      return reconfigureBackup(previous, next, state, nowMs);
    case 'Master':
      return reconfigureMaster(previous, next, state, nowMs);
    case 'Leaving':
      // What it still holds is what it had; the rest of its way is short.
      return { next: state, effects: changeAddresses(previous, next).effects };
    default:
      return { next: state, effects: [] };
  }
}

function reconfigureBackup(
  previous: VrrpInstanceConfig,
  next: VrrpInstanceConfig,
  state: BackupState,
  nowMs: number,
): Step<BackupState> {
  const isLearned = next.version === 3 && previous.version === 3 && state.master !== undefined;
  const masterAdverIntervalMs = isLearned ? state.masterAdverIntervalMs : next.advertisementIntervalMs;
  const keepsPace =
    masterAdverIntervalMs === state.masterAdverIntervalMs &&
    previous.version === next.version &&
    previous.downTimerAdverts === next.downTimerAdverts;
  const skewChangeMs =
    skewMs(next, state, masterAdverIntervalMs) - skewMs(previous, state, masterAdverIntervalMs);
  const restartedMs = nowMs + downIntervalMs({ config: next, state }, masterAdverIntervalMs);
  const isWaiting = state.masterDownAtMs === Number.POSITIVE_INFINITY;
  const masterDownAtMs = keepsPace || isWaiting ? state.masterDownAtMs + skewChangeMs : restartedMs;
  const preempts = next.preempt && next.preemptDelayMs === previous.preemptDelayMs;
  const changed: BackupState = {
    ...state,
    masterAdverIntervalMs,
    masterDownAtMs,
    preemptAtMs: preempts ? state.preemptAtMs : undefined,
    releaseAtMs: undefined,
  };
  const released = state.releaseAtMs === undefined ? [] : letGo(previous);
  const effects = [...released, ...priorityReport(previous, next, state)];
  const left = previous.syncGroup !== undefined && next.syncGroup === undefined && state.awaitsGroup;
  return stay(left ? { ...changed, awaitsGroup: false, masterDownAtMs: restartedMs } : changed, ...effects);
}

function reconfigureMaster(
  previous: VrrpInstanceConfig,
  next: VrrpInstanceConfig,
  state: MasterState,
  nowMs: number,
): Step<MasterState> {
  const { masterDelayMs, masterRepeat } = next.gratuitousArp;
  const { added, effects } = changeAddresses(previous, next);
  const burst = added.length > 0 ? burstAfter(nowMs, masterDelayMs, masterRepeat) : undefined;
  return stay(
    {
      ...state,
      advertiseAtMs: rearmed(previous, next, state, nowMs),
      secondBurst: burst ?? state.secondBurst,
      refreshAtMs: periodAt(state.refreshAtMs, nowMs, [
        previous.gratuitousArp.masterRefreshMs,
        next.gratuitousArp.masterRefreshMs,
      ]),
      extraInterfacesAtMs: periodAt(state.extraInterfacesAtMs, nowMs, [
        previous.gratuitousArp.extraInterfaceMs,
        next.gratuitousArp.extraInterfaceMs,
      ]),
    },
    ...effects,
    ...priorityReport(previous, next, state),
  );
}

/** First what goes: an address whose label or scope was changed is the same to the kernel, and must not be taken away again. */
function changeAddresses(
  previous: VrrpInstanceConfig,
  next: VrrpInstanceConfig,
): { readonly added: readonly VirtualAddress[]; readonly effects: Step['effects'] } {
  const held = heldAddresses(previous);
  const wanted = heldAddresses(next);
  const added = wanted.filter((address) => !includes(held, address));
  const removed = held.filter((address) => !includes(wanted, address));
  const gone = {
    virtualRoutes: without(previous.virtualRoutes, next.virtualRoutes),
    virtualRules: without(previous.virtualRules, next.virtualRules),
  };
  const come = {
    virtualRoutes: without(next.virtualRoutes, previous.virtualRoutes),
    virtualRules: without(next.virtualRules, previous.virtualRules),
  };
  const effects = [
    ...removeRoutes(gone),
    ...removeAddresses(removed),
    ...addAddresses(added),
    ...sendGratuitousArp(added, next.gratuitousArp.masterRepeat),
    ...addRoutes(come),
  ];
  return { added, effects };
}

/** Plain data, so that what reads the same is the same. */
function without<Entry>(entries: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
  const known = new Set(others.map((entry) => JSON.stringify(entry)));
  return entries.filter((entry) => !known.has(JSON.stringify(entry)));
}

function priorityReport(
  previous: VrrpInstanceConfig,
  next: VrrpInstanceConfig,
  state: InstanceState,
): Step['effects'] {
  const from = effectivePriority(previous, state);
  const to = effectivePriority(next, state);
  return from === to ? [] : [report({ kind: 'priorityChanged', from, to })];
}

/**
 * Counted from the last advertisement, so that no two are further apart than the new interval. Another priority is told at once: it
 * is what the Backups decide by, and nobody else can tell them. What is overdue stays so: by that a Master knows that its process
 * did not run.
 */
function rearmed(
  previous: VrrpInstanceConfig,
  next: VrrpInstanceConfig,
  state: MasterState,
  nowMs: number,
): number {
  const { advertiseAtMs } = state;
  if (advertiseAtMs <= nowMs) return advertiseAtMs;
  if (effectivePriority(previous, state) !== effectivePriority(next, state)) return nowMs;
  const changeMs = next.advertisementIntervalMs - previous.advertisementIntervalMs;
  return Math.max(nowMs, advertiseAtMs + changeMs);
}

function periodAt(
  atMs: number | undefined,
  nowMs: number,
  [beforeMs, afterMs]: readonly [number, number],
): number | undefined {
  if (beforeMs === afterMs) return atMs;
  return afterMs > 0 ? nowMs + afterMs : undefined;
}

function skewMs(config: VrrpInstanceConfig, state: BackupState, masterAdverIntervalMs: number): number {
  const { version } = config;
  return skewTimeMs({ version, priority: effectivePriority(config, state), masterAdverIntervalMs });
}

function includes(addresses: readonly VirtualAddress[], wanted: VirtualAddress): boolean {
  return addresses.some(
    (address) =>
      address.address === wanted.address &&
      address.prefixLength === wanted.prefixLength &&
      address.interface === wanted.interface &&
      address.scope === wanted.scope &&
      address.label === wanted.label &&
      address.broadcast === wanted.broadcast &&
      address.peer === wanted.peer,
  );
}
