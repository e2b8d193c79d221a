/**
 * The longest that the rules in checker-state.ts let something take, for whoever has to wait for it. What the machine adds is not
 * counted. Pure.
 */
import type { CheckerConfig } from '../config-parser/config.ts';
import { attemptsToRecover, bootstrapDelayMs, delayAfter, isWeb } from './checker-state.ts';

/** `one-a-delay-loop` is keepalived's way with the urls of HTTP_GET and SSL_GET; holdfast asks for all in one attempt. */
export type UrlPace = 'all-at-once' | 'one-a-delay-loop';

/** From the failure of a server that is up until its checker says so. `attemptMs` is what a failing attempt takes. */
export function slowestDetectionMs(checker: CheckerConfig, attemptMs: number, pace: UrlPace): number {
  const { delayLoopMs, retry, delayBeforeRetryMs } = checker.timing;
  return rounds(checker, pace) * delayLoopMs + retry * delayBeforeRetryMs + (retry + 1) * attemptMs;
}

/** From the return of a server that is down until its checker says so. The attempt under way as it returns may still fail. */
export function slowestRecoveryMs(checker: CheckerConfig, pace: UrlPace): number {
  const { delayLoopMs, connectTimeoutMs } = checker.timing;
  const furtherAttempts = attemptsToRecover(checker) === 1 ? 0 : rounds(checker, pace);
  return connectTimeoutMs + delayAfter(checker, 'failed') + furtherAttempts * delayLoopMs;
}

/** From the start of the daemon until the checker of a server that works has said so. keepalived.conf(5): alpha, warmup. */
export function slowestFirstVerdictMs(checker: CheckerConfig, pace: UrlPace): number {
  const { delayLoopMs, warmupMs, connectTimeoutMs } = checker.timing;
  const further = isWeb(checker) && !checker.fastRecovery ? rounds(checker, pace) - 1 : 0;
  return bootstrapDelayMs + warmupMs + further * delayLoopMs + connectTimeoutMs;
}

function rounds(checker: CheckerConfig, pace: UrlPace): number {
  return isWeb(checker) && pace === 'one-a-delay-loop' ? checker.urls.length : 1;
}
