/**
 * A process of its own on a real server's machine: plays what nginx does not, each service answering with the machine's
 * name, which is how a client's answer tells who gave it. Arguments: the name, then one JSON list of
 * { kind, port, addresses }.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { type Socket as Connection, createServer } from 'node:net';

export interface PlayedHere {
  readonly kind: 'tcp' | 'udp' | 'dns' | 'smtp';
  readonly port: number;
  /** Datagrams are answered from the address they were sent to: one socket each. */
  readonly addresses: readonly string[];
}

const [name = '', list = '[]'] = process.argv.slice(2);
let waitingFor = 0;

for (const service of JSON.parse(list) as readonly PlayedHere[]) {
  if (service.kind === 'tcp' || service.kind === 'smtp') listen(service);
  else for (const address of service.addresses) bind(service, address);
}

function listen({ kind, port }: PlayedHere): void {
  waitingFor += 1;
  const server = createServer((connection) => {
    connection.setEncoding('utf8').on('error', () => connection.destroy());
    if (kind === 'smtp') speakSmtp(connection);
    else echo(connection);
  });
  server.listen({ port, host: '::', backlog: 511 }, ready);
}

/** Its name as a greeting, then every line back. */
function echo(connection: Connection): void {
  connection.write(`${name}\n`);
  connection.on('data', (text) => connection.write(text));
}

/** RFC 5321 section 4.3: enough for a greeting, HELO, NOOP and QUIT. */
function speakSmtp(connection: Connection): void {
  connection.write(`220 ${name} ESMTP\r\n`);
  connection.on('data', (text) => {
    for (const line of String(text).split('\r\n').slice(0, -1)) {
      if (/^quit/i.test(line)) connection.end(`221 ${name}\r\n`);
      else connection.write(`250 ${name}\r\n`);
    }
  });
}

function bind({ kind, port }: PlayedHere, address: string): void {
  waitingFor += 1;
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (message, from) =>
    answer(socket, kind === 'dns' ? dnsAnswer(message) : Buffer.from(`${name}\n`), from),
  );
  socket.bind({ port, address, exclusive: true }, ready);
}

function answer(socket: Socket, reply: Buffer | undefined, { port, address }: RemoteInfo): void {
  if (reply !== undefined) socket.send(reply, port, address);
}

/**
 * RFC 1035 section 4.1: the question again, and one TXT record of the root that holds the machine's name. A check wants
 * an answer without an error; what it says is not compared.
 */
function dnsAnswer(query: Buffer): Buffer | undefined {
  const headerBytes = 12;
  if (query.length < headerBytes) return undefined;
  let end = headerBytes;
  while ((query[end] ?? 0) !== 0) end += (query[end] ?? 0) + 1;
  const question = query.subarray(headerBytes, end + 5);
  const header = Buffer.from([...query.subarray(0, 2), 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  const text = Buffer.from(name);
  const record = Buffer.from([0xc0, headerBytes, 0, 16, 0, 1, 0, 0, 0, 0, 0, text.length + 1, text.length]);
  return Buffer.concat([header, question, record, text]);
}

function ready(): void {
  waitingFor -= 1;
  if (waitingFor === 0) process.stdout.write('ready\n');
}
