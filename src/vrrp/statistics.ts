/**
 * The counters of an instance. They only grow, and every packet that is not acted on has one: a drop always has a reason.
 * The first group has the names of keepalived's JSON dump in camelCase; the second are reasons that keepalived does not count.
 */

export interface Statistics {
  /** Advertisements that passed every check. */
  readonly advertRcvd: number;
  readonly advertSent: number;
  readonly becomeMaster: number;
  readonly releaseMaster: number;
  readonly packetLenErr: number;
  readonly advertIntervalErr: number;
  readonly ipTtlErr: number;
  readonly invalidTypeRcvd: number;
  /** Also counts accepted advertisements whose address list is not ours. */
  readonly addrListErr: number;
  readonly invalidAuthtype: number;
  readonly authtypeMismatch: number;
  readonly authFailure: number;
  readonly priZeroRcvd: number;
  readonly priZeroSent: number;

  readonly versionErr: number;
  readonly checksumErr: number;
  /** A VRID that is not this instance's. */
  readonly vridErr: number;
  /** Packets that came while the instance was in Initialize or Fault; not looked at. */
  readonly notRunning: number;
}

export type Counter = keyof Statistics;

export const zeroStatistics: Statistics = {
  advertRcvd: 0,
  advertSent: 0,
  becomeMaster: 0,
  releaseMaster: 0,
  packetLenErr: 0,
  advertIntervalErr: 0,
  ipTtlErr: 0,
  invalidTypeRcvd: 0,
  addrListErr: 0,
  invalidAuthtype: 0,
  authtypeMismatch: 0,
  authFailure: 0,
  priZeroRcvd: 0,
  priZeroSent: 0,
  versionErr: 0,
  checksumErr: 0,
  vridErr: 0,
  notRunning: 0,
};

/** `statistics` with one more in each of `counters`. */
export function counted(statistics: Statistics, ...counters: readonly Counter[]): Statistics {
  const next: Record<Counter, number> = { ...statistics };
  for (const counter of counters) next[counter] += 1;
  return next;
}
