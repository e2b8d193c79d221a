import { diagnosticRule } from '../../rule.ts';

/** keepalived.conf(5): sorry_server_inhibit and sorry_server_lvs_method belong to the sorry_server above them. */
export const sorryOptionOrder = diagnosticRule({
  name: 'lvs/sorry-option-order',
  level: 'error',
  summary: 'An option of the sorry server stands above it, or without it',
  details: `keepalived reads a block from top to bottom and applies \`sorry_server_inhibit\` and \`sorry_server_lvs_method\` to the
sorry server that it knows by then. Above the \`sorry_server\` line, or without one, there is nothing to apply them to: the
line is dropped, and the sorry server is removed rather than kept with weight 0, or reached by the service's own method.
Move the line below \`sorry_server\`.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    sorry_server_inhibit
    sorry_server 192.0.2.30 80
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
    sorry_server_inhibit
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  claims: ({ code, subject }) =>
    code === 'wrong-order' && (subject === undefined || subject.keyword.startsWith('sorry_server')),
  levelOf: () => 'error',
  improve: () => ({ help: 'move the line below "sorry_server"' }),
});
