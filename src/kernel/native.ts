/**
 * Loads the addon of `native/` and gives its classes their types. What they do is written there; everything that knows
 * a protocol is in TypeScript.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A control message that the addon leaves to us: level, type, data. */
export type ControlMessage = readonly [level: number, type: number, data: Uint8Array];

export type NativeMessageHandler = (
  payload: Buffer,
  sender: Uint8Array,
  receivedAtMs: number,
  truncated: boolean,
  hopLimit: number | undefined,
  destination: Uint8Array | undefined,
  interfaceIndex: number | undefined,
  control: readonly ControlMessage[] | undefined,
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
  /** Delivers up to a batch of what the kernel has queued, before it returns. */
  receivePending(): void;
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

export interface Native {
  readonly DatagramSocket: new (
    family: number,
    type: number,
    protocol: number,
    maxDatagramBytes: number,
    onMessage: NativeMessageHandler,
    onError: (error: NodeJS.ErrnoException) => void,
  ) => NativeDatagramSocket;
  readonly DeadlineTimer: new (
    leadMs: number,
    onDue: () => void,
    onApproach: (() => void) | undefined,
  ) => NativeDeadlineTimer;
  monotonicMs(): number;
}

export const native: Native = load();

function load(): Native {
  const packageRoot = fileURLToPath(new URL('../..', import.meta.url));
  try {
    const find = createRequire(import.meta.url)('node-gyp-build') as (directory: string) => Native;
    return find(packageRoot);
  } catch (cause) {
    throw new Error(`cannot load the native addon: run "npx node-gyp-build" in ${packageRoot}`, { cause });
  }
}
