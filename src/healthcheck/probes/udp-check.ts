/**
 * keepalived.conf(5): UDP_CHECK. Sends a datagram. Without require_reply the server is well unless an ICMP error comes back, also
 * when it keeps silent; with it, when its first reply is as it should be.
 */
import type { HexPattern, UdpCheckConfig } from '../../config-parser/config.ts';
import type { ProbeOutcome } from '../probe.ts';
import { answerTimeoutMs, askOnce, noAnswer, sendOrClose, type Verdict, verdictOfError } from './ask-once.ts';
import type { ProbeTools } from './tools.ts';

/** What is sent where there is no payload: many a server drops an empty datagram unseen. */
const anyPayload: readonly number[] = Array.from({ length: 32 }, (_, index) => index);

export function probeUdp(
  checker: UdpCheckConfig,
  tools: Pick<ProbeTools, 'openDatagramSocket'>,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const onTimeout = () => (checker.reply === undefined ? ({ kind: 'ok' } as const) : noAnswer(checker));
  const question = { signal, timeoutMs: answerTimeoutMs(checker.timing), onTimeout, phase: 'reply' } as const;
  return askOnce(question, (finish) => {
    const socket = tools.openDatagramSocket(checker, {
      onMessage: (payload) => finish(judgeReply(checker, payload)),
      onError: (error) => finish(verdictOfError(error)),
      // One byte more, so that a reply that is too long is seen to be.
      maxDatagramBytes: checker.maxReplyBytes + 1,
    });
    const payload = checker.payload.length === 0 ? anyPayload : checker.payload;
    return sendOrClose(socket, Uint8Array.from(payload));
  });
}

/**
 * keepalived.conf(5): require_reply, min_reply_length, max_reply_length. As with keepalived the lengths count only where a pattern
 * is given, and a reply shorter than the pattern is compared as far as it goes: min_reply_length is what asks for more.
 */
export function judgeReply(
  { reply, minReplyBytes, maxReplyBytes }: Pick<UdpCheckConfig, 'reply' | 'minReplyBytes' | 'maxReplyBytes'>,
  payload: Uint8Array,
): Verdict {
  if (reply === undefined || reply.bytes.length === 0) return { kind: 'ok' };
  if (payload.length < minReplyBytes) {
    return wrong(`The reply has ${payload.length} bytes and must have at least ${minReplyBytes}.`);
  }
  if (payload.length > maxReplyBytes) {
    return wrong(`The reply has more than the ${maxReplyBytes} bytes that it may have.`);
  }
  const at = firstDifference(reply, payload);
  if (at === undefined) return { kind: 'ok' };
  const found = (payload[at] ?? 0).toString(16).padStart(2, '0');
  return wrong(`Byte ${at + 1} of the reply is ${found}, which require_reply does not allow.`);
}

function wrong(detail: string): Verdict {
  return { kind: 'failed', reason: 'other', detail };
}

function firstDifference({ bytes, mask }: HexPattern, payload: Uint8Array): number | undefined {
  const length = Math.min(bytes.length, payload.length);
  for (let at = 0; at < length; at += 1) {
    if (((payload[at] ?? 0) ^ (bytes[at] ?? 0)) & (mask[at] ?? 0xff)) return at;
  }
  return undefined;
}
