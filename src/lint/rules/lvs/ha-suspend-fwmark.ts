import { fileRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server: ha_suspend. */
export const haSuspendFwmark = fileRule({
  name: 'lvs/ha-suspend-fwmark',
  level: 'error',
  summary: 'ha_suspend for a service of a firewall mark',
  details: `\`ha_suspend\` stops the checks of a service while its address is not held by this director. A service for a
firewall mark has no address that could be held, so keepalived complains and clears the setting: the checks run on both
directors all the time. Delete the line, or define the service by its address.`,
  keepalived: 'reports',
  bad: `virtual_server fwmark 7 {
    delay_loop 6
    lb_algo wrr
    lb_kind DR
    ha_suspend
    real_server 192.0.2.20 {
        TCP_CHECK {
            connect_port 80
        }
    }
}
`,
  good: `virtual_server fwmark 7 {
    delay_loop 6
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 {
        TCP_CHECK {
            connect_port 80
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    for (const server of virtualServers) {
      if (server.kind !== 'fwmark' || !server.values.has('ha_suspend')) continue;
      report({
        at: server.at('ha_suspend'),
        message: `${server.name} has no address that could come and go: its checks run always, also where the virtual addresses are not`,
        help: 'delete the line',
      });
    }
  },
});
