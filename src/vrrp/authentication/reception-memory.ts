/** What an instance remembers of the advertisements that it has accepted. */
import type { IpAddress } from '../../net/address.ts';
import type { SenderMark } from './sequence.ts';

export interface ReceptionMemory {
  /** auth_hmac and auth_type AH: whom we have heard, and how late; the last heard first. Few, and never an unproved sender. */
  readonly senders: readonly SenderMark[];
  /** keepalived.conf(5): old_unicast_checksum. The unicast peers that compute it as keepalived before 1.3.6, and expect it so. */
  readonly oldChecksumPeers: readonly IpAddress[];
}

export const initialReceptionMemory: ReceptionMemory = { senders: [], oldChecksumPeers: [] };
