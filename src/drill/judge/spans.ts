/** Stretches of time, and how they lie over each other. Ends are exclusive. */

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface NodeSpan extends Span {
  readonly node: string;
}

/** Where spans of two different nodes lie over each other, as few stretches as there are. */
export function overlaps(
  spans: readonly NodeSpan[],
): readonly (Span & { readonly nodes: readonly string[] })[] {
  return stretches(spans, (nodes) => nodes.length > 1);
}

/** Where no span lies, between `fromMs` and `toMs`. */
export function gaps(spans: readonly NodeSpan[], fromMs: number, toMs: number): readonly Span[] {
  const inside = spans
    .filter((span) => span.toMs > fromMs && span.fromMs < toMs)
    .toSorted((a, b) => a.fromMs - b.fromMs);
  const found: Span[] = [];
  let coveredToMs = fromMs;
  for (const span of inside) {
    if (span.fromMs > coveredToMs) found.push({ fromMs: coveredToMs, toMs: span.fromMs });
    coveredToMs = Math.max(coveredToMs, span.toMs);
  }
  if (coveredToMs < toMs) found.push({ fromMs: coveredToMs, toMs });
  return found;
}

/** The parts of `spans` between two times. */
export function within<T extends Span>(spans: readonly T[], fromMs: number, toMs: number): readonly T[] {
  return spans
    .filter((span) => span.toMs > fromMs && span.fromMs < toMs)
    .map((span) => ({ ...span, fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(span.toMs, toMs) }));
}

function stretches(
  spans: readonly NodeSpan[],
  isWanted: (nodes: readonly string[]) => boolean,
): readonly (Span & { readonly nodes: readonly string[] })[] {
  const edges = [...new Set(spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort((a, b) => a - b);
  const found: { fromMs: number; toMs: number; nodes: readonly string[] }[] = [];
  for (const [index, fromMs] of edges.entries()) {
    const toMs = edges[index + 1];
    if (toMs === undefined) break;
    const here = spans.filter(
      (span) => span.fromMs <= fromMs && span.toMs >= toMs && span.toMs > span.fromMs,
    );
    const nodes = [...new Set(here.map(({ node }) => node))].sort();
    if (!isWanted(nodes)) continue;
    const last = found.at(-1);
    if (last?.toMs === fromMs && last.nodes.join() === nodes.join()) last.toMs = toMs;
    else found.push({ fromMs, toMs, nodes });
  }
  return found;
}
