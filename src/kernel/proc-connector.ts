/**
 * Tells of every process of this host that starts, becomes another program, changes its name or ends: the kernel's process events
 * (linux/connector.h, linux/cn_proc.h). Needs CAP_NET_ADMIN, a kernel with CONFIG_PROC_EVENTS, and the host's own namespaces.
 */
import { endianness } from 'node:os';
import { DatagramSocket } from './datagram-socket.ts';
import { AF_NETLINK, NLMSG_DONE } from './netlink/constants.ts';
import { SOCK_DGRAM } from './socket-constants.ts';

/** Of processes, not of their threads. */
export type ProcessEvent =
  | { readonly kind: 'forked'; readonly parent: number; readonly pid: number }
  | { readonly kind: 'executed'; readonly pid: number }
  /** It has given itself another name, of at most 15 bytes. */
  | { readonly kind: 'renamed'; readonly pid: number; readonly name: string }
  | { readonly kind: 'exited'; readonly pid: number };

export interface ProcConnectorOptions {
  readonly onEvent: (event: ProcessEvent) => void;
  /** Events were lost: whoever counts has to look for itself. */
  readonly onLost: (error: Error) => void;
}

export interface ProcConnector {
  /** Resolves when the kernel has agreed. Rejects when it refuses, or says nothing for a second, as from within a container. */
  readonly ready: Promise<void>;
  close(): void;
}

const NETLINK_CONNECTOR = 11;
const CN_IDX_PROC = 1;
const CN_VAL_PROC = 1;
const PROC_CN_MCAST_LISTEN = 1;
const PROC_CN_MCAST_IGNORE = 2;

const PROC_EVENT_NONE = 0;
const PROC_EVENT_FORK = 0x0000_0001;
const PROC_EVENT_EXEC = 0x0000_0002;
const PROC_EVENT_COMM = 0x0000_0200;
const PROC_EVENT_EXIT = 0x8000_0000;

const headerBytes = 16;
const connectorBytes = 20;
/** Of struct proc_event, up to what differs from event to event. */
const eventHeadBytes = 16;

const littleEndian = endianness() === 'LE';
const longestAnswerMs = 1000;
const receiveBufferBytes = 1 << 20;

/** Throws what the kernel refuses at once: EPERM, or EPROTONOSUPPORT without connector and in other network namespaces. */
export function openProcConnector(options: ProcConnectorOptions): ProcConnector {
  const socket = new DatagramSocket({
    family: AF_NETLINK,
    type: SOCK_DGRAM,
    protocol: NETLINK_CONNECTOR,
    maxDatagramBytes: 4096,
  });
  try {
    socket.enlargeReceiveBuffer(receiveBufferBytes);
    socket.bind(socketAddress(0, CN_IDX_PROC), 'listen to process events');
    socket.send(encodeRequest(PROC_CN_MCAST_LISTEN), socketAddress(0, 0), {
      doing: 'ask for process events',
    });
  } catch (error) {
    socket.close();
    throw error;
  }
  return new OpenConnector(socket, options);
}

class OpenConnector implements ProcConnector {
  readonly ready: Promise<void>;
  readonly #socket: DatagramSocket;
  #settle: (refusal?: Error) => void = () => {};

  constructor(socket: DatagramSocket, { onEvent, onLost }: ProcConnectorOptions) {
    this.#socket = socket;
    this.ready = new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#settle(new Error('the kernel did not answer the request for process events')),
        longestAnswerMs,
      );
      this.#settle = (refusal) => {
        clearTimeout(timer);
        if (refusal === undefined) resolve();
        else reject(refusal);
      };
    });
    // Whoever closes it before the answer does not wait for it.
    this.ready.catch(() => {});
    socket.on('error', onLost);
    socket.on('message', (datagram, { address }) => {
      if (portOf(address) !== 0) return;
      const decoded = decodeProcessEvent(datagram);
      if (decoded === undefined) return;
      if (decoded.kind !== 'answer') onEvent(decoded);
      // Every listener hears the answers to all: a refusal may be another program's.
      else if (decoded.error === 0) this.#settle();
      else if (decoded.sequence === sequence) this.#settle(refusalOf(decoded.error));
    });
  }

  close(): void {
    this.#settle(new Error('closed'));
    try {
      // Older kernels count listeners, and go on making events for one that did not say that it has had enough.
      this.#socket.send(encodeRequest(PROC_CN_MCAST_IGNORE), socketAddress(0, 0));
    } catch (error) {
      // EAGAIN and ENOBUFS: then it goes on counting us, which costs it a little and nobody else anything.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
    this.#socket.close();
  }
}

function refusalOf(errno: number): Error {
  return new Error(`the kernel refuses to tell of process events (error ${errno})`);
}

/** What our requests are known by. */
const sequence = process.pid;

/** struct nlmsghdr, struct cn_msg, and one of enum proc_cn_mcast_op. */
function encodeRequest(operation: number): Uint8Array {
  const bytes = new Uint8Array(headerBytes + connectorBytes + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, littleEndian);
  view.setUint16(4, NLMSG_DONE, littleEndian);
  view.setUint32(headerBytes, CN_IDX_PROC, littleEndian);
  view.setUint32(headerBytes + 4, CN_VAL_PROC, littleEndian);
  view.setUint32(headerBytes + 8, sequence, littleEndian);
  view.setUint16(headerBytes + 16, 4, littleEndian);
  view.setUint32(headerBytes + connectorBytes, operation, littleEndian);
  return bytes;
}

/** `answer`: to the request with that `sequence`, of us or of another program; `error` is 0 or an errno. */
export type DecodedProcessEvent =
  | ProcessEvent
  | { readonly kind: 'answer'; readonly error: number; readonly sequence: number };

/** Undefined for what is no event of these kinds, or of a thread, or too short. */
export function decodeProcessEvent(datagram: Uint8Array): DecodedProcessEvent | undefined {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const event = headerBytes + connectorBytes;
  const data = event + eventHeadBytes;
  if (datagram.length < data + 8) return undefined;
  const u32 = (offset: number) => view.getUint32(offset, littleEndian);
  if (u32(headerBytes) !== CN_IDX_PROC || u32(headerBytes + 4) !== CN_VAL_PROC) return undefined;
  const [pid, group] = [u32(data), u32(data + 4)];
  switch (u32(event)) {
    case PROC_EVENT_NONE:
      return { kind: 'answer', error: pid, sequence: u32(headerBytes + 8) };
    case PROC_EVENT_FORK: {
      if (datagram.length < data + 16 || u32(data + 8) !== u32(data + 12)) return undefined;
      return { kind: 'forked', parent: group, pid: u32(data + 12) };
    }
    case PROC_EVENT_EXEC:
      return { kind: 'executed', pid: group };
    case PROC_EVENT_COMM: {
      if (datagram.length < data + 24 || pid !== group) return undefined;
      return { kind: 'renamed', pid, name: cString(datagram.subarray(data + 8, data + 24)) };
    }
    case PROC_EVENT_EXIT:
      return pid === group ? { kind: 'exited', pid } : undefined;
    default:
      return undefined;
  }
}

function cString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** struct sockaddr_nl: family, padding, port, groups. */
function socketAddress(port: number, groups: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_NETLINK, littleEndian);
  view.setUint32(4, port, littleEndian);
  view.setUint32(8, groups, littleEndian);
  return bytes;
}

/** An address too short to hold a port is nobody's that we know. */
function portOf(address: Uint8Array): number {
  if (address.length < 8) return -1;
  return new DataView(address.buffer, address.byteOffset, address.byteLength).getUint32(4, littleEndian);
}
