/** The keeper of FULLNAT's rules in the namespace that it is started in. Commands: apply (`rules`), check, release. */
import type { FullNatRules } from '../../../../src/fullnat/index.ts';
import { openFullNatKeeper } from '../../../../src/kernel/fullnat-keeper.ts';
import { type Command, failure, onCommand, say } from './lines.ts';

const keeper = openFullNatKeeper(() => performance.now());

async function perform(command: Command): Promise<void> {
  switch (command.kind) {
    case 'apply':
      return say({ kind: 'done', records: await keeper.apply(command['rules'] as FullNatRules) });
    case 'check':
      return say({ kind: 'done', records: await keeper.check() });
    default:
      return say({ kind: 'done', records: await keeper.release() });
  }
}

say({ kind: 'ready' });
onCommand((command) => void perform(command).catch((error: unknown) => say(failure(error))));
