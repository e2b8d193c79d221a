import { diagnosticRule } from '../../rule.ts';

/** keepalived.conf(5): real_server: known by its address and port. */
export const duplicateRealServer = diagnosticRule({
  name: 'lvs/duplicate-real-server',
  level: 'error',
  summary: 'A real server stands twice in one virtual server',
  details: `IPVS knows a real server by its address and port, so one service can hold it once. Of two blocks with the same
address and port keepalived keeps the first and drops the second, with the weight and the checks in it. Usually a block
was copied and its address forgotten, and then one server of the farm gets no traffic at all.`,
  keepalived: 'reports',
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
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
    real_server 192.0.2.21 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  claims: ({ code }) => code === 'duplicate-real-server',
  levelOf: () => 'error',
  improve: () => ({ help: 'write the address of the server that is meant, or delete this block' }),
});
