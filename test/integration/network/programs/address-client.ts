/**
 * Adds and removes addresses. Commands: prepare; add and remove, each with `lists` that are asked for in one turn of the event loop;
 * `atOnce` is what `ip` shows in that same turn, before any answer was read.
 */
import { execFileSync } from 'node:child_process';
import {
  type AddressResult,
  type AddressTarget,
  openAddressClient,
} from '../../../../src/kernel/rtnetlink.ts';
import { type Command, failure, onCommand, say } from './lines.ts';

const client = openAddressClient();

async function perform(command: Command): Promise<void> {
  const lists = command['lists'] as AddressTarget[][];
  if (command.kind === 'prepare') {
    for (const list of lists) client.prepare(list);
    say({ kind: 'prepared' });
    return;
  }
  const ask = command.kind === 'add' ? client.addAddresses : client.removeAddresses;
  const answers = lists.map((list) => ask.call(client, list));
  const atOnce = JSON.parse(execFileSync('ip', ['-j', 'addr'], { encoding: 'utf8' })) as object[];
  const results = (await Promise.all(answers)).map((list) => list.map(plain));
  say({ kind: 'done', results, atOnce });
}

function plain({ address, error, alreadySo, note }: AddressResult): object {
  return { address: address.address, error: error?.message, alreadySo, note };
}

say({ kind: 'ready' });
onCommand((command) => void perform(command).catch((error: unknown) => say(failure(error))));
