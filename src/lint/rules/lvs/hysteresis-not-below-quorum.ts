import { diagnosticRule } from '../../rule.ts';
import { isAbout } from './about.ts';

/** keepalived.conf(5): virtual_server: hysteresis. */
export const hysteresisNotBelowQuorum = diagnosticRule({
  name: 'lvs/hysteresis-not-below-quorum',
  level: 'error',
  summary: 'The hysteresis is not less than the quorum',
  details: `The quorum is gained when the servers that are up weigh \`quorum + hysteresis\`, and lost when they weigh less than
\`quorum - hysteresis\`. A hysteresis as large as the quorum would mean that the quorum is never lost, so keepalived complains
and uses one less than the quorum. With the usual quorum of 1 there is no room for any hysteresis. Write a smaller one, or
raise the quorum.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    hysteresis 1
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
    quorum 2
    hysteresis 1
    sorry_server 192.0.2.30 80
    real_server 192.0.2.20 80 {
        weight 3
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  claims: (diagnostic) =>
    isAbout(diagnostic, {
      code: 'quorum-out-of-reach',
      blocks: ['virtual_server'],
      keywords: ['hysteresis'],
    }),
  levelOf: () => 'error',
  improve: () => ({ help: 'write a smaller hysteresis or a larger quorum, or delete the line' }),
});
