/** A time axis: where a time lies on it, and which ticks it has. Pure. */

export interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of a width of 1; outside of the axis it is at the nearer end. */
  readonly at: (ms: number) => number;
}

export function createScale(fromMs: number, toMs: number): Scale {
  const lengthMs = Math.max(toMs - fromMs, 0.001);
  return {
    fromMs,
    toMs: fromMs + lengthMs,
    at: (ms) => Math.min(1, Math.max(0, (ms - fromMs) / lengthMs)),
  };
}

/** `12.345%`. */
export function percent(share: number): string {
  return `${Math.round(share * 100_000) / 1000}%`;
}

/** What people count time in, in milliseconds. */
const steps = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000,
  120_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

/** What lies closer together than this cannot be told apart in a drawing of that length. */
export function finestOf({ fromMs, toMs }: Scale): number {
  return (toMs - fromMs) / 500;
}

export interface Tick {
  readonly atMs: number;
  readonly label: string;
}

/** At whole multiples of a step before and after `zeroAtMs`, at most `most` of them. */
export function ticksOf({ fromMs, toMs }: Scale, zeroAtMs: number, most: number): readonly Tick[] {
  const lengthMs = toMs - fromMs;
  const last = steps.at(-1) ?? 1;
  const stepMs = steps.find((step) => lengthMs / step <= most) ?? last * Math.ceil(lengthMs / most / last);
  const first = Math.ceil((fromMs - zeroAtMs) / stepMs);
  const ticks: Tick[] = [];
  for (let count = first; zeroAtMs + count * stepMs <= toMs; count += 1)
    ticks.push({ atMs: zeroAtMs + count * stepMs, label: tickLabel(count * stepMs, stepMs) });
  return ticks;
}

function tickLabel(offsetMs: number, stepMs: number): string {
  if (Math.abs(offsetMs) < stepMs / 2) return '0';
  const sign = offsetMs < 0 ? '\u2212' : '+';
  const size = Math.abs(offsetMs);
  if (stepMs >= 60_000) return `${sign}${Math.round(size / 60_000)} min`;
  if (stepMs >= 1000) return `${sign}${Math.round(size / 1000)} s`;
  if (size >= 1000) return `${sign}${(size / 1000).toFixed(Math.ceil(3 - Math.log10(stepMs)))} s`;
  return `${sign}${stepMs >= 1 ? Math.round(size) : size.toFixed(1)} ms`;
}
