import { fileRule } from '../../rule.ts';
import { realServerAsSorry } from './sorry-same-as-real.ts';

/** keepalived.conf(5): sorry_server_inhibit, inhibit_on_failure. */
export const sorryInhibitDiffers = fileRule({
  name: 'lvs/sorry-inhibit-differs',
  level: 'error',
  summary: 'A server that is real server and sorry server is inhibited only as one of them',
  details: `A server with the address and port of the sorry server is one entry of the IPVS table, which is either removed
when it is not in use or kept with weight 0. Where \`inhibit_on_failure\` of the real server and \`sorry_server_inhibit\` do
not say the same, keepalived complains and follows the real server. Write both or neither; better still, use a sorry server
that is not one of the real servers.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    sorry_server 192.0.2.20 80
    sorry_server_inhibit
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
    sorry_server 192.0.2.20 80
    sorry_server_inhibit
    real_server 192.0.2.20 80 {
        inhibit_on_failure
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    for (const server of virtualServers) {
      const { sorryServer } = server;
      const real = realServerAsSorry(server);
      if (sorryServer === undefined || real === undefined) continue;
      if (real.isInhibitedOnFailure === sorryServer.isInhibited) continue;
      const [given, missing] = sorryServer.isInhibited
        ? ['sorry_server_inhibit', 'inhibit_on_failure']
        : ['inhibit_on_failure', 'sorry_server_inhibit'];
      const then = sorryServer.isInhibited ? 'is removed' : 'stays with weight 0';
      report({
        at: sorryServer.isInhibited ? server.at('sorry_server_inhibit') : sorryServer.span,
        message: `${real.name} is real server and sorry server, with ${given} and without ${missing}: it ${then} in both parts when it is not in use`,
        help: `write "${missing}" too, or use a sorry server that is not one of the real servers`,
        notes: [{ span: real.heading, message: 'the real server' }],
      });
    }
  },
});
