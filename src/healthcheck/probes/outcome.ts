/** What an error of a socket says about the server, or about this host. Pure. */
import type { FailureReason, ProbeOutcome, ProbePhase } from '../probe.ts';

/** How one step of a probe over TCP went wrong. `what` is a sentence without its full stop. */
export type StepFailure =
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly what: string }
  | { readonly kind: 'inconclusive'; readonly what: string };

/** What cannot be the server's fault: a verdict drawn from it would empty the table for a mistake of this host. */
const localCodes: readonly string[] = [
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'EAFNOSUPPORT',
  'EINVAL',
  // A packet filter of this host.
  'EPERM',
];

/** What only this host does. */
const localCalls: readonly string[] = ['socket', 'setsockopt', 'bind', 'epoll_ctl'];

const reasons: Readonly<Record<string, readonly [FailureReason, string]>> = {
  ECONNREFUSED: ['refused', 'The server refused it'],
  ECONNRESET: ['reset', 'The server reset it'],
  EPIPE: ['reset', 'The server closed the connection before it had the whole request'],
  ETIMEDOUT: ['timeout', 'The server did not answer'],
  EHOSTUNREACH: ['unreachable', 'The server cannot be reached (EHOSTUNREACH)'],
  ENETUNREACH: ['unreachable', 'There is no route to the server (ENETUNREACH)'],
};

export function failureOf(error: unknown): StepFailure {
  const { code = 'unknown error', syscall, message } = describe(error);
  if (localCodes.includes(code) || (syscall !== undefined && localCalls.includes(syscall))) {
    return { kind: 'inconclusive', what: message };
  }
  // So says node:tls of a plain end within the handshake, which no system call has failed for.
  if (code === 'ECONNRESET' && syscall === undefined) {
    return { kind: 'failed', reason: 'reset', what: 'The server ended the connection' };
  }
  const [reason, what] = reasons[code] ?? ['other', message];
  return { kind: 'failed', reason, what };
}

function describe(error: unknown): { code?: string; syscall?: string; message: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  return { message, ...(code !== undefined && { code }), ...(syscall !== undefined && { syscall }) };
}

export interface ProbeTimes {
  readonly elapsedMs: number;
  readonly phases: readonly ProbePhase[];
}

/** `during` says what was being done: "in the reply to GET /". */
export function outcomeOfFailure(
  failure: StepFailure,
  { elapsedMs, phases }: ProbeTimes,
  during?: string,
): ProbeOutcome {
  const detail = during === undefined ? `${failure.what}.` : `${failure.what} (${during}).`;
  if (failure.kind === 'inconclusive') return { kind: 'inconclusive', detail, elapsedMs };
  return { kind: 'failed', reason: failure.reason, detail, elapsedMs, phases };
}
