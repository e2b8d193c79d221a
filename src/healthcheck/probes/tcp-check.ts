/**
 * keepalived.conf(5): TCP_CHECK. The server is well when it accepts a connection; nothing is sent or read.
 *
 * The connection ends with a plain FIN, as keepalived's does: a reset would show up as an error in the logs of many
 * servers. It leaves one TIME_WAIT entry on this host, which costs an ephemeral port for a minute; with `bind_port` that
 * port is the only one there is, so there, and only there, the connection is reset.
 */
import type { TcpCheckConfig } from '../../config-parser/config.ts';
import type { ProbeOutcome } from '../probe.ts';
import { failureOf, outcomeOfFailure, type StepFailure } from './outcome.ts';
import { StreamAttempt } from './stream-attempt.ts';
import type { PendingStream, StreamTools } from './stream-tools.ts';

/** Connects once. Never throws, and leaves no socket and no timer behind, aborted or not. */
export function probeTcp(
  checker: TcpCheckConfig,
  tools: StreamTools,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const attempt = new StreamAttempt(checker.timing, signal);
    const finish = (failure?: StepFailure): void => {
      attempt.close();
      if (failure === undefined)
        resolve({ kind: 'ok', elapsedMs: attempt.elapsedMs, phases: attempt.phases });
      else resolve(outcomeOfFailure(failure, attempt));
    };
    if (attempt.interruption !== undefined) return finish(attempt.interruption);
    attempt.enter('connect');
    let pending: PendingStream | undefined;
    attempt.interrupt = (failure) => {
      pending?.cancel();
      finish(failure);
    };
    try {
      pending = tools.connectStream(checker, (result) => {
        if ('error' in result) return finish(failureOf(result.error));
        if (checker.bindPort === undefined) result.stream.close();
        else result.stream.reset();
        finish();
      });
    } catch (error) {
      finish(failureOf(error));
    }
    return undefined;
  });
}
