import type { VirtualServerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';

/** keepalived.conf(5): sorry_server. */
export const sorrySameAsReal = fileRule({
  name: 'lvs/sorry-same-as-real',
  level: 'warn',
  summary: 'The sorry server is one of the real servers',
  details: `The sorry server takes over when the quorum is lost, that is when the real servers have failed. One that is
itself among them has then most likely failed too, and nobody checks a sorry server: clients are sent to a dead machine
where they could have been told that there is no service. Use another machine, or at least another port with NAT, that
shows a page of apology.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    sorry_server 192.0.2.20 80
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
    sorry_server 192.0.2.30 80
    real_server 192.0.2.20 80 {
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
      report({
        at: sorryServer.span,
        message: `the sorry server is real server ${real.name} too: when it has failed, clients are sent to it all the same`,
        help: 'use a machine that is not one of the real servers',
        notes: [{ span: real.heading, message: 'the same server, checked here' }],
      });
    }
  },
});

/** The real server with the address and the port of the sorry server. */
export function realServerAsSorry({ sorryServer, realServers }: VirtualServerModel) {
  if (sorryServer === undefined) return undefined;
  return realServers.find(
    ({ address, port }) => address === sorryServer.address && port === sorryServer.port,
  );
}
