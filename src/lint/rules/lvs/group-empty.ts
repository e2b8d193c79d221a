import { fileRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server_group. */
export const groupEmpty = fileRule({
  name: 'lvs/group-empty',
  level: 'error',
  summary: 'A virtual_server_group holds nothing',
  details: `A \`virtual_server_group\` lists the addresses or firewall marks of one service. keepalived removes one without
entries, and with it goes every \`virtual_server group\` that refers to it: nobody serves those clients. Entries that could
not be read count as missing. Write the addresses, one on a line, or delete the group.`,
  keepalived: 'reports',
  bad: `virtual_server_group web {
}
`,
  good: `virtual_server_group web {
    192.0.2.10 80
    192.0.2.11 80
}
`,
  check: ({ root }, report) => {
    for (const { value: name, heading, entries, statement } of root.all('virtual_server_group')) {
      if (entries.length > 0) continue;
      const inside = statement.block?.statements ?? [];
      const isService = inside.some(({ keyword }) => keyword.value === 'real_server');
      report({
        at: heading,
        message: `virtual_server_group ${name} has no entries: it is removed, and every service of "group ${name}" with it`,
        help: isService
          ? `this block is a service: write "virtual_server group ${name} {"`
          : 'write an address and a port, or "fwmark" and a mark, on a line of its own',
      });
    }
  },
});
