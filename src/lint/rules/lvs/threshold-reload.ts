import { fileRule } from '../../rule.ts';
import { realServersOf } from './checkers.ts';
import { counted, hasOrHave, Places } from './places.ts';

/** keepalived.conf(5): uthreshold, lthreshold. */
export const thresholdReload = fileRule({
  name: 'lvs/threshold-reload',
  level: 'info',
  summary: 'A reload of keepalived does not change connection limits',
  details: `keepalived gives \`uthreshold\` and \`lthreshold\` to the kernel when it adds a real server. A reload compares weights
and forwarding methods and leaves the limits as they are: after a change the file says one thing and the kernel does
another, until the server is removed and added again, or keepalived is restarted. Look at \`ipvsadm -Ln --thresholds\` after
such a change.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        uthreshold 1000
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
}
`,
  check: ({ virtualServers, words }, report) => {
    if (!words.has('uthreshold') && !words.has('lthreshold')) return;
    const places = new Places();
    for (const server of realServersOf(virtualServers)) {
      const { values } = server;
      if (!values.has('uthreshold') && !values.has('lthreshold')) continue;
      places.addSpan(() => server.at(values.has('uthreshold') ? 'uthreshold' : 'lthreshold'));
    }
    if (places.count === 0) return;
    report({
      at: places.first,
      message: `${counted(places.count, 'real server')} ${hasOrHave(places.count)} a connection limit, which a reload of keepalived does not change: the kernel keeps the old one`,
      help: 'restart keepalived after changing a limit, or take the server out and put it in again',
      notes: places.notes,
    });
  },
});
