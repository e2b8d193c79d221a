import { fileRule } from '../../rule.ts';
import { familyOfEntry } from './groups.ts';

/** keepalived.conf(5): virtual_server_group: fwmark. */
export const groupMixedFamilies = fileRule({
  name: 'lvs/group-mixed-families',
  level: 'error',
  summary: 'A group holds IPv4, IPv6 and a firewall mark without a family',
  details: `A firewall mark in a \`virtual_server_group\` takes its address family from the addresses beside it. Where both
IPv4 and IPv6 addresses stand there, nothing tells which is meant, and keepalived removes the whole group together with its
services. Write \`inet\` or \`inet6\` after the mark, or make a group for each family.`,
  keepalived: 'reports',
  bad: `virtual_server_group web {
    192.0.2.10 80
    2001:db8::10 80
    fwmark 7
}
`,
  good: `virtual_server_group web {
    192.0.2.10 80
    2001:db8::10 80
    fwmark 7 inet
}
`,
  check: ({ root }, report) => {
    for (const { value: name, entries } of root.all('virtual_server_group')) {
      const addresses = entries.filter(({ value }) => value.kind !== 'fwmark');
      const ipv4 = addresses.find(({ value }) => familyOfEntry(value) === 4);
      const ipv6 = addresses.find(({ value }) => familyOfEntry(value) === 6);
      const mark = entries.find(({ value }) => value.kind === 'fwmark' && value.family === undefined);
      if (ipv4 === undefined || ipv6 === undefined || mark === undefined) continue;
      report({
        at: mark.heading,
        message: `nothing tells whether this mark is for IPv4 or IPv6, which stand both in group ${name}: the whole group is removed`,
        help: 'write "inet" or "inet6" after the mark',
        notes: [
          { span: ipv4.heading, message: 'an IPv4 address' },
          { span: ipv6.heading, message: 'an IPv6 address' },
        ],
      });
    }
  },
});
