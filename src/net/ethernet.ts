/** Ethernet II frames, as AF_PACKET sockets send them: without preamble, padding and frame check sequence. */

/** Ethernet type field (IANA, IEEE 802 numbers). */
export const etherType = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;

export const broadcastMac: Uint8Array = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

export interface EthernetFrame {
  /** 6 bytes. */
  readonly destination: Uint8Array;
  /** 6 bytes. */
  readonly source: Uint8Array;
  readonly etherType: number;
  readonly payload: Uint8Array;
}

/** Throws when a hardware address does not have 6 bytes: only Ethernet-like interfaces have such frames. */
export function encodeEthernetFrame(frame: EthernetFrame): Uint8Array {
  for (const mac of [frame.destination, frame.source]) {
    if (mac.length !== 6) throw new Error(`an Ethernet address has 6 bytes, not ${mac.length}`);
  }
  const type = [frame.etherType >> 8, frame.etherType & 0xff];
  return Uint8Array.from([...frame.destination, ...frame.source, ...type, ...frame.payload]);
}
