/**
 * The daemon's end of the control socket. Clients may be slow, many, or mean no good: everything that is kept for one has a
 * limit in size and in time, and nobody but that client waits for it.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { claimSocket } from './claim-socket.ts';
import { LineSplitter } from './line-splitter.ts';
import { type ControlAnswer, type ControlRequest, longestRequestBytes, parseRequest } from './protocol.ts';

export interface ControlLimits {
  readonly connections: number;
  /** Without a request under way. */
  readonly idleMs: number;
  /** For the client to take an answer. */
  readonly writeMs: number;
}

const defaultLimits: ControlLimits = { connections: 32, idleMs: 30_000, writeMs: 5000 };

/** Answers one request; never rejects. */
export type Answerer = (request: ControlRequest) => Promise<ControlAnswer>;

/** Opens the socket at `path`. Rejects with a sentence for the operator. */
export async function openControlSocket(
  path: string,
  answerer: Answerer,
  limits: ControlLimits = defaultLimits,
): Promise<ControlSocket> {
  const connections = new Set<Connection>();
  const server = createServer((socket) => {
    const connection = new Connection(socket, answerer, limits);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  server.maxConnections = limits.connections;
  const unlink = await claimSocket(server, path).catch((error: unknown) => {
    server.close();
    throw error;
  });
  // A failing accept(2), of a process without file descriptors, passes.
  server.on('error', () => {});
  return new ControlSocket(server, connections, unlink);
}

export class ControlSocket {
  readonly #server: Server;
  readonly #connections: ReadonlySet<Connection>;
  readonly #unlink: () => void;

  constructor(server: Server, connections: ReadonlySet<Connection>, unlink: () => void) {
    this.#server = server;
    this.#connections = connections;
    this.#unlink = unlink;
  }

  /** Who still waits for an answer sees the connection close. */
  close(): void {
    this.#unlink();
    this.#server.close();
    for (const connection of this.#connections) connection.close();
  }
}

class Connection {
  readonly #socket: Socket;
  readonly #answerer: Answerer;
  readonly #limits: ControlLimits;
  readonly #splitter = new LineSplitter(longestRequestBytes);
  readonly #waiting: string[] = [];
  #isBusy = false;

  constructor(socket: Socket, answerer: Answerer, limits: ControlLimits) {
    this.#socket = socket;
    this.#answerer = answerer;
    this.#limits = limits;
    // A client that goes away is no error of ours; 'close' follows.
    socket.on('error', () => {});
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.setTimeout(limits.idleMs, () => {
      if (!this.#isBusy) socket.destroy();
    });
  }

  close(): void {
    this.#socket.destroySoon();
  }

  #receive(chunk: Buffer): void {
    try {
      this.#waiting.push(...this.#splitter.push(chunk));
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error));
      return;
    }
    // What comes while a request is under way stays in the kernel, whose buffers have a limit.
    if (this.#waiting.length > 0) this.#socket.pause();
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let line = this.#waiting.shift(); line !== undefined; line = this.#waiting.shift()) {
      const parsed = parseRequest(line);
      if (!parsed.ok) {
        this.#refuse(parsed.error);
        return;
      }
      const answer = await this.#answerer(parsed.request);
      if (this.#socket.destroyed || !(await this.#write(answer))) return;
    }
    this.#isBusy = false;
    this.#socket.setTimeout(this.#limits.idleMs);
    this.#socket.resume();
  }

  #refuse(error: string): void {
    // Nothing more of it is looked at.
    this.#socket.removeAllListeners('data').resume();
    const limit = setTimeout(() => this.#socket.destroy(), this.#limits.writeMs);
    this.#socket.once('close', () => clearTimeout(limit));
    this.#socket.end(`${JSON.stringify({ ok: false, lines: [error] } satisfies ControlAnswer)}\n`);
  }

  /** Whether the client took it in time; one that did not is let go. */
  #write(answer: ControlAnswer): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (taken: boolean) => {
        clearTimeout(limit);
        this.#socket.off('close', lost);
        if (!taken) this.#socket.destroy();
        resolve(taken);
      };
      const lost = () => end(false);
      const limit = setTimeout(lost, this.#limits.writeMs);
      this.#socket.once('close', lost);
      this.#socket.write(`${JSON.stringify(answer)}\n`, (error) =>
        end(error === undefined || error === null),
      );
    });
  }
}
