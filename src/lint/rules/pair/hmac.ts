/** keepalived.conf(5): auth_hmac of an instance, as far as the other director must agree with it. */
import type { InstanceModel } from '../../model/index.ts';

export interface Hmac {
  /** The key that signs. */
  readonly activeKey: string;
  /** By id: as written. */
  readonly keys: ReadonlyMap<string, string>;
  readonly mode: 'enforce' | 'permissive' | 'receive-only';
}

/** Undefined also where the active key is not there: keepalived then goes on without signatures. */
export function hmacOf({ values }: InstanceModel): Hmac | undefined {
  const block = values.last('auth_hmac')?.values;
  if (block === undefined) return undefined;
  const keys = new Map(
    block.all('key').map(({ statement: { args } }) => {
      const [id = '', ...rest] = args.map(({ value }) => value);
      return [id, rest.join(' ')];
    }),
  );
  const activeKey = String(block.value('active_key') ?? '');
  if (!keys.has(activeKey)) return undefined;
  return { activeKey, keys, mode: block.value('mode') ?? 'enforce' };
}

/** What of it makes one of the two discard what the other sends; completes "VI_1 ...". */
export function hmacDifference(a: InstanceModel, b: InstanceModel, node: string): string | undefined {
  const [theirs, ours] = [hmacOf(a), hmacOf(b)];
  if (theirs === undefined && ours === undefined) return undefined;
  // A step of a change: it signs nothing yet, and takes what is unsigned.
  if ((ours ?? theirs)?.mode === 'receive-only' && (ours === undefined || theirs === undefined))
    return undefined;
  if (ours === undefined) return `does not sign with auth_hmac here, and does on ${node}`;
  if (theirs === undefined) return `signs with auth_hmac here, and does not on ${node}`;
  const unknownHere = refusedKey(theirs, ours);
  if (unknownHere !== undefined)
    return `does not have key ${unknownHere} of auth_hmac, which ${node} signs with`;
  const unknownThere = refusedKey(ours, theirs);
  if (unknownThere !== undefined)
    return `signs with key ${unknownThere} of auth_hmac, which ${node} does not have`;
  return undefined;
}

/** The id of the key that `sender` signs with, where `receiver` has none of that id or another one. */
function refusedKey(sender: Hmac, receiver: Hmac): string | undefined {
  if (sender.mode === 'receive-only' && receiver.mode !== 'enforce') return undefined;
  const { activeKey, keys } = sender;
  return receiver.keys.get(activeKey) === keys.get(activeKey) ? undefined : activeKey;
}
