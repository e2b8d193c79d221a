/** keepalived.conf(5): interface_up_down_delays, which must be shorter than what a Backup waits. */
import type { InterfaceDelayConfig, VrrpInstanceConfig } from './config.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import type { RootValues } from './tracker-names.ts';

/** The last line of an interface counts. One that outlasts the other router's patience is 0, as keepalived has it. */
export function resolveInterfaceDelays(
  outer: RootValues,
  instances: readonly VrrpInstanceConfig[],
  context: ResolveContext,
): readonly InterfaceDelayConfig[] {
  const lines = new Map(
    outer.entries('interface_up_down_delays').map((given) => [given.value.interface, given] as const),
  );
  return [...lines.values()].map((given) => {
    const { interface: name, downDelayMs, upDelayMs = 0 } = given.value;
    const limitMs = shortestLimitMs(instances.filter((instance) => instance.interface === name));
    if (Math.max(downDelayMs, upDelayMs) >= limitMs) {
      const message = `a delay of ${name} must be below (down_timer_adverts - 1) * advert_int, found ${Math.max(downDelayMs, upDelayMs) / 1000} s and ${limitMs / 1000} s; 0 is used`;
      reportPart({ ...context, given }, 'warning', 'debounce-too-long', message);
    }
    const below = (delayMs: number) => (delayMs < limitMs ? delayMs : 0);
    return { interface: name, downDelayMs: below(downDelayMs), upDelayMs: below(upDelayMs) };
  });
}

/** Infinity where nobody waits. */
function shortestLimitMs(instances: readonly VrrpInstanceConfig[]): number {
  return Math.min(
    ...instances.map(
      ({ downTimerAdverts, advertisementIntervalMs }) => (downTimerAdverts - 1) * advertisementIntervalMs,
    ),
  );
}
