/**
 * The bfd process's shell: sessions, sockets, one deadline timer. It moves events in and effects out; what they mean is decided
 * in src/bfd. Nothing here waits: at 10 ms a packet must not be late for anything else.
 */
import {
  type BfdPacket,
  controlPort,
  decodePacket,
  isBetweenEnds,
  type UnclaimedCounter,
  type UnclaimedStatistics,
  zeroUnclaimed,
} from '../../bfd/index.ts';
import type { BfdInstanceConfig } from '../../config-parser/config.ts';
import { type BfdDatagram, interfaceOf, openBfdSender } from '../../kernel/bfd-socket.ts';
import { nowMs } from '../../kernel/clock.ts';
import { DeadlineTimer } from '../../kernel/deadline-timer.ts';
import type { TrackerReading } from '../../vrrp/tracking.ts';
import type { LogRecord } from '../ipc.ts';
import { InheritedSessions } from './inherited.ts';
import { Listeners } from './listeners.ts';
import { SessionRuntime, type SessionServices } from './session-runtime.ts';

/** How often sockets that were refused are tried again. */
const retryMs = 1000;

/** No waiting ahead of a deadline: hundreds of packets a second would cost more than a tenth of a millisecond is worth. */
const leadMs = 0;

/** RFC 5880 section 6.8.16 asks to say AdminDown for a while, since a packet can be lost: once at once, and once after this. */
const lastWordMs = 20;

export interface BfdProcessTools {
  log(record: LogRecord): void;
  /** Called with what changed, and after every `configure` with all but sessions that are still inherited. */
  reportReadings(readings: readonly TrackerReading[]): void;
  /** 32 random bits that nobody can foresee: of a discriminator, and of the jitter. */
  random32(): number;
}

