/** Times as operators write and read them: `10m`, `1h30m`, `90`; `3d 4h`, `12 s ago`. */

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A number alone is seconds. Undefined for what is no time. */
export function parseDuration(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  return parts.reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (unitsMs[unit] ?? Number.NaN),
    0,
  );
}

/** In two units at most: what counts is seen at a glance. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(whole, 60, 'm', 1, 's');
  if (whole < 86_400) return two(whole, 3600, 'h', 60, 'm');
  return two(whole, 86_400, 'd', 3600, 'h');
}

function two(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)}${largeUnit}${rest > 0 ? ` ${rest}${smallUnit}` : ''}`;
}
