/** How often a vrrp_script runs and what that adds up to. keepalived.conf(5): vrrp_script. */
import type { GivenOf, schema } from '../../../../config-parser/index.ts';

type GivenScript = GivenOf<typeof schema.keywords.vrrp_script>;

const usualIntervalMs = 1000;

export interface ScriptTiming {
  readonly intervalMs: number;
  /** As long as the interval where it is not given. */
  readonly timeoutMs: number;
  readonly fall: number;
  readonly rise: number;
}

export function timingOf({ values }: GivenScript): ScriptTiming {
  const intervalMs = values.value('interval') ?? usualIntervalMs;
  return {
    intervalMs,
    timeoutMs: values.value('timeout') ?? intervalMs,
    fall: values.value('fall') ?? 1,
    rise: values.value('rise') ?? 1,
  };
}

export function secondsText(ms: number): string {
  return `${ms / 1000} s`;
}
