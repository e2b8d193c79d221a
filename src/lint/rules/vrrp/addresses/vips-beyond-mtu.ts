import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { holding, instanceText, nested } from './example.ts';

/** Seen of keepalived 2.2.7 on an Ethernet interface: it keeps a few bytes more than the headers need. */
const mostOnEthernet = 89;
const headerBytes = 40 + 8;
const addressBytes = 16;
const ethernetMtu = 1500;
/** More of them are another rule's matter on any interface. */
const mostCounted = 255;

const excluded = nested('virtual_ipaddress_excluded', [`~SEQx(n, 1, 100) 2001:db8::\${n}/64`]);

/** RFC 5798 section 5.2.9: each IPv6 address has 16 bytes in the packet. */
export const vipsBeyondMtu = fileRule({
  name: 'vrrp/vips-beyond-mtu',
  level: 'error',
  summary: 'More IPv6 virtual addresses than fit into an Ethernet packet',
  details: `VRRP does not split its advertisements: every address takes 16 bytes of one packet, and an Ethernet packet holds
1500. keepalived moves what does not fit to \`virtual_ipaddress_excluded\` on its own: the Master holds those addresses
still, but the directors no longer compare them, and which ones are moved depends on the order of the lines. Write the
link-local address and one or two others into \`virtual_ipaddress\`, and the rest into \`virtual_ipaddress_excluded\`.`,
  keepalived: 'reports',
  bad: holding('fe80::10/64', `~SEQx(n, 1, 100) 2001:db8::\${n}/64`),
  good: instanceText({ addresses: ['fe80::10/64'], lines: excluded }),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      const first = firstBeyond(instance);
      if (first === undefined) continue;
      const count = instance.addresses.length;
      const bytes = headerBytes + count * addressBytes;
      report({
        at: first.heading,
        message: `an advertisement of ${instance.name} would have ${headerBytes} + ${count} x ${addressBytes} = ${bytes} bytes and an Ethernet packet holds ${ethernetMtu}: from ${first.value.address} on, the addresses are held and not advertised`,
        help: 'move all but the first few lines to "virtual_ipaddress_excluded { }"',
      });
    }
  },
});

function firstBeyond({ family, addresses }: InstanceModel) {
  return family === 6 && addresses.length <= mostCounted ? addresses[mostOnEthernet] : undefined;
}
