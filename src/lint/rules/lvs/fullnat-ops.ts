import { fileRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server: ops. */
export const fullnatOps = fileRule({
  name: 'lvs/fullnat-ops',
  level: 'warn',
  summary: 'One packet scheduling together with FULLNAT',
  details: `With \`ops\` every datagram is sent to a real server by itself. \`FULLNAT\` has the kernel's connection tracking replace
the client's address, and that has one connection for all datagrams of a client's port, with one real server at its end: it cannot
follow them to several. Delete \`ops\`, or use \`NAT\`, \`DR\` or \`TUN\` for this service.`,
  keepalived: 'silent',
  bad: exampleOf('    ops\n'),
  good: exampleOf(''),
  check: ({ virtualServers, words }, report) => {
    if (!words.has('ops')) return;
    for (const server of virtualServers) {
      if (server.protocol !== 'UDP' || !server.values.has('ops')) continue;
      if (!server.realServers.some(({ forwarding }) => forwarding === 'FULLNAT')) continue;
      report({
        at: server.at('ops'),
        message: `the datagrams of one client go to several real servers of ${server.name}, and FULLNAT can follow them to one only`,
        help: 'delete the line, or use another method for this service',
      });
    }
  },
});

function exampleOf(line: string): string {
  return `virtual_server 192.0.2.10 53 {
    delay_loop 6
    protocol UDP
    lb_algo rr
    lb_kind FULLNAT
${line}    real_server 192.0.2.20 53 {
        DNS_CHECK {
            connect_timeout 3
        }
    }
}
`;
}
