/** The ways in which a body ends (RFC 9112 section 6.3). Pure. */
import type { Reading } from './http-response.ts';

export interface BodyReader {
  /** Hands on what belongs to the body; what comes after it is ignored. */
  take(bytes: Buffer, onBody: (bytes: Buffer) => void): Reading;
  end(): 'whole' | { readonly wrong: string };
}

export const noBody: BodyReader = { take: () => 'whole', end: () => 'whole' };

/** Content-Length. */
export class CountedBody implements BodyReader {
  readonly #length: number;
  #taken = 0;

  constructor(length: number) {
    this.#length = length;
  }

  take(bytes: Buffer, onBody: (bytes: Buffer) => void): Reading {
    const part = bytes.subarray(0, this.#length - this.#taken);
    this.#taken += part.length;
    if (part.length > 0) onBody(part);
    return this.#taken === this.#length ? 'whole' : 'more';
  }

  end(): 'whole' | { readonly wrong: string } {
    if (this.#taken === this.#length) return 'whole';
    return { wrong: `The body is cut off: ${this.#taken} of ${this.#length} bytes came` };
  }
}

/** The end of the connection is that of the body. */
export class EndlessBody implements BodyReader {
  take(bytes: Buffer, onBody: (bytes: Buffer) => void): Reading {
    if (bytes.length > 0) onBody(bytes);
    return 'more';
  }

  end(): 'whole' {
    return 'whole';
  }
}

/** Of one line: a chunk's size and its extensions, or a field of the trailer. */
const mostLineBytes = 4096;
const mostTrailerBytes = 65_536;

const lineFeed = 0x0a;

/** RFC 9112 section 7.1. */
export class ChunkedBody implements BodyReader {
  #state: 'size' | 'data' | 'afterData' | 'trailer' | 'over' = 'size';
  #line = '';
  /** Of the chunk that is being read. */
  #left = 0;
  #trailerBytes = 0;

  take(bytes: Buffer, onBody: (bytes: Buffer) => void): Reading {
    let at = 0;
    while (at < bytes.length && this.#state !== 'over') {
      if (this.#state === 'data') {
        const part = bytes.subarray(at, at + this.#left);
        onBody(part);
        at += part.length;
        this.#left -= part.length;
        if (this.#left === 0) this.#state = 'afterData';
        continue;
      }
      const end = bytes.indexOf(lineFeed, at);
      this.#line += bytes.toString('latin1', at, end === -1 ? bytes.length : end);
      if (this.#line.length > mostLineBytes)
        return { wrong: 'A chunk of the body begins with an endless line' };
      if (end === -1) break;
      at = end + 1;
      const wrong = this.#takeLine(this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line);
      if (wrong !== undefined) return { wrong };
      this.#line = '';
    }
    return this.#state === 'over' ? 'whole' : 'more';
  }

  end(): 'whole' | { readonly wrong: string } {
    return this.#state === 'over' ? 'whole' : { wrong: 'The body is cut off before its last chunk' };
  }

  /** What is wrong with it, if anything. */
  #takeLine(line: string): string | undefined {
    switch (this.#state) {
      case 'size': {
        const size = /^([\da-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1];
        if (size === undefined)
          return `A chunk of the body has the size ${JSON.stringify(line.slice(0, 40))}`;
        this.#left = Number.parseInt(size, 16);
        this.#state = this.#left === 0 ? 'trailer' : 'data';
        return undefined;
      }
      case 'afterData':
        this.#state = 'size';
        return line === '' ? undefined : 'A chunk of the body is longer than its size';
      case 'trailer':
        this.#trailerBytes += line.length;
        if (this.#trailerBytes > mostTrailerBytes)
          return `The trailer is longer than ${mostTrailerBytes} bytes`;
        if (line === '') this.#state = 'over';
        return undefined;
      default:
        return undefined;
    }
  }
}
