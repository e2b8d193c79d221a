/**
 * Reads a pcap capture file: packets with the kernel's time stamps. Knows the file format and nothing of what is in a
 * packet. Source: draft-ietf-opsawg-pcap, "PCAP Capture File Format".
 */

export interface CapturedPacket {
  /** Milliseconds since the epoch; to about 0.0002 ms, which is what a double holds there. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

const fileHeaderBytes = 24;
const packetHeaderBytes = 16;
const microsecondMagic = 0xa1b2c3d4;
const nanosecondMagic = 0xa1b23c4d;
const ethernetLinkType = 1;

/**
 * Every whole packet of the file; a last one that is still being written is left out, and an empty file has none.
 * Throws when it is not a capture of Ethernet frames.
 */
export function readPcap(file: Uint8Array): readonly CapturedPacket[] {
  if (file.length < fileHeaderBytes) return [];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { littleEndian, fractionPerMs } = readFileHeader(view);
  const packets: CapturedPacket[] = [];
  let at = fileHeaderBytes;
  while (at + packetHeaderBytes <= file.length) {
    const seconds = view.getUint32(at, littleEndian);
    const fraction = view.getUint32(at + 4, littleEndian);
    const start = at + packetHeaderBytes;
    const end = start + view.getUint32(at + 8, littleEndian);
    if (end > file.length) break;
    packets.push({ atMs: seconds * 1000 + fraction / fractionPerMs, bytes: file.subarray(start, end) });
    at = end;
  }
  return packets;
}

function readFileHeader(view: DataView): { littleEndian: boolean; fractionPerMs: number } {
  const littleEndian = [microsecondMagic, nanosecondMagic].includes(view.getUint32(0, true));
  const magic = view.getUint32(0, littleEndian);
  if (magic !== microsecondMagic && magic !== nanosecondMagic) throw new Error('not a pcap capture file');
  const linkType = view.getUint32(20, littleEndian) & 0x0fffffff;
  if (linkType !== ethernetLinkType) throw new Error(`the capture has link type ${linkType}, not Ethernet`);
  return { littleEndian, fractionPerMs: magic === nanosecondMagic ? 1e6 : 1e3 };
}
