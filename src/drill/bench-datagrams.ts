/** A process on the client that sends a datagram to the virtual address every millisecond. Arguments: the address and the port. */
import { createSocket } from 'node:dgram';
import { nowMs } from '../kernel/clock.ts';
import { DeadlineTimer } from '../kernel/deadline-timer.ts';

const [address = '', port = ''] = process.argv.slice(2);
const paceMs = 1;
const socket = createSocket('udp4');
const payload = Buffer.from('?');
let dueAtMs = nowMs();

const timer = new DeadlineTimer(
  () => {
    // What a refused or unanswered one says is in the capture.
    socket.send(payload, Number(port), address, () => undefined);
    dueAtMs = Math.max(dueAtMs + paceMs, nowMs());
    timer.set(dueAtMs);
  },
  { leadMs: 0 },
);
timer.set(dueAtMs);
