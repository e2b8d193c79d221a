import { familyOf } from '../../../../net/address.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): unicast_peer: of the same family as the addresses. */
export const unicastPeerFamily = fileRule({
  name: 'vrrp/unicast-peer-family',
  level: 'error',
  summary: 'A unicast peer of the other address family',
  details: `An instance speaks either IPv4 or IPv6, as its first virtual address does, and can send to peers of that family
only. keepalived reports the others and skips them: that director gets no advertisements and becomes Master as well. For
both families write two instances, each with its own peers.`,
  keepalived: 'reports',
  bad: instanceWith('unicast_peer {\n    192.0.2.2\n    2001:db8::2\n}'),
  good: instanceWith(),
  check: ({ instances }, report) => {
    for (const { name, family, unicastPeers } of instances) {
      for (const { value, span } of unicastPeers) {
        if (familyOf(value.address) === family) continue;
        report({
          at: span,
          message: `${name} speaks IPv${family} and cannot send to ${value.address}: that peer is skipped, hears nothing and becomes Master too`,
          help: `write its IPv${family} address`,
        });
      }
    }
  },
});
