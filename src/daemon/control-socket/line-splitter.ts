/** Bytes as they come from a socket, cut into lines of a bounded length. */

export class LineTooLongError extends Error {
  constructor(limitBytes: number) {
    super(`a line of more than ${limitBytes} bytes`);
    this.name = 'LineTooLongError';
  }
}

export class LineSplitter {
  readonly #limitBytes: number;
  #chunks: Uint8Array[] = [];
  #lengthBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** The lines that `chunk` completes, without their ends. Throws LineTooLongError, after which the rest is of no use. */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      this.#keep(rest.subarray(0, end));
      lines.push(Buffer.concat(this.#chunks).toString('utf8'));
      this.#chunks = [];
      this.#lengthBytes = 0;
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest);
    return lines;
  }

  #keep(part: Uint8Array): void {
    this.#lengthBytes += part.length;
    if (this.#lengthBytes > this.#limitBytes) throw new LineTooLongError(this.#limitBytes);
    if (part.length > 0) this.#chunks.push(part);
  }
}
