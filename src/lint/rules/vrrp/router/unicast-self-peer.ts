import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** RFC 5798 section 6.4.3: two routers of one priority are told apart by their addresses. */
export const unicastSelfPeer = fileRule({
  name: 'vrrp/unicast-self-peer',
  level: 'error',
  summary: 'The own source address is among the unicast peers',
  details: `A director that lists itself in \`unicast_peer\` sends its advertisements to itself. As Master it gets its own
priority back from its own address, takes that for a second router with its address and logs a warning each time. Mostly
one file was copied to all directors, and then the one that was meant is missing: it gets no advertisements and becomes
Master as well. List the others only. keepalived says nothing about it.`,
  keepalived: 'silent',
  bad: instanceWith('unicast_src_ip 192.0.2.1', 'unicast_peer {\n    192.0.2.1\n    192.0.2.2\n}'),
  good: instanceWith('mcast_src_ip 192.0.2.1'),
  check: ({ instances }, report) => {
    for (const { name, values, source, unicastPeers } of instances) {
      if (source === undefined) continue;
      const sourceSpan = values.spanOf('unicast_src_ip') ?? values.spanOf('mcast_src_ip');
      for (const { value, span } of unicastPeers) {
        if (value.address !== source) continue;
        const others = unicastPeers.length > 1 ? '' : ', and no other director hears it';
        report({
          at: span,
          message: `${value.address} is the address that ${name} sends from: it sends its advertisements to itself${others}`,
          help: 'list the other directors only',
          ...(sourceSpan && { notes: [{ span: sourceSpan, message: 'it sends from here' }] }),
        });
      }
    }
  },
});
