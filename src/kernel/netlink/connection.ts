/**
 * Requests and their answers over one netlink socket. Believes only the kernel, matches answers by sequence number and
 * port, and opens a new socket after a loss: what was under way then fails, and its owner asks again.
 */
import { NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST } from './constants.ts';
import { decodeAcknowledgement, decodeMessages, encodeMessages, type NetlinkMessage } from './message.ts';
import { codeOf, errnoName, NetlinkError } from './netlink-error.ts';
import type { NetlinkTransport, OpenTransport } from './transport.ts';

export interface NetlinkRequest {
  readonly type: number;
  /** NLM_F_* beyond REQUEST and ACK, which are added. */
  readonly flags: number;
  readonly body: Uint8Array;
  /** What an error says was being done: `RTM_NEWADDR 10.0.0.3/24 on interface 2`. */
  readonly operation: string;
}

export interface ConnectionListener {
  /** A message that answers no request under way: a notification. */
  onNotification?(message: NetlinkMessage): void;
  /** The socket lost something and has been closed; the next request opens a new one. */
  onLost?(error: Error): void;
}

/** What was not believed; never falls. */
export interface ConnectionCounters {
  /** Datagrams from other processes. */
  foreign: number;
  malformed: number;
}

interface Batch {
  readonly requests: readonly NetlinkRequest[];
  readonly firstSeq: number;
  readonly port: number;
  readonly errors: (NetlinkError | undefined)[];
  readonly onAnswer: (message: NetlinkMessage) => void;
  readonly settle: (errors: readonly (NetlinkError | undefined)[]) => void;
}

interface EncodedRequests {
  readonly requests: readonly NetlinkRequest[];
  readonly firstSeq: number;
  readonly port: number;
  readonly datagram: Uint8Array;
}

export class NetlinkConnection {
  readonly counters: ConnectionCounters = { foreign: 0, malformed: 0 };
  readonly #open: OpenTransport;
  readonly #listener: ConnectionListener;
  #transport: NetlinkTransport | undefined;
  #batches: readonly Batch[] = [];
  #nextSeq = 1;
  #prepared: EncodedRequests | undefined;
  #closed = false;

  constructor(open: OpenTransport, listener: ConnectionListener = {}) {
    this.#open = open;
    this.#listener = listener;
  }

  /** Opens the socket now rather than with the first request. Throws what the system call does. */
  open(): void {
    if (this.#transport === undefined) this.#reopen();
  }

  /** Whether the next request reaches the kernel before the call returns. */
  get sendsAtOnce(): boolean {
    return this.#transport?.sendsAtOnce ?? true;
  }

  /**
   * Hands all requests to the kernel in one datagram, which performs them in order and goes on after a failed one.
   * Resolves to one entry a request, undefined for success. Only the last asks for an acknowledgement: those before it
   * answer when they fail, so that a long list does not flood the receive buffer. Never rejects.
   */
  perform(requests: readonly NetlinkRequest[]): Promise<readonly (NetlinkError | undefined)[]> {
    return this.#exchange(requests, () => undefined);
  }

  /** Encodes what a `perform` of the same request objects will then only send. One list at a time is kept. */
  prepare(requests: readonly NetlinkRequest[]): void {
    if (this.#transport !== undefined) this.#prepared = this.#encode(requests, this.#transport);
  }

  /** The answers to one request or dump. Rejects with a NetlinkError. */
  async query(request: NetlinkRequest): Promise<readonly NetlinkMessage[]> {
    const answers: NetlinkMessage[] = [];
    const [error] = await this.#exchange([request], (message) => answers.push(message));
    if (error !== undefined) throw error;
    return answers;
  }

  /** As `query` for a long dump: each answer as it comes, in its place among the notifications. */
  async stream(request: NetlinkRequest, onAnswer: (message: NetlinkMessage) => void): Promise<void> {
    const [error] = await this.#exchange([request], onAnswer);
    if (error !== undefined) throw error;
  }

  /** What is under way fails with ECANCELED, as does what comes later. */
  close(): void {
    this.#closed = true;
    this.#transport?.close();
    this.#transport = undefined;
    this.#failAll('ECANCELED');
  }

  #exchange(
    requests: readonly NetlinkRequest[],
    onAnswer: Batch['onAnswer'],
  ): Promise<readonly (NetlinkError | undefined)[]> {
    if (requests.length === 0) return Promise.resolve([]);
    return new Promise((settle) => {
      if (this.#closed) {
        settle(requests.map(({ operation }) => new NetlinkError(operation, 'ECANCELED')));
        return;
      }
      try {
        this.#send(requests, onAnswer, settle);
      } catch (error) {
        settle(requests.map(({ operation }) => new NetlinkError(operation, codeOf(error))));
      }
    });
  }

  #send(requests: readonly NetlinkRequest[], onAnswer: Batch['onAnswer'], settle: Batch['settle']): void {
    const transport = this.#transport ?? this.#reopen();
    const { firstSeq, port, datagram } = this.#takePrepared(requests) ?? this.#encode(requests, transport);
    const errors = requests.map(() => undefined);
    const batch: Batch = { requests, firstSeq, port, errors, onAnswer, settle };
    // Before it is sent: an answer may be there before the call returns.
    this.#batches = [...this.#batches, batch];
    try {
      transport.send(datagram);
    } catch (error) {
      this.#batches = this.#batches.filter((other) => other !== batch);
      throw error;
    }
  }

