/** How long the checks of the files can take to notice that a real server fails in some way, and that it is well again. Pure. */
import { idleTxMs } from '../../bfd/index.ts';
import type { BfdInstanceConfig, CheckerConfig } from '../../config-parser/config.ts';
import { slowestDetectionMs, slowestRecoveryMs, type UrlPace } from '../../healthcheck/index.ts';
import type { ServerUse } from '../topology/derive-servers.ts';
import type { ScenarioContext, ServerExpectation } from './scenario.ts';

export type Failure = 'killed' | 'refusing' | 'hung' | 'failing';

export function urlPaceOf(isKeepalived: boolean): UrlPace {
  return isKeepalived ? 'one-a-delay-loop' : 'all-at-once';
}

/** The worst that the checks of the files allow; every use has to notice it. */
export function noticing(
  context: ScenarioContext,
  failure: Failure,
  servers: ReadonlyMap<string, readonly ServerUse[]>,
): ServerExpectation {
  const uses = [...servers.values()].flat();
  // Each node checks for itself, and all have to have noticed.
  const pace = urlPaceOf(context.nodes.some(({ name }) => context.daemonOf(name) === 'keepalived'));
  const sessions = context.nodes.flatMap(({ config }) => config.trackers.bfds);
  const times = uses.map((use) => detection(use, failure, pace, sessions));
  const names = [...servers.keys()];
  const backs = uses.flatMap(({ checkers }) =>
    checkers.map((checker) => recovery(checker, sessions) ?? slowestRecoveryMs(checker, pace)),
  );
  const backLimitMs = Math.max(0, ...backs) + context.slackMs;
  const unable = uses.find((_, index) => times[index] === undefined);
  if (unable !== undefined) {
    const checks = unable.checkers.map(({ kind }) => kind).join(', ') || 'no check';
    return {
      servers: names,
      backLimitMs,
      why: `${checks} cannot see that a server ${failureWords[failure]}`,
    };
  }
  const outLimitMs = Math.max(0, ...times.map((one) => one ?? 0)) + context.slackMs;
  return { servers: names, outLimitMs, backLimitMs, why: 'delay_loop, then every retry, by the files' };
}

const failureWords: Readonly<Record<Failure, string>> = {
  killed: 'is gone',
  refusing: 'refuses connections',
  hung: 'hangs',
  failing: 'answers with status 500',
};

/** Undefined where no check notices. */
function detection(
  { checkers, virtualServer }: ServerUse,
  failure: Failure,
  pace: UrlPace,
  sessions: readonly BfdInstanceConfig[],
): number | undefined {
  if (virtualServer.alpha && checkers.length === 0) return undefined;
  const times = checkers
    .filter((checker) => notices(checker, failure))
    .map((checker) => {
      const attemptMs = failure === 'killed' || failure === 'hung' ? checker.timing.connectTimeoutMs : 0;
      return silence(checker, sessions) ?? slowestDetectionMs(checker, attemptMs, pace);
    });
  return times.length === 0 ? undefined : Math.min(...times);
}

/** BFD_CHECK is told by its session: RFC 5880 section 6.8.4. */
function silence(checker: CheckerConfig, sessions: readonly BfdInstanceConfig[]): number | undefined {
  const times = sessionsOf(checker, sessions).map(
    (one) => one.multiplier * Math.max(one.minRxMs, one.minTxMs),
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

/** A session that is not up sends every idle_tx, and three packets make it so: section 6.2. */
function recovery(checker: CheckerConfig, sessions: readonly BfdInstanceConfig[]): number | undefined {
  const times = sessionsOf(checker, sessions).map((one) => 3 * idleTxMs(one));
  return times.length === 0 ? undefined : Math.max(...times);
}

function sessionsOf(
  checker: CheckerConfig,
  sessions: readonly BfdInstanceConfig[],
): readonly BfdInstanceConfig[] {
  return checker.kind === 'BFD_CHECK' ? sessions.filter(({ name }) => name === checker.name) : [];
}

function notices(checker: CheckerConfig, failure: Failure): boolean {
  switch (checker.kind) {
    case 'TCP_CHECK':
      return failure === 'killed' || failure === 'refusing';
    case 'HTTP_GET':
    case 'SSL_GET':
      return (
        failure !== 'failing' ||
        checker.urls.some(
          ({ statusCodes }) => !statusCodes.some(({ first, last }) => first <= 500 && 500 <= last),
        )
      );
    case 'SMTP_CHECK':
    case 'DNS_CHECK':
      return failure !== 'failing';
    case 'UDP_CHECK':
      return failure === 'refusing' || (checker.reply !== undefined && failure !== 'failing');
    case 'PING_CHECK':
    case 'BFD_CHECK':
      return failure === 'killed';
    case 'MISC_CHECK':
      return true;
    case 'FILE_CHECK':
      return false;
  }
}
