/**
 * What must always be true of VRRP routers, and what must be true once the network has been whole for long enough. Judges from
 * outside: it has its own arithmetic, written from RFC 3768, and takes nothing from the code under test.
 */
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { addressBytes, type IpAddress } from '../../src/net/address.ts';
import type { Counter, InstanceEffect, InstanceEvent, InstanceState } from '../../src/vrrp/index.ts';
import type { Router } from './world.ts';

/** What a packet said when it was sent, and whether it arrived so. */
export interface PacketFacts {
  readonly source: IpAddress;
  readonly priority: number;
  readonly isCorrupt: boolean;
}

export interface Stepped {
  readonly router: Router;
  readonly before: InstanceState;
  readonly event: InstanceEvent;
  readonly effects: readonly InstanceEffect[];
  readonly nowMs: number;
  readonly packet: PacketFacts | undefined;
}

interface Record {
  /** When a Backup may and must take over, as the RFC has it. */
  masterDownAtMs: number;
  preemptAtMs: number | undefined;
  lastAdvertisementAtMs: number;
  masterSinceMs: number;
  /** How many advertisements it may have sent by now. */
  advertisementsAllowed: number;
  advertisementsSent: number;
}

const toleranceMs = 1e-6;

const dropCounters: readonly Counter[] = [
  'packetLenErr',
  'vridErr',
  'ipTtlErr',
  'versionErr',
  'invalidAuthtype',
  'authtypeMismatch',
  'authFailure',
  'advertIntervalErr',
  'invalidTypeRcvd',
  'checksumErr',
  'notRunning',
];

export class Referee {
  /** How often the network was found at rest and judged so: a test that never rests has not been judged. */
  timesAtRest = 0;
  readonly #seed: number;
  readonly #latenessMs: number;
  readonly #records = new Map<Router, Record>();

  constructor(seed: number, latenessMs: number) {
    this.#seed = seed;
    this.#latenessMs = latenessMs;
  }

  object(nowMs: number, objection: string): never {
    throw new Error(`${this.#seed} is the seed; at ${nowMs.toFixed(3)} ms ${objection}`);
  }

