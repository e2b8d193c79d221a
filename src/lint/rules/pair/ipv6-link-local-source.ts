import type { Span } from '../../../config-parser/index.ts';
import type { IpAddress } from '../../../net/address.ts';
import type { InstanceModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { matchInstances } from './match-instances.ts';
import { isLinkLocal } from './network.ts';

const addresses = ['fe80::10/64', '2001:db8::10/64'];

/** RFC 5798 section 5.1.2.2: the source of an IPv6 advertisement is a link-local address. */
export const ipv6LinkLocalSource = pairRule({
  name: 'pair/ipv6-link-local-source',
  level: 'warn',
  summary: 'IPv6 advertisements are not sent from link-local addresses on all directors',
  details: `IPv6 advertisements to the multicast group are to come from a link-local address, and the tie between equal
priorities is decided by it. Another source may be refused by routers of another make, and by a firewall that was written
for VRRP. Where it is written on one director only, the directors compare addresses of two kinds. Without \`mcast_src_ip\`
keepalived takes the link-local address of the interface; whether there is one on each director the files do not say, and
\`holdfast lint --host\` does.`,
  keepalived: 'silent',
  bad: directors({ addresses }, { addresses, lines: ['mcast_src_ip 2001:db8::2'] }),
  good: directors({ addresses }, { addresses, lines: ['mcast_src_ip fe80::2'] }),
  check: (nodes, report) => {
    for (const router of matchInstances(nodes).routers) {
      if (router.length < 2) continue;
      for (const { instance, node } of router) {
        const wrong = globalSourceOf(instance);
        if (wrong === undefined) continue;
        report({
          at: wrong.span,
          message: `${instance.name} on ${node.name} advertises from ${wrong.source}, which is not link-local: other routers may refuse it, and then become Master too`,
          help: 'delete the line, or write a link-local address of the interface, of fe80::/10',
        });
      }
    }
  },
});

interface WrongSource {
  readonly source: IpAddress;
  readonly span: Span;
}

/** Advertisements to peers may cross routers, and need another source then. */
function globalSourceOf({ family, isUnicast, source, values }: InstanceModel): WrongSource | undefined {
  if (family !== 6 || isUnicast || source === undefined || isLinkLocal(source)) return undefined;
  const span = values.spanOf('mcast_src_ip') ?? values.spanOf('unicast_src_ip');
  return span && { source, span };
}
