/**
 * keepalived.conf(5): DNS_CHECK. The server is well when it answers a query without an error; which records it answers with, and
 * how many, does not matter, so an answer that was cut (TC) is as good.
 */
import { randomInt } from 'node:crypto';
import type { DnsCheckConfig } from '../../config-parser/config.ts';
import {
  type DnsMessage,
  type DnsQuery,
  decodeDnsMessage,
  encodeDnsQuery,
  isAnswerTo,
  responseCodeName,
} from '../../net/dns.ts';
import type { ProbeOutcome } from '../probe.ts';
import { answerTimeoutMs, askOnce, noAnswer, sendOrClose, type Verdict, verdictOfError } from './ask-once.ts';
import type { ProbeTools } from './tools.ts';

/** Without EDNS0 no server sends more (RFC 1035 section 2.3.4), and the header and the question come first. */
const maxDatagramBytes = 512;

export function probeDns(
  checker: DnsCheckConfig,
  tools: Pick<ProbeTools, 'openDatagramSocket'>,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const timeoutMs = answerTimeoutMs(checker.timing);
  const question = { signal, timeoutMs, onTimeout: () => noAnswer(checker), phase: 'reply' } as const;
  return askOnce(question, (finish) => {
    const query = { id: randomInt(0x10000), name: checker.name, type: checker.type };
    const encoded = encodeDnsQuery(query);
    if (!encoded.ok) {
      finish({
        kind: 'inconclusive',
        detail: `"${checker.name}" cannot be asked for: ${encoded.error.detail}.`,
      });
      return { close: () => {} };
    }
    const socket = tools.openDatagramSocket(checker, {
      onMessage: (payload) => {
        const message = decodeDnsMessage(payload);
        // What is not the answer may be a late one, or somebody's guess: the answer may still come.
        if (message.ok && isAnswerTo(query, message.value)) finish(verdictOf(query, message.value));
      },
      onError: (error) => finish(verdictOfError(error)),
      maxDatagramBytes,
    });
    return sendOrClose(socket, encoded.value);
  });
}

function verdictOf({ name, type }: DnsQuery, { responseCode }: DnsMessage): Verdict {
  if (responseCode === 0) return { kind: 'ok' };
  const said = responseCodeName(responseCode);
  return { kind: 'failed', reason: 'other', detail: `The server answered ${said} for ${name} ${type}.` };
}
