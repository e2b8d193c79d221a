import { fileRule } from '../../rule.ts';
import { realServersOf } from './checkers.ts';
import { counted, hasOrHave, Places } from './places.ts';

/** keepalived.conf(5): inhibit_on_failure. */
export const inhibitVsConnections = fileRule({
  name: 'lvs/inhibit-vs-connections',
  level: 'info',
  isStrictOnly: true,
  summary: 'A failed check breaks the connections that the server still has',
  details: `When a check fails, keepalived removes the real server from the IPVS table, and packets of its established
connections are dropped from then on. That is right for a dead machine. For a check that failed because the server is slow,
or because one page is broken, \`inhibit_on_failure\` is milder: the server stays in the table with weight 0, gets no new
connections and finishes those that it has. The price is that clients of a machine that is really dead wait longer, and
that persistent clients go on to be sent to it unless \`net.ipv4.vs.expire_quiescent_template\` is 1.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    inhibit_on_failure
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    const places = new Places();
    for (const server of realServersOf(virtualServers)) {
      if (server.checkers.length > 0 && !server.isInhibitedOnFailure) places.add(server);
    }
    if (places.count === 0) return;
    report({
      at: places.first,
      message: `${counted(places.count, 'real server')} ${hasOrHave(places.count)} no inhibit_on_failure: a failed check breaks the connections that the server still has`,
      help: 'write "inhibit_on_failure" to let them finish, with weight 0 in the meantime',
      notes: places.notes,
    });
  },
});
