/**
 * keepalived.conf(5): TCP_CHECK. The server is well when it accepts a connection; nothing is sent or read.
 *
 * The connection ends with a plain FIN, as keepalived's does: a reset would show up as an error in the logs of many
 * servers. It leaves one TIME_WAIT entry on this host, which costs an ephemeral port for a minute; with `bind_port` that
 * port is the only one there is, so there, and only there, the connection is reset.
 */
import { connect, type Socket } from 'node:net';
import type { TcpCheckConfig } from '../../config-parser/config.ts';
import type { FailureReason, ProbeOutcome } from '../probe.ts';

/** setTimeout fires at once for anything longer. */
const longestTimerMs = 2 ** 31 - 1;

/** Connects once. Never throws, and leaves no socket and no timer behind, aborted or not. */
export function probeTcp(checker: TcpCheckConfig, signal: AbortSignal): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const startedAtMs = performance.now();
    const elapsedMs = () => performance.now() - startedAtMs;
    let socket: Socket | undefined;
    const finish = (outcome: ProbeOutcome) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (outcome.kind === 'ok' && checker.bindPort !== undefined) socket?.resetAndDestroy();
      else socket?.destroy();
      resolve(outcome);
    };
    const onAbort = () =>
      finish({ kind: 'inconclusive', detail: 'The check was stopped.', elapsedMs: elapsedMs() });
    const timeoutMs = Math.min(checker.timing.connectTimeoutMs, longestTimerMs);
    const timer = setTimeout(() => finish(timedOut(checker, elapsedMs())), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) return onAbort();
    try {
      socket = connectTo(checker);
    } catch (error) {
      return finish(outcomeOf(error, elapsedMs()));
    }
    // The error listener stays for the socket's whole life: an error after the verdict must not end the process.
    socket.on('error', (error) => finish(outcomeOf(error, elapsedMs())));
    socket.once('connect', () => finish({ kind: 'ok', elapsedMs: elapsedMs() }));
    return undefined;
  });
}

function connectTo(checker: TcpCheckConfig): Socket {
  return connect({
    host: checker.connectAddress,
    port: checker.connectPort,
    autoSelectFamily: false,
    ...(checker.bindAddress !== undefined && { localAddress: checker.bindAddress }),
    ...(checker.bindPort !== undefined && { localPort: checker.bindPort }),
  });
}

/** What cannot be the server's fault: a verdict drawn from it would empty the table for a mistake of this host. */
const localCodes: readonly string[] = [
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
];

const reasons: Readonly<Record<string, readonly [FailureReason, string]>> = {
  ECONNREFUSED: ['refused', 'The server refused it.'],
  ECONNRESET: ['reset', 'The server reset it.'],
  ETIMEDOUT: ['timeout', 'The server did not answer.'],
  EHOSTUNREACH: ['unreachable', 'The server cannot be reached (EHOSTUNREACH).'],
  ENETUNREACH: ['unreachable', 'There is no route to the server (ENETUNREACH).'],
};

/** What an error of `connect` or of the call itself says about the server, or about this host. */
export function outcomeOf(error: unknown, elapsedMs: number): ProbeOutcome {
  const { code = 'unknown error', syscall, message } = describe(error);
  if (syscall === 'bind' || localCodes.includes(code)) {
    return { kind: 'inconclusive', detail: `${syscall ?? 'connect'}: ${code}`, elapsedMs };
  }
  const [reason, detail] = reasons[code] ?? ['other', `${message}.`];
  return { kind: 'failed', reason, detail, elapsedMs };
}

function describe(error: unknown): { code?: string; syscall?: string; message: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  return { message, ...(code !== undefined && { code }), ...(syscall !== undefined && { syscall }) };
}

function timedOut(checker: TcpCheckConfig, elapsedMs: number): ProbeOutcome {
  const seconds = checker.timing.connectTimeoutMs / 1000;
  return {
    kind: 'failed',
    reason: 'timeout',
    detail: `The server did not answer within ${seconds} s.`,
    elapsedMs,
  };
}
