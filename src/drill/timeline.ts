/** Arithmetic on what was seen and when: how long a takeover took, how long service was gone, what is typical. */
import type { Sighting } from './frames.ts';

export interface Takeover {
  readonly lastOfOldAtMs: number;
  readonly firstOfNewAtMs: number;
  /** From the old Master's last advertisement to the new one's first. */
  readonly gapMs: number;
  /** From the new Master's first advertisement to its first gratuitous ARP. */
  readonly announcedAfterMs: number;
}

export interface TakeoverQuestion {
  readonly vrid: number;
  /** The address that the old Master's advertisements come from. */
  readonly from: string;
  readonly to: string;
  /** Nothing seen before this counts as the new Master's first. */
  readonly sinceMs: number;
}

/** Undefined as long as the new Master has not both advertised and announced its address. */
export function findTakeover(
  sightings: readonly Sighting[],
  question: TakeoverQuestion,
): Takeover | undefined {
  const adverts = sightings.filter((seen) => seen.kind === 'advertisement' && seen.vrid === question.vrid);
  const from = (address: string) => (seen: Sighting) =>
    seen.kind === 'advertisement' && seen.source === address;
  const first = adverts.filter(from(question.to)).find((seen) => seen.atMs >= question.sinceMs);
  const last = adverts.filter(from(question.from)).findLast((seen) => first && seen.atMs < first.atMs);
  const announced = sightings.find(
    (seen) => first && seen.kind === 'gratuitousArp' && seen.atMs >= first.atMs,
  );
  if (first === undefined || last === undefined || announced === undefined) return undefined;
  return {
    lastOfOldAtMs: last.atMs,
    firstOfNewAtMs: first.atMs,
    gapMs: first.atMs - last.atMs,
    announcedAfterMs: announced.atMs - first.atMs,
  };
}

/** One request of the client. `server` is who answered; undefined when nobody did. */
export interface Request {
  readonly atMs: number;
  readonly source: string;
  readonly server: string | undefined;
  readonly error?: string;
}

/** The middle one, or the mean of the two in the middle. Throws when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error('no values, no median');
  return (lower + upper) / 2;
}
