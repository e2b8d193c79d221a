/**
 * The BFD Control packet (RFC 5880 section 4.1) as a value and as bytes, and the reception checks that need nothing but the
 * packet. Authentication is not implemented: a packet that has it is read up to its authentication section.
 */
import { type Decoded, decoded, rejected } from '../net/decoded.ts';

/** RFC 5880 section 6.2, in the order of their numbers on the wire. */
const stateNames = ['AdminDown', 'Down', 'Init', 'Up'] as const;
export type SessionStateName = (typeof stateNames)[number];

export interface BfdPacket {
  /** See `diagnostics`; numbers that nobody has defined yet are kept as they are. */
  readonly diagnostic: number;
  readonly state: SessionStateName;
  readonly isPoll: boolean;
  readonly isFinal: boolean;
  readonly hasAuthentication: boolean;
  readonly isDemand: boolean;
  /** 1 to 255. */
  readonly detectMultiplier: number;
  /** Not 0. */
  readonly myDiscriminator: number;
  /** 0 while the sender does not know ours. */
  readonly yourDiscriminator: number;
  readonly desiredMinTxMs: number;
  readonly requiredMinRxMs: number;
  /** 0: the sender takes no Echo packets. */
  readonly requiredMinEchoRxMs: number;
}

export type PacketDropCounter =
  | 'versionErr'
  | 'lengthErr'
  | 'detectMultErr'
  | 'multipointErr'
  | 'myDiscriminatorErr'
  | 'yourDiscriminatorErr';

/** RFC 5880 section 4.1, field Diag. */
export const diagnostics = {
  none: 0,
  detectionTimeExpired: 1,
  neighborSignaledDown: 3,
  administrativelyDown: 7,
} as const;

const version = 1;
const mandatoryBytes = 24;
/** RFC 5880 section 6.8.6: with an authentication section, at least its type and length. */
const shortestAuthenticatedBytes = 26;
const longestInterval = 0xffff_ffff;

const flags = { poll: 0x20, final: 0x10, authentication: 0x04, demand: 0x02, multipoint: 0x01 } as const;

/**
 * Never with an authentication section. Intervals are rounded to the microsecond, and cut at the longest that the field holds.
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Vers |  Diag   |Sta|P|F|C|A|D|M|  Detect Mult  |    Length     |
 * |                       My Discriminator                        |
 * |                      Your Discriminator                       |
 * |                    Desired Min TX Interval                    |
 * |                   Required Min RX Interval                    |
 * |                 Required Min Echo RX Interval                 |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
export function encodePacket(packet: BfdPacket): Uint8Array {
  const bytes = new Uint8Array(mandatoryBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, (version << 5) | packet.diagnostic);
  view.setUint8(1, (stateNames.indexOf(packet.state) << 6) | flagBits(packet));
  view.setUint8(2, packet.detectMultiplier);
  view.setUint8(3, mandatoryBytes);
  view.setUint32(4, packet.myDiscriminator);
  view.setUint32(8, packet.yourDiscriminator);
  view.setUint32(12, microseconds(packet.desiredMinTxMs));
  view.setUint32(16, microseconds(packet.requiredMinRxMs));
  view.setUint32(20, microseconds(packet.requiredMinEchoRxMs));
  return bytes;
}

/** RFC 5880 section 6.8.6 as far as it concerns the packet alone, in its order. Bytes behind the packet are tolerated. */
export function decodePacket(payload: Uint8Array): Decoded<BfdPacket, PacketDropCounter> {
  const [versionAndDiagnostic = 0, stateAndFlags = 0, detectMultiplier = 0, length = 0] = payload;
  const refused = refusedHeader(payload);
  if (refused !== undefined) return refused;
  const view = new DataView(payload.buffer, payload.byteOffset, length);
  const packet: BfdPacket = {
    diagnostic: versionAndDiagnostic & 0x1f,
    state: stateNames[stateAndFlags >> 6] ?? 'Down',
    isPoll: (stateAndFlags & flags.poll) !== 0,
    isFinal: (stateAndFlags & flags.final) !== 0,
    hasAuthentication: (stateAndFlags & flags.authentication) !== 0,
    isDemand: (stateAndFlags & flags.demand) !== 0,
    detectMultiplier,
    myDiscriminator: view.getUint32(4),
    yourDiscriminator: view.getUint32(8),
    desiredMinTxMs: view.getUint32(12) / 1000,
    requiredMinRxMs: view.getUint32(16) / 1000,
    requiredMinEchoRxMs: view.getUint32(20) / 1000,
  };
  return refusedDiscriminators(packet) ?? decoded(packet);
}

type Refusal = ReturnType<typeof rejected<PacketDropCounter>>;

function refusedHeader(payload: Uint8Array): Refusal | undefined {
  const [versionAndDiagnostic = 0, stateAndFlags = 0, detectMultiplier = 0, length = 0] = payload;
  const received = versionAndDiagnostic >> 5;
  const hasAuthentication = (stateAndFlags & flags.authentication) !== 0;
  const shortest = hasAuthentication ? shortestAuthenticatedBytes : mandatoryBytes;
  if (payload.length > 0 && received !== version)
    return rejected('versionErr', `BFD version is ${received} and must be ${version}`);
  if (payload.length < shortest || length < shortest)
    return rejected(
      'lengthErr',
      `packet too short: ${payload.length} bytes, its length field says ${length}, at least ${shortest} are needed`,
    );
  if (length > payload.length)
    return rejected('lengthErr', `the length field says ${length} bytes and ${payload.length} came`);
  if (detectMultiplier === 0) return rejected('detectMultErr', 'the detection multiplier is 0');
  if ((stateAndFlags & flags.multipoint) !== 0)
    return rejected('multipointErr', 'the multipoint bit is set, which is reserved');
  return undefined;
}

function refusedDiscriminators(packet: BfdPacket): Refusal | undefined {
  const { myDiscriminator, yourDiscriminator, state } = packet;
  if (myDiscriminator === 0) return rejected('myDiscriminatorErr', 'My Discriminator is 0');
  if (yourDiscriminator !== 0 || state === 'Down' || state === 'AdminDown') return undefined;
  return rejected('yourDiscriminatorErr', `Your Discriminator is 0 in state ${state}`);
}

function flagBits(packet: BfdPacket): number {
  return (
    (packet.isPoll ? flags.poll : 0) |
    (packet.isFinal ? flags.final : 0) |
    (packet.hasAuthentication ? flags.authentication : 0) |
    (packet.isDemand ? flags.demand : 0)
  );
}

function microseconds(ms: number): number {
  return Math.min(Math.round(ms * 1000), longestInterval);
}
