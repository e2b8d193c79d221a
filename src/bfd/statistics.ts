/** The counters of a session, and of packets that belong to none. They only grow; a packet not acted on always has one. */
import type { PacketDropCounter } from './packet.ts';

export interface SessionStatistics {
  /** Packets that passed every check. */
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly becomeUp: number;
  readonly leaveUp: number;
  /** A TTL or Hop Limit that says the packet has come further than max_hops. */
  readonly hopLimitErr: number;
  /** The packet is authenticated, and authentication is not in use. */
  readonly authErr: number;
  /** Both the Poll and the Final bit. */
  readonly pollFinalErr: number;
  /** Packets that came while the session was AdminDown. */
  readonly adminDown: number;
}

export type SessionCounter = keyof SessionStatistics;

export const zeroStatistics: SessionStatistics = {
  packetsReceived: 0,
  packetsSent: 0,
  becomeUp: 0,
  leaveUp: 0,
  hopLimitErr: 0,
  authErr: 0,
  pollFinalErr: 0,
  adminDown: 0,
};

/** `statistics` with one more in `counter`. */
export function counted(statistics: SessionStatistics, counter: SessionCounter): SessionStatistics {
  return { ...statistics, [counter]: statistics[counter] + 1 };
}

/** Why a packet reached no session: it is not valid, or nobody here has that discriminator or that neighbour. */
export type UnclaimedCounter = PacketDropCounter | 'unknownDiscriminator' | 'unknownNeighbor';

export type UnclaimedStatistics = Record<UnclaimedCounter, number>;

export function zeroUnclaimed(): UnclaimedStatistics {
  return {
    versionErr: 0,
    lengthErr: 0,
    detectMultErr: 0,
    multipointErr: 0,
    myDiscriminatorErr: 0,
    yourDiscriminatorErr: 0,
    unknownDiscriminator: 0,
    unknownNeighbor: 0,
  };
}
