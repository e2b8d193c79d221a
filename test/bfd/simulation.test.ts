/** Two sessions with a network between them that loses, delays and cuts; the failing seed is in the message, SEED=… replays it. */
import { describe, expect, it } from 'vitest';
import {
  type BfdPacket,
  decodePacket,
  detectionTimeMs,
  encodePacket,
  initialState,
  nextTimeout,
  reconfigure,
  type SessionEvent,
  type SessionState,
  step,
  transmitIntervalMs,
} from '../../src/bfd/index.ts';
import type { BfdInstanceConfig } from '../../src/config-parser/config.ts';
import { Random, seeds } from '../simulation/random.ts';
import { bfdConfig } from './sessions.ts';

interface End {
  config: BfdInstanceConfig;
  state: SessionState;
  isRunning: boolean;
  /** What it sends is lost. */
  isMute: boolean;
  /** When its state last changed. */
  changedAtMs: number;
}

interface Delivery {
  readonly atMs: number;
  readonly to: number;
  readonly packet: BfdPacket;
}

class World {
  nowMs = 0;
  lossPercent = 0;
  readonly ends: readonly [End, End];
  readonly #random: Random;
  #onTheWay: Delivery[] = [];

  constructor(seed: number, configs: readonly [BfdInstanceConfig, BfdInstanceConfig]) {
    this.#random = new Random(seed);
    this.ends = [this.#start(configs[0]), this.#start(configs[1])];
  }

  run(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const due = this.#nextMs();
      if (due > endMs) break;
      this.nowMs = Math.max(due, this.nowMs);
      this.#deliver();
      for (const index of [0, 1] as const) {
        const { state, isRunning } = this.ends[index];
        const deadline = nextTimeout(state);
        if (isRunning && deadline !== undefined && deadline <= this.nowMs)
          this.act(index, { kind: 'timeout' });
      }
    }
    this.nowMs = endMs;
  }

  act(index: 0 | 1, event: SessionEvent): void {
    const end = this.ends[index];
    this.#apply(index, step(end.config, end.state, event, this.nowMs));
  }

  reload(index: 0 | 1, changes: Partial<BfdInstanceConfig>): void {
    const end = this.ends[index];
    const previous = end.config;
    end.config = { ...previous, ...changes };
    this.#apply(index, reconfigure(previous, end.config, end.state, this.nowMs));
  }

  restart(index: 0 | 1): void {
    Object.assign(this.ends[index], this.#start(this.ends[index].config));
  }

  names(): readonly string[] {
    return this.ends.map(({ state }) => state.name);
  }

  #start(config: BfdInstanceConfig): End {
    const localDiscriminator = this.#random.integer(1, 0xffff_ffff);
    const seed = this.#random.integer(0, 0xffff_ffff);
    const state = initialState(config, { localDiscriminator, seed, nowMs: this.nowMs });
    return { config, state, isRunning: true, isMute: false, changedAtMs: this.nowMs };
  }

  #nextMs(): number {
    const deadlines = this.ends.map(
      ({ state, isRunning }) => (isRunning ? nextTimeout(state) : undefined) ?? Infinity,
    );
    return Math.min(...deadlines, ...this.#onTheWay.map(({ atMs }) => atMs));
  }

  #deliver(): void {
    const due = this.#onTheWay.filter(({ atMs }) => atMs <= this.nowMs);
    this.#onTheWay = this.#onTheWay.filter(({ atMs }) => atMs > this.nowMs);
    for (const { to, packet } of due) {
      const index = to === 0 ? 0 : 1;
      const { state, isRunning } = this.ends[index];
      const { yourDiscriminator } = packet;
      const isOurs = yourDiscriminator === 0 || yourDiscriminator === state.localDiscriminator;
      if (isRunning && isOurs) this.act(index, { kind: 'packet', packet, hopLimit: 255 });
    }
  }

  #apply(index: 0 | 1, { next, effects }: ReturnType<typeof step>): void {
    const end = this.ends[index];
    if (next.name !== end.state.name) end.changedAtMs = this.nowMs;
    end.state = next;
    for (const effect of effects) {
      if (effect.kind !== 'sendPacket' || end.isMute || this.#random.chance(this.lossPercent)) continue;
      const decoded = decodePacket(encodePacket(effect.packet));
      if (!decoded.ok) throw new Error(`an end sends what it would refuse: ${decoded.error.detail}`);
      const atMs = this.nowMs + 0.1 + this.#random.next() * 0.4;
      this.#onTheWay.push({ atMs, to: 1 - index, packet: decoded.value });
    }
  }
}

