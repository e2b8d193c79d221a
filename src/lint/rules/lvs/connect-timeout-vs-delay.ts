import type { Span } from '../../../config-parser/index.ts';
import type { CheckerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { checkersOf, isConnecting, secondsText } from './checkers.ts';
import { counted, Places } from './places.ts';

/** keepalived.conf(5): connect_timeout, delay_loop. */
export const connectTimeoutVsDelay = fileRule({
  name: 'lvs/connect-timeout-vs-delay',
  level: 'warn',
  summary: 'A check waits longer for an answer than the time between checks',
  details: `The next check of a server is timed from the end of the last one. Where \`connect_timeout\` is longer than
\`delay_loop\`, a server that does not answer is looked at far less often than \`delay_loop\` says: each try takes the whole
time-out first, and the figure in \`delay_loop\` promises more than it keeps. A server on the same network answers within
milliseconds. Write a \`connect_timeout\` below \`delay_loop\`.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 8
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
    // Most files have the same two figures everywhere, and one mistake.
    const pairs = new Map<string, Pair>();
    for (const checker of checkersOf(virtualServers)) {
      if (!isConnecting(checker)) continue;
      const { connectTimeoutMs, delayLoopMs } = checker;
      if (connectTimeoutMs <= delayLoopMs) continue;
      const key = `${connectTimeoutMs} ${delayLoopMs}`;
      let pair = pairs.get(key);
      if (pair === undefined) {
        pair = { connectTimeoutMs, delayLoopMs, places: new Places() };
        pairs.set(key, pair);
      }
      pair.places.addSpan(() => placeOf(checker));
    }
    for (const { connectTimeoutMs, delayLoopMs, places } of pairs.values()) {
      const who = places.count === 1 ? 'this check waits' : `${counted(places.count, 'check')} wait`;
      report({
        at: places.first,
        message: `${who} ${secondsText(connectTimeoutMs)} for an answer and should run every ${secondsText(delayLoopMs)}: a server that does not answer is checked less often than that`,
        help: `write a connect_timeout below ${secondsText(delayLoopMs).replace(' s', '')}, or a longer delay_loop`,
        notes: places.notes,
      });
    }
  },
});

interface Pair {
  readonly connectTimeoutMs: number;
  readonly delayLoopMs: number;
  readonly places: Places;
}

/** Where the time-out is written: in the checker, or in a block around it. */
function placeOf({ values, realServer, heading }: CheckerModel): Span {
  return (
    values.spanOf('connect_timeout') ??
    realServer.values.spanOf('connect_timeout') ??
    realServer.virtualServer.values.spanOf('connect_timeout') ??
    heading
  );
}
