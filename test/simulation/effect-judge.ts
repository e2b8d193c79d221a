/** The order of the effects is part of the contract of the core: see `messages.ts`. */
import type { StateName } from '../../src/vrrp/index.ts';
import type { Stepped } from './record.ts';
import { isOverdue } from './rfc.ts';

type Objector = (objection: string) => never;

export function effectsInOrder(happened: Stepped, object: Objector): void {
  const { instance, before, effects } = happened;
  const { name } = instance.state;
  if (before.name === name) return;
  const kinds: string[] = effects.map(({ kind }) => kind).filter((kind) => kind !== 'report');
  const expected = expectedKinds(happened, before.name, name);
  // A Master before, it may have to let go in the same step.
  const mayLetGo =
    before.name === 'Backup' && kinds[0] === 'removeAddresses' && expected[0] !== 'removeAddresses';
  if (mayLetGo) kinds.shift();
  if (kinds.join() !== expected.join())
    object(
      `went from ${before.name} to ${name} by "${kinds.join(', ')}" and must by "${expected.join(', ')}"`,
    );
  const changes = effects.filter((effect) => effect.kind === 'stateChanged');
  if (changes[0]?.from !== before.name || changes[0].to !== name)
    object('told another change of state than it made');
}

function expectedKinds(
  { instance, before, event, nowMs }: Stepped,
  from: StateName,
  to: StateName,
): string[] {
  if (to === 'Master') return ['sendAdvertisement', 'addAddresses', 'sendGratuitousArp', 'stateChanged'];
  if (to === 'Leaving') return ['sendAdvertisement', 'stateChanged'];
  if (from === 'Master') {
    if (to !== 'Backup') return ['sendAdvertisement', 'removeAddresses', 'stateChanged'];
    if (event.kind !== 'packet') return ['stateChanged'];
    // What it says now must not move a router that may have another priority since it was heard.
    const { config } = instance;
    const says = config.higherPrioSendAdvert && !isOverdue(before, config, event.handledAtMs ?? nowMs);
    return says ? ['sendAdvertisement', 'stateChanged'] : ['stateChanged'];
  }
  // Succeeded, or taken back by its group: then the addresses stay for a moment.
  const { state } = instance;
  const lingers = from === 'Leaving' && state.name === 'Backup' && state.releaseAtMs !== undefined;
  const holds = from === 'Leaving' || (before.name === 'Backup' && before.releaseAtMs !== undefined);
  return holds && !lingers ? ['removeAddresses', 'stateChanged'] : ['stateChanged'];
}
