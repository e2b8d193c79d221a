import { diagnosticRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server_group. */
export const groupTooLarge = diagnosticRule({
  name: 'lvs/group-too-large',
  level: 'error',
  summary: 'A virtual_server_group stands for more services than the kernel should hold',
  details: `Each address of a \`virtual_server_group\` is a service of the kernel by itself, and a range or a network stands for all of its
addresses. keepalived adds one after the other, which for a large network takes very long and fills the memory, and for one of
IPv6 never ends. holdfast takes up to 65,536 and leaves out the services of a larger group. Mark the packets to the network in
the firewall, and write \`fwmark\` and the mark as the only entry.`,
  keepalived: 'silent',
  bad: `virtual_server_group web {
    10.0.0.0/8 80
}
`,
  good: `virtual_server_group web {
    fwmark 7
}
`,
  claims: ({ code }) => code === 'group-too-large',
});
