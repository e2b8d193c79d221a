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
  /** keepalived.conf(5): auth_hmac. Advertisements without a trailer; in permissive mode they are accepted all the same. */
  readonly authExtMissing: number;
  readonly authExtMalformed: number;
  readonly authExtUnknownKey: number;
  readonly authExtInvalidHmac: number;
  /** Their time is not within time_window of ours. */
  readonly authExtStale: number;
  /** Not later than what the same sender has said before. */
  readonly authExtReplay: number;
  readonly priZeroRcvd: number;
  readonly priZeroSent: number;

  readonly versionErr: number;
  readonly checksumErr: number;
  /** A VRID that is not this instance's. */
  readonly vridErr: number;
  /** keepalived.conf(5): check_unicast_src. The sender is no unicast_peer. */
  readonly unicastSourceErr: number;
  /** keepalived.conf(5): owner_ignore_adverts. */
  readonly ownerIgnored: number;
  /** Packets that came while the instance was in Initialize or Fault; not looked at. */
  readonly notRunning: number;
  /** Times that a Master heard another Master that did not give way at once. */
  readonly dualMaster: number;
  /** ARP and neighbour discovery in which another station had one of our addresses while we were Master. */
  readonly addressClaimed: number;
  /** Times that the process did not run for longer than a Backup waits, while Master. */
  readonly pauses: number;
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
  authExtMissing: 0,
  authExtMalformed: 0,
  authExtUnknownKey: 0,
  authExtInvalidHmac: 0,
  authExtStale: 0,
  authExtReplay: 0,
  priZeroRcvd: 0,
  priZeroSent: 0,
  versionErr: 0,
  checksumErr: 0,
  vridErr: 0,
  unicastSourceErr: 0,
  ownerIgnored: 0,
  notRunning: 0,
  dualMaster: 0,
  addressClaimed: 0,
  pauses: 0,
};

/** `statistics` with one more in each of `counters`. */
export function counted(statistics: Statistics, ...counters: readonly Counter[]): Statistics {
  const next = copyOf(statistics);
  for (const counter of counters) next[counter] += 1;
  return next;
}

/** Name by name: for as many as these a spread takes V8 eight times as long, and this is done for every packet. */
function copyOf(from: Statistics): Record<Counter, number> {
  return {
    advertRcvd: from.advertRcvd,
    advertSent: from.advertSent,
    becomeMaster: from.becomeMaster,
    releaseMaster: from.releaseMaster,
    packetLenErr: from.packetLenErr,
    advertIntervalErr: from.advertIntervalErr,
    ipTtlErr: from.ipTtlErr,
    invalidTypeRcvd: from.invalidTypeRcvd,
    addrListErr: from.addrListErr,
    invalidAuthtype: from.invalidAuthtype,
    authtypeMismatch: from.authtypeMismatch,
    authFailure: from.authFailure,
    authExtMissing: from.authExtMissing,
    authExtMalformed: from.authExtMalformed,
    authExtUnknownKey: from.authExtUnknownKey,
    authExtInvalidHmac: from.authExtInvalidHmac,
    authExtStale: from.authExtStale,
    authExtReplay: from.authExtReplay,
    priZeroRcvd: from.priZeroRcvd,
    priZeroSent: from.priZeroSent,
    versionErr: from.versionErr,
    checksumErr: from.checksumErr,
    vridErr: from.vridErr,
    unicastSourceErr: from.unicastSourceErr,
    ownerIgnored: from.ownerIgnored,
    notRunning: from.notRunning,
    dualMaster: from.dualMaster,
    addressClaimed: from.addressClaimed,
    pauses: from.pauses,
  };
}
