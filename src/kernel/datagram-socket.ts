/**
 * A datagram socket of any family, type and protocol in the shape of node:dgram, which itself opens only UDP. It knows no
 * protocol; addresses are the kernel's structures as bytes (`socket-address.ts`).
 */
import { EventEmitter } from 'node:events';
import { batchHandler, type MessageInfo } from './datagram-batch.ts';
import { type ControlMessage, type NativeDatagramSocket, native } from './native.ts';
import { interfaceNameBytes } from './socket-address.ts';
import { SO_BINDTODEVICE, SO_RCVBUF, SO_RCVBUFFORCE, SOL_SOCKET } from './socket-constants.ts';

export type { MessageInfo } from './datagram-batch.ts';

export interface DatagramSocketOptions {
  readonly family: number;
  readonly type: number;
  readonly protocol: number;
  /** Longer datagrams arrive cut, with `truncated` set. At most 1 MiB. */
  readonly maxDatagramBytes?: number;
}

interface DatagramSocketEvents {
  message: [payload: Buffer, info: MessageInfo];
  /** The socket stays usable. With no listener it is thrown, as every EventEmitter does. */
  error: [error: NodeJS.ErrnoException];
  close: [];
}

/** The most datagrams that one reading delivers. */
export const RECEIVE_BATCH = 16;

const anyIpDatagramBytes = 65_536;
const permissionErrors = new Set(['EPERM', 'EACCES']);

/** Keeps the process alive until closed, unless `unref` is called. Every method throws what the kernel refuses. */
export class DatagramSocket extends EventEmitter<DatagramSocketEvents> {
  readonly #socket: NativeDatagramSocket;
  #closed = false;

  constructor(options: DatagramSocketOptions) {
    super();
    this.#socket = new native.DatagramSocket(
      options.family,
      options.type,
      options.protocol,
      options.maxDatagramBytes ?? anyIpDatagramBytes,
      batchHandler({
        onMessage: (payload, info) => this.emit('message', payload, info),
        isOpen: () => !this.#closed,
      }),
      (error) => this.emit('error', error),
    );
  }

  /** `doing` begins the message of an error: "join 224.0.0.18 on eth0". */
  setOption(level: number, name: number, value: number | Uint8Array, doing?: string): void {
    this.#socket.setOption(level, name, value, doing);
  }

  getOption(level: number, name: number, maxBytes = 64): Buffer {
    return this.#socket.getOption(level, name, maxBytes);
  }

  /** As setOption, but false where the process may not: for options that are better had than not. */
  trySetOption(level: number, name: number, value: number | Uint8Array, doing?: string): boolean {
    try {
      this.#socket.setOption(level, name, value, doing);
      return true;
    } catch (error) {
      if (permissionErrors.has((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  }

  /** Receive from and send to this interface alone. */
  bindToDevice(interfaceName: string): void {
    const doing = `bind to device ${interfaceName}`;
    this.#socket.setOption(SOL_SOCKET, SO_BINDTODEVICE, interfaceNameBytes(interfaceName), doing);
  }

  /** Beyond net.core.rmem_max where the process may, else up to it. */
  enlargeReceiveBuffer(bytes: number): void {
    if (this.trySetOption(SOL_SOCKET, SO_RCVBUFFORCE, bytes)) return;
    this.#socket.setOption(SOL_SOCKET, SO_RCVBUF, bytes, 'enlarge receive buffer');
  }

  bind(address: Uint8Array, doing?: string): void {
    this.#socket.bind(address, doing);
  }

  connect(address: Uint8Array, doing?: string): void {
    this.#socket.connect(address, doing);
  }

  localAddress(): Buffer {
    return this.#socket.localAddress();
  }

  /** Sends at once or throws (EAGAIN when the send buffer is full). No address on a connected socket. */
  send(
    payload: Uint8Array,
    address?: Uint8Array,
    options: { control?: readonly ControlMessage[]; doing?: string } = {},
  ): void {
    this.#socket.send(payload, address, options.control, options.doing);
  }

  /**
   * Emits up to a batch of what the kernel has already received, before it returns: for whoever must not decide on a
   * deadline while the packet that lifts it lies unread. Returns how many there were: fewer than RECEIVE_BATCH means
   * that nothing is left. None on a closed socket, since what it emits may have closed it.
   */
  receivePending(): number {
    return this.#closed ? 0 : this.#socket.receivePending();
  }

  /** For a ReadySet; until it is closed. */
  get descriptor(): number {
    return this.#socket.descriptor();
  }

  /** A classic BPF program (`socket-filter.ts`), in place of an earlier one: the kernel drops what it does not accept. */
  attachFilter(program: Uint8Array, doing?: string): void {
    this.#socket.attachFilter(program, doing);
  }

  /** Nothing is emitted until `resume`; what arrives waits in the kernel, and is dropped there when its buffer is full. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Emits 'close' soon. Nothing is emitted after it; closing twice is harmless. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
    process.nextTick(() => this.emit('close'));
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }
}
