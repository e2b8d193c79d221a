import { fileRule } from '../../rule.ts';
import { portsOf } from './groups.ts';

/** These choose the server by the client's address, whatever the port. */
const byAddress: ReadonlySet<string> = new Set(['sh', 'mh']);

const portsShown = 4;

/** keepalived.conf(5): virtual_server_group, persistence_timeout. */
export const persistenceMissing = fileRule({
  name: 'lvs/persistence-missing',
  level: 'info',
  summary: 'A group of several ports without persistence spreads one client over several servers',
  details: `Ports are put into one \`virtual_server_group\` mostly because they belong together, such as 80 and 443 of one site:
a client that begins on one goes on on the other. Without \`persistence_timeout\` each connection is scheduled by itself, and
what the first server remembers of the client, such as its session, the second does not know. Write
\`persistence_timeout\`, or use the scheduler \`sh\` or \`mh\`, which choose by the client's address. Where the servers share their
sessions, nothing is needed.`,
  keepalived: 'silent',
  bad: `virtual_server_group web {
    192.0.2.10 80
    192.0.2.10 443
}
virtual_server group web {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 {
        TCP_CHECK {
            connect_port 443
        }
    }
}
`,
  good: `virtual_server_group web {
    192.0.2.10 80
    192.0.2.10 443
}
virtual_server group web {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    persistence_timeout 600
    real_server 192.0.2.20 {
        TCP_CHECK {
            connect_port 443
        }
    }
}
`,
  check: ({ virtualServers, serverGroups }, report) => {
    for (const server of virtualServers) {
      const { group, values, scheduler, name } = server;
      const definition = group === undefined ? undefined : serverGroups.get(group);
      if (definition === undefined || byAddress.has(scheduler)) continue;
      if (values.has('persistence_timeout') || values.has('persistence_granularity')) continue;
      const ports = portsOf(definition);
      if (ports.length < 2 || ports.includes(0)) continue;
      const shown = ports.slice(0, portsShown).join(', ');
      report({
        at: server.heading,
        message: `${name} has ports ${shown}${ports.length > portsShown ? ' and more' : ''} and no persistence: a client gets another server on each of them`,
        help: 'write "persistence_timeout" and a number of seconds, if the servers do not share their sessions',
        notes: [{ span: definition.heading, message: 'the group' }],
      });
    }
  },
});