  started(router: Router): void {
    this.#records.set(router, {
      masterDownAtMs: Number.NaN,
      preemptAtMs: undefined,
      lastAdvertisementAtMs: Number.NaN,
      masterSinceMs: Number.NaN,
      advertisementsAllowed: 0,
      advertisementsSent: 0,
    });
  }

  /** After the core has answered and before the effects are performed. */
  stepped(happened: Stepped): void {
    this.#countersGrow(happened);
    this.#effectsInOrder(happened);
    this.#followDeadline(happened);
    this.#masterYieldsToBetter(happened);
    this.#advertisements(happened);
  }

  /** A change of priority moves the Master_Down_Timer by the change in Skew_Time, and nothing moves the state. */
  reloaded(router: Router, previous: VrrpInstanceConfig, before: InstanceState, nowMs: number): void {
    const record = this.#recordOf(router);
    record.masterDownAtMs += skewMs(router.config) - skewMs(previous);
    if (router.state.name !== before.name)
      this.object(nowMs, `a reload moved ${router.name} to ${router.state.name}`);
    this.#deadlineIsRight(router, nowMs);
  }

  /** After the effects were performed. */
  looked(routers: readonly Router[], nowMs: number, wholeSinceMs: number | undefined): void {
    for (const router of routers) this.#addressesAreRight(router, nowMs);
    for (const router of routers) this.#masterIsHeard(router, nowMs);
    if (wholeSinceMs !== undefined && nowMs - wholeSinceMs > settlingMs(routers))
      this.#atRest(routers, nowMs);
  }

  #countersGrow({ router, before, event, nowMs, packet }: Stepped): void {
    const was = before.statistics;
    const is = router.state.statistics;
    for (const counter of Object.keys(was) as Counter[]) {
      if (is[counter] < was[counter]) this.object(nowMs, `counter ${counter} of ${router.name} fell`);
    }
    if (event.kind !== 'packet' || packet === undefined) return;
    const isRunning = before.name === 'Backup' || before.name === 'Master';
    const heard = is.advertRcvd - was.advertRcvd;
    const dropped = dropCounters.reduce((sum, counter) => sum + is[counter] - was[counter], 0);
    if (heard + dropped !== 1) this.object(nowMs, `${router.name} counted a packet ${heard + dropped} times`);
    if ((heard === 1) !== (isRunning && !packet.isCorrupt)) {
      this.object(nowMs, `${router.name} ${heard === 1 ? 'heard a bad' : 'dropped a good'} packet`);
    }
  }

  /** The contract of `messages.ts`. */
  #effectsInOrder({ router, before, effects, nowMs }: Stepped): void {
    const kinds = effects.map(({ kind }) => kind).filter((kind) => kind !== 'report');
    const to = router.state.name;
    if (before.name === to) return;
    const expected = ['stateChanged'];
    if (to === 'Master') expected.unshift('sendAdvertisement', 'addAddresses', 'sendGratuitousArp');
    if (before.name === 'Master')
      expected.unshift(...(to === 'Backup' ? [] : ['sendAdvertisement']), 'removeAddresses');
    if (kinds.join() !== expected.join()) {
      this.object(nowMs, `${router.name} went from ${before.name} to ${to} by "${kinds.join(', ')}"`);
    }
    const isLeaving = before.name === 'Master' && to !== 'Backup';
    const lastWord = effects.find((effect) => effect.kind === 'sendAdvertisement');
    if (isLeaving && lastWord?.priority !== 0) this.object(nowMs, `${router.name} left without priority 0`);
  }

  /** RFC 3768 section 6.4.2: a Backup waits for Master_Down_Interval, or Skew_Time after priority 0, no more and no less. */
  #followDeadline({ router, before, event, nowMs, packet }: Stepped): void {
    const record = this.#recordOf(router);
    const isEntered = before.name !== router.state.name;
    if (router.state.name === 'Master' && isEntered && before.name === 'Backup') {
      if (event.kind !== 'timeout' || nowMs < record.masterDownAtMs - toleranceMs) {
        this.object(
          nowMs,
          `${router.name} took over before its Master_Down_Timer, due at ${record.masterDownAtMs}`,
        );
      }
    }
    if (router.state.name !== 'Backup') return;
    if (isEntered) record.preemptAtMs = undefined;
    if (isEntered) record.masterDownAtMs = nowMs + masterDownMs(router.config);
    else if (packet !== undefined && !packet.isCorrupt)
      this.#backupHeard(record, router.config, packet.priority, nowMs);
    this.#deadlineIsRight(router, nowMs);
  }

  #backupHeard(record: Record, config: VrrpInstanceConfig, priority: number, nowMs: number): void {
    if (priority === 0) {
      record.masterDownAtMs = nowMs + skewMs(config);
      return;
    }
    const isLower = priority < config.basePriority;
    if (!isLower || !config.preempt) record.preemptAtMs = undefined;
    else record.preemptAtMs ??= nowMs + config.preemptDelayMs;
    if (record.preemptAtMs === undefined || nowMs < record.preemptAtMs) {
      record.masterDownAtMs = nowMs + masterDownMs(config);
    }
  }

  #deadlineIsRight(router: Router, nowMs: number): void {
    if (router.state.name !== 'Backup') return;
    const { masterDownAtMs } = router.state;
    const expected = this.#recordOf(router).masterDownAtMs;
    if (Math.abs(masterDownAtMs - expected) > toleranceMs) {
      this.object(nowMs, `${router.name} waits until ${masterDownAtMs} and must until ${expected}`);
    }
  }

  /** RFC 3768 section 6.4.3: the higher priority stays, and with equal ones the higher address. */
  #masterYieldsToBetter({ router, before, nowMs, packet }: Stepped): void {
    if (before.name !== 'Master' || packet === undefined || packet.isCorrupt) return;
    const ours = router.config.basePriority;
    const isBetter =
      packet.priority > ours || (packet.priority === ours && isHigher(packet.source, router.sourceAddress));
    if (isBetter && router.state.name === 'Master')
      this.object(nowMs, `${router.name} stayed Master against a better one`);
    if (!isBetter && router.state.name !== 'Master')
      this.object(nowMs, `${router.name} gave way to a worse Master`);
  }

  /** Never further apart than the interval, and never more than the RFC has reason for. */
  #advertisements({ router, before, effects, nowMs, packet }: Stepped): void {
    const record = this.#recordOf(router);
    const intervalMs = router.config.advertisementIntervalMs;
    if (router.state.name === 'Master' && before.name !== 'Master') {
      record.masterSinceMs = nowMs;
      record.lastAdvertisementAtMs = nowMs;
      record.advertisementsAllowed += 1;
    }
    if (before.name === 'Master' && router.state.name !== 'Master') {
      record.advertisementsAllowed += Math.floor((nowMs - record.masterSinceMs) / intervalMs) + 1;
    }
    const isAnswer =
      before.name === 'Master' && packet !== undefined && packet.priority <= router.config.basePriority;
    if (isAnswer) record.advertisementsAllowed += 1;
    for (const effect of effects) {
      if (effect.kind !== 'sendAdvertisement') continue;
      record.advertisementsSent += 1;
      record.lastAdvertisementAtMs = nowMs;
      if (effect.priority !== 0 && effect.priority !== router.config.basePriority) {
        this.object(nowMs, `${router.name} advertised priority ${effect.priority}`);
      }
    }
    const whileMaster =
      router.state.name === 'Master' ? Math.floor((nowMs - record.masterSinceMs) / intervalMs + 1e-9) : 0;
    if (record.advertisementsSent > record.advertisementsAllowed + whileMaster) {
      this.object(nowMs, `${router.name} has sent ${record.advertisementsSent} advertisements: a storm`);
    }
  }

  #masterIsHeard(router: Router, nowMs: number): void {
    if (!router.isRunning || router.state.name !== 'Master') return;
    const silentMs = nowMs - this.#recordOf(router).lastAdvertisementAtMs;
    if (silentMs > router.config.advertisementIntervalMs + this.#latenessMs + toleranceMs) {
      this.object(nowMs, `Master ${router.name} has been silent for ${silentMs} ms`);
    }
  }

  /** Held as long as Master and by nobody else; who was stopped holds nothing. */
  #addressesAreRight(router: Router, nowMs: number): void {
    const { config, state, held, name, isRunning } = router;
    if (!isRunning && state.name !== 'Initialize') return; // It crashed: nobody is there to take them away.
    const wanted = state.name === 'Master' ? config.virtualAddresses.map(({ address }) => address) : [];
    if ([...held.keys()].sort().join() !== [...wanted].sort().join()) {
      this.object(nowMs, `${name} is ${state.name} and holds "${[...held.keys()].join()}"`);
    }
  }

  #atRest(routers: readonly Router[], nowMs: number): void {
    const eligible = routers.filter(({ isRunning, isLinkUp }) => isRunning && isLinkUp);
    const masters = eligible.filter(({ state }) => state.name === 'Master');
    const [master] = masters;
    if (eligible.length === 0) return;
    if (master === undefined || masters.length > 1) {
      this.object(
        nowMs,
        `the network is at rest with the Masters "${masters.map(({ name }) => name).join()}"`,
      );
    }
    const better = eligible.find(
      ({ config }) => config.preempt && config.basePriority > master.config.basePriority,
    );
    if (better !== undefined)
      this.object(nowMs, `the network is at rest with ${master.name}, and ${better.name} is better`);
    this.timesAtRest += 1;
  }

  #recordOf(router: Router): Record {
    const record = this.#records.get(router);
    if (record === undefined) throw new Error(`${router.name} was never started`);
    return record;
  }
}

/** RFC 3768 section 6.1, in milliseconds. */
function skewMs(config: VrrpInstanceConfig): number {
  return ((256 - config.basePriority) / 256) * 1000;
}

function masterDownMs(config: VrrpInstanceConfig): number {
  return 3 * config.advertisementIntervalMs + skewMs(config);
}

/** Two waits (one for a preempt_delay to end), an advertisement that settles a tie, and the longest way of a packet. */
function settlingMs(routers: readonly Router[]): number {
  return Math.max(0, ...routers.map(({ config }) => 2 * masterDownMs(config) + config.preemptDelayMs + 1500));
}

function isHigher(a: IpAddress, b: IpAddress): boolean {
  const [left, right] = [a, b].map((address) =>
    addressBytes(address).reduce((sum, byte) => sum * 256 + byte, 0),
  );
  return (left ?? 0) > (right ?? 0);
}
