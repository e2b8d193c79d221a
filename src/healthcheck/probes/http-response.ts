/**
 * Reads the reply to one GET as its bytes come (RFC 9112, and HTTP/1.0): a status line, headers, and a body whose end is known by
 * its length, by its last chunk or by the end of the connection. Pure. node:http has no way to ask in HTTP/1.0, which is what
 * HTTP_GET does unless told otherwise.
 */
import { type BodyReader, ChunkedBody, CountedBody, EndlessBody, noBody } from './http-body.ts';

/** Of status line and headers, interim replies included. */
const mostHeadBytes = 65_536;

export interface ResponseSink {
  /** Before any of the body. A text ends the reading: why the status is not wanted. */
  readonly onStatus: (status: number) => string | undefined;
  readonly onBody: (bytes: Buffer) => void;
}

/** `wrong` carries a sentence without its full stop. */
export type Reading = 'more' | 'whole' | { readonly wrong: string };

export class HttpResponse {
  readonly #sink: ResponseSink;
  #head: Buffer = Buffer.alloc(0);
  #headBytes = 0;
  #body: BodyReader | undefined;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  take(bytes: Buffer): Reading {
    if (this.#body !== undefined) return this.#body.take(bytes, this.#sink.onBody);
    this.#headBytes += bytes.length;
    this.#head = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes]);
    return this.#takeHead();
  }

  /** No more bytes come. */
  end(): 'whole' | { readonly wrong: string } {
    if (this.#body !== undefined) return this.#body.end();
    return {
      wrong:
        this.#headBytes === 0
          ? 'The server closed the connection without a reply'
          : 'The server closed the connection in the middle of the headers',
    };
  }

  #takeHead(): Reading {
    const end = endOfHead(this.#head);
    if (end === undefined) return this.#unfinishedHead();
    const head = parseHead(this.#head.toString('latin1', 0, end));
    const rest = this.#head.subarray(end);
    if ('wrong' in head) return head;
    // RFC 9110 section 15.2: interim replies come before the one that was asked for.
    if (head.status < 200 && head.status !== 101) {
      this.#head = rest;
      return this.#takeHead();
    }
    const refused = this.#sink.onStatus(head.status);
    if (refused !== undefined) return { wrong: refused };
    const body = bodyOf(head);
    if ('wrong' in body) return body;
    this.#body = body;
    return body.take(rest, this.#sink.onBody);
  }

  #unfinishedHead(): Reading {
    if (this.#headBytes > mostHeadBytes)
      return { wrong: `The headers are longer than ${mostHeadBytes} bytes` };
    // What will never be a status line need not be waited for.
    const start = this.#head.toString('latin1', 0, protocol.length);
    return protocol.startsWith(start) ? 'more' : { wrong: notHttp(this.#head.toString('latin1', 0, 40)) };
  }
}

const protocol = 'HTTP/';

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** After the first empty line. A bare line feed ends a line too (RFC 9112 section 2.2). */
function endOfHead(bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at + 1] === lineFeed) return at + 2;
    if (bytes[at + 1] === carriageReturn && bytes[at + 2] === lineFeed) return at + 3;
  }
  return undefined;
}

function parseHead(text: string): Head | { readonly wrong: string } {
  const [statusLine = '', ...lines] = text.split(/\r?\n/);
  const match = /^HTTP\/1\.\d (\d{3})(?: |$)/.exec(statusLine);
  if (match === null) return { wrong: notHttp(statusLine.slice(0, 40)) };
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { status: Number(match[1]), headers };
}

function notHttp(start: string): string {
  return `The reply is not HTTP: it begins with ${JSON.stringify(start)}`;
}

/** RFC 9112 section 6.3. */
function bodyOf({ status, headers }: Head): BodyReader | { readonly wrong: string } {
  if (status === 101 || status === 204 || status === 304) return noBody;
  const coding = headers.get('transfer-encoding');
  if (coding !== undefined) return /(?:^|,)\s*chunked$/i.test(coding) ? new ChunkedBody() : new EndlessBody();
  const length = headers.get('content-length');
  if (length === undefined) return new EndlessBody();
  // The same length several times is one (RFC 9110 section 8.6).
  const [first = '', ...others] = length.split(/\s*,\s*/);
  const isGood = /^\d{1,15}$/.test(first) && others.every((other) => other === first);
  if (!isGood) return { wrong: `The reply has the Content-Length ${JSON.stringify(length.slice(0, 40))}` };
  return new CountedBody(Number(first));
}
