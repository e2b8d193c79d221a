/** keepalived.conf(5): use_vmac, use_ipvlan: the interface that is made for an instance. RFC 5798 section 7.3. */
import type { AddressFamily } from '../net/address.ts';
import type { GivenOf } from './block-values.ts';
import type { VirtualLinkConfig } from './config.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';
import { givenSource } from './resolve-transport.ts';
import type { root } from './schema/index.ts';

/** What names of links depend on, the same for all instances. */
export interface LinkNames {
  /** keepalived.conf(5): vmac_prefix. */
  readonly prefix: string;
  /** Names that are given or made up already. */
  readonly used: Set<string>;
}

export interface LinkFacts {
  readonly family: AddressFamily;
  readonly vrid: number;
  readonly isUnicast: boolean;
  readonly isStrict: boolean;
}

/** Those that the operator has chosen, which no made-up one may be. */
export function givenLinkNames(
  instances: readonly GivenOf<typeof root.keywords.vrrp_instance>[],
): readonly string[] {
  return instances.flatMap(({ values }) => linkOf(values)?.value.interface ?? []);
}

export function resolveVirtualLink(
  context: InstanceContext,
  facts: LinkFacts,
  names: LinkNames & { readonly taken: Set<string> },
): VirtualLinkConfig | undefined {
  const link = linkOf(context.values);
  if (link === undefined) {
    reportNoVmac(context);
    return undefined;
  }
  if (!context.values.has('interface')) {
    const message = `${link.keyword} needs an interface to be on, and the instance has none; it is ignored`;
    reportPart(
      context,
      'error',
      'invalid-value',
      message,
      link.heading,
      'write "interface" into the instance',
    );
    return undefined;
  }
  const name = nameOf(context, link, facts, names);
  return link.keyword === 'use_vmac' ? macvlan(context, name, facts) : ipvlan(context, name, facts);
}

function linkOf(values: InstanceContext['values']) {
  const vmac = values.last('use_vmac');
  const ipvlan = values.last('use_ipvlan');
  if (vmac === undefined || ipvlan === undefined) return vmac ?? ipvlan;
  return vmac.order > ipvlan.order ? vmac : ipvlan;
}

function macvlan(context: InstanceContext, name: string, facts: LinkFacts): VirtualLinkConfig {
  const given = context.values.last('use_vmac');
  const group = given?.value.group;
  return {
    kind: 'macvlan',
    name,
    mac: macOf(context, facts),
    transmitsByBase: transmitsByBase(context, facts),
    netlinkNotify: given?.value.netlinkNotifyMsg ?? false,
    ...(group !== undefined && { group }),
  };
}

function ipvlan(context: InstanceContext, name: string, { family }: LinkFacts): VirtualLinkConfig {
  reportNoVmac(context);
  const { address, prefixLength, mode, group } = context.values.value('use_ipvlan') ?? {};
  if (family === 4 && address === undefined && givenSource(context) === undefined) {
    const message =
      'use_ipvlan over IPv4 needs an address of its own to advertise from; the instance stays in Fault';
    const help = 'write the address after "use_ipvlan", or "mcast_src_ip" and the address';
    const place = context.values.last('use_ipvlan')?.heading;
    reportPart(context, 'error', 'ipvlan-without-source', message, place, help);
  }
  return {
    kind: 'ipvlan',
    name,
    transmitsByBase: false,
    netlinkNotify: false,
    ...(group !== undefined && { group }),
    ...(address !== undefined && { address }),
    ...(prefixLength !== undefined && { prefixLength }),
    ...(mode !== undefined && { mode }),
  };
}

/** RFC 5798 section 7.3: 00-00-5E-00-01-{VRID} for IPv4, 02 for IPv6. */
function macOf(context: InstanceContext, { family, vrid, isStrict }: LinkFacts): string {
  const given = context.values.last('use_vmac');
  const mac = given?.value.mac;
  const usual = [0, 0, 0x5e, 0, family === 4 ? 1 : 2, vrid];
  if (mac === undefined) return macText(usual);
  if (isStrict) {
    const message = `strict mode does not allow a MAC address of use_vmac, found "${mac}"; ${macText(usual)} is used`;
    reportPart(context, 'error', 'strict-vmac-mac', message, given?.heading);
    return macText(usual);
  }
  const octets = mac.split(':').map((octet) => Number.parseInt(octet, 16));
  return macText(octets.length === 5 ? [...octets, vrid] : octets);
}

function macText(octets: readonly number[]): string {
  return octets.map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}

function transmitsByBase(context: InstanceContext, { isUnicast, isStrict }: LinkFacts): boolean {
  const given = context.values.last('vmac_xmit_base');
  if (isUnicast) {
    if (given !== undefined) return true;
    const message =
      'unicast with use_vmac needs vmac_xmit_base, since peers answer to the interface; it is set';
    const place = context.values.last('use_vmac')?.heading;
    reportPart(context, 'error', 'unicast-vmac-xmit-base', message, place, 'write "vmac_xmit_base" as well');
    return true;
  }
  if (given === undefined || !isStrict) return given !== undefined;
  const message = 'strict mode does not allow vmac_xmit_base; it is ignored';
  reportPart(context, 'error', 'strict-vmac-xmit-base', message, given.heading);
  return false;
}

function reportNoVmac(context: InstanceContext): void {
  const given = context.values.last('vmac_xmit_base');
  if (given === undefined) return;
  const message = 'vmac_xmit_base has a meaning with use_vmac only; it is ignored';
  reportPart(context, 'error', 'vmac-xmit-base-without-vmac', message, given.heading);
}

/** Of two that want one name, the second gets a made-up one, as keepalived does it. */
function nameOf(
  context: InstanceContext,
  link: NonNullable<ReturnType<typeof linkOf>>,
  facts: LinkFacts,
  { prefix, used, taken }: LinkNames & { readonly taken: Set<string> },
): string {
  const wanted = link.value.interface;
  if (wanted !== undefined && !taken.has(wanted)) {
    taken.add(wanted);
    return wanted;
  }
  const name = inventName(prefix, facts, (candidate) => used.has(candidate));
  used.add(name);
  taken.add(name);
  if (wanted !== undefined) {
    const message = `the interface ${wanted} is that of another instance already; ${name} is made for this one`;
    reportPart(context, 'error', 'vmac-name-clash', message, link.heading, 'give it another name, or none');
  }
  return name;
}

/** `vrrp.51`; where that is there, for IPv6 `vrrp6.51` first, then `vrrp1.51` and so on. */
/** IFNAMSIZ of the kernel leaves 15 bytes for a name: a long prefix is cut, not the number. */
const longestName = 15;

function inventName(prefix: string, { family, vrid }: LinkFacts, isUsed: (name: string) => boolean): string {
  const named = (number: string) => {
    const end = `${number}.${vrid}`;
    return prefix.slice(0, longestName - end.length) + end;
  };
  const first = named('');
  if (!isUsed(first)) return first;
  const ofIpv6 = named('6');
  if (family === 6 && !isUsed(ofIpv6)) return ofIpv6;
  for (let number = 1; ; number += 1) {
    const name = named(`${number}`);
    if (number !== 6 && !isUsed(name)) return name;
  }
}
