import { diagnosticRule } from '../../rule.ts';
import { isAbout } from './about.ts';

/** keepalived.conf(5): virtual_server: lb_algo. */
export const schedulerMissing = diagnosticRule({
  name: 'lvs/scheduler-missing',
  level: 'error',
  summary: 'A virtual server without lb_algo uses wlc',
  details: `\`lb_algo\` says how connections are spread over the real servers. Without it keepalived takes \`wlc\` (the server
with the fewest connections for its weight) and complains each time it reads the file. That is a sensible scheduler, but
a reader cannot tell whether it was chosen or forgotten. Write the one that you want.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_kind DR
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
    lb_algo wlc
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  claims: (diagnostic) =>
    isAbout(diagnostic, { code: 'missing-keyword', blocks: ['virtual_server'], keywords: ['lb_algo'] }),
  levelOf: () => 'error',
  improve: () => ({ help: 'write "lb_algo wlc", or the scheduler that you want' }),
});
