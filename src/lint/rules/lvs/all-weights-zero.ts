import { diagnosticRule } from '../../rule.ts';
import { isAbout } from './about.ts';

/** keepalived.conf(5): real_server: weight 0 takes no new connections, and counts nothing towards the quorum. */
export const allWeightsZero = diagnosticRule({
  name: 'lvs/all-weights-zero',
  level: 'error',
  summary: 'Every real server of a service has weight 0',
  details: `A real server with weight 0 is kept in the table and gets no new connections; that is how one is drained. When
all servers of a service have it, nobody gets new connections. keepalived moreover lowers the quorum to 0 and then takes one
less than that as the hysteresis, which wraps round to 4294967295: the service has no quorum until the weights change.
Give at least one server a weight, or delete the service.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        weight 0
        TCP_CHECK {
            connect_timeout 3
        }
    }
    real_server 192.0.2.21 80 {
        weight 0
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
    real_server 192.0.2.20 80 {
        weight 0
        TCP_CHECK {
            connect_timeout 3
        }
    }
    real_server 192.0.2.21 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  claims: (diagnostic) =>
    isAbout(diagnostic, { code: 'quorum-out-of-reach', blocks: ['real_server'], keywords: ['weight'] }),
  levelOf: () => 'error',
  improve: ({ message }) => ({
    message: `${message}; nobody gets new connections, and keepalived makes the hysteresis 4294967295`,
    help: 'give at least one real server a weight of 1 or more',
  }),
});