export class BfdProcess {
  readonly unclaimed: UnclaimedStatistics = zeroUnclaimed();
  readonly #tools: BfdProcessTools;
  readonly #sessions = new Map<string, SessionRuntime>();
  readonly #byDiscriminator = new Map<number, SessionRuntime>();
  readonly #listeners: Listeners;
  readonly #inherited = new InheritedSessions((name) =>
    this.#report(this.sessions().filter(({ config }) => config.name === name)),
  );
  readonly #timer = new DeadlineTimer(() => this.#onDeadline(), { leadMs });
  readonly #retry: NodeJS.Timeout;
  readonly #services: SessionServices;
  #armedForMs: number | undefined;

  constructor(tools: BfdProcessTools) {
    this.#tools = tools;
    this.#listeners = new Listeners({
      onDatagram: (datagram, port, receivedAtMs) => this.#onDatagram(datagram, port, receivedAtMs),
      log: tools.log,
    });
    this.#services = {
      nowMs,
      openSender: openBfdSender,
      interfaceOf: ({ neighborAddress, sourceAddress }) => interfaceOf(neighborAddress, sourceAddress),
      log: tools.log,
      reportReading: (runtime) => {
        if (runtime.isUp) this.#inherited.settle(runtime.config.name);
        this.#report([runtime]);
      },
    };
    this.#retry = setInterval(() => this.#retrySockets(), retryMs);
  }

  /** What the process before this one had said last. Before the first `configure`. */
  inherit(readings: readonly TrackerReading[]): void {
    const up = readings.filter((reading) => reading.kind === 'bfd' && reading.isUp);
    this.#inherited.take(up.map(({ name }) => name));
  }

  /** The first call starts the sessions; a later one is a reload, and a session that is the same in both goes on untouched. */
  configure(configs: readonly BfdInstanceConfig[]): void {
    const wanted = new Map(configs.map((config) => [sessionKey(config), config]));
    for (const [key, runtime] of this.#sessions) {
      const next = wanted.get(key);
      if (next === undefined) this.#retire(key, runtime);
      else if (!isSame(runtime.config, next)) runtime.reconfigure(next);
    }
    this.#listeners.follow(configs);
    for (const [key, config] of wanted) if (!this.#sessions.has(key)) this.#start(key, config);
    this.#inherited.follow(configs);
    this.#report(this.sessions());
    this.#arm();
  }

  sessions(): readonly SessionRuntime[] {
    return [...this.#sessions.values()];
  }

  /** Tells every neighbour that its session ends on purpose, twice; resolves when that is said. */
  async stop(): Promise<void> {
    clearInterval(this.#retry);
    this.#inherited.close();
    this.#timer.close();
    this.#listeners.close();
    const sessions = this.sessions();
    for (const runtime of sessions) runtime.dispatch({ kind: 'shutdown' });
    await new Promise((resolve) => setTimeout(resolve, lastWordMs));
    for (const runtime of sessions) {
      runtime.repeatShutdown();
      runtime.close();
    }
  }

  #report(sessions: readonly SessionRuntime[]): void {
    this.#tools.reportReadings(
      sessions.filter(({ config }) => !this.#inherited.has(config.name)).map(readingOf),
    );
  }

  #start(key: string, config: BfdInstanceConfig): void {
    const chance = { localDiscriminator: this.#freeDiscriminator(), seed: this.#tools.random32() };
    const runtime = new SessionRuntime(config, chance, this.#services);
    this.#sessions.set(key, runtime);
    this.#byDiscriminator.set(chance.localDiscriminator, runtime);
  }

  #retire(key: string, runtime: SessionRuntime): void {
    runtime.dispatch({ kind: 'shutdown' });
    runtime.close();
    this.#sessions.delete(key);
    this.#byDiscriminator.delete(runtime.state.localDiscriminator);
  }

  /** RFC 5880 section 6.8.1: bfd.LocalDiscr is unique on this system and not 0, and SHOULD be random. */
  #freeDiscriminator(): number {
    for (;;) {
      const value = this.#tools.random32();
      if (value !== 0 && !this.#byDiscriminator.has(value)) return value;
    }
  }

  #onDatagram(datagram: BfdDatagram, port: number, receivedAtMs: number): void {
    const packet = decodePacket(datagram.payload);
    if (!packet.ok) {
      this.unclaimed[packet.error.reason] += 1;
      return;
    }
    const runtime = this.#find(packet.value, datagram, port);
    if (typeof runtime === 'string') {
      this.unclaimed[runtime] += 1;
      return;
    }
    runtime.dispatch({ kind: 'packet', packet: packet.value, hopLimit: datagram.hopLimit }, receivedAtMs);
    // A packet mostly moves the deadline away; then the timer may stay, and its early tick is harmless.
    const due = runtime.nextTimeoutMs;
    if (due !== undefined && (this.#armedForMs === undefined || due < this.#armedForMs)) this.#armFor(due);
  }

  /** RFC 5880 section 6.3: by Your Discriminator alone where there is one, else by the addresses. */
  #find(
    { yourDiscriminator }: BfdPacket,
    datagram: BfdDatagram,
    port: number,
  ): SessionRuntime | UnclaimedCounter {
    if (yourDiscriminator !== 0) {
      const runtime = this.#byDiscriminator.get(yourDiscriminator);
      const isOurs = runtime !== undefined && controlPort(runtime.config) === port;
      return isOurs ? runtime : 'unknownDiscriminator';
    }
    const path = { source: datagram.source, destination: datagram.destination, port };
    for (const runtime of this.#sessions.values()) {
      if (isBetweenEnds(runtime.config, path) && runtime.isOn(datagram.interfaceIndex)) return runtime;
    }
    return 'unknownNeighbor';
  }

  #onDeadline(): void {
    // It is past; a packet that is read now and is due earlier than anything else must arm the timer again.
    this.#armedForMs = undefined;
    this.#listeners.drain();
    const now = nowMs();
    for (const runtime of this.#sessions.values()) {
      const due = runtime.nextTimeoutMs;
      if (due !== undefined && due <= now) runtime.dispatch({ kind: 'timeout' }, now);
    }
    this.#arm();
  }

  #arm(): void {
    let earliest: number | undefined;
    for (const { nextTimeoutMs } of this.#sessions.values()) {
      if (nextTimeoutMs !== undefined && (earliest === undefined || nextTimeoutMs < earliest))
        earliest = nextTimeoutMs;
    }
    this.#armFor(earliest);
  }

  #armFor(atMs: number | undefined): void {
    this.#armedForMs = atMs;
    this.#timer.set(atMs);
  }

  #retrySockets(): void {
    this.#listeners.retry();
    for (const runtime of this.#sessions.values()) runtime.openSender();
  }
}

/** Sessions with the same key are one: what it is called, and between which ends it runs. */
function sessionKey({ name, neighborAddress, sourceAddress, isMultihop }: BfdInstanceConfig): string {
  return JSON.stringify([name, neighborAddress, sourceAddress, isMultihop]);
}

function isSame(a: BfdInstanceConfig, b: BfdInstanceConfig): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof BfdInstanceConfig>;
  return [...keys].every((key) => a[key] === b[key]);
}

function readingOf({ config, isUp }: SessionRuntime): TrackerReading {
  return { kind: 'bfd', name: config.name, isUp };
}
