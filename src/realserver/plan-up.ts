/** Which changes make a host a real server for virtual addresses, and what is recorded before the first of them is made. */
import { familyOf } from '../net/address.ts';
import type { Change } from './changes.ts';
import { type HostInterface, interfaceOf, type Situation } from './host.ts';
import {
  fullLength,
  type Need,
  needsOfAll,
  silentArpAnnounce,
  silentArpIgnore,
  type VirtualIp,
} from './needs.ts';
import type { RealServerRecord } from './record.ts';

export type UpPlan =
  | {
      readonly ok: true;
      /** In order; empty where everything is so already. */
      readonly changes: readonly Change[];
      /** To be written first: a run that is killed has then changed nothing that is not in it. */
      readonly record: RealServerRecord;
    }
  /** Sentences; nothing may be changed. */
  | { readonly ok: false; readonly problems: readonly string[] };

export function planUp(vips: readonly VirtualIp[], situation: Situation, record: RealServerRecord): UpPlan {
  const problems = vips.flatMap((vip) => problemsOf(vip, situation, record));
  if (problems.length > 0) return { ok: false, problems };
  const needs = [...needsOfAll(vips), ...louderInterfaces(vips, situation)];
  const changes = needs.flatMap((need) => changeFor(need, situation));
  const known = new Set(record.virtualAddresses.map(({ address }) => address));
  return {
    ok: true,
    changes,
    record: {
      version: 1,
      virtualAddresses: [...record.virtualAddresses, ...vips.filter(({ address }) => !known.has(address))],
      changes: [...record.changes, ...changes.filter((change) => !isRecorded(change, record))],
    },
  };
}

/** What was there before us is what the first record of it says. */
function isRecorded(change: Change, record: RealServerRecord): boolean {
  return record.changes.some((one) => sameThing(one, change));
}

export function sameThing(a: Change, b: Change): boolean {
  if (a.kind === 'setting') return b.kind === 'setting' && a.path === b.path;
  if (a.kind === 'linkUp') return b.kind === 'linkUp' && a.interface === b.interface;
  return b.kind === 'address' && a.address === b.address && a.interface === b.interface;
}

function problemsOf(vip: VirtualIp, situation: Situation, record: RealServerRecord): readonly string[] {
  const { address, interface: name, mode } = vip;
  const before = record.virtualAddresses.find((one) => one.address === address);
  if (before !== undefined && (before.mode !== mode || before.interface !== name)) {
    return [
      `${address} is up already, on ${before.interface} with --mode ${before.mode}; "holdfast realserver down ${address}" takes it back first.`,
    ];
  }
  const found = interfaceOf(situation, name);
  if (found === undefined) return [`There is no interface ${name}.`];
  return [...interfaceProblems(vip, found), ...elsewhereProblems(vip, situation)];
}

function interfaceProblems({ address }: VirtualIp, found: HostInterface): readonly string[] {
  const { name } = found;
  if (found.isLoopback && !found.isUp) {
    return [
      `${name} is down, and with it all that this host has to do with itself: "ip link set dev ${name} up".`,
    ];
  }
  if (found.answersArp && !found.isLoopback) {
    return [
      `${name} answers its neighbours for the addresses that it has, and would take ${address} from the director; use lo.`,
    ];
  }
  const wide = found.addresses.find(
    (one) => one.address === address && one.prefixLength !== fullLength(address),
  );
  if (wide === undefined) return [];
  return [
    `${address}/${wide.prefixLength} is on ${name}, so that this host takes the whole network for its own: "ip address del ${address}/${wide.prefixLength} dev ${name}" first.`,
  ];
}

function elsewhereProblems(
  { address, interface: name }: VirtualIp,
  { interfaces }: Situation,
): readonly string[] {
  return interfaces
    .filter((one) => one.name !== name && one.answersArp && !one.isLoopback)
    .flatMap((one) => {
      const there = one.addresses.find((entry) => entry.address === address);
      if (there === undefined) return [];
      return [
        `${address} is on ${one.name}, which answers for it: "ip address del ${address}/${there.prefixLength} dev ${one.name}" first.`,
      ];
    });
}

/** Interfaces whose own value is in the way: the larger of it and that for all counts, and larger is not always quieter. */
function louderInterfaces(vips: readonly VirtualIp[], situation: Situation): readonly Need[] {
  if (!vips.some(({ address }) => familyOf(address) === 4)) return [];
  const wanted = [
    { key: 'arp_ignore', accepts: silentArpIgnore, value: '1' },
    { key: 'arp_announce', accepts: silentArpAnnounce, value: '2' },
  ];
  return situation.interfaces
    .filter(({ answersArp, isLoopback }) => answersArp && !isLoopback)
    .flatMap(({ name }) =>
      wanted.flatMap(({ key, accepts, value }): Need[] => {
        const path = `ipv4/conf/${name}/${key}`;
        const all = situation.setting(`ipv4/conf/all/${key}`) ?? value;
        const larger = Math.max(
          Number(situation.setting(path) ?? 0),
          Number(accepts.includes(all) ? all : value),
        );
        return accepts.includes(String(larger)) ? [] : [{ kind: 'setting', path, value, accepts }];
      }),
    );
}

function changeFor(need: Need, situation: Situation): readonly Change[] {
  switch (need.kind) {
    case 'module':
      return [];
    case 'setting':
      return settingChange(need, situation);
    case 'linkUp':
      return interfaceOf(situation, need.interface)?.isUp ? [] : [need];
    default: {
      const there = interfaceOf(situation, need.interface)?.addresses ?? [];
      return there.some(({ address }) => address === need.address) ? [] : [need];
    }
  }
}

function settingChange(
  { path, value, accepts }: Extract<Need, { kind: 'setting' }>,
  situation: Situation,
): readonly Change[] {
  const previous = situation.setting(path);
  if (previous === undefined || isEnough(path, previous, accepts, situation)) return [];
  return [{ kind: 'setting', path, previous, value }];
}

/** A filter that is off here may be on for all interfaces, and the larger value counts. */
function isEnough(path: string, value: string, accepts: readonly string[], situation: Situation): boolean {
  if (!path.endsWith('/rp_filter')) return accepts.includes(value);
  const all = situation.setting('ipv4/conf/all/rp_filter') ?? '0';
  return accepts.includes(String(Math.max(Number(value), Number(all))));
}
