/** Counters never fall, and each packet is either accepted or has exactly one reason why not. */
import { type Counter, zeroStatistics } from '../../src/vrrp/index.ts';
import type { Record, Stepped } from './record.ts';
import { understanding } from './rfc.ts';

const dropCounters: readonly Counter[] = [
  'packetLenErr',
  'vridErr',
  'ipTtlErr',
  'versionErr',
  'invalidAuthtype',
  'authtypeMismatch',
  'authFailure',
  'authExtMissing',
  'authExtMalformed',
  'authExtUnknownKey',
  'authExtInvalidHmac',
  'authExtStale',
  'authExtReplay',
  'advertIntervalErr',
  'invalidTypeRcvd',
  'checksumErr',
  'unicastSourceErr',
  'notRunning',
];

const allCounters = Object.keys(zeroStatistics) as Counter[];

type Objector = (objection: string) => never;

export function countersGrow({ before, instance }: Stepped, object: Objector): void {
  const was = before.statistics;
  const is = instance.state.statistics;
  if (was === is) return;
  for (const counter of allCounters) {
    if (is[counter] < was[counter]) object(`let its counter ${counter} fall`);
  }
}

/** Whether the packet was heard; objects where that is not what it deserved. */
export function countedOnce(happened: Stepped, record: Record, object: Objector): boolean {
  const { before, instance } = happened;
  const was = before.statistics;
  const is = instance.state.statistics;
  const heard = is.advertRcvd - was.advertRcvd;
  let dropped = 0;
  for (const counter of dropCounters) dropped += is[counter] - was[counter];
  if (heard + dropped !== 1) object(`counted a packet ${heard + dropped} times`);
  const deserves = deserved(happened, record);
  if (deserves !== 'either' && (heard === 1) !== (deserves === 'heard'))
    object(heard === 1 ? 'heard a bad packet' : 'dropped a good packet');
  if (heard === 1 && happened.packet !== undefined)
    record.signed.set(happened.packet.sender, happened.packet.order);
  return heard === 1;
}

function deserved({ before, instance, packet }: Stepped, record: Record): 'heard' | 'dropped' | 'either' {
  if (packet === undefined || packet.isCorrupt) return 'dropped';
  if (before.name === 'Initialize' || before.name === 'Fault') return 'dropped';
  const { config } = instance;
  if (understanding(packet.config) !== understanding(config)) return 'dropped';
  const isSigned = config.authentication.type === 'AH' || config.authHmac !== undefined;
  if (!isSigned) return 'heard';
  const last = record.signed.get(packet.sender);
  if (last !== undefined && packet.order <= last) return 'dropped';
  // AH counts anew in a new process, at the seconds since 1970, and may be behind for as many as it had been ahead.
  return config.authentication.type === 'AH' && packet.start > 1 ? 'either' : 'heard';
}
