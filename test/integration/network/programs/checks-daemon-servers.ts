/**
 * Servers that answer, or fail in the way they are told to. One that answers is switched at the end of its next exchange, so that no
 * question is under way then: how long a check takes to notice can be counted from the switch.
 */
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { oneExample } from '../../../healthcheck/probes/stream-certificates.ts';
import type { ServedPlace, ServerMode } from '../checks-daemon-kinds.ts';
import { onCommand, programArguments, say } from './lines.ts';

type ExchangeMode = Exclude<ServerMode, 'wrongOnce' | 'resetOnce' | 'answerOnce'>;

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

const onlyOnce: Readonly<Partial<Record<ServerMode, { now: ExchangeMode; after: ExchangeMode }>>> = {
  wrongOnce: { now: 'wrong', after: 'answer' },
  resetOnce: { now: 'reset', after: 'answer' },
  answerOnce: { now: 'answer', after: 'wrong' },
};

/** What a server does now and next. */
class Switch {
  readonly #name: string;
  readonly #listen: (isListening: boolean) => void;
  #mode: ServerMode = 'answer';
  #next: { readonly mode: ServerMode; readonly id: unknown } | undefined;

  constructor(name: string, listen: (isListening: boolean) => void) {
    this.#name = name;
    this.#listen = listen;
  }

  turn(mode: ServerMode, id: unknown): void {
    this.#next = { mode, id };
    if (this.#mode !== 'answer') this.#apply();
  }

  begin(): ExchangeMode {
    const mode = this.#mode;
    const once = onlyOnce[mode];
    if (once === undefined) return mode as ExchangeMode;
    this.#mode = once.after;
    return once.now;
  }

  end(mode: ExchangeMode): void {
    if (mode === 'answer') say({ kind: 'answered', server: this.#name, atMs: nowMs() });
    if (this.#next !== undefined) this.#apply();
  }

  #apply(): void {
    if (this.#next === undefined) return;
    const { mode, id } = this.#next;
    this.#next = undefined;
    if ((this.#mode === 'refuse') !== (mode === 'refuse')) this.#listen(mode !== 'refuse');
    this.#mode = mode;
    say({ kind: 'switched', id, atMs: nowMs() });
  }
}

type Speech = (socket: Socket, mode: 'answer' | 'wrong' | 'drip') => void;

function speakHttp(socket: Socket, mode: 'answer' | 'wrong' | 'drip'): void {
  socket.once('data', () => {
    if (mode === 'drip') return drip(socket, 'HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n');
    const status = mode === 'answer' ? '200 OK' : '503 Service Unavailable';
    socket.end(`HTTP/1.0 ${status}\r\nContent-Length: 3\r\n\r\nok\n`);
    return undefined;
  });
}

/** A byte now and then: each wait of the client is short, and there is no end. */
function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(text[at] ?? 'x');
    at += 1;
  }, 200);
  socket.once('close', () => clearInterval(timer));
}

function speakSmtp(socket: Socket, mode: 'answer' | 'wrong' | 'drip'): void {
  socket.write(mode === 'wrong' ? '554 no service\r\n' : '220 mx.example\r\n');
  socket.on('data', (bytes) => {
    if (bytes.toString().startsWith('QUIT')) socket.end('221 bye\r\n');
    else socket.write('250 mx.example\r\n');
  });
}

const speeches: Readonly<Record<string, Speech>> = {
  TCP_CHECK: (socket) => socket.resume(),
  HTTP_GET: speakHttp,
  SSL_GET: speakHttp,
  SMTP_CHECK: speakSmtp,
};

function serveStreams({ kind, address, port }: ServedPlace, speak: Speech): Switch {
  const secureContext = createSecureContext({ cert: oneExample.cert, key: oneExample.key });
  const accept = (socket: Socket) => {
    const mode = turn.begin();
    const speaks = mode === 'answer' || mode === 'wrong' || mode === 'drip';
    const channel =
      kind === 'SSL_GET' && speaks ? new TLSSocket(socket, { isServer: true, secureContext }) : socket;
    channel.on('error', () => {});
    channel.once('close', () => turn.end(mode));
    if (speaks) speak(channel, mode);
    // Once it was asked something: before, the client may find the reset already while it connects.
    else if (mode === 'reset') socket.once('data', () => socket.resetAndDestroy());
    else socket.resume();
  };
  let server: Server | undefined;
  const listen = (isListening: boolean) => {
    server?.close();
    server = isListening ? createServer(accept).listen(port, address) : undefined;
  };
  const turn = new Switch(kind, listen);
  listen(true);
  return turn;
}

type Reply = (question: Buffer, mode: 'answer' | 'wrong') => Uint8Array;

/** The question again, as a response: RFC 1035 section 4.1.1. 2 is SERVFAIL. */
function answerDns(question: Buffer, mode: 'answer' | 'wrong'): Uint8Array {
  const reply = Uint8Array.from(question);
  reply[2] = 0x81;
  reply[3] = mode === 'answer' ? 0x80 : 0x82;
  return reply;
}

const replies: Readonly<Record<string, Reply>> = {
  DNS_CHECK: answerDns,
  UDP_CHECK: (_question, mode) => Buffer.from(mode === 'answer' ? 'pong' : 'nope'),
};

function serveDatagrams({ kind, address, port }: ServedPlace, replyTo: Reply): Switch {
  let socket: UdpSocket | undefined;
  const receive = (question: Buffer, from: RemoteInfo) => {
    const mode = turn.begin();
    if (mode !== 'answer' && mode !== 'wrong') return turn.end(mode);
    socket?.send(replyTo(question, mode), from.port, from.address, () => turn.end(mode));
    return undefined;
  };
  const listen = (isListening: boolean) => {
    socket?.close();
    socket = isListening ? createSocket('udp4', receive) : undefined;
    socket?.bind(port, address);
  };
  const turn = new Switch(kind, listen);
  listen(true);
  return turn;
}

function serve(place: ServedPlace): Switch | undefined {
  const speak = speeches[place.kind];
  if (speak !== undefined) return serveStreams(place, speak);
  const reply = replies[place.kind];
  return reply && serveDatagrams(place, reply);
}

const { places } = programArguments<{ places: readonly ServedPlace[] }>();
const switches = new Map(places.map((place) => [place.kind, serve(place)]));
onCommand(({ server, mode, id }) => {
  switches.get(server as ServedPlace['kind'])?.turn(mode as ServerMode, id);
});
say({ kind: 'ready' });
