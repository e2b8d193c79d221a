/** This host's time of day to a fraction of a millisecond, which is what captured packets are stamped with. */

/** Waits up to a millisecond for the next tick of `Date.now`, and counts on from there. */
export function wallClock(): () => number {
  const before = Date.now();
  let tick = before;
  while (tick === before) tick = Date.now();
  const offsetMs = tick - performance.now();
  return () => offsetMs + performance.now();
}
