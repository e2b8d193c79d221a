/**
 * One running session: its configuration, its state and the socket it sends from. Feeds events to the pure state machine and
 * performs its effects in their order. Decides nothing of BFD itself.
 */
import {
  controlPort,
  encodePacket,
  initialState,
  nextTimeout,
  reconfigure,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type SessionStep,
  step,
} from '../../bfd/index.ts';
import type { BfdInstanceConfig } from '../../config-parser/config.ts';
import type { BfdSender, BfdSenderOptions } from '../../kernel/bfd-socket.ts';
import type { LogRecord } from '../ipc.ts';
import { describeReport, describeStateChange } from './wording.ts';

export interface SessionServices {
  nowMs(): number;
  openSender(options: BfdSenderOptions): BfdSender;
  /** See `interfaceOf`. */
  interfaceOf(config: BfdInstanceConfig): number | undefined;
  log(record: LogRecord): void;
  /** The session came up or went down. */
  reportReading(runtime: SessionRuntime): void;
}

export class SessionRuntime {
  config: BfdInstanceConfig;
  state: SessionState;
  readonly #services: SessionServices;
  #sender: BfdSender | undefined;
  /** Of the network interface that a link-local neighbour was found on; 0 for other neighbours. */
  #interfaceIndex: number | undefined;
  /** What was last said about why nothing can be sent, so that it is said once. */
  #trouble: string | undefined;

  constructor(
    config: BfdInstanceConfig,
    chance: { readonly localDiscriminator: number; readonly seed: number },
    services: SessionServices,
  ) {
    this.config = config;
    this.#services = services;
    this.state = initialState(config, { ...chance, nowMs: services.nowMs() });
    this.openSender();
  }

  get isUp(): boolean {
    return this.state.name === 'Up';
  }

  get nextTimeoutMs(): number | undefined {
    return nextTimeout(this.state);
  }

  get sourcePort(): number | undefined {
    return this.#sender?.sourcePort;
  }

  /** Whether what came in on that interface can be this session's. */
  isOn(interfaceIndex: number): boolean {
    return !this.#interfaceIndex || this.#interfaceIndex === interfaceIndex;
  }

  dispatch(event: SessionEvent, atMs: number = this.#services.nowMs()): void {
    this.#apply(step(this.config, this.state, event, atMs));
  }

  reconfigure(next: BfdInstanceConfig): void {
    const previous = this.config;
    this.config = next;
    if (previous.hopLimit !== next.hopLimit) this.#sender?.setHopLimit(next.hopLimit);
    this.#apply(reconfigure(previous, next, this.state, this.#services.nowMs()));
  }

  /** Opens the socket to send from where that has failed so far: its address or its interface may be there by now. */
  openSender(): void {
    if (this.#sender !== undefined) return;
    const { neighborAddress, sourceAddress, hopLimit } = this.config;
    const interfaceIndex = this.#services.interfaceOf(this.config);
    if (interfaceIndex === undefined) {
      const cure =
        sourceAddress === undefined
          ? 'set source_ip to the link-local address of the interface that is meant'
          : `no interface, or more than one, has source_ip ${sourceAddress}`;
      this.#say(`it is not known which interface link-local neighbour ${neighborAddress} is on: ${cure}`);
      return;
    }
    try {
      this.#interfaceIndex = interfaceIndex;
      this.#sender = this.#services.openSender({
        neighbor: neighborAddress,
        ...(sourceAddress !== undefined && { source: sourceAddress }),
        interfaceIndex,
        hopLimit,
        port: controlPort(this.config),
        firstChoice: this.state.localDiscriminator,
      });
      this.#say(undefined);
    } catch (error) {
      this.#say(text(error));
    }
  }

  /** Tells the neighbour once more that this end is administratively down. */
  repeatShutdown(): void {
    this.dispatch({ kind: 'shutdown' });
  }

  close(): void {
    this.#sender?.close();
    this.#sender = undefined;
  }

  #apply({ next, effects }: SessionStep): void {
    this.state = next;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'stateChanged': {
        const { from, to } = effect.change;
        // Our own end is no failure: whoever tracks the session is being stopped too, or does not track it any more.
        const isNews = (from === 'Up') !== (to === 'Up') && to !== 'AdminDown';
        if (isNews) this.#services.reportReading(this);
        this.#services.log(describeStateChange(this.config.name, effect.change));
        break;
      }
      case 'sendPacket':
        this.#send(encodePacket(effect.packet));
        break;
      case 'report':
        this.#services.log(describeReport(this.config.name, effect.report));
        break;
    }
  }

  /** The interface may have gone and come back, with another index: a socket that fails is opened anew. */
  #send(payload: Uint8Array): void {
    try {
      this.#sender?.send(payload);
      if (this.#sender !== undefined) this.#say(undefined);
    } catch (error) {
      this.#say(text(error));
      if (isGone(error)) this.close();
    }
  }

  #say(trouble: string | undefined): void {
    if (trouble === this.#trouble) return;
    const { name } = this.config;
    this.#trouble = trouble;
    if (trouble === undefined)
      this.#services.log({ level: 'notice', message: `(${name}) packets can be sent again` });
    else this.#services.log({ level: 'error', message: `(${name}) no packet can be sent: ${trouble}` });
  }
}

const goneCodes = new Set(['ENODEV', 'ENXIO', 'EADDRNOTAVAIL', 'EINVAL']);

function isGone(error: unknown): boolean {
  return goneCodes.has((error as NodeJS.ErrnoException).code ?? '');
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
