/** keepalived.conf(5): PING_CHECK. The server is well when it answers an ICMP or ICMPv6 echo request. */
import type { PingCheckConfig } from '../../config-parser/config.ts';
import type { ProbeOutcome } from '../probe.ts';
import { answerTimeoutMs, askOnce, noAnswer, verdictOfError } from './ask-once.ts';
import type { ProbeTools } from './tools.ts';

export function probePing(
  checker: PingCheckConfig,
  tools: Pick<ProbeTools, 'sendPing'>,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const timeoutMs = answerTimeoutMs(checker.timing);
  const question = { signal, timeoutMs, onTimeout: () => noAnswer(checker), phase: 'reply' } as const;
  return askOnce(question, (finish) => {
    const ping = tools.sendPing(checker, {
      onReply: () => finish({ kind: 'ok' }),
      onUnreachable: ({ by, meaning }) =>
        finish({ kind: 'failed', reason: 'unreachable', detail: `${by} says: ${meaning}.` }),
      onError: (error) => finish(verdictOfError(error)),
    });
    return { close: () => ping.cancel(), receivePending: () => ping.receivePending() };
  });
}
