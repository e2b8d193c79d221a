import { diagnosticRule } from '../../rule.ts';
import { isAbout } from './about.ts';

/** keepalived.conf(5): virtual_server: a port of 0, or none, stands for all ports. */
export const portZeroWithoutPersistence = diagnosticRule({
  name: 'lvs/port-zero-without-persistence',
  level: 'error',
  summary: 'A service for all ports without persistence_timeout',
  details: `A \`virtual_server\` without a port, or with port 0, takes every port of its address. IPVS allows that only with
persistence, so keepalived switches it on: each client then stays with one real server for 360 seconds, which spreads
load less evenly and keeps clients of a failed server waiting. If one port was meant, write it; if all are meant, write
\`persistence_timeout\` with the time that suits you.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 {
        TCP_CHECK {
            connect_port 80
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    persistence_timeout 600
    real_server 192.0.2.20 {
        TCP_CHECK {
            connect_port 80
        }
    }
}
`,
  claims: (diagnostic) =>
    isAbout(diagnostic, {
      code: 'missing-keyword',
      blocks: ['virtual_server'],
      keywords: ['persistence_timeout'],
    }),
  levelOf: () => 'error',
  improve: () => ({
    help: 'write the port of the service, or "persistence_timeout" and a number of seconds',
  }),
});
