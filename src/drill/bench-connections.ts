/**
 * A process on the client that opens so many new TCP connections a second to the virtual address, a small request and a small
 * answer on each, and writes one JSON line for each when it is over. Arguments: address, port, connections a second, time limit
 * of a request in milliseconds.
 */
import { connect } from 'node:net';
import { nowMs } from '../kernel/clock.ts';
import { DeadlineTimer } from '../kernel/deadline-timer.ts';

const [address = '', port = '', perSecond = '', timeoutMs = ''] = process.argv.slice(2);
const paceMs = 1000 / Number(perSecond);
let dueAtMs = nowMs();

const timer = new DeadlineTimer(
  () => {
    for (const now = nowMs(); dueAtMs <= now; dueAtMs += paceMs) ask();
    timer.set(dueAtMs);
  },
  { leadMs: 0 },
);
timer.set(dueAtMs);

let lines = '';
setInterval(() => {
  if (lines !== '') process.stdout.write(lines);
  lines = '';
}, 100);

function ask(): void {
  const atMs = Date.now();
  const beganAt = performance.now();
  let answer = '';
  let failure: string | undefined;
  let isConnected = false;
  const socket = connect({ host: address, port: Number(port), noDelay: true });
  socket.on('connect', () => {
    isConnected = true;
    socket.write('?');
  });
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.on('error', (error) => {
    failure ??= `${'code' in error ? error.code : error.message}`;
  });
  // Not before what has arrived is read: after a stall of the machine the timer would come first.
  const limit = setTimeout(
    () =>
      setImmediate(() => {
        failure ??= 'no answer';
        socket.destroy();
      }),
    Number(timeoutMs),
  );
  socket.on('close', () => {
    clearTimeout(limit);
    const tookMs = performance.now() - beganAt;
    const phase = isConnected ? 'connected' : 'connecting';
    const error = answer.endsWith('\n') ? undefined : `${failure ?? 'closed without an answer'}, ${phase}`;
    lines += `${JSON.stringify({ atMs, tookMs, source: '', server: error === undefined ? answer.trim() : undefined, error })}\n`;
  });
}
