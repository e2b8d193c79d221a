/** keepalived.conf(5): global_defs: arguments of vrrp_iptables and vrrp_ipsets. */
import type { Argument } from './arguments.ts';

export interface Chains {
  readonly input: string;
  readonly output?: string;
}

/** XT_EXTENSION_MAXNAMELEN of the kernel, less its end. */
const longestChainName = 28;

/** `[IN [OUT]]`, which differ. */
export const chains: Argument<Chains> = {
  expects: `one or two different names of chains of at most ${longestChainName} characters, or nothing for INPUT and OUTPUT`,
  syntax: '[<input-chain> [<output-chain>]]',
  samples: {
    good: ['', 'vrrp_in', 'vrrp_in vrrp_out'],
    bad: ['vrrp vrrp', 'a_name_of_more_than_28_characters', 'vrrp_in vrrp_out vrrp_forward'],
  },
  parse: (words) => {
    const [input, output] = words;
    if (input === undefined) return { ok: true, value: { input: 'INPUT', output: 'OUTPUT' }, used: 0 };
    const long = [input, output].find((word) => (word?.value.length ?? 0) > longestChainName);
    if (long !== undefined) return { ok: false, word: long };
    if (output?.value === input.value) return { ok: false, word: output };
    const value = { input: input.value, ...(output && { output: output.value }) };
    return { ok: true, value, used: output === undefined ? 1 : 2 };
  },
};

const setsUsed = 6;
const longestSetName = 31;

/** Up to six names, for addresses of IPv4, IPv6 and IPv6 with interface, IGMP, MLD and neighbour discovery; none for off. */
export const ipSets: Argument<readonly string[]> = {
  expects: `at most ${setsUsed} names of sets of at most ${longestSetName} characters, or nothing to use none`,
  syntax: '[<ipv4> [<ipv6> [<ipv6-interface> [<igmp> [<mld> [<vmac-nd>]]]]]]',
  samples: {
    good: ['', 'vips', 'vips vips6 vips_if6 vips_igmp vips_mld vips_nd'],
    bad: ['a_name_of_more_than_31_characters', 'a b c d e f g'],
  },
  parse: (words) => {
    const names = words.slice(0, setsUsed);
    const long = names.find(({ value }) => value.length > longestSetName);
    if (long !== undefined) return { ok: false, word: long };
    return { ok: true, value: names.map(({ value }) => value), used: names.length };
  },
};
