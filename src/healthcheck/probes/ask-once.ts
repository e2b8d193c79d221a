/**
 * What every probe that asks once and waits for one answer has: a time limit, an end by abort, the time it took, and nothing left
 * behind. And what an error of a socket says: about the server, or about this host.
 */
import type { CheckerTiming } from '../../config-parser/config.ts';
import type { DynamicWeight, FailureReason, ProbeOutcome, ProbePhase } from '../probe.ts';
import { failureOf, type StepFailure } from './outcome.ts';
import type { ProbeSocket } from './tools.ts';

/** An outcome but for its times. */
export type Verdict =
  | { readonly kind: 'ok'; readonly weight?: DynamicWeight }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly detail: string }
  | { readonly kind: 'inconclusive'; readonly detail: string };

export interface Question {
  readonly signal: AbortSignal;
  /** Undefined where the question has a limit of its own. */
  readonly timeoutMs?: number;
  readonly onTimeout?: () => Verdict;
  readonly phase: ProbePhase['name'];
}

/** What `ask` has begun. */
export interface Asked {
  /** Nothing is told after it. */
  close(): void;
  /** Tells of what has come already. A process that is late reads an answer that is not: it counts. */
  receivePending?(): void;
}

/** setTimeout fires at once for anything longer. */
export const longestTimerMs = 2 ** 31 - 1;

/** keepalived.conf(5): connect_timeout, which an answer has to come in; the whole attempt is no longer than that. */
export function answerTimeoutMs({ connectTimeoutMs, attemptTimeoutMs }: CheckerTiming): number {
  return Math.min(connectTimeoutMs, attemptTimeoutMs, longestTimerMs);
}

/**
 * Calls `ask` to begin, and closes what it began when there is a verdict, whichever came first: `finish`, the time limit or the
 * abort. An error of the system that `ask` throws is a verdict too; any other is a mistake of ours, and rejects.
 */
export function askOnce(
  question: Question,
  ask: (finish: (verdict: Verdict) => void) => Asked,
): Promise<ProbeOutcome> {
  return new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    let asked: Asked | undefined;
    let isOver = false;
    const close = () => {
      isOver = true;
      clearTimeout(timer());
      question.signal.removeEventListener('abort', onAbort);
      asked?.close();
    };
    const finish = (verdict: Verdict) => {
      if (isOver) return;
      close();
      resolve(timed(verdict, question.phase, performance.now() - startedAtMs));
    };
    const onAbort = () => finish({ kind: 'inconclusive', detail: 'The check was stopped.' });
    const timer = startTimer(question, startedAtMs, (verdict) => {
      asked?.receivePending?.();
      finish(verdict());
    });
    question.signal.addEventListener('abort', onAbort, { once: true });
    if (question.signal.aborted) return onAbort();
    try {
      asked = ask(finish);
    } catch (error) {
      if (isSystemError(error)) return finish(verdictOfError(error));
      close();
      return reject(error);
    }
    // What was over before it had wholly begun.
    if (isOver) asked.close();
    return undefined;
  });
}

/** Gives the timer that runs: setTimeout may be up to a millisecond early, and then the rest is waited for too. */
function startTimer(
  { timeoutMs, onTimeout }: Question,
  startedAtMs: number,
  onDue: (verdict: () => Verdict) => void,
): () => NodeJS.Timeout | undefined {
  if (timeoutMs === undefined || onTimeout === undefined) return () => undefined;
  const look = (): void => {
    const leftMs = startedAtMs + timeoutMs - performance.now();
    if (leftMs > 0) timer = setTimeout(look, Math.ceil(leftMs));
    else onDue(onTimeout);
  };
  let timer = setTimeout(look, timeoutMs);
  return () => timer;
}

function timed(verdict: Verdict, name: ProbePhase['name'], elapsedMs: number): ProbeOutcome {
  if (verdict.kind === 'inconclusive') return { ...verdict, elapsedMs };
  return { ...verdict, elapsedMs, phases: [{ name, ms: elapsedMs }] };
}

/** For `ask`: a socket that cannot send is closed before the error goes on. */
export function sendOrClose(socket: ProbeSocket, payload: Uint8Array): ProbeSocket {
  try {
    socket.send(payload);
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

export function noAnswer({ timing }: { readonly timing: CheckerTiming }): Verdict {
  const seconds = answerTimeoutMs(timing) / 1000;
  return { kind: 'failed', reason: 'timeout', detail: `The server did not answer within ${seconds} s.` };
}

/** What an error means of a datagram, where that is more or other than of a connection. */
const ofDatagrams: Readonly<Record<string, StepFailure>> = {
  ECONNREFUSED: {
    kind: 'failed',
    reason: 'refused',
    what: 'The server refused it (ICMP port unreachable)',
  },
  // ICMPv6: administratively prohibited. A route of this host that says so gives the same.
  EACCES: { kind: 'failed', reason: 'unreachable', what: 'The way to the server is prohibited (EACCES)' },
  EAGAIN: { kind: 'inconclusive', what: 'There was no room to send it (EAGAIN)' },
};

/** What an error of a datagram socket says about the server, or about this host. */
export function verdictOfError(error: NodeJS.ErrnoException): Verdict {
  const failure = ofDatagrams[error.code ?? ''] ?? failureOf(error);
  const detail = `${failure.what}.`;
  if (failure.kind === 'inconclusive') return { kind: 'inconclusive', detail };
  return { kind: 'failed', reason: failure.reason, detail };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
