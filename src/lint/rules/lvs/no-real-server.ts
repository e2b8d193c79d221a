import { diagnosticRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server: a sorry_server alone does not make a service. */
export const noRealServer = diagnosticRule({
  name: 'lvs/no-real-server',
  level: 'error',
  summary: 'A virtual server without real servers is left out',
  details: `A \`virtual_server\` in which no usable \`real_server\` stands is not put into the IPVS table at all, also when it
has a \`sorry_server\`: clients that connect to its address are refused. The servers may be missing, or each of them may
have been dropped for a mistake that is reported where it stands. Add a \`real_server\`, or delete the block.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    sorry_server 192.0.2.30 80
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
  claims: ({ code }) => code === 'no-real-server',
  levelOf: () => 'error',
  improve: () => ({ help: 'add a "real_server" block, or delete this one' }),
});
