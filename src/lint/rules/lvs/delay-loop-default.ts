import type { CheckerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { counted, hasOrHave, Places } from './places.ts';

/** keepalived.conf(5): delay_loop, 60 seconds where nothing is said. */
export const delayLoopDefault = fileRule({
  name: 'lvs/delay-loop-default',
  level: 'warn',
  summary: 'Without delay_loop a check runs only once a minute',
  details: `\`delay_loop\` is the time from one check to the next. keepalived's default is 60 seconds, so a server that dies just
after a check goes on to get connections for a minute before anybody looks, and the tries after that come on top; one that
has recovered waits as long. Write \`delay_loop\` in the \`virtual_server\`: 5 to 10 seconds suit most services.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
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
  check: ({ virtualServers }, report) => {
    const places = new Places();
    for (const server of virtualServers) {
      if (server.values.has('delay_loop')) continue;
      for (const { values, checkers } of server.realServers) {
        if (values.has('delay_loop') || !checkers.some(waitsForDefault)) continue;
        places.add(server);
        break;
      }
    }
    if (places.count === 0) return;
    report({
      at: places.first,
      message: `${counted(places.count, 'virtual server')} ${hasOrHave(places.count)} no delay_loop, so checks run every 60 s: a dead real server gets connections for a minute or more`,
      help: 'write "delay_loop" and a number of seconds, such as 6',
      notes: places.notes,
    });
  },
});

/** BFD reports by itself and is not asked. */
function waitsForDefault({ kind, values }: CheckerModel): boolean {
  return kind !== 'BFD_CHECK' && !values.has('delay_loop');
}
