/**
 * The rules as input of iptables-restore(8), for kernels without nftables, and what iptables-save says of them. Chains of our own
 * in the table nat, entered from the beginning of POSTROUTING: the first source NAT that decides, decides.
 */
import type { LocalAddressRange } from '../config-parser/config.ts';
import { rangeText, shares } from './address-share.ts';
import type { FullNatGroup, FullNatTarget } from './rules.ts';

const chain = 'HOLDFAST_FULLNAT';
const jump = `POSTROUTING -j ${chain}`;

/** For `--noflush`, which does all or nothing. `saved` is what iptables-save says now: what of ours is in there goes. */
export function iptablesText(groups: readonly FullNatGroup[], saved: string): string {
  if (groups.length === 0) return iptablesRemoval(saved);
  const divided = groups.flatMap(({ localAddresses }, index) =>
    localAddresses.length > 1 ? [dividingChain(index, localAddresses)] : [],
  );
  const names = [chain, ...divided.map(({ name }) => name)];
  const stale = chainsIn(saved).filter((name) => !names.includes(name));
  return restoreInput([
    // A chain that is there already is emptied by this.
    ...[...names, ...stale].map((name) => `:${name} - [0:0]`),
    ...jumpsIn(saved).map(() => `-D ${jump}`),
    ...divided.flatMap(({ rules }) => rules),
    ...groups.flatMap((group, index) => group.targets.map((target) => targetRule(target, group, index))),
    `-I ${jump}`,
    ...stale.map((name) => `-X ${name}`),
  ]);
}

/** Leaves nothing of ours; the empty text where there is nothing of ours. */
export function iptablesRemoval(saved: string): string {
  const names = chainsIn(saved);
  if (names.length === 0) return '';
  return restoreInput([
    ...names.map((name) => `:${name} - [0:0]`),
    ...jumpsIn(saved).map(() => `-D ${jump}`),
    ...names.map((name) => `-X ${name}`),
  ]);
}

/** The lines that iptables-save has of ours. */
export function iptablesFacts(saved: string): readonly string[] {
  return [...chainsIn(saved).map((name) => `:${name}`), ...jumpsIn(saved), ...rulesIn(saved)];
}

function restoreInput(lines: readonly string[]): string {
  return `${['*nat', ...lines, 'COMMIT'].join('\n')}\n`;
}

function chainsIn(saved: string): readonly string[] {
  return [...saved.matchAll(/^:(HOLDFAST_FULLNAT(?:_\d+)?) /gm)].map((match) => match[1] ?? '');
}

function jumpsIn(saved: string): readonly string[] {
  return [...saved.matchAll(/^-A POSTROUTING -j HOLDFAST_FULLNAT$/gm)].map((match) => match[0]);
}

function rulesIn(saved: string): readonly string[] {
  return [...saved.matchAll(/^-A HOLDFAST_FULLNAT(?:_\d+)? .*$/gm)].map((match) => match[0]);
}

/** A rule knows one range: of several, a chain of their own takes one by chance. */
function dividingChain(
  index: number,
  ranges: readonly LocalAddressRange[],
): { readonly name: string; readonly rules: readonly string[] } {
  const name = `${chain}_${index}`;
  const parts = shares(ranges);
  const rules = ranges.map((range, number) => {
    const rest = parts.slice(number).reduce((sum, share) => sum + share, 0);
    const probability = ((parts[number] ?? 1) / rest).toFixed(10);
    const chance =
      number === ranges.length - 1 ? '' : `-m statistic --mode random --probability ${probability} `;
    return `-A ${name} ${chance}${snat(range)}`;
  });
  return { name, rules };
}

function targetRule(target: FullNatTarget, group: FullNatGroup, index: number): string {
  return `-A ${chain} -d ${target.address} ${matchOf(target)} ${actionOf(group.localAddresses, index)}`;
}

function matchOf({ service, port }: FullNatTarget): string {
  if (service.kind === 'fwmark') return `-m mark --mark ${service.mark}`;
  const protocol = service.protocol.toLowerCase();
  const virtualPort = service.port === 0 ? '' : ` --ctorigdstport ${service.port}`;
  const made = `-m conntrack --ctorigdst ${service.address}${virtualPort}`;
  return `-p ${protocol}${portMatch(protocol, port)} ${made}`;
}

function portMatch(protocol: string, port: number): string {
  return port === 0 ? '' : ` -m ${protocol} --dport ${port}`;
}

function actionOf(ranges: readonly LocalAddressRange[], index: number): string {
  const [first, ...others] = ranges;
  if (first === undefined) return '-j MASQUERADE --random-fully';
  return others.length === 0 ? snat(first) : `-j ${chain}_${index}`;
}

function snat(range: LocalAddressRange): string {
  return `-j SNAT --to-source ${rangeText(range)} --random-fully`;
}
