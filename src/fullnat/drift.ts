/** What two listings of our rules differ in, and how that is told. */

export interface Drift {
  readonly missing: readonly string[];
  /** There, and not ours. */
  readonly unknown: readonly string[];
}

/** Undefined when both say the same, in whatever order. */
export function compareFacts(wanted: readonly string[], found: readonly string[]): Drift | undefined {
  const missing = without(wanted, found);
  const unknown = without(found, wanted);
  return missing.length + unknown.length === 0 ? undefined : { missing, unknown };
}

/** `nothing of them was left`, or what is missing and what is unknown, a few of each. */
export function describeDrift({ missing, unknown }: Drift, wantedCount: number): string {
  if (missing.length === wantedCount && unknown.length === 0) return 'nothing of them was left';
  return [
    ...(missing.length === 0 ? [] : [`missing: ${some(missing)}`]),
    ...(unknown.length === 0 ? [] : [`not ours: ${some(unknown)}`]),
  ].join('; ');
}

const mostNamed = 3;

function some(facts: readonly string[]): string {
  const named = facts.slice(0, mostNamed).map((fact) => `"${fact}"`);
  const rest = facts.length - named.length;
  return rest === 0 ? named.join(', ') : `${named.join(', ')} and ${rest} more`;
}

/** A fact that is there twice counts twice. */
function without(list: readonly string[], taken: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const fact of taken) counts.set(fact, (counts.get(fact) ?? 0) + 1);
  return list.filter((fact) => {
    const count = counts.get(fact) ?? 0;
    counts.set(fact, count - 1);
    return count <= 0;
  });
}
