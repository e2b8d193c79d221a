/**
 * keepalived.conf(5): BFD_CHECK. The server is well while a BFD session is up. Not asked again and again: each new state of the
 * session gives a new outcome. Pure.
 */
import type { BfdCheckConfig } from '../../config-parser/config.ts';
import type { ProbeOutcome } from '../probe.ts';

/** `isUp` is undefined where nothing has been told of the session yet. */
export function outcomeOfSession({ name }: BfdCheckConfig, isUp: boolean | undefined): ProbeOutcome {
  if (isUp === undefined) {
    return {
      kind: 'inconclusive',
      detail: `Nothing is known of the BFD session ${name} yet.`,
      elapsedMs: 0,
    };
  }
  if (isUp) return { kind: 'ok', elapsedMs: 0 };
  return { kind: 'failed', reason: 'other', detail: `The BFD session ${name} is down.`, elapsedMs: 0 };
}
