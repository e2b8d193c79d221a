import { hostRule } from '../../rule.ts';
import { ethernet, instance } from './example.ts';
import { interfaceOf, worksElsewhere } from './interfaces.ts';

const many = (count: number) =>
  instance({ addresses: Array.from({ length: count }, (_, index) => `192.0.2.${index + 10}/24`) });

/** Of Ethernet. */
const usualMtu = 1500;

/** RFC 5798 section 5.1: an advertisement is one packet; section 5.2: 8 bytes and the addresses. */
export const vipsExceedMtu = hostRule({
  name: 'host/vips-exceed-mtu',
  level: 'warn',
  summary: 'The virtual addresses do not fit into one packet of the interface',
  details: `An advertisement holds all addresses of \`virtual_ipaddress\` in one packet: 8 bytes and 4 for each IPv4 address
or 16 for each IPv6 address, behind an IP header of 20 or 40 bytes; version 2 adds 8 bytes of authentication. What does not
fit into the MTU of the interface keepalived moves to the excluded addresses. They are held all the same, but the other
director counts fewer addresses than it expects where its MTU is larger. Move what needs no announcement to
\`virtual_ipaddress_excluded\` yourself.`,
  keepalived: 'reports',
  exampleHost: { interfaces: [ethernet({ mtu: 68 })] },
  bad: many(9),
  good: many(8),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    for (const { name, interface: device, family, version, addresses } of file.instances) {
      const found = interfaceOf(host, device);
      if (found === undefined) continue;
      const header = (family === 4 ? 20 : 40) + 8 + (version === 2 ? 8 : 0);
      const size = family === 4 ? 4 : 16;
      const room = Math.max(0, Math.floor((found.mtu - header) / size));
      const first = addresses[room];
      // What does not fit into the usual 1500 bytes is told without looking at a machine.
      if (first === undefined || addresses.length * size + header > usualMtu) continue;
      report({
        at: first.span,
        message: `an advertisement on ${device} (MTU ${found.mtu}) has room for ${room} addresses, and ${name} has ${addresses.length}: the rest are held but not announced`,
        help: 'move this address and those after it to virtual_ipaddress_excluded, on all directors',
      });
    }
  },
});
