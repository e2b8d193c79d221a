/**
 * TCP connections with socket options that node:net cannot set before connecting: SO_BINDTODEVICE and SO_MARK. All that are
 * connecting share one watched descriptor, so one costs less than a socket of node:net; a connected one becomes such a socket.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { CheckConnection } from '../config-parser/config.ts';
import type {
  ConnectResult,
  OpenStream,
  PendingStream,
  StreamTools,
} from '../healthcheck/probes/stream-tools.ts';
import { familyOf, type IpAddress } from '../net/address.ts';
import { type NativeSocketOption, type NativeStreamConnector, native } from './native.ts';
import { interfaceNameBytes, ipv4SocketAddress, ipv6SocketAddress } from './socket-address.ts';
import {
  AF_INET,
  AF_INET6,
  IP_BIND_ADDRESS_NO_PORT,
  IPPROTO_IP,
  SO_BINDTODEVICE,
  SO_MARK,
  SO_REUSEADDR,
  SOL_SOCKET,
} from './socket-constants.ts';

type OnDone = (result: ConnectResult) => void;

/** One of these a process: it keeps the process alive only while something is connecting. */
export class StreamConnector {
  readonly #waiting = new Map<number, OnDone>();
  readonly #native: NativeStreamConnector;

  constructor() {
    this.#native = new native.StreamConnector((descriptor, error) => this.#tell(descriptor, error));
    this.#native.unref();
  }

  /** As `StreamTools` says. */
  connect(connection: CheckConnection, onDone: OnDone): PendingStream {
    const { connectAddress: remote, connectPort } = connection;
    const family = familyOf(remote) === 6 ? AF_INET6 : AF_INET;
    const local = localAddress(connection);
    const descriptor = this.#native.connect(
      family,
      optionsOf(connection),
      local,
      socketAddress(remote, connectPort),
    );
    if (this.#waiting.size === 0) this.#native.ref();
    this.#waiting.set(descriptor, onDone);
    return { cancel: () => this.#cancel(descriptor, onDone) };
  }

  /** Ends what is still connecting, without a word. */
  close(): void {
    for (const [descriptor, onDone] of [...this.#waiting]) this.#cancel(descriptor, onDone);
    this.#native.close();
  }

  #tell(descriptor: number, error: NodeJS.ErrnoException | undefined): void {
    const onDone = this.#take(descriptor);
    if (error !== undefined) this.#native.closeDescriptor(descriptor, false);
    onDone?.(error === undefined ? { stream: this.#open(descriptor) } : { error });
  }

  #open(descriptor: number): OpenStream {
    return {
      toSocket: () => new Socket({ fd: descriptor, readable: true, writable: true, allowHalfOpen: true }),
      close: () => this.#native.closeDescriptor(descriptor, false),
      reset: () => this.#native.closeDescriptor(descriptor, true),
    };
  }

  /** The number may be another connection's by now. */
  #cancel(descriptor: number, onDone: OnDone): void {
    if (this.#waiting.get(descriptor) !== onDone) return;
    this.#take(descriptor);
    this.#native.closeDescriptor(descriptor, false);
  }

  #take(descriptor: number): OnDone | undefined {
    const onDone = this.#waiting.get(descriptor);
    this.#waiting.delete(descriptor);
    if (this.#waiting.size === 0) this.#native.unref();
    return onDone;
  }
}

/** For probes: what they need of the machine for TCP. */
export function streamTools(connector = new StreamConnector()): StreamTools {
  return {
    connectStream: (connection, onDone) => connector.connect(connection, onDone),
    readFile: (path) => readFileSync(path),
  };
}

const noOptions: readonly NativeSocketOption[] = [];

function optionsOf(connection: CheckConnection): readonly NativeSocketOption[] {
  const { bindAddress, bindPort, bindInterface, firewallMark } = connection;
  const isPlain = (bindAddress ?? bindPort ?? bindInterface) === undefined && !firewallMark;
  if (isPlain) return noOptions;
  const options: NativeSocketOption[] = [];
  if (bindInterface !== undefined) {
    const doing = `bind to device ${bindInterface}`;
    options.push([SOL_SOCKET, SO_BINDTODEVICE, interfaceNameBytes(bindInterface), doing]);
  }
  if (firewallMark) options.push([SOL_SOCKET, SO_MARK, firewallMark | 0, `set fwmark ${firewallMark}`]);
  // As node:net: a port that an earlier connection has left behind can be bound again.
  if (bindPort !== undefined) options.push([SOL_SOCKET, SO_REUSEADDR, 1]);
  // Else the address alone would hold a port of its own at once, which then serves for one server only.
  else if (bindAddress !== undefined) options.push([IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1]);
  return options;
}

/** Undefined: the kernel chooses both. */
function localAddress({ connectAddress, bindAddress, bindPort }: CheckConnection): Uint8Array | undefined {
  if (bindAddress === undefined && bindPort === undefined) return undefined;
  const any = familyOf(connectAddress) === 6 ? '::' : '0.0.0.0';
  return socketAddress(bindAddress ?? (any as IpAddress), bindPort ?? 0);
}

/** A link-local address needs no scope id here: SO_BINDTODEVICE says which link. */
function socketAddress(host: IpAddress, port: number): Uint8Array {
  if (!(port >= 0 && port <= 0xffff)) {
    throw Object.assign(new RangeError(`no socket has port ${port}`), {
      code: 'ERR_OUT_OF_RANGE',
      syscall: 'bind',
    });
  }
  return familyOf(host) === 6 ? ipv6SocketAddress(host, 0, port) : ipv4SocketAddress(host, port);
}
