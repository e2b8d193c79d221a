/**
 * Netlink attributes: bytes to attributes and back (linux/netlink.h, struct nlattr). Knows lengths, padding and byte
 * order; not what any attribute means.
 *
 *      2 bytes      2 bytes     length - 4 bytes, then zeros up to a multiple of 4
 *   +-----------+-----------+--------------------------+
 *   |  length   |   type    |           data           |
 *   +-----------+-----------+--------------------------+
 *
 * Numbers are in the machine's own byte order, save those whose name ends in Network.
 */

/** Attributes by type. Of two with the same type the later one counts, as in the kernel. */
export type Attributes = ReadonlyMap<number, Uint8Array>;

/** Whether this machine, and so its kernel, stores the low byte first. */
export const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const headerBytes = 4;
/** NLA_TYPE_MASK: the two high bits say "nested" and "network byte order". */
const typeMask = 0x3fff;
const nestedFlag = 0x8000;

/** One attribute, padded. Throws for data that no attribute can hold. */
export function attribute(type: number, data: Uint8Array): Uint8Array {
  const length = headerBytes + data.length;
  if (length > 0xffff) throw new Error(`a netlink attribute holds at most 65531 bytes, not ${data.length}`);
  const bytes = new Uint8Array(align(length));
  const view = viewOf(bytes);
  view.setUint16(0, length, littleEndian);
  view.setUint16(2, type, littleEndian);
  bytes.set(data, headerBytes);
  return bytes;
}

/** An attribute made of other attributes. */
export function nestedAttribute(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return attribute(type | nestedFlag, concatenate(parts));
}

export function attributeU8(type: number, value: number): Uint8Array {
  return attribute(type, Uint8Array.of(value));
}

export function attributeU16(type: number, value: number): Uint8Array {
  return numeric(type, 2, (view) => view.setUint16(0, value, littleEndian));
}

export function attributeU16Network(type: number, value: number): Uint8Array {
  return numeric(type, 2, (view) => view.setUint16(0, value));
}

export function attributeU32(type: number, value: number): Uint8Array {
  return numeric(type, 4, (view) => view.setUint32(0, value, littleEndian));
}

export function attributeU32Network(type: number, value: number): Uint8Array {
  return numeric(type, 4, (view) => view.setUint32(0, value));
}

/** Text ended by a zero byte. */
export function attributeText(type: number, value: string): Uint8Array {
  const text = new TextEncoder().encode(value);
  const data = new Uint8Array(text.length + 1);
  data.set(text);
  return attribute(type, data);
}

/** The attributes in `bytes`; undefined when a length is impossible. */
export function decodeAttributes(bytes: Uint8Array): Attributes | undefined {
  const view = viewOf(bytes);
  const attributes = new Map<number, Uint8Array>();
  for (let offset = 0; offset < bytes.length; ) {
    if (bytes.length - offset < headerBytes) return undefined;
    const length = view.getUint16(offset, littleEndian);
    if (length < headerBytes || offset + length > bytes.length) return undefined;
    const type = view.getUint16(offset + 2, littleEndian) & typeMask;
    attributes.set(type, bytes.subarray(offset + headerBytes, offset + length));
    offset += align(length);
  }
  return attributes;
}

/** The attributes inside attribute `type`; undefined when it is absent or malformed. */
export function readNested(attributes: Attributes, type: number): Attributes | undefined {
  const data = attributes.get(type);
  return data && decodeAttributes(data);
}

/** The readers answer undefined when the attribute is absent or has another length. */
export function readU8(attributes: Attributes, type: number): number | undefined {
  return read(attributes, type, 1)?.getUint8(0);
}

export function readU16(attributes: Attributes, type: number): number | undefined {
  return read(attributes, type, 2)?.getUint16(0, littleEndian);
}

export function readU16Network(attributes: Attributes, type: number): number | undefined {
  return read(attributes, type, 2)?.getUint16(0);
}

export function readU32(attributes: Attributes, type: number): number | undefined {
  return read(attributes, type, 4)?.getUint32(0, littleEndian);
}

export function readU32Network(attributes: Attributes, type: number): number | undefined {
  return read(attributes, type, 4)?.getUint32(0);
}

/** A counter of 4 or 8 bytes. */
export function readCounter(attributes: Attributes, type: number): bigint | undefined {
  const narrow = readU32(attributes, type);
  return narrow === undefined ? read(attributes, type, 8)?.getBigUint64(0, littleEndian) : BigInt(narrow);
}

/** Text up to its first zero byte. */
export function readText(attributes: Attributes, type: number): string | undefined {
  const data = attributes.get(type);
  if (data === undefined) return undefined;
  const end = data.indexOf(0);
  return new TextDecoder().decode(end === -1 ? data : data.subarray(0, end));
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** NLA_ALIGN and NLMSG_ALIGN: up to a multiple of 4. */
export function align(length: number): number {
  return (length + 3) & ~3;
}

function numeric(type: number, length: number, write: (view: DataView) => void): Uint8Array {
  const data = new Uint8Array(length);
  write(viewOf(data));
  return attribute(type, data);
}

function read(attributes: Attributes, type: number, length: number): DataView | undefined {
  const data = attributes.get(type);
  return data?.length === length ? viewOf(data) : undefined;
}
