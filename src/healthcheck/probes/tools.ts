/**
 * What probes need of the machine beyond Node.js: sockets of kinds that it does not open, and programs run as other accounts.
 * The checker process brings the real ones, tests bring fakes.
 */
import type { CheckConnection, CommandConfig } from '../../config-parser/config.ts';
import type { IpAddress } from '../../net/address.ts';
import type { StreamTools } from './stream-tools.ts';

export interface ProbeTools extends StreamTools {
  /**
   * A UDP socket connected to the place's server, from the place's bindto, bind_port and bind_if and with its fwmark. Throws what
   * the kernel refuses, with `code` and `syscall`.
   */
  openDatagramSocket(place: CheckConnection, events: DatagramEvents): ProbeSocket;
  /** Sends one echo request. Throws what the kernel refuses, with `code` and `syscall`; then no event comes. */
  sendPing(place: PingPlace, events: PingEvents): Ping;
  /** Starts the program, without a shell. Never throws: one that cannot run ends as `not-started`. */
  runCommand(command: CommandConfig, options: CommandOptions): ProbeCommand;
}

export interface DatagramEvents {
  /** Of the server alone: the kernel drops what others send. */
  readonly onMessage: (payload: Uint8Array) => void;
  /** An ICMP error for what was sent, or one of this host, with `code`. */
  readonly onError: (error: NodeJS.ErrnoException) => void;
  /** Longer datagrams arrive cut to this. */
  readonly maxDatagramBytes: number;
}

export interface ProbeSocket {
  /** At once, or throws as `openDatagramSocket` does. */
  send(payload: Uint8Array): void;
  /** Tells of what has come already, before it returns. */
  receivePending(): void;
  /** No event comes after it. Closing twice is harmless. */
  close(): void;
}

export type PingPlace = Pick<
  CheckConnection,
  'connectAddress' | 'bindAddress' | 'bindInterface' | 'firewallMark'
>;

/** At most one of them is called, once. */
export interface PingEvents {
  /** The asked address answered this very request. */
  readonly onReply: () => void;
  /** A router, or this host, says by ICMP that the request did not arrive. */
  readonly onUnreachable: (notice: UnreachableNotice) => void;
  /** The socket that all pings share is broken. */
  readonly onError: (error: NodeJS.ErrnoException) => void;
}

export interface UnreachableNotice {
  readonly by: IpAddress;
  /** As in a sentence: `host unreachable`. */
  readonly meaning: string;
}

export interface Ping {
  /** Tells of what has come already, for this and for other requests, before it returns. */
  receivePending(): void;
  /** No event comes after it. Harmless when it is over. */
  cancel(): void;
}

export interface CommandOptions {
  /** What the command is for, as it stands in messages. */
  readonly purpose: string;
  /** After it SIGTERM goes to the program and all that it started, and 2 s later SIGKILL. */
  readonly timeoutMs: number;
  /** Called when the time is over and SIGTERM has been sent. */
  readonly onTimeout: () => void;
}

export interface ProbeCommand {
  /** Never rejects. */
  readonly finished: Promise<CommandEnd>;
  /** As at the end of its time; harmless when it is over. */
  end(): void;
}

/** `output` is the beginning of what it wrote, standard output and error together. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly status: number; readonly output: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly output: string }
  /** By us: after its time, or by `end`. */
  | { readonly kind: 'ended'; readonly output: string }
  | { readonly kind: 'not-started'; readonly message: string };
