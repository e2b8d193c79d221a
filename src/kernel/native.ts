/**
 * Loads the addon of `native/` and gives its classes their types. What they do is written there; everything that knows
 * a protocol is in TypeScript.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { holdfastPackage } from './package-root.ts';

/** A control message that the addon leaves to us: level, type, data. */
export type ControlMessage = readonly [level: number, type: number, data: Uint8Array];

/**
 * `count` datagrams in one piece of memory, which begins with the facts of each (`datagram-batch.ts`). `control` has an entry for
 * each datagram that had control messages of other kinds.
 */
export type NativeBatchHandler = (
  batch: ArrayBuffer,
  count: number,
  control: readonly (readonly ControlMessage[] | undefined)[] | undefined,
) => void;

/**
 * Every failed system call throws an Error with `code`, `errno` (negative, as Node.js has it) and `syscall`; `doing` is
 * how its message begins.
 */
export interface NativeDatagramSocket {
  setOption(level: number, name: number, value: number | Uint8Array, doing?: string): void;
  getOption(level: number, name: number, maxBytes: number): Buffer;
  bind(address: Uint8Array, doing?: string): void;
  connect(address: Uint8Array, doing?: string): void;
  localAddress(): Buffer;
  /** Without an address on a connected socket. */
  send(
    payload: Uint8Array,
    address: Uint8Array | undefined,
    control: readonly ControlMessage[] | undefined,
    doing?: string,
  ): void;
  /** Delivers up to a batch of what the kernel has queued, before it returns; how many that were. */
  receivePending(): number;
  /** The number of the file descriptor, for a NativeReadySet. */
  descriptor(): number;
  /** A classic BPF program: instructions of 8 bytes (`socket-filter.ts`). */
  attachFilter(program: Uint8Array, doing?: string): void;
  /** Until `resume` nothing is read, and what comes meanwhile stays in the kernel as long as there is room. */
  pause(): void;
  resume(): void;
  close(): void;
  ref(): void;
  unref(): void;
}

export interface NativeDeadlineTimer {
  set(atMs: number): void;
  clear(): void;
  close(): void;
  ref(): void;
  unref(): void;
}

export interface NativeReadySet {
  /** A descriptor leaves the set when it is closed. */
  add(descriptor: number, key: number): void;
  /** The keys of up to 1024 that something can be read from. */
  readable(): number[];
}

/** `value` as for setOption. */
export type NativeSocketOption = readonly [
  level: number,
  name: number,
  value: number | Uint8Array,
  doing?: string,
];

export interface NativeStreamConnector {
  /** The descriptor, which `onDone` tells of once. Throws with the `syscall` that failed, and then leaves nothing open. */
  connect(
    family: number,
    options: readonly NativeSocketOption[],
    local: Uint8Array | undefined,
    remote: Uint8Array,
  ): number;
  /** Told of or not. `reset` sends a RST in place of a FIN. */
  closeDescriptor(descriptor: number, reset: boolean): void;
  close(): void;
  ref(): void;
  unref(): void;
}

export interface Native {
  readonly DatagramSocket: new (
    family: number,
    type: number,
    protocol: number,
    maxDatagramBytes: number,
    onMessages: NativeBatchHandler,
    onError: (error: NodeJS.ErrnoException) => void,
  ) => NativeDatagramSocket;
  readonly DeadlineTimer: new (
    leadMs: number,
    onDue: () => void,
    onApproach: (() => void) | undefined,
  ) => NativeDeadlineTimer;
  readonly ReadySet: new () => NativeReadySet;
  /** With an error the descriptor is not connected, and still to be closed. */
  readonly StreamConnector: new (
    onDone: (descriptor: number, error: NodeJS.ErrnoException | undefined) => void,
  ) => NativeStreamConnector;
  monotonicMs(): number;

  // What follows concerns the process, or the thread that calls: `native/process-tuning.h`.

  /** SCHED_RR with SCHED_RESET_ON_FORK; 0 is SCHED_OTHER. */
  setRealtime(priority: number): void;
  /** RLIMIT_RTTIME; Infinity is no limit. */
  setRealtimeLimit(softUs: number, hardUs: number): void;
  lockMemory(locked: boolean): void;
  /** The kernel's mask, longs in the machine's byte order. Thread 0 is the calling one. */
  getAffinity(threadId: number): Buffer;
  setAffinity(threadId: number, mask: Uint8Array): void;
}

export const native: Native = load();

function load(): Native {
  const packageRoot = fileURLToPath(holdfastPackage().root);
  try {
    const find = createRequire(import.meta.url)('node-gyp-build') as (directory: string) => Native;
    return find(packageRoot);
  } catch (cause) {
    throw new Error(`cannot load the native addon: run "npx node-gyp-build" in ${packageRoot}`, { cause });
  }
}
