/** A mail server for tests: as much of RFC 5321 as a client that sends needs, with answers that a test can choose. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body, lines with CRLF. */
  readonly text: string;
}

export class SmtpServer {
  readonly mails: TakenMail[] = [];
  readonly greetings: string[] = [];
  port = 0;
  connections = 0;
  mostAtOnce = 0;
  /** The answer to a command, or to `.` at the end of a mail; undefined is the usual one. */
  answer: (command: string) => string | undefined = () => undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  /** On the port of the time before, if there was one. */
  async start(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) =>
      this.#server === undefined ? resolve() : this.#server.close(() => resolve()),
    );
    this.#server = undefined;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    this.connections += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#sockets.size);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    const session = new Session(this, (line) => socket.write(`${line}\r\n`));
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (session.take(line) === 'bye') socket.end();
    });
    session.greet();
  }
}

class Session {
  readonly #server: SmtpServer;
  readonly #say: (line: string) => void;
  #from = '';
  #to: string[] = [];
  #text: string[] | undefined;

  constructor(server: SmtpServer, say: (line: string) => void) {
    this.#server = server;
    this.#say = say;
  }

  greet(): void {
    this.#answer('connect', '220 test');
  }

  take(line: string): 'bye' | undefined {
    if (this.#text !== undefined) {
      this.#takeText(this.#text, line);
      return undefined;
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') this.#server.greetings.push(line);
    if (verb === 'MAIL') this.#from = line.match(/<(.*)>/)?.[1] ?? '';
    const isTaken = this.#answer(line, verb === 'DATA' ? '354 go on' : '250 ok');
    if (verb === 'RCPT' && isTaken) this.#to.push(line.match(/<(.*)>/)?.[1] ?? '');
    if (verb === 'DATA' && isTaken) this.#text = [];
    return verb === 'QUIT' ? 'bye' : undefined;
  }

  #takeText(text: string[], line: string): void {
    if (line !== '.') {
      text.push(line);
      return;
    }
    this.#text = undefined;
    const mail = { from: this.#from, to: this.#to, text: text.join('\r\n') };
    if (this.#answer('.', '250 taken')) this.#server.mails.push(mail);
    this.#to = [];
  }

  /** Whether the answer was a good one. */
  #answer(command: string, usual: string): boolean {
    const line = this.#server.answer(command) ?? usual;
    this.#say(line);
    return line < '4';
  }
}
