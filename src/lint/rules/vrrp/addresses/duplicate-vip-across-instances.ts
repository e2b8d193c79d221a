import type { Span } from '../../../../config-parser/index.ts';
import { fileRule } from '../../../rule.ts';
import { isLinkLocal } from '../../pair/network.ts';
import { instanceText } from './example.ts';
import { deviceOf, distinctInstances, heldBy } from './held-addresses.ts';

interface Holder {
  readonly name: string;
  readonly span: Span;
}

const first = instanceText({ addresses: ['192.0.2.10/24'] });

/** Two virtual routers do not know of each other: each adds and removes what its own election says. */
export const duplicateVipAcrossInstances = fileRule({
  name: 'vrrp/duplicate-vip-across-instances',
  level: 'error',
  summary: 'The same address in two instances',
  details: `Each instance holds its own election, and adds or removes its addresses by what comes of it. When two of them
list one address, the first that steps down takes it from the interface while the other is still Master; and when they are
Master on different directors, both directors answer for the address. keepalived compares addresses within an instance only.
Give the address to one instance. (A link-local address may stand in several, on different interfaces.)`,
  keepalived: 'silent',
  bad: `${first}\n${instanceText({ name: 'VI_2', vrid: 8, addresses: ['192.0.2.10/24'] })}`,
  good: `${first}\n${instanceText({ name: 'VI_2', vrid: 8, addresses: ['192.0.2.11/24'] })}`,
  check: (file, report) => {
    const holders = new Map<string, Holder>();
    for (const instance of distinctInstances(file)) {
      for (const held of heldBy(instance)) {
        const { address } = held.value;
        const key = isLinkLocal(address) ? `${address}%${deviceOf(held, instance)}` : address;
        const other = holders.get(key);
        if (other === undefined) holders.set(key, { name: instance.name, span: held.heading });
        if (other === undefined || other.name === instance.name) continue;
        report({
          at: held.heading,
          message: `${address} belongs to ${other.name} already: the first of the two that steps down takes it away from the other`,
          help: 'give every address to one instance only',
          notes: [{ span: other.span, message: `${other.name} holds it here` }],
        });
      }
    }
  },
});
