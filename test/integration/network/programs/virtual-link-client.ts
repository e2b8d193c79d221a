/** Makes and removes virtual links. Commands: ensure (`config`, `base` by name, `family`, `options`), remove (`name`). */
import type { VirtualLinkConfig } from '../../../../src/config-parser/config-vrrp.ts';
import { openLinkMonitor } from '../../../../src/kernel/link-monitor.ts';
import { openVirtualLinkClient, type VirtualLinkOptions } from '../../../../src/kernel/virtual-link.ts';
import { type Command, failure, onCommand, say } from './lines.ts';

const client = openVirtualLinkClient();
const monitor = await openLinkMonitor({ onEvent: () => undefined });

async function perform(command: Command): Promise<void> {
  if (command.kind === 'remove') {
    say({ kind: 'done', problem: await client.remove(String(command['name'])) });
    return;
  }
  await monitor.resynchronise('asked');
  const base = monitor.links().get(String(command['base']));
  if (base === undefined) throw new Error(`there is no ${command['base']}`);
  const config = command['config'] as VirtualLinkConfig;
  const options = command['options'] as VirtualLinkOptions | undefined;
  say({ kind: 'done', ...(await client.ensure(config, base, command['family'] as 4 | 6, options)) });
}

say({ kind: 'ready' });
onCommand((command) => void perform(command).catch((error: unknown) => say(failure(error))));
