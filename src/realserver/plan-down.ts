/** Which changes are undone when virtual addresses go: all that were made for them, and that no other one still needs. */
import { familyOf, type IpAddress } from '../net/address.ts';
import { type Change, settingName } from './changes.ts';
import { interfaceOf, type Situation } from './host.ts';
import { needsOfAll, type VirtualIp } from './needs.ts';
import type { RealServerRecord } from './record.ts';

export interface UndoStep {
  readonly change: Change;
  /** What is in the record once it is undone. */
  readonly record: RealServerRecord;
}

export interface DownPlan {
  /** In order: first of all the address goes. */
  readonly steps: readonly UndoStep[];
  /** The record at the end. */
  readonly record: RealServerRecord;
  /** Sentences on what is not as we left it, and so stays. */
  readonly notes: readonly string[];
  /** Asked for and not in the record. */
  readonly unknown: readonly IpAddress[];
}

/** `addresses` undefined means all. */
export function planDown(
  addresses: readonly IpAddress[] | undefined,
  situation: Situation,
  record: RealServerRecord,
): DownPlan {
  const known = record.virtualAddresses.map(({ address }) => address);
  const going = new Set(addresses ?? known);
  const staying = record.virtualAddresses.filter(({ address }) => !going.has(address));
  const leaving = record.virtualAddresses.filter(({ address }) => going.has(address));
  const kept = record.changes.filter((change) => isNeeded(change, staying, leaving));
  const undone = record.changes.filter((change) => !kept.includes(change)).reverse();
  const verdicts = undone.map((change) => ({ change, verdict: verdictOf(change, situation, undone) }));
  const end = { ...record, virtualAddresses: staying, changes: kept };
  const toUndo = verdicts.flatMap(({ change, verdict }) => (verdict === 'undo' ? [change] : []));
  return {
    steps: toUndo.map((change, index) => ({
      change,
      record: { ...record, changes: [...kept, ...toUndo.slice(index + 1).reverse()] },
    })),
    record: end,
    notes: verdicts.flatMap(({ verdict }) => (typeof verdict === 'object' ? [verdict.note] : [])),
    unknown: [...going].filter((address) => !known.includes(address)),
  };
}

function isNeeded(change: Change, staying: readonly VirtualIp[], leaving: readonly VirtualIp[]): boolean {
  if (change.kind === 'address') return staying.some(({ address }) => address === change.address);
  if (change.kind === 'linkUp') return staying.some(({ interface: name }) => name === change.interface);
  if (settingPaths(staying).has(change.path)) return true;
  // An interface that was louder than the rest was silenced for every IPv4 address.
  const isArp = /\/arp_(?:ignore|announce)$/.test(change.path);
  return (
    isArp && staying.some(({ address }) => familyOf(address) === 4) && !settingPaths(leaving).has(change.path)
  );
}

function settingPaths(vips: readonly VirtualIp[]): ReadonlySet<string> {
  return new Set(needsOfAll(vips).flatMap((need) => (need.kind === 'setting' ? [need.path] : [])));
}

type Verdict = 'undo' | 'undone' | { readonly note: string };

function verdictOf(change: Change, situation: Situation, undone: readonly Change[]): Verdict {
  switch (change.kind) {
    case 'setting':
      return settingVerdict(change, situation);
    case 'linkUp':
      return linkVerdict(change.interface, situation, undone);
    default: {
      const there = interfaceOf(situation, change.interface)?.addresses ?? [];
      return there.some(
        ({ address, prefixLength }) => address === change.address && prefixLength === change.prefixLength,
      )
        ? 'undo'
        : 'undone';
    }
  }
}

function settingVerdict(
  { path, previous, value }: Extract<Change, { kind: 'setting' }>,
  situation: Situation,
): Verdict {
  const now = situation.setting(path);
  if (now === undefined || now === previous) return 'undone';
  if (now === value) return 'undo';
  return {
    note: `${settingName(path)} is ${now}, which somebody else has set: it stays (it was ${previous} before).`,
  };
}

/** Link-local addresses come and go with the interface; any other one is somebody's who needs it up. */
function linkVerdict(name: string, situation: Situation, undone: readonly Change[]): Verdict {
  const found = interfaceOf(situation, name);
  if (found === undefined || !found.isUp) return 'undone';
  const ours = new Set(undone.flatMap((change) => (change.kind === 'address' ? [change.address] : [])));
  const other = found.addresses.find(({ address }) => !address.startsWith('fe80:') && !ours.has(address));
  if (other === undefined) return 'undo';
  return { note: `${name} stays up: ${other.address}/${other.prefixLength} is on it too.` };
}
