/**
 * Reads pcap capture files: packets with the kernel's time stamps, from a whole file or as it grows. Knows the file format
 * and nothing of what is in a packet. Source: draft-ietf-opsawg-pcap, "PCAP Capture File Format".
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
/** LINKTYPE_LINUX_SLL2: of several interfaces at once. */
export const cookedLinkType = 276;

const linkTypeNames: Readonly<Record<number, string>> = {
  [ethernetLinkType]: 'Ethernet',
  [cookedLinkType]: 'Linux cooked v2',
};

/**
 * Every whole packet of the file; a last one that is still being written is left out, and an empty file has none.
 * Throws when it is not a capture of Ethernet frames.
 */
export function readPcap(file: Uint8Array): readonly CapturedPacket[] {
  return new PcapStream(ethernetLinkType).take(file);
}

interface FileHeader {
  readonly littleEndian: boolean;
  readonly fractionPerMs: number;
}

/** A file that is being read piece by piece; the pieces may end anywhere. */
export class PcapStream {
  readonly #linkType: number;
  #rest: Uint8Array = new Uint8Array();
  #header: FileHeader | undefined;

  constructor(linkType: number) {
    this.#linkType = linkType;
  }

  /** The packets that are whole with this piece. Throws when it is not a capture with that link type. */
  take(piece: Uint8Array): readonly CapturedPacket[] {
    const bytes = joined(this.#rest, piece);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    if (this.#header === undefined) {
      this.#rest = bytes;
      if (bytes.length < fileHeaderBytes) return [];
      this.#header = readFileHeader(view, this.#linkType);
      at = fileHeaderBytes;
    }
    const { littleEndian, fractionPerMs } = this.#header;
    const packets: CapturedPacket[] = [];
    while (at + packetHeaderBytes <= bytes.length) {
      const seconds = view.getUint32(at, littleEndian);
      const fraction = view.getUint32(at + 4, littleEndian);
      const start = at + packetHeaderBytes;
      const end = start + view.getUint32(at + 8, littleEndian);
      if (end > bytes.length) break;
      packets.push({ atMs: seconds * 1000 + fraction / fractionPerMs, bytes: bytes.subarray(start, end) });
      at = end;
    }
    this.#rest = bytes.subarray(at);
    return packets;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function readFileHeader(view: DataView, wanted: number): FileHeader {
  const littleEndian = [microsecondMagic, nanosecondMagic].includes(view.getUint32(0, true));
  const magic = view.getUint32(0, littleEndian);
  if (magic !== microsecondMagic && magic !== nanosecondMagic) throw new Error('not a pcap capture file');
  const linkType = view.getUint32(20, littleEndian) & 0x0fffffff;
  if (linkType !== wanted)
    throw new Error(`the capture has link type ${linkType}, not ${linkTypeNames[wanted] ?? wanted}`);
  return { littleEndian, fractionPerMs: magic === nanosecondMagic ? 1e6 : 1e3 };
}
