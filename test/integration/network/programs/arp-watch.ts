/**
 * Watches for claims of addresses, and announces some itself. Commands: watch (addresses), announce (addresses, as the daemon
 * does), send (frame in hex), storm (frame, for so many milliseconds), report.
 */
import { openPacketSocket } from '../../../../src/kernel/arp-socket.ts';
import { openArpWatcher } from '../../../../src/kernel/arp-watcher.ts';
import { nowMs } from '../../../../src/kernel/clock.ts';
import { DeadlineTimer } from '../../../../src/kernel/deadline-timer.ts';
import { address } from '../../../../src/net/address.ts';
import { type Command, failure, onCommand, programArguments, say } from './lines.ts';

const place = programArguments<{ name: string; index: number }>();
let claims = 0;
let usage = process.cpuUsage();
const lateness = { worstMs: 0, dueAtMs: 0 };

const watcher = openArpWatcher(place, {
  onClaim: (claimed, mac) => {
    claims += 1;
    if (claims <= 20) say({ kind: 'claim', address: claimed, mac });
  },
  onError: (error) => say({ ...failure(error), kind: 'error' }),
});
const sender = openPacketSocket({ interfaceName: place.name, interfaceIndex: place.index });

/** 64 frames a turn, so that others get theirs. */
function storm(frame: Buffer, untilMs: number, sent = 0): void {
  for (let index = 0; index < 64; index += 1) sender.send(frame);
  if (nowMs() < untilMs) setImmediate(storm, frame, untilMs, sent + 64);
  else say({ kind: 'stormed', sent: sent + 64 });
}

const timer = new DeadlineTimer(() => {
  lateness.worstMs = Math.max(lateness.worstMs, nowMs() - lateness.dueAtMs);
  tick();
});

function tick(): void {
  lateness.dueAtMs = nowMs() + 10;
  timer.set(lateness.dueAtMs);
}

function report(): void {
  const { user, system } = process.cpuUsage(usage);
  say({ kind: 'report', claims, leftOut: watcher.leftOut, cpuMs: (user + system) / 1000, ...lateness });
}

function perform(command: Command): void {
  const actions: Record<string, () => void> = {
    watch: () => {
      watcher.setAddresses((command['addresses'] as string[]).map((text) => address(text)));
      say({ kind: 'watching' });
    },
    send: () => {
      sender.send(Buffer.from(String(command['frame']), 'hex'));
      say({ kind: 'sent' });
    },
    storm: () => storm(Buffer.from(String(command['frame']), 'hex'), nowMs() + Number(command['forMs'])),
    // Ten seconds of a program's start are not what the storm costs.
    begin: () => {
      usage = process.cpuUsage();
      tick();
      say({ kind: 'begun' });
    },
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
