import { diagnosticRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server: persistence_engine. */
export const persistenceEngineWithoutTimeout = diagnosticRule({
  name: 'lvs/persistence-engine-without-timeout',
  level: 'warn',
  summary: 'A persistence_engine in a service that has no persistence',
  details: `\`persistence_engine\` names what identifies a client, such as the Call-ID of SIP. IPVS asks it only for a service with
persistence, and neither keepalived nor the kernel switches that on for it: connections go to any server, as if the line were not
there. Write \`persistence_timeout\` with the time for which a client shall keep its server, or delete the line.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 5060 {
    delay_loop 6
    protocol UDP
    lb_algo wrr
    lb_kind NAT
    persistence_engine sip
    real_server 192.0.2.20 5060 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 5060 {
    delay_loop 6
    protocol UDP
    lb_algo wrr
    lb_kind NAT
    persistence_timeout 300
    persistence_engine sip
    real_server 192.0.2.20 5060 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  claims: ({ code }) => code === 'persistence-engine-without-timeout',
});
