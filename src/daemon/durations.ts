/** Durations for people. */

/** 0.61 s, 42 s, 3 min 5 s, 2 h 10 min, 4 d 3 h. */
export function describeDuration(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(whole, 60, 'min', 's');
  if (whole < 86_400) return pair(Math.floor(whole / 60), 60, 'h', 'min');
  return pair(Math.floor(whole / 3600), 24, 'd', 'h');
}

function pair(amount: number, size: number, greater: string, smaller: string): string {
  const rest = amount % size;
  const first = `${Math.floor(amount / size)} ${greater}`;
  return rest === 0 ? first : `${first} ${rest} ${smaller}`;
}
