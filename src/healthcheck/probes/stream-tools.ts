/** What probes over TCP need of the machine. `src/kernel/stream-connector.ts` is the real thing. */
import type { Socket } from 'node:net';
import type { CheckConnection } from '../../config-parser/config.ts';

export interface StreamTools {
  /**
   * Connects to the connection's server, from its bindto, bind_port and bind_if and with its fwmark. `onDone` is called once, later;
   * never after `cancel`. Throws what the kernel refuses of this host, with `code` and `syscall`; nothing is open then.
   */
  connectStream(connection: CheckConnection, onDone: (result: ConnectResult) => void): PendingStream;
  /** The file's bytes, at once. Throws as node:fs does. */
  readFile(path: string): Uint8Array;
}

/** With an error nothing is left to close. */
export type ConnectResult = { readonly error: NodeJS.ErrnoException } | { readonly stream: OpenStream };

export interface PendingStream {
  /** Harmless when it is over. */
  cancel(): void;
}

/** Connected. Exactly one of the three is to be called, once. */
export interface OpenStream {
  /** Half-open: the server's end does not end our side. */
  toSocket(): Socket;
  /** An orderly end (FIN), which leaves a TIME_WAIT entry when we are the first to end. */
  close(): void;
  /** A RST: nothing remains of the connection on this host. */
  reset(): void;
}
