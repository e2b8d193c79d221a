/** What keeps a host from being a real server for a virtual address: what was found, what is needed, and what mends it. */
import { familyOf } from '../net/address.ts';
import { addressCommand, settingCommand, settingName } from './changes.ts';
import { effectiveSetting, type HostInterface, interfaceOf, type Situation } from './host.ts';
import {
  fullLength,
  moduleOf,
  silentArpAnnounce,
  silentArpIgnore,
  tunnelRpFilter,
  type VirtualIp,
} from './needs.ts';

export interface Deviation {
  readonly address: string;
  /** A sentence without an end. */
  readonly found: string;
  readonly needed: string;
  /** For a shell; undefined where somebody has to think first. */
  readonly command?: string;
}

type Finding = Omit<Deviation, 'address'>;

/** Those of one virtual address; none where it is served as it should be. */
export function findDeviations(vip: VirtualIp, situation: Situation): readonly Deviation[] {
  const found = interfaceOf(situation, vip.interface);
  return [
    ...(found === undefined ? [missingInterface(vip)] : interfaceDeviations(vip, found, situation)),
    ...elsewhere(vip, situation),
    ...(familyOf(vip.address) === 4 ? arpDeviations(situation) : []),
  ].map((finding) => ({ address: vip.address, ...finding }));
}

function missingInterface({ interface: name, mode }: VirtualIp): Finding {
  const module = moduleOf(name);
  const needed =
    mode === 'tun'
      ? `a tunnel interface, by which this host unpacks what the director sends`
      : `an interface that has the address and answers no ARP: lo is the usual one`;
  if (module === undefined) return { found: `there is no interface ${name}`, needed };
  return {
    found: `there is no interface ${name}, so the kernel's module ${module} is not loaded`,
    needed,
    command: `modprobe ${module}`,
  };
}

function interfaceDeviations(vip: VirtualIp, found: HostInterface, situation: Situation): readonly Finding[] {
  const { name } = found;
  const down: Finding = {
    found: `${name} is down`,
    needed: 'it has to be up: nothing is taken in by it else',
    command: `ip link set dev ${name} up`,
  };
  const isTunnelOfIpv4 = vip.mode === 'tun' && familyOf(vip.address) === 4;
  return [
    ...(found.isUp ? [] : [down]),
    ...(found.answersArp && !found.isLoopback ? [talkative(vip)] : []),
    ...(familyOf(vip.address) === 6 ? ipv6Deviations(name, situation) : []),
    ...addressDeviations(vip, found),
    ...(isTunnelOfIpv4 ? filterDeviations(name, situation) : []),
  ];
}

function talkative({ interface: name, address }: VirtualIp): Finding {
  return {
    found: `${name} answers by ARP or neighbour discovery for the addresses that it has`,
    needed: `${address} on an interface that does not, such as lo: else this host takes it from the director`,
  };
}

function ipv6Deviations(name: string, situation: Situation): readonly Finding[] {
  const path = `ipv6/conf/${name}/disable_ipv6`;
  const value = situation.setting(path);
  if (value === '0') return [];
  if (value === undefined) return [{ found: 'this kernel has no IPv6', needed: 'a kernel with IPv6' }];
  return [
    {
      found: `${settingName(path)} is ${value}`,
      needed: '0: no IPv6 address can be there else',
      command: settingCommand(path, '0'),
    },
  ];
}

function addressDeviations(vip: VirtualIp, found: HostInterface): readonly Finding[] {
  const { address, interface: name } = vip;
  const prefixLength = fullLength(address);
  const there = found.addresses.filter((one) => one.address === address);
  const wide = there.filter((one) => one.prefixLength !== prefixLength);
  const wideFindings = wide.map((one) => ({
    found: `${address}/${one.prefixLength} is on ${name}`,
    needed: `/${prefixLength}: this host takes the whole network for its own else`,
    command: addressCommand('del', { interface: name, address, prefixLength: one.prefixLength }),
  }));
  if (there.length > wide.length) return wideFindings;
  const missing: Finding = {
    found: `${address}/${prefixLength} is not on ${name}`,
    needed: 'the address: what is sent to it is not taken in else',
    command: addressCommand('add', { interface: name, address, prefixLength }),
  };
  return [...wideFindings, missing];
}

function elsewhere(vip: VirtualIp, { interfaces }: Situation): readonly Finding[] {
  return interfaces
    .filter(({ name, answersArp, isLoopback }) => name !== vip.interface && answersArp && !isLoopback)
    .flatMap(({ name, addresses }) =>
      addresses
        .filter(({ address }) => address === vip.address)
        .map(({ address, prefixLength }) => ({
          found: `${address}/${prefixLength} is on ${name} too, which answers for it`,
          needed: `it on ${vip.interface} alone: else this host takes it from the director`,
          command: addressCommand('del', { interface: name, address, prefixLength }),
        })),
    );
}

/** Each interface that neighbours can ask on. */
function arpDeviations(situation: Situation): readonly Finding[] {
  return situation.interfaces
    .filter(({ answersArp, isLoopback }) => answersArp && !isLoopback)
    .flatMap(({ name }) => [
      ...effective(situation, name, {
        key: 'arp_ignore',
        accepts: silentArpIgnore,
        value: '1',
        why: 'neighbours are answered for the virtual address else',
      }),
      ...effective(situation, name, {
        key: 'arp_announce',
        accepts: silentArpAnnounce,
        value: '2',
        why: 'neighbours are asked in the name of the virtual address else, and learn it',
      }),
    ]);
}

function filterDeviations(name: string, situation: Situation): readonly Finding[] {
  return effective(situation, name, {
    key: 'rp_filter',
    accepts: tunnelRpFilter,
    value: '2',
    why: 'packets of clients are dropped else, since the way back to them is by another interface',
  });
}

interface Wanted {
  readonly key: string;
  readonly accepts: readonly string[];
  readonly value: string;
  readonly why: string;
}

/** The larger of `all` and the interface's own counts, so either can be the one to change. */
function effective(
  situation: Situation,
  name: string,
  { key, accepts, value, why }: Wanted,
): readonly Finding[] {
  const found = effectiveSetting(situation, name, key);
  if (found === undefined || accepts.includes(String(found))) return [];
  const own = `ipv4/conf/${name}/${key}`;
  const all = 'ipv4/conf/all';
  const values = `${settingName(own)} is ${situation.setting(own)}, ${settingName(`${all}/${key}`)} is ${situation.setting(`${all}/${key}`)}`;
  return [
    {
      found: `${key} is ${found} on ${name} (${values})`,
      needed: `${accepts.join(' or ')}: ${why}`,
      command: settingCommand(commandPath(situation, name, { key, accepts, value, why }), value),
    },
  ];
}

/** For all interfaces where that is enough, else for this one, whose own value is in the way. */
function commandPath(situation: Situation, name: string, { key, accepts, value }: Wanted): string {
  const own = situation.setting(`ipv4/conf/${name}/${key}`);
  const helps = accepts.includes(String(Math.max(Number(own), Number(value)))) && key !== 'rp_filter';
  return `ipv4/conf/${helps ? 'all' : name}/${key}`;
}
