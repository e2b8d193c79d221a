import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

const codes = ['invalid-value', 'unknown-option', 'extra-words'] as const;

/** keepalived.conf(5): unicast_peer: an address, min_ttl, max_ttl. */
export const unicastPeerMalformed = diagnosticRule({
  name: 'vrrp/unicast-peer-malformed',
  level: 'error',
  summary: 'A line of unicast_peer that is no peer, or whose TTLs are wrong',
  details: `Each line of \`unicast_peer\` is an IP address, not a name, with \`min_ttl\` and \`max_ttl\` if wanted. keepalived
reports what it cannot read and skips it. A peer that is skipped gets no advertisements and becomes Master as well; if
none is left, the instance falls back to multicast.`,
  keepalived: 'reports',
  bad: instanceWith('unicast_peer {\n    192.0.2.2\n    lb03.example\n}'),
  good: instanceWith(),
  claims: (diagnostic, file) =>
    codes.some((code) => instanceAt(file, diagnostic, code, 'unicast_peer') !== undefined),
  improve: (diagnostic, file) => {
    const { code, message, help } = diagnostic;
    const word = code === 'invalid-value' ? skippedWord(message) : undefined;
    const isLast = instanceAt(file, diagnostic, code, 'unicast_peer')?.isUnicast === false;
    const then = isLast
      ? 'no peer is left, and the instance falls back to multicast'
      : 'that director hears nothing and becomes Master too';
    return {
      ...(word !== undefined && { message: `"${word}" is no IP address and this peer is skipped: ${then}` }),
      help: help ?? 'write the IP address of one director on each line',
    };
  },
});

/** Of a line that is no entry at all; what is wrong with its TTLs the parser says well enough. */
function skippedWord(message: string): string | undefined {
  return message.startsWith('a peer must be') ? /found "(.*)"/.exec(message)?.[1] : undefined;
}
