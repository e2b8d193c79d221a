import { fileRule } from '../../rule.ts';
import { counted, hasOrHave, Places } from './places.ts';

/** keepalived.conf(5): omega. */
export const omegaMissing = fileRule({
  name: 'lvs/omega-missing',
  level: 'info',
  summary: 'Without omega no down script runs when the director stops',
  details: `\`notify_down\` and \`quorum_down\` run when a check takes a server or a service down. When keepalived is stopped all of
them go down too, and without \`omega\` none of these scripts runs: whatever they maintain, a route, a monitoring entry, a
record of DNS, goes on to say that the service is up. With \`omega\` they run at the stop as well, each for at most one
second.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    quorum_down "/usr/local/bin/withdraw 192.0.2.10"
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
    omega
    quorum_down "/usr/local/bin/withdraw 192.0.2.10"
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers, words }, report) => {
    if (!words.has('notify_down') && !words.has('quorum_down')) return;
    const places = new Places();
    for (const server of virtualServers) {
      if (server.values.has('omega')) continue;
      const real = server.realServers.find(({ values }) => values.has('notify_down'));
      if (server.values.has('quorum_down')) places.addSpan(() => server.at('quorum_down'));
      else if (real !== undefined) places.addSpan(() => real.at('notify_down'));
    }
    if (places.count === 0) return;
    report({
      at: places.first,
      message: `${counted(places.count, 'virtual server')} ${hasOrHave(places.count)} down scripts and no omega: when the director stops, they do not run`,
      help: 'write "omega" in the virtual_server',
      notes: places.notes,
    });
  },
});
