import { diagnosticRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server: known by address, port and protocol, or by its firewall mark. */
export const duplicateVirtualServer = diagnosticRule({
  name: 'lvs/duplicate-virtual-server',
  level: 'error',
  summary: 'The same service is defined in two blocks',
  details: `The kernel has one service for an address, a port and a protocol. keepalived does not notice a second block for
the same one: both blocks write to the same service, the scheduler of the last is used, and each block adds and removes
servers by its own checks and its own quorum. When one of them loses its quorum it takes down what the other one still
needs. holdfast uses the first block only. Put all real servers into one block.`,
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
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.21 80 {
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
  claims: ({ code }) => code === 'duplicate-virtual-server',
  levelOf: () => 'error',
});