  #encode(requests: readonly NetlinkRequest[], { port }: NetlinkTransport): EncodedRequests {
    const firstSeq = this.#takeSeqs(requests.length);
    const last = requests.length - 1;
    const datagram = encodeMessages(
      requests.map(({ type, flags, body }, index) => ({
        type,
        flags:
          NLM_F_REQUEST | flags | (index === last && (flags & NLM_F_DUMP) !== NLM_F_DUMP ? NLM_F_ACK : 0),
        seq: firstSeq + index,
        port,
        data: body,
      })),
    );
    return { requests, firstSeq, port, datagram };
  }

  #takePrepared(requests: readonly NetlinkRequest[]): EncodedRequests | undefined {
    const prepared = this.#prepared;
    if (prepared === undefined || prepared.requests.length !== requests.length) return undefined;
    if (!requests.every((request, index) => request === prepared.requests[index])) return undefined;
    this.#prepared = undefined;
    return prepared.port === this.#transport?.port ? prepared : undefined;
  }

  #reopen(): NetlinkTransport {
    this.#transport = this.#open({
      onDatagram: (datagram, sender) => this.#receive(datagram, sender),
      onError: (error) => this.#lose(error),
    });
    return this.#transport;
  }

  /** Sequence numbers are 32 bits wide; 0 is for notifications. */
  #takeSeqs(count: number): number {
    if (this.#nextSeq + count > 0xffffffff) this.#nextSeq = 1;
    const first = this.#nextSeq;
    this.#nextSeq += count;
    return first;
  }

  #receive(datagram: Uint8Array, sender: number): void {
    const messages = sender === 0 ? decodeMessages(datagram) : [];
    if (sender !== 0) this.counters.foreign += 1;
    if (messages === undefined) this.counters.malformed += 1;
    for (const message of messages ?? []) this.#handle(message);
  }

  #handle(message: NetlinkMessage): void {
    const batch = this.#batches.find(
      ({ firstSeq, requests, port }) =>
        message.port === port && message.seq >= firstSeq && message.seq < firstSeq + requests.length,
    );
    if (batch === undefined) {
      this.#listener.onNotification?.(message);
      return;
    }
    const index = message.seq - batch.firstSeq;
    const end = decodeAcknowledgement(message);
    const interrupted = (message.flags & NLM_F_DUMP_INTR) !== 0;
    if (interrupted) batch.errors[index] = this.#errorFor(batch, index, 'EINTR');
    if (end === undefined) batch.onAnswer(message);
    else this.#end(batch, index, end);
  }

  #end(batch: Batch, index: number, end: { errno: number; kernelText: string | undefined }): void {
    if (end.errno !== 0) {
      batch.errors[index] = this.#errorFor(batch, index, errnoName(end.errno), end.kernelText);
    }
    if (index < batch.requests.length - 1) return;
    this.#batches = this.#batches.filter((other) => other !== batch);
    batch.settle(batch.errors);
  }

  #errorFor(batch: Batch, index: number, code: string, kernelText?: string): NetlinkError {
    return new NetlinkError(batch.requests[index]?.operation ?? 'netlink', code, kernelText);
  }

  #lose(error: Error): void {
    this.#transport?.close();
    this.#transport = undefined;
    this.#failAll(codeOf(error));
    this.#listener.onLost?.(error);
  }

  #failAll(code: string): void {
    const batches = this.#batches;
    this.#batches = [];
    for (const batch of batches) {
      batch.settle(
        batch.requests.map((_, index) => batch.errors[index] ?? this.#errorFor(batch, index, code)),
      );
    }
  }
}
