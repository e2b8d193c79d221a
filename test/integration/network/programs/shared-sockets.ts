/**
 * Instances that share sockets. Commands: join (place, vrid, peers, name), leave (name), send (name, payload in hex, destination),
 * block (for so many milliseconds, then drain: what was heard by then), report.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import {
  type AdvertisementPort,
  AdvertisementSockets,
  type SocketPlace,
} from '../../../../src/daemon/vrrp-process/advertisement-sockets.ts';
import { nowMs } from '../../../../src/kernel/clock.ts';
import type { IpAddress } from '../../../../src/net/address.ts';
import { type Command, failure, onCommand, say } from './lines.ts';

const ports = new Map<string, AdvertisementPort>();
let heard = 0;
const sockets = new AdvertisementSockets({
  onError: (_, error) => say({ ...failure(error), kind: 'error' }),
  onUnknownVrid: (_, vrid, sender) => say({ kind: 'unknownVrid', vrid, sender }),
});

function join(name: string, command: Command): void {
  const port = sockets.join(command['place'] as SocketPlace, {
    vrid: Number(command['vrid']),
    intervalMs: 1000,
    ...(command['peers'] !== undefined && { peers: command['peers'] as readonly IpAddress[] }),
    onDatagram: ({ source, payload }) => {
      heard += 1;
      say({ kind: 'heard', name, source, vrid: payload[1] });
    },
  });
  ports.set(name, port);
  say({ kind: 'joined', name });
}

function block(forMs: number): void {
  say({ kind: 'blocking' });
  const untilMs = nowMs() + forMs;
  while (nowMs() < untilMs);
  const before = heard;
  sockets.drain();
  say({ kind: 'drained', before, after: heard });
}

function report(): void {
  const open = readdirSync('/proc/self/fd').filter((descriptor) => isSocket(`/proc/self/fd/${descriptor}`));
  say({ kind: 'report', sockets: open.length, unclaimed: sockets.unclaimedDatagrams });
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    // The descriptor of the reading itself.
    return false;
  }
}

function perform(command: Command): void {
  const name = String(command['name']);
  const actions: Record<string, () => void> = {
    join: () => join(name, command),
    leave: () => ports.get(name)?.close(),
    send: () =>
      ports
        .get(name)
        ?.send(
          Buffer.from(String(command['payload']), 'hex'),
          command['destination'] as IpAddress | undefined,
        ),
    block: () => block(Number(command['forMs'])),
    report,
  };
  try {
    actions[command.kind]?.();
  } catch (error) {
    say(failure(error));
  }
}

say({ kind: 'ready' });
onCommand(perform);
