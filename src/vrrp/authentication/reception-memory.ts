/** What an instance remembers of the advertisements that it has accepted. */
import type { IpAddress } from '../../net/address.ts';
import type { Datagram } from '../messages.ts';
import type { VrrpPacket } from '../packet.ts';
import type { ReceptionConfig } from '../reception-checks.ts';
import type { SenderMark } from './sequence.ts';

export interface ReceptionMemory {
  /** auth_hmac and auth_type AH: whom we have heard, and how late; the last heard first. Few, and never an unproved sender. */
  readonly senders: readonly SenderMark[];
  /** keepalived.conf(5): old_unicast_checksum. The unicast peers that compute it as keepalived before 1.3.6, and expect it so. */
  readonly oldChecksumPeers: readonly IpAddress[];
  /** The last of all, where nothing is signed: the next one is nearly always the same. */
  readonly last?: AcceptedPacket;
}

/** What was accepted, and by which configuration. */
export interface AcceptedPacket {
  readonly config: ReceptionConfig;
  readonly datagram: Datagram;
  readonly result: { readonly ok: true; readonly value: VrrpPacket };
}

export const initialReceptionMemory: ReceptionMemory = { senders: [], oldChecksumPeers: [] };