function randomConfig(random: Random): BfdInstanceConfig {
  return bfdConfig({
    minRxMs: random.pick([10, 20, 50, 100, 300]),
    minTxMs: random.pick([10, 20, 50, 100, 300]),
    multiplier: random.pick([2, 3, 5]),
  });
}

function world(seed: number): { readonly world: World; readonly random: Random } {
  const random = new Random(seed);
  const first = randomConfig(random);
  const second = { ...randomConfig(random), isPassive: random.chance(30) };
  return { world: new World(seed, [first, second]), random };
}

const enoughToComeUpMs = 10_000;
const runs = seeds(60);

describe('two sessions', { timeout: 60_000 }, () => {
  it('come up, agree on the intervals, and stay up without loss', () => {
    for (const seed of runs) {
      const { world: net } = world(seed);
      net.run(enoughToComeUpMs);
      const upSince = net.ends.map(({ changedAtMs }) => changedAtMs);
      net.run(20_000);
      expect({ seed, names: net.names() }).toEqual({ seed, names: ['Up', 'Up'] });
      expect({ seed, upSince: net.ends.map(({ changedAtMs }) => changedAtMs) }).toEqual({ seed, upSince });
      for (const [own, other] of [net.ends, net.ends.toReversed()] as const) {
        const expected = Math.max(own?.config.minTxMs ?? 0, other?.config.minRxMs ?? 0);
        expect({ seed, ms: own && transmitIntervalMs(own.state) }).toEqual({ seed, ms: expected });
        expect(own?.state.poll).toBeUndefined();
      }
    }
  });

  it('notice a cut within the Detection Time, and the other end is told when only one way is cut', () => {
    for (const seed of runs) {
      const { world: net } = world(seed);
      net.run(enoughToComeUpMs);
      const [deaf, mute] = net.ends;
      const heardAtMs = net.nowMs;
      const detectMs = detectionTimeMs(deaf.state);
      mute.isMute = true;
      net.run(detectMs + 1);
      expect({ seed, name: deaf.state.name, diagnostic: deaf.state.diagnostic }).toEqual({
        seed,
        name: 'Down',
        diagnostic: 1,
      });
      expect(deaf.changedAtMs - heardAtMs).toBeLessThanOrEqual(detectMs + 0.5);
      // Its Down reaches the end that still hears.
      expect({ seed, isUp: mute.state.name === 'Up' }).toEqual({ seed, isUp: false });
    }
  });

  it('come up again after loss, a crash and a restart with another discriminator', () => {
    for (const seed of runs) {
      const { world: net, random } = world(seed);
      net.lossPercent = random.integer(10, 60);
      net.run(20_000);
      net.ends[1].isRunning = false;
      net.run(random.integer(0, 5000));
      net.restart(1);
      net.run(random.integer(0, 5000));
      net.lossPercent = 0;
      net.run(enoughToComeUpMs);
      expect({ seed, names: net.names() }).toEqual({ seed, names: ['Up', 'Up'] });
    }
  });

  it('stay up through reloads of either end, and go by what was configured last', () => {
    for (const seed of runs) {
      const { world: net, random } = world(seed);
      net.run(enoughToComeUpMs);
      const upSince = net.ends.map(({ changedAtMs }) => changedAtMs);
      for (let reloads = 0; reloads < 10; reloads += 1) {
        const { minRxMs, minTxMs, multiplier } = randomConfig(random);
        net.reload(random.pick([0, 1] as const), { minRxMs, minTxMs, multiplier });
        net.run(random.integer(0, 500));
      }
      net.run(5000);
      expect({ seed, upSince: net.ends.map(({ changedAtMs }) => changedAtMs) }).toEqual({ seed, upSince });
      const [left, right] = net.ends;
      expect(transmitIntervalMs(left.state)).toBe(Math.max(left.config.minTxMs, right.config.minRxMs));
      expect(detectionTimeMs(left.state)).toBe(
        right.config.multiplier * Math.max(left.config.minRxMs, right.config.minTxMs),
      );
    }
  });

  it('part on purpose: the other end is Down at once with what it was told', () => {
    for (const seed of runs.slice(0, 50)) {
      const { world: net } = world(seed);
      net.run(enoughToComeUpMs);
      net.act(0, { kind: 'shutdown' });
      net.run(1);
      expect({ seed, names: net.names() }).toEqual({ seed, names: ['AdminDown', 'Down'] });
      expect(net.ends[1].state).toMatchObject({
        diagnostic: 3,
        remote: { state: 'AdminDown', diagnostic: 7 },
      });
    }
  });
});
