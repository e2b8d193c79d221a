/** The announcer on this host's interfaces. Commands: announce (addresses, repeat), announceOn (interface, addresses). */
import type { VirtualAddress } from '../../../../src/config-parser/config.ts';
import { Announcer } from '../../../../src/daemon/vrrp-process/announcer.ts';
import { openLinkMonitor } from '../../../../src/kernel/link-monitor.ts';
import { type Command, failure, onCommand, say } from './lines.ts';

const monitor = await openLinkMonitor({ onEvent: () => undefined });
const announcer = new Announcer((name) => monitor.links().get(name));

function perform(command: Command): void {
  const addresses = command['addresses'] as readonly VirtualAddress[];
  const errors =
    command.kind === 'announceOn'
      ? announcer.announceOn(String(command['interface']), addresses)
      : announcer.announce(addresses, Number(command['repeat']));
  say({ kind: 'announced', errors: errors.map((error) => failure(error)) });
}

say({ kind: 'ready' });
onCommand(perform);
