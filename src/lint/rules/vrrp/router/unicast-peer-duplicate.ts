import type { Span } from '../../../../config-parser/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): unicast_peer: each once. */
export const unicastPeerDuplicate = fileRule({
  name: 'vrrp/unicast-peer-duplicate',
  level: 'error',
  summary: 'A unicast peer is listed twice',
  details: `keepalived reports the second line and leaves it out, so that nothing is sent twice. Mostly the line was copied
and another director was meant: that one gets no advertisements then, and becomes Master as well.`,
  keepalived: 'reports',
  bad: instanceWith('unicast_peer {\n    192.0.2.2\n    192.0.2.2\n}'),
  good: instanceWith(),
  check: ({ instances }, report) => {
    for (const { unicastPeers } of instances) {
      const seen = new Map<string, Span>();
      for (const { value, span } of unicastPeers) {
        const first = seen.get(value.address);
        if (first === undefined) {
          seen.set(value.address, span);
          continue;
        }
        report({
          at: span,
          message: `${value.address} is a peer already: if another director was meant, it hears nothing and becomes Master too`,
          help: 'write the other address, or delete the line',
          notes: [{ span: first, message: 'it is listed first here' }],
        });
      }
    }
  },
});
