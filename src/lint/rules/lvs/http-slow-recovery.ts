import type { CheckerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { httpCheckersOf, plainSeconds, secondsText, urlsOf } from './checkers.ts';

/** What takes no longer is not worth a word. */
const shortMs = 30_000;

/** keepalived.conf(5): HTTP_GET: fast_recovery. */
export const httpSlowRecovery = fileRule({
  name: 'lvs/http-slow-recovery',
  level: 'info',
  summary: 'A server that answers again needs more than 30 seconds to come back',
  details: `An \`HTTP_GET\` or \`SSL_GET\` asks for one url in each \`delay_loop\`. When the url that failed answers again, the round
begins anew from the first one, and the server is up when all have answered: that takes one success more than there are
urls, each a \`delay_loop\` apart, so two for a single url. With \`fast_recovery\` these steps follow each other without a
pause. The rule reports the slowest of the file when it needs more than 30 seconds.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 20
    protocol TCP
    lb_algo wrr
    lb_kind DR
    virtualhost www.example.com
    real_server 192.0.2.20 80 {
        HTTP_GET {
            connect_timeout 3
            url {
                path /health
                status_code 200
            }
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 80 {
    delay_loop 20
    protocol TCP
    lb_algo wrr
    lb_kind DR
    virtualhost www.example.com
    real_server 192.0.2.20 80 {
        HTTP_GET {
            connect_timeout 3
            fast_recovery
            url {
                path /health
                status_code 200
            }
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    let slowest: CheckerModel | undefined;
    let slowestMs = shortMs;
    let count = 0;
    for (const checker of httpCheckersOf(virtualServers)) {
      if (checker.values.value('fast_recovery') === true) continue;
      const urlCount = urlsOf(checker).length;
      if (urlCount === 0) continue;
      const timeMs = (urlCount + 1) * checker.delayLoopMs;
      if (timeMs > shortMs) count += 1;
      if (timeMs <= slowestMs) continue;
      slowestMs = timeMs;
      slowest = checker;
    }
    if (slowest === undefined) return;
    const urlCount = urlsOf(slowest).length;
    report({
      at: slowest.heading,
      message: `a server that answers again is back only after ${urlCount} + 1 successes, up to (${urlCount} + 1) x ${plainSeconds(slowest.delayLoopMs)} = ${secondsText(slowestMs)}`,
      help: 'write "fast_recovery" in the checker',
      notes: count === 1 ? [] : [{ message: `${count} checkers of this file need more than 30 s` }],
    });
  },
});
