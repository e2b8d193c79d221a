/**
 * Runs the way to Master many times on nothing before it is needed: the first takeover is also the first time that this code
 * runs, and an interpreter that meets it cold costs a good part of a millisecond, just when it matters.
 */
import type { VrrpInstanceConfig } from '../../config-parser/config.ts';
import { address, type IpAddress } from '../../net/address.ts';
import { encodeGratuitousArp } from '../../net/arp.ts';
import { advertisementOf, encodeAdvertisement, initialState, nextTimeout, step } from '../../vrrp/index.ts';
import type { Datagram } from '../../vrrp/messages.ts';

/** Enough for the optimising compiler to have seen it; some tens of milliseconds, at start only. */
const rounds = 2000;

const source = address('192.0.2.1');
const peer = address('192.0.2.2');
const virtualAddress = {
  address: address('192.0.2.3'),
  prefixLength: 24,
  interface: 'warm-up',
  scope: 0,
};

const config: VrrpInstanceConfig = {
  name: 'warm-up',
  initialState: 'BACKUP',
  interface: 'warm-up',
  family: 4,
  version: 2,
  vrid: 1,
  basePriority: 100,
  advertisementIntervalMs: 1000,
  authentication: { type: 'PASS', password: 'warm-up' },
  multicastGroup: address('224.0.0.18'),
  virtualAddresses: [virtualAddress],
  excludedAddresses: [],
  preempt: true,
  preemptDelayMs: 0,
  downTimerAdverts: 3,
  gratuitousArp: {
    masterDelayMs: 5000,
    masterRepeat: 5,
    masterRefreshMs: 0,
    masterRefreshRepeat: 1,
    lowerPrioDelayMs: 5000,
    lowerPrioRepeat: 5,
  },
  lowerPrioNoAdvert: false,
  higherPrioSendAdvert: false,
  skipCheckAdvAddr: false,
};

/** Returns how many bytes were encoded, so that no compiler may leave the work out. */
export function warmUp(): number {
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) bytes += takeOver();
  return bytes;
}

function takeOver(): number {
  const started = step(config, initialState(config), { kind: 'startup', sourceAddress: source }, 0).next;
  const heard = step(config, started, { kind: 'packet', datagram: peersAdvertisement() }, 100).next;
  const { effects } = step(config, heard, { kind: 'timeout' }, nextTimeout(heard) ?? 0);
  let bytes = 0;
  for (const effect of effects) {
    if (effect.kind === 'sendAdvertisement') bytes += encode(effect.priority, source).length;
    if (effect.kind === 'sendGratuitousArp') bytes += encodeArp();
  }
  return bytes;
}

function peersAdvertisement(): Datagram {
  return {
    source: peer,
    destination: config.multicastGroup,
    hopLimit: 255,
    payload: encode(200, peer),
  };
}

function encodeArp(): number {
  return encodeGratuitousArp({ sourceMac: new Uint8Array(6), address: virtualAddress.address }).length;
}

function encode(priority: number, from: IpAddress): Uint8Array {
  return encodeAdvertisement(advertisementOf(config, priority), {
    source: from,
    destination: config.multicastGroup,
  });
}
