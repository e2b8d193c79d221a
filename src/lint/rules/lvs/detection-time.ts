import type { CheckerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { checkersOf, isConnecting, isHttp, plainSeconds, secondsText, urlsOf } from './checkers.ts';

const longMs = 30_000;

/** keepalived.conf(5): delay_loop, retry, delay_before_retry, connect_timeout. */
export const detectionTime = fileRule({
  name: 'lvs/detection-time',
  level: 'info',
  summary: 'It takes more than 30 seconds until a dead real server is taken out',
  details: `A server that dies right after a check is seen by the next one, \`delay_loop\` later. That one waits for
\`connect_timeout\`; then come \`retry\` more tries, each after \`delay_before_retry\` and with a \`connect_timeout\` of its own. In
the worst case the server is taken out after \`delay_loop + retry x (connect_timeout + delay_before_retry) + connect_timeout\`.
An \`HTTP_GET\` with several urls looks at one of them in each \`delay_loop\`. The rule works this out for each checker, and
reports the slowest of the file when it needs more than 30 seconds. Where no \`delay_loop\` is written, another rule says so. A smaller \`delay_loop\` or \`connect_timeout\` shortens it
most; the check of a server that refuses connections is quicker, for it needs no time-out.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 6
            retry 3
            delay_before_retry 3
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
            connect_timeout 2
            retry 2
            delay_before_retry 1
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    let slowest: CheckerModel | undefined;
    let slowestMs = longMs;
    let slowCount = 0;
    for (const checker of checkersOf(virtualServers)) {
      const timeMs = detectionTimeMs(checker);
      if (timeMs === undefined || timeMs <= longMs) continue;
      slowCount += 1;
      if (timeMs <= slowestMs) continue;
      slowestMs = timeMs;
      slowest = checker;
    }
    if (slowest === undefined) return;
    const notes =
      slowCount === 1 ? [] : [{ message: `${slowCount} checkers of this file need more than 30 s` }];
    report({
      at: slowest.heading,
      message: `a dead real server is taken out after up to ${arithmetic(slowest)} = ${secondsText(slowestMs)}`,
      help: 'lower delay_loop, connect_timeout or retry if your clients cannot wait so long',
      notes,
    });
  },
});

/** Undefined for checkers without a time-out of their own, and where no delay_loop is written. */
export function detectionTimeMs(checker: CheckerModel): number | undefined {
  const parts = partsOf(checker);
  if (parts === undefined) return undefined;
  const { rounds, delayLoopMs, timeoutMs, retry, delayMs } = parts;
  return rounds * delayLoopMs + retry * (timeoutMs + delayMs) + timeoutMs;
}

interface Parts {
  /** Checks until each page was asked for once. */
  readonly rounds: number;
  readonly delayLoopMs: number;
  readonly timeoutMs: number;
  readonly retry: number;
  readonly delayMs: number;
}

function partsOf(checker: CheckerModel): Parts | undefined {
  const timeoutMs = timeoutOf(checker);
  if (timeoutMs === undefined || !hasDelayLoop(checker)) return undefined;
  return {
    rounds: isHttp(checker) ? Math.max(urlsOf(checker).length, 1) : 1,
    delayLoopMs: checker.delayLoopMs,
    timeoutMs,
    retry: checker.retry,
    delayMs: checker.delayBeforeRetryMs,
  };
}

/** Where nobody wrote one that is the cause, and lvs/delay-loop-default says so. */
function hasDelayLoop({ values, realServer }: CheckerModel): boolean {
  return (
    values.has('delay_loop') ||
    realServer.values.has('delay_loop') ||
    realServer.virtualServer.values.has('delay_loop')
  );
}

function timeoutOf(checker: CheckerModel): number | undefined {
  if (isConnecting(checker)) return checker.connectTimeoutMs;
  const miscSeconds = checker.kind === 'MISC_CHECK' ? checker.number('misc_timeout') : undefined;
  return miscSeconds === undefined ? undefined : miscSeconds * 1000;
}

/** `6 + 3 x (6 + 3) + 6`, in seconds. */
function arithmetic(checker: CheckerModel): string {
  const parts = partsOf(checker);
  if (parts === undefined) return '';
  const { rounds, retry } = parts;
  const [delayLoop, timeout, delay] = [parts.delayLoopMs, parts.timeoutMs, parts.delayMs].map(plainSeconds);
  const waiting = rounds === 1 ? delayLoop : `${rounds} x ${delayLoop}`;
  return `${waiting} + ${retry} x (${timeout} + ${delay}) + ${timeout}`;
}
