/** keepalived.conf(5): arguments that defaults for VRRP and instances have in common. */
import type { IpAddress } from '../../net/address.ts';
import { type Argument, integer, multicastAddress } from './arguments.ts';

export interface ExtraGarp {
  /** On every such interface; otherwise on those of virtual MAC addresses alone. */
  readonly all: boolean;
  readonly intervalSeconds: number;
}

/** `[all] SECONDS`. */
export function extraGarp(minSeconds: number): Argument<ExtraGarp> {
  const interval = integer(minSeconds, 86_400);
  return {
    expects: `seconds, ${interval.expects}, after "all" if it is for all interfaces`,
    syntax: `[all] <${minSeconds}-86400>`,
    choices: ['all'],
    samples: {
      good: ['60', 'all 60', `${minSeconds}`],
      bad: ['', 'all', 'x', 'all x', '86401', `${minSeconds - 1}`, 'some 60'],
    },
    parse: (words) => {
      const all = words[0]?.value === 'all';
      const result = interval.parse(all ? words.slice(1) : words);
      if (!result.ok) return { ...(words[0] && { word: words[0] }), ...result };
      return { ok: true, value: { all, intervalSeconds: result.value }, used: all ? 2 : 1 };
    },
  };
}

/** How many gratuitous ARPs in a row. 0 is taken for 1, which is said where the value is used. */
export const garpRepeats: Argument<number> = {
  ...integer(0, 0xffff_ffff),
  expects: 'a whole number of at least 1',
  syntax: '<1->',
  samples: { good: ['1', '5'], bad: ['', 'x', '-1', '0'] },
};

const anyGroup6 = multicastAddress(6);

/** Routers forward what is not link-local. */
export const linkLocalGroup6: Argument<IpAddress> = {
  ...anyGroup6,
  expects: 'an IPv6 multicast address of link-local scope',
  samples: { good: ['ff02::12'], bad: [...anyGroup6.samples.bad, 'ff0e::12'] },
  parse: (words) => {
    const result = anyGroup6.parse(words);
    if (!result.ok || result.value.startsWith('ff02:')) return result;
    return {
      ...result,
      remark: 'is not of link-local scope (ff02::), so that advertisements may leave their network',
    };
  },
};
