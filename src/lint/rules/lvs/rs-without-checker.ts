import { fileRule } from '../../rule.ts';
import { realServersOf } from './checkers.ts';
import { counted, hasOrHave, Places } from './places.ts';

/** keepalived.conf(5): real_server: checkers. */
export const rsWithoutChecker = fileRule({
  name: 'lvs/rs-without-checker',
  level: 'warn',
  summary: 'A real server without a checker is never taken out',
  details: `A real server leaves the service when one of its checkers fails. One without any checker is put into the table at
the start and stays there, alive or dead: its share of the clients waits in vain. Write a \`TCP_CHECK\`, which shows at least
that something listens, or a checker that speaks the service's protocol, such as \`HTTP_GET\`.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        weight 1
    }
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
  check: ({ virtualServers }, report) => {
    const places = new Places();
    let total = 0;
    for (const server of realServersOf(virtualServers)) {
      total += 1;
      if (server.checkers.length === 0) places.add(server);
    }
    if (places.count === 0) return;
    report({
      at: places.first,
      message: `${places.count} of ${counted(total, 'real server')} ${hasOrHave(places.count)} no checker: dead or alive, ${places.count === 1 ? 'it gets its' : 'they get their'} share of the connections`,
      help: 'write a checker into the block, such as "TCP_CHECK"',
      notes: places.notes,
    });
  },
});
