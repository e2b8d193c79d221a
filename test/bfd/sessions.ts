/** Sessions and packets for tests, and a session that is driven event by event on a clock of its own. */
import {
  type BfdPacket,
  initialState,
  nextTimeout,
  reconfigure,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type StateChange,
  step,
} from '../../src/bfd/index.ts';
import type { BfdInstanceConfig } from '../../src/config-parser/config.ts';
import { address } from '../../src/net/address.ts';

export function bfdConfig(changes: Partial<BfdInstanceConfig> = {}): BfdInstanceConfig {
  return {
    name: 'B1',
    neighborAddress: address('192.0.2.2'),
    sourceAddress: address('192.0.2.1'),
    minRxMs: 10,
    minTxMs: 10,
    idleTxMs: 1000,
    multiplier: 5,
    isPassive: false,
    hopLimit: 255,
    maxHops: 0,
    isMultihop: false,
    mayVrrpTrack: true,
    mayCheckerUse: true,
    ...changes,
  };
}

export const ownDiscriminator = 0x1111_1111;
export const remoteDiscriminator = 0x2222_2222;

/** From a neighbour that knows us, at 10 ms and 5, as it is when it is Up. */
export function packetFrom(changes: Partial<BfdPacket> = {}): BfdPacket {
  return {
    diagnostic: 0,
    state: 'Up',
    isPoll: false,
    isFinal: false,
    hasAuthentication: false,
    isDemand: false,
    detectMultiplier: 5,
    myDiscriminator: remoteDiscriminator,
    yourDiscriminator: ownDiscriminator,
    desiredMinTxMs: 10,
    requiredMinRxMs: 10,
    requiredMinEchoRxMs: 0,
    ...changes,
  };
}

export class Driver {
  config: BfdInstanceConfig;
  state: SessionState;
  nowMs = 0;

  constructor(changes: Partial<BfdInstanceConfig> = {}, seed = 1) {
    this.config = bfdConfig(changes);
    this.state = initialState(this.config, { localDiscriminator: ownDiscriminator, seed, nowMs: 0 });
  }

  do(event: SessionEvent, atMs = this.nowMs): readonly SessionEffect[] {
    this.nowMs = Math.max(this.nowMs, atMs);
    const { next, effects } = step(this.config, this.state, event, atMs);
    this.state = next;
    return effects;
  }

  hear(changes: Partial<BfdPacket> = {}, hopLimit = 255): readonly SessionEffect[] {
    return this.do({ kind: 'packet', packet: packetFrom(changes), hopLimit });
  }

  reconfigure(changes: Partial<BfdInstanceConfig>): readonly SessionEffect[] {
    const previous = this.config;
    this.config = { ...previous, ...changes };
    const { next, effects } = reconfigure(previous, this.config, this.state, this.nowMs);
    this.state = next;
    return effects;
  }

  /** Serves every deadline until `ms` later; what was sent and done, with its time. */
  wait(ms: number): readonly { readonly atMs: number; readonly effect: SessionEffect }[] {
    const endMs = this.nowMs + ms;
    const done: { atMs: number; effect: SessionEffect }[] = [];
    for (;;) {
      const due = nextTimeout(this.state);
      if (due === undefined || due > endMs) break;
      const atMs = Math.max(due, this.nowMs);
      done.push(...this.do({ kind: 'timeout' }, atMs).map((effect) => ({ atMs, effect })));
    }
    this.nowMs = endMs;
    return done;
  }

  /** Down, Init, Up, by the packets of a neighbour; its poll and ours are still to be answered. */
  bringUp(changes: Partial<BfdPacket> = {}): this {
    this.hear({ state: 'Down', yourDiscriminator: 0, desiredMinTxMs: 1000, ...changes });
    this.hear({ state: 'Up', ...changes });
    return this;
  }

  /** Up, with our poll answered. */
  settled(changes: Partial<BfdPacket> = {}): this {
    this.bringUp(changes);
    this.hear({ isFinal: true, ...changes });
    return this;
  }

  /** The next periodic packet, up to which the neighbour goes on talking. */
  sendNext(changes: Partial<BfdPacket> = {}): readonly SessionEffect[] {
    this.nowMs = this.state.sendAtMs ?? Number.NaN;
    this.hear(changes);
    return this.do({ kind: 'timeout' });
  }

  /** Sends the periodic packet that polls, and hears the answer. */
  pollAndAnswer(changes: Partial<BfdPacket> = {}): void {
    this.sendNext(changes);
    this.hear({ isFinal: true, ...changes });
  }
}

export function sent(effects: readonly SessionEffect[]): readonly BfdPacket[] {
  return effects.flatMap((effect) => (effect.kind === 'sendPacket' ? [effect.packet] : []));
}

export function changesOf(effects: readonly SessionEffect[]): readonly StateChange[] {
  return effects.flatMap((effect) => (effect.kind === 'stateChanged' ? [effect.change] : []));
}

export function reportKinds(effects: readonly SessionEffect[]): readonly string[] {
  return effects.flatMap((effect) => (effect.kind === 'report' ? [effect.report.kind] : []));
}
