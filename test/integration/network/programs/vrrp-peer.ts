/**
 * Opens a VRRP socket and says what arrives. Commands: send (payload in hex, destination), flood (count), tick
 * (a deadline every 10 ms), report (how late the ticks were), close.
 */
import { readdirSync } from 'node:fs';
import { nowMs } from '../../../../src/kernel/clock.ts';
import { DeadlineTimer } from '../../../../src/kernel/deadline-timer.ts';
import { openVrrpSocket, type SocketPlace, type VrrpSocket } from '../../../../src/kernel/vrrp-socket.ts';
import { address } from '../../../../src/net/address.ts';
import type { Datagram } from '../../../../src/vrrp/messages.ts';
import { type Command, failure, onCommand, programArguments, say } from './lines.ts';

interface Arguments {
  /** Addresses in it are canonical. */
  readonly place: SocketPlace;
  /** Count, do not say, what arrives. */
  readonly quiet?: boolean;
}

const options = programArguments<Arguments>();
let received = 0;
let socket: VrrpSocket;

const tickMs = 10;
const ticks = { count: 0, worstLatenessMs: 0, dueAtMs: 0 };

function onDatagram(datagram: Datagram, receivedAtMs: number): void {
  received += 1;
  if (options.quiet) return;
  const payload = Buffer.from(datagram.payload).toString('hex');
  const authenticationHeader =
    datagram.authenticationHeader && Buffer.from(datagram.authenticationHeader).toString('hex');
  say({ kind: 'datagram', ...datagram, payload, authenticationHeader, receivedAtMs, readAtMs: nowMs() });
}

function send(payload: string, destination: unknown): void {
  const beforeMs = nowMs();
  const to = typeof destination === 'string' ? address(destination) : undefined;
  socket.send(Buffer.from(payload, 'hex'), to);
  say({ kind: 'sent', beforeMs, afterMs: nowMs() });
}

function flood(count: number, sent = 0, refused = 0): void {
  const payload = Buffer.alloc(40);
  let remaining = Math.min(500, count);
  let failures = refused;
  for (; remaining > 0; remaining--) {
    try {
      socket.send(payload);
    } catch {
      failures += 1;
    }
  }
  const total = sent + Math.min(500, count);
  if (count > 500) setImmediate(flood, count - 500, total, failures);
  else say({ kind: 'flooded', sent: total, refused: failures });
}

function startTicking(): void {
  const timer = new DeadlineTimer(() => {
    ticks.count += 1;
    ticks.worstLatenessMs = Math.max(ticks.worstLatenessMs, nowMs() - ticks.dueAtMs);
    ticks.dueAtMs = nowMs() + tickMs;
    timer.set(ticks.dueAtMs);
  });
  ticks.dueAtMs = nowMs() + tickMs;
  timer.set(ticks.dueAtMs);
}

function perform(command: Command): void {
  const actions: Record<string, () => void> = {
    send: () => send(String(command['payload']), command['destination']),
    flood: () => flood(Number(command['count'])),
    tick: startTicking,
    report: () =>
      say({ kind: 'report', received, ...ticks, descriptors: readdirSync('/proc/self/fd').length }),
    close: () => {
      socket.close();
      say({ kind: 'closed' });
    },
  };
  try {
    actions[command.kind]?.();
  } catch (error) {
    say(failure(error));
  }
}

try {
  socket = openVrrpSocket(options.place, {
    onDatagram,
    onMalformed: (reason) => say({ kind: 'malformed', reason }),
    onError: (error) => say({ ...failure(error), kind: 'error' }),
  });
  say({ kind: 'ready', openedAtMs: nowMs() });
} catch (error) {
  say(failure(error));
}
onCommand(perform);
