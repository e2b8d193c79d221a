import { fileRule } from '../../rule.ts';
import { realServersOf } from './checkers.ts';
import { counted, hasOrHave, Places } from './places.ts';

/** keepalived.conf(5): alpha. */
export const alphaMissing = fileRule({
  name: 'lvs/alpha-missing',
  level: 'info',
  isStrictOnly: true,
  summary: 'Without alpha a dead server gets connections until its first check',
  details: `At the start every real server counts as up and is put into the table; its first check comes after up to
\`warmup\` seconds, which is \`delay_loop\` where nothing is said. A server that is dead at that moment gets its share of the
connections until then. With \`alpha\` servers count as down until a check has succeeded. The price is that a director that
has just started serves nobody for the first second or more; with \`warmup 0\` that is short.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
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
  good: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    alpha
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    const places = new Places();
    for (const server of realServersOf(virtualServers)) {
      if (server.isAlpha || server.checkers.length === 0) continue;
      if (server.checkers.every(({ values }) => values.value('alpha') === true)) continue;
      places.add(server);
    }
    if (places.count === 0) return;
    report({
      at: places.first,
      message: `${counted(places.count, 'real server')} ${hasOrHave(places.count)} no alpha: after a start, dead ones get connections until their first check`,
      help: 'write "alpha" in the virtual_server',
      notes: places.notes,
    });
  },
});
