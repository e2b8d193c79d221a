/**
 * DNS messages (RFC 1035) as far as a health check needs them: one question out, header and question of the reply in. Answer
 * records are not read.
 */
import { type Decoded, decoded, rejected } from './decoded.ts';

/** IANA's numbers of the types that can be asked for. */
export const dnsTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  RRSIG: 46,
  DNSKEY: 48,
} as const;

export type DnsType = keyof typeof dnsTypes;

export interface DnsQuery {
  /** 0 to 65535. */
  readonly id: number;
  /** With or without the last dot; `.` is the root. */
  readonly name: string;
  readonly type: DnsType;
}

export interface DnsMessage {
  readonly id: number;
  /** QR: a response, not a query. */
  readonly isResponse: boolean;
  /** TC: the reply did not fit, and what there is of it is the beginning. */
  readonly isTruncated: boolean;
  readonly responseCode: number;
  /** Undefined where the message holds none: some servers leave it out of an error. */
  readonly question?: DnsQuestion;
}

export interface DnsQuestion {
  /** Each of 1 to 63 bytes; none for the root. Upper case letters are lower case here: RFC 4343, they mean the same. */
  readonly labels: readonly string[];
  readonly type: number;
  readonly class: number;
}

const headerBytes = 12;
const classInternet = 1;
const flagResponse = 0x8000;
const flagTruncated = 0x0200;
const flagRecursionDesired = 0x0100;
const responseCodeMask = 0x000f;
const longestLabelBytes = 63;
/** RFC 1035 section 2.3.4, with the length byte of each label and of the root. */
const longestNameBytes = 255;

/** A name as its labels, or the reason why it is none (RFC 1035 section 2.3.4): a sentence without its end. */
export function parseDnsName(name: string): Decoded<readonly Uint8Array[], 'label' | 'name'> {
  if (name === '.') return decoded([]);
  const texts = (name.endsWith('.') ? name.slice(0, -1) : name).split('.');
  const labels = texts.map((text) => new TextEncoder().encode(text));
  const bad = labels.findIndex((label) => label.length === 0 || label.length > longestLabelBytes);
  if (bad >= 0) {
    const found = labels[bad]?.length ?? 0;
    return rejected('label', `a label of a DNS name has 1 to ${longestLabelBytes} bytes, this has ${found}`);
  }
  const lengthBytes = labels.reduce((sum, label) => sum + label.length + 1, 1);
  if (lengthBytes <= longestNameBytes) return decoded(labels);
  return rejected('name', `a DNS name has at most ${longestNameBytes} bytes, this has ${lengthBytes}`);
}

/**
 *   0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * |                      ID                       |
 * |QR|   Opcode  |AA|TC|RD|RA|   Z    |   RCODE   |
 * |                    QDCOUNT                    |
 * |                    ANCOUNT                    |
 * |                    NSCOUNT                    |
 * |                    ARCOUNT                    |
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *
 * RFC 1035 section 4.1.1; behind it QNAME, QTYPE and QCLASS (section 4.1.2). With RD, class IN.
 */
export function encodeDnsQuery({ id, name, type }: DnsQuery): Decoded<Uint8Array, 'label' | 'name'> {
  const parsed = parseDnsName(name);
  if (!parsed.ok) return parsed;
  const question = [...parsed.value.flatMap((label) => [label.length, ...label]), 0];
  const bytes = new Uint8Array(headerBytes + question.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, id);
  view.setUint16(2, flagRecursionDesired);
  view.setUint16(4, 1);
  bytes.set(question, headerBytes);
  view.setUint16(headerBytes + question.length, dnsTypes[type]);
  view.setUint16(headerBytes + question.length + 2, classInternet);
  return decoded(bytes);
}

/** Any bytes in; what stands behind the first question is not looked at. */
export function decodeDnsMessage(bytes: Uint8Array): Decoded<DnsMessage, 'length' | 'question'> {
  if (bytes.length < headerBytes) {
    return rejected('length', `a DNS message has at least ${headerBytes} bytes, this has ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint16(2);
  const header = {
    id: view.getUint16(0),
    isResponse: (flags & flagResponse) !== 0,
    isTruncated: (flags & flagTruncated) !== 0,
    responseCode: flags & responseCodeMask,
  };
  if (view.getUint16(4) === 0) return decoded(header);
  const question = readQuestion(view);
  if (question === undefined) return rejected('question', 'the question of the DNS message is malformed');
  return decoded({ ...header, question });
}

/** Nothing stands before the first question that its name could point to, so a compressed one is malformed. */
function readQuestion(view: DataView): DnsQuestion | undefined {
  const labels: string[] = [];
  let at = headerBytes;
  while (at < view.byteLength) {
    const length = view.getUint8(at);
    at += 1;
    if (length === 0) {
      if (at + 4 > view.byteLength) return undefined;
      return { labels, type: view.getUint16(at), class: view.getUint16(at + 2) };
    }
    if (length > longestLabelBytes || at + length > view.byteLength) return undefined;
    labels.push(labelText(new Uint8Array(view.buffer, view.byteOffset + at, length)));
    at += length;
    if (at - headerBytes >= longestNameBytes) return undefined;
  }
  return undefined;
}

/** One character a byte, ASCII letters in lower case. */
function labelText(label: Uint8Array): string {
  return String.fromCharCode(...label).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Whether the message answers that query: its id, a response, and the question given back as it was put. */
export function isAnswerTo(query: DnsQuery, message: DnsMessage): boolean {
  if (message.id !== query.id || !message.isResponse) return false;
  if (message.question === undefined) return message.responseCode !== 0;
  const { labels, type, class: asked } = message.question;
  const wanted = parseDnsName(query.name);
  if (!wanted.ok || type !== dnsTypes[query.type] || asked !== classInternet) return false;
  return (
    labels.length === wanted.value.length &&
    wanted.value.every((label, index) => labelText(label) === labels[index])
  );
}

const responseCodeNames: Readonly<Record<number, string>> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  9: 'NOTAUTH',
};

/** `NXDOMAIN`, `RCODE 11`. */
export function responseCodeName(code: number): string {
  return responseCodeNames[code] ?? `RCODE ${code}`;
}
