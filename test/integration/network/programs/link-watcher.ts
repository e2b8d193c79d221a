/**
 * Watches the interfaces and says every event. Commands: links (says what is known), stall (runs `ip -batch` with
 * `input` while the event loop stands still, so that the socket overflows), quiet (counts the events, says no more).
 * `watchRoutes` of its arguments: routes and rules too.
 */
import { execFileSync } from 'node:child_process';
import { type LinkEvent, openLinkMonitor, primaryAddress } from '../../../../src/kernel/link-monitor.ts';
import { type Command, failure, onCommand, programArguments, say } from './lines.ts';

let quiet = false;

function onEvent(event: LinkEvent): void {
  if (event.kind === 'resynchronised' || 'route' in event || 'rule' in event) say({ ...event });
  else if (!quiet) {
    const address = 'address' in event ? event.address : undefined;
    say({
      kind: event.kind,
      name: event.link.name,
      isUp: event.link.isUp,
      isRunning: event.link.isRunning,
      address,
    });
  }
}

const monitor = await openLinkMonitor({
  ...programArguments<{ watchRoutes?: boolean }>(),
  onEvent,
  onError: (error) => say({ ...failure(error), kind: 'error' }),
});

function perform(command: Command): void {
  if (command.kind === 'quiet') quiet = true;
  if (command.kind === 'stall') {
    execFileSync('ip', ['-batch', '-'], {
      input: String(command['input']),
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    say({ kind: 'stalled' });
  }
  if (command.kind === 'links') {
    const links = [...monitor.links().values()].map((link) => ({
      ...link,
      mac: Buffer.from(link.mac).toString('hex'),
      primary4: primaryAddress(link, 4),
      primary6: primaryAddress(link, 6),
    }));
    say({ kind: 'links', links });
  }
}

say({ kind: 'ready' });
onCommand(perform);
