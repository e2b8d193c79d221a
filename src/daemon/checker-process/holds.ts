/** Servers that operators have drained: which they are, until when, and what a command makes of them. Pure. */
import type { RealServerConfig } from '../../config-parser/config.ts';
import { realServerKey } from '../../healthcheck/index.ts';
import type { ServerHold } from '../ipc.ts';

/** By `holdKey`. */
export type Holds = ReadonlyMap<string, ServerHold>;

export function holdKey(virtualServer: string, realServer: string): string {
  return `${virtualServer} ${realServer}`;
}

export function holdsOf(holds: readonly ServerHold[]): Holds {
  return new Map(holds.map((hold) => [keyOf(hold), hold]));
}

export function holdOf(
  holds: Holds,
  virtualServer: string,
  realServer: Pick<RealServerConfig, 'address' | 'port'>,
): ServerHold | undefined {
  return holds.get(holdKey(virtualServer, realServerKey(realServer)));
}

export function withHolds(holds: Holds, added: readonly ServerHold[]): Holds {
  return new Map([...holds, ...holdsOf(added)]);
}

export function withoutHolds(holds: Holds, removed: readonly ServerHold[]): Holds {
  const gone = new Set(removed.map(keyOf));
  return new Map([...holds].filter(([key]) => !gone.has(key)));
}

/** Whose time is over. */
export function expiredHolds(holds: Holds, nowMs: number): readonly ServerHold[] {
  return [...holds.values()].filter(({ untilMs }) => untilMs !== undefined && untilMs <= nowMs);
}

/** When the next one ends; undefined while none does. */
export function nextExpiryMs(holds: Holds): number | undefined {
  const ends = [...holds.values()].flatMap(({ untilMs }) => untilMs ?? []);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function keyOf({ virtualServer, realServer }: ServerHold): string {
  return holdKey(virtualServer, realServerKey(realServer));
}
