/**
 * What the addon has received, taken apart into messages: one piece of memory holds a batch, so that nothing has to be made for each
 * datagram on the other side.
 */
import type { ControlMessage, NativeBatchHandler } from './native.ts';

export interface MessageInfo {
  /** The sender's sockaddr. */
  readonly address: Uint8Array;
  /** When the kernel received it (SO_TIMESTAMPNS), else when it was read; on the clock of `nowMs`, never in its future. */
  readonly receivedAtMs: number;
  readonly truncated: boolean;
  /** IP_RECVTTL or IPV6_RECVHOPLIMIT. */
  readonly hopLimit?: number;
  /** IP_PKTINFO or IPV6_RECVPKTINFO: the destination of the IP header, and where it came in. */
  readonly destination?: Uint8Array;
  readonly interfaceIndex?: number;
  /** Control messages of other kinds. */
  readonly control: readonly ControlMessage[];
}

export interface BatchTaker {
  onMessage(payload: Buffer, info: MessageInfo): void;
  /** Asked before each message: false drops the rest, as closing the socket drops what is in the kernel's queue. */
  isOpen(): boolean;
}

/** Where the facts of a datagram stand among the numbers that tell of it: `enum fact` of `native/receiver.c`. */
const fact = {
  payloadAt: 0,
  payloadBytes: 1,
  senderBytes: 2,
  destinationBytes: 3,
  receivedAtMs: 4,
  truncated: 5,
  hopLimit: 6,
  interfaceIndex: 7,
} as const;
const factsOfEach = Object.keys(fact).length;
/** Says that there is no such fact. */
const none = -1;

/** The function for the addon to call, which calls `taker` for each message in the order of their arrival. */
export function batchHandler(taker: BatchTaker): NativeBatchHandler {
  return (batch, count, control) => {
    const facts = new Float64Array(batch, 0, count * factsOfEach);
    const bytes = Buffer.from(batch);
    for (let index = 0; index < count && taker.isOpen(); index += 1) {
      const first = index * factsOfEach;
      const of = (which: number): number => facts[first + which] ?? none;
      const payloadEnd = of(fact.payloadAt) + of(fact.payloadBytes);
      const senderEnd = payloadEnd + of(fact.senderBytes);
      const destinationEnd = senderEnd + of(fact.destinationBytes);
      const [hopLimit, interfaceIndex] = [of(fact.hopLimit), of(fact.interfaceIndex)];
      taker.onMessage(bytes.subarray(of(fact.payloadAt), payloadEnd), {
        address: bytes.subarray(payloadEnd, senderEnd),
        receivedAtMs: of(fact.receivedAtMs),
        truncated: of(fact.truncated) === 1,
        ...(hopLimit !== none && { hopLimit }),
        ...(destinationEnd > senderEnd && { destination: bytes.subarray(senderEnd, destinationEnd) }),
        ...(interfaceIndex !== none && { interfaceIndex }),
        control: control?.[index] ?? noControl,
      });
    }
  };
}

const noControl: readonly ControlMessage[] = [];
