import { familyOf } from '../../../../net/address.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): unicast_peer: of the same family as the addresses. */
const sources = ['unicast_src_ip', 'mcast_src_ip'] as const;

export const unicastPeerFamily = fileRule({
  name: 'vrrp/unicast-peer-family',
  level: 'error',
  summary: 'A source address or a unicast peer of the other address family',
  details: `An instance speaks either IPv4 or IPv6, as its first virtual address does, and can send to peers of that family
only. keepalived reports the others and skips them: that director gets no advertisements and becomes Master as well. It skips
a source address of the other family too, and the advertisements come from the interface's first address. For both families write two instances, each with its own peers.`,
  keepalived: 'reports',
  bad: instanceWith('unicast_peer {\n    192.0.2.2\n    2001:db8::2\n}'),
  good: instanceWith(),
  check: ({ instances }, report) => {
    for (const { name, family, unicastPeers, values } of instances) {
      for (const keyword of sources) {
        const source = values.last(keyword);
        if (source === undefined || familyOf(source.value) === family) continue;
        const isFirst = source.order < (values.last('virtual_ipaddress')?.order ?? -1);
        const outcome = isFirst
          ? `keepalived takes ${name} for an IPv${familyOf(source.value)} instance by this line, and leaves out its IPv${family} addresses`
          : `the line is skipped, and advertisements come from whatever IPv${family} address the interface has`;
        report({
          at: source.heading,
          message: `${name} speaks IPv${family} and cannot send from ${source.value}: ${outcome}`,
          help: `write its IPv${family} address`,
        });
      }
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
