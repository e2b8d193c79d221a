/**
 * A process of its own on the client's machine that asks for the page at a steady pace, from several addresses in turn,
 * and writes one JSON line a request: when it began, from where, and who answered.
 * Arguments: the URL, the pace and the time to wait for an answer in milliseconds, and the addresses.
 */
import { get } from 'node:http';
import type { Request } from './timeline.ts';

const [url = '', paceMs = '', timeoutMs = '', ...sources] = process.argv.slice(2);
let turn = 0;

setInterval(() => {
  const source = sources[turn % sources.length] ?? '';
  turn += 1;
  ask(source);
}, Number(paceMs));

function ask(source: string): void {
  const atMs = Date.now();
  const report = (outcome: Pick<Request, 'server' | 'error'>): void => {
    process.stdout.write(`${JSON.stringify({ atMs, source, ...outcome })}\n`);
  };
  // A connection for each request: a kept one would never be balanced again.
  const request = get(url, { localAddress: source, agent: false }, (response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    response.on('end', () => report({ server: body.trim() }));
    response.on('error', (error) => report({ server: undefined, error: error.message }));
  });
  const giveUp = (): void => {
    request.destroy(new Error(`no answer in ${timeoutMs} ms`));
  };
  // Not before what has arrived is read: after a stall of the machine the timer would come first.
  const limit = setTimeout(() => setImmediate(giveUp), Number(timeoutMs));
  request.on('error', (error) => report({ server: undefined, error: error.message }));
  request.on('close', () => clearTimeout(limit));
}
