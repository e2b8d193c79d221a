/** keepalived.conf(5), ip-rule(8): what packets are told apart by in a rule. */
import type { Word } from '../words.ts';
import type { Argument } from './arguments.ts';
import { type Network, parseNetwork } from './network.ts';
import type { Fwmark, NumberRange } from './rule.ts';

/** A network, or `all`. */
export const networkOrAll: Argument<Network | 'all'> = {
  expects: 'a network, or all',
  syntax: '<ip>[/<prefix>]|all',
  samples: { good: ['192.0.2.0/24', 'all', 'default', '2001:db8::/64'], bad: ['', '192.0.2.0/33', 'x'] },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    if (word.value === 'all' || word.value === 'default') return { ok: true, value: 'all', used: 1 };
    const value = parseNetwork(word.value);
    return value === undefined ? { ok: false, word } : { ok: true, value, used: 1 };
  },
};

/** `MARK[/MASK]`, each a number as in C. */
export const fwmark: Argument<Fwmark> = {
  expects: 'a firewall mark, and a mask behind "/" if there is one; each from 0 to 4294967295, also as 0x10',
  syntax: '<mark>[/<mask>]',
  samples: { good: ['1', '0x1/0xff'], bad: ['', 'x', '1/x', '4294967296', '1/2/3'] },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    const [mark, mask, ...rest] = word.value.split('/').map(unsigned32);
    const isGood = mark !== undefined && ![mark, mask, ...rest].some((part) => Number.isNaN(part));
    if (!isGood || rest.length > 0) return { ok: false, word };
    return { ok: true, value: { mark, ...(mask !== undefined && { mask }) }, used: 1 };
  },
};

function unsigned32(text: string): number {
  const isNumber = /^(0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i.test(text);
  const value = isNumber ? Number(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text) : Number.NaN;
  return value <= 0xffff_ffff ? value : Number.NaN;
}

export const ports = rangeArgument('ports', 1, 65_535);
export const userIds = rangeArgument('user numbers', 0, 0xffff_fffe);

/** `FIRST-LAST`; a single one is written twice. */
function rangeArgument(what: string, min: number, max: number): Argument<NumberRange> {
  return {
    expects: `two ${what} from ${min} to ${max} with "-" between them`,
    syntax: '<first>-<last>',
    samples: { good: ['80-90', '80-80'], bad: ['', '80', '90-80', `1-${max + 1}`, 'a-b'] },
    parse: ([word]) => {
      if (word === undefined) return { ok: false };
      const value = parseRange(word);
      const isGood =
        value !== undefined && min <= value.first && value.first <= value.last && value.last <= max;
      return isGood ? { ok: true, value, used: 1 } : { ok: false, word };
    },
  };
}

function parseRange({ value }: Word): NumberRange | undefined {
  const match = /^(\d+)-(\d+)$/.exec(value);
  return match === null ? undefined : { first: Number(match[1]), last: Number(match[2]) };
}
