/** What the supervisor keeps of a checker process for its successor, and how that grows and shrinks by what is told. Pure. */
import type { Changes, CheckerMemory, ChildMessage } from './ipc.ts';

export type MemoryNews = Omit<Extract<ChildMessage, { kind: 'remember' }>, 'kind'>;

export const noMemory: CheckerMemory = {
  ownedServices: [],
  holds: [],
  verdicts: new Map(),
  weights: new Map(),
  sysctls: new Map(),
};

export function updateMemory(before: CheckerMemory, news: MemoryNews): CheckerMemory {
  return {
    ownedServices: news.ownedServices ?? before.ownedServices,
    holds: news.holds ?? before.holds,
    verdicts: withChanges(before.verdicts, news.verdicts),
    weights: withChanges(before.weights, news.weights),
    sysctls: withChanges(before.sysctls, news.sysctls),
  };
}

function withChanges<Value>(
  before: ReadonlyMap<string, Value>,
  changes: Changes<Value> | undefined,
): ReadonlyMap<string, Value> {
  if (changes === undefined) return before;
  const after = new Map(before);
  for (const [key, value] of changes) {
    if (value === undefined) after.delete(key);
    else after.set(key, value);
  }
  return after;
}
