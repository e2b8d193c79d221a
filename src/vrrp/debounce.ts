/** keepalived.conf(5): interface_up_down_delays: an interface must stay up, or down, for a time until that counts. */
import type { InterfaceDelayConfig } from '../config-parser/config.ts';

export interface DebounceState {
  /** What counts. */
  readonly isUp: boolean;
  /** When the other will count, if it stays so. */
  readonly changesAtMs: number | undefined;
}

/** The first look counts at once. */
export function initialDebounce(isUp: boolean): DebounceState {
  return { isUp, changesAtMs: undefined };
}

/** What an interface that is `isUp` at `nowMs` makes of `state`; asked at each change and at `changesAtMs`. */
export function debounced(
  state: DebounceState,
  isUp: boolean,
  { downDelayMs, upDelayMs }: Pick<InterfaceDelayConfig, 'downDelayMs' | 'upDelayMs'>,
  nowMs: number,
): DebounceState {
  if (isUp === state.isUp) return state.changesAtMs === undefined ? state : initialDebounce(isUp);
  const changesAtMs = state.changesAtMs ?? nowMs + (isUp ? upDelayMs : downDelayMs);
  if (nowMs >= changesAtMs) return initialDebounce(isUp);
  return changesAtMs === state.changesAtMs ? state : { ...state, changesAtMs };
}
