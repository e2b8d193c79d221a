import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart } from './match-instances.ts';
import { prefixedOf } from './network.ts';
import { noteAt } from './wording.ts';

/** keepalived.conf(5): virtual_ipaddress: the prefix length is not in the advertisement. */
export const vipMaskMismatch = pairRule({
  name: 'pair/vip-mask-mismatch',
  level: 'warn',
  summary: 'Directors hold the same virtual address with different prefix lengths',
  details: `An advertisement carries addresses and no prefix lengths, so that nobody notices when two directors differ in
them. The address then comes with a route to its network on one director, and without one or with one to another network
on the other: what works with one Master fails with the other. An address that is written without a prefix length is a
\`/32\`, and in IPv6 a \`/128\`.`,
  keepalived: 'silent',
  bad: directors({}, { addresses: ['192.0.2.10/25'] }),
  good: directors({}, {}),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      const theirs = new Map(
        [...a.addresses, ...a.excludedAddresses].map((entry) => [entry.value.address, entry]),
      );
      for (const { value, span } of [...b.addresses, ...b.excludedAddresses]) {
        const other = theirs.get(value.address);
        if (other === undefined) continue;
        const [ours, length] = [prefixedOf(value).length, prefixedOf(other.value).length];
        if (ours === length) continue;
        report({
          at: span,
          message: `${value.address} is a /${ours} here and a /${length} on ${first.node.name}: its route to the network changes with the Master`,
          help: 'write the same prefix length on all directors, that of the network',
          notes: [noteAt(first, second, other.span, `${value.address}/${length}`)],
        });
      }
    });
  },
});
