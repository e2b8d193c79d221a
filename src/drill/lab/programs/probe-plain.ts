/** Requests that are a few bytes: a greeting over TCP (also SMTP's), a question and an answer over UDP (also DNS's). */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { RequestOutcome } from '../../observation.ts';
import { type Asked, outcomeOf, type ProbeResult } from './probe-lines.ts';

type Question = Asked & { readonly source: string; readonly timeoutMs: number };
type Done = (outcome: RequestOutcome, result?: ProbeResult) => void;

/** Connects, and takes the first line for the answer. */
export function askByStream({ address, port, source, timeoutMs, kind }: Question, done: Done): void {
  const connection = connect({ host: address, port, localAddress: source });
  const limit = setTimeout(() => setImmediate(() => give('timeout')), timeoutMs);
  const give = (outcome: RequestOutcome, result: ProbeResult = {}): void => {
    clearTimeout(limit);
    done(outcome, result);
    connection.destroy();
  };
  let text = '';
  connection.setEncoding('utf8').on('data', (part) => {
    text += String(part);
    if (!text.includes('\n')) return;
    const [line = ''] = text.split(/\r?\n/);
    const server = kind === 'smtp' ? (line.split(' ')[1] ?? '') : line;
    give(kind === 'smtp' && !line.startsWith('220') ? 'bad-status' : 'ok', { server });
  });
  connection.on('end', () => give('closed'));
  connection.on('error', (error) => give(outcomeOf(error), { error: error.message }));
}

/** RFC 1035 section 4.1: the root's name servers, recursion desired. */
const dnsQuestion = Buffer.from([0x68, 0x66, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]);

export function askByDatagram({ address, port, source, timeoutMs, kind }: Question, done: Done): void {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const limit = setTimeout(() => setImmediate(() => give('timeout')), timeoutMs);
  const give = (outcome: RequestOutcome, result: ProbeResult = {}): void => {
    clearTimeout(limit);
    done(outcome, result);
    try {
      socket.close();
    } catch {
      // It was closed by the answer that came first.
    }
  };
  socket.on('error', (error) => give(outcomeOf(error), { error: error.message }));
  socket.on('message', (message) => {
    const server = kind === 'dns' ? dnsText(message) : message.toString('utf8').trim();
    give('ok', server === '' ? {} : { server });
  });
  socket.bind({ address: source, port: 0 }, () => {
    socket.connect(port, address, () => socket.send(kind === 'dns' ? dnsQuestion : 'who?\n'));
  });
}

/** The text of the last record: what play-services puts there. */
function dnsText(message: Buffer): string {
  const start = dnsQuestion.length + 12;
  const length = message[start] ?? 0;
  return message.subarray(start + 1, start + 1 + length).toString('utf8');
}
