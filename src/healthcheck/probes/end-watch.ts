/**
 * A socket for TLS to run on that holds back the end of the connection for a moment, so that it can be seen which came first: the
 * end that TLS announces (close_notify), or that of the connection. node:tls gives both as the same event.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

export class EndWatch extends Duplex {
  readonly #raw: Socket;
  #hasEnded = false;

  constructor(raw: Socket) {
    super({ allowHalfOpen: true });
    this.#raw = raw;
    raw.on('data', (bytes) => {
      if (!this.push(bytes)) raw.pause();
    });
    // What the last bytes have set off is over by then.
    raw.once('end', () => setImmediate(() => setImmediate(() => this.#end())));
    raw.once('error', (error) => this.destroy(error));
    raw.once('close', () => this.destroy());
  }

  /** Whether the connection's end has been passed on. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#raw.write(bytes, done);
  }

  override _final(done: () => void): void {
    this.#raw.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }

  #end(): void {
    if (this.destroyed) return;
    this.#hasEnded = true;
    this.push(null);
  }
}
