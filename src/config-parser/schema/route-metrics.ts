/** keepalived.conf(5), ip-route(8): the metrics of a route, which the kernel may adapt unless they are locked. */
import type { Word } from '../words.ts';
import { type Argument, type ArgumentResult, integer } from './arguments.ts';

/** A metric; `lock` keeps the kernel from changing it. */
export interface Lockable<Value> {
  readonly value: Value;
  readonly lock: boolean;
}

/** A time as written; without a unit it is in the kernel's own. */
export interface RouteTime {
  readonly value: number;
  readonly unit?: 's' | 'ms';
}

/** `inner`, with `lock` before it where it is not to be adapted. */
export function lockable<Value>(inner: Argument<Value>): Argument<Lockable<Value>> {
  const [shown = ''] = inner.samples.good;
  return {
    expects: `${inner.expects}, with "lock" before it if it is fixed`,
    syntax: `[lock] ${inner.syntax}`,
    samples: {
      good: [shown, `lock ${shown}`],
      bad: [...inner.samples.bad, 'lock'],
    },
    parse: (words) => {
      const lock = words[0]?.value === 'lock';
      const result = inner.parse(lock ? words.slice(1) : words);
      if (!result.ok) return result;
      return { ...result, value: { value: result.value, lock }, used: result.used + (lock ? 1 : 0) };
    },
  };
}

export const routeNumber = integer(0, 0xffff_ffff);

export const routeTime: Argument<RouteTime> = {
  expects: 'a time such as 200ms or 1s',
  syntax: '<time>',
  samples: { good: ['200ms', '1s', '40'], bad: ['', '10x', '-1', '1.5s'] },
  parse: ([word]): ArgumentResult<RouteTime> => {
    if (word === undefined) return { ok: false };
    const value = parseTime(word);
    return value === undefined ? { ok: false, word } : { ok: true, value, used: 1 };
  },
};

/** 0 or 1. */
export const zeroOrOne: Argument<boolean> = {
  expects: '0 or 1',
  syntax: '0|1',
  choices: ['0', '1'],
  samples: { good: ['0', '1'], bad: ['', 'on', '2'] },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    return word.value === '0' || word.value === '1'
      ? { ok: true, value: word.value === '1', used: 1 }
      : { ok: false, word };
  },
};

function parseTime({ value: text }: Word): RouteTime | undefined {
  const match = /^(\d+)(s|ms)?$/.exec(text);
  if (match === null) return undefined;
  const [, digits = '', unit] = match;
  return { value: Number(digits), ...((unit === 's' || unit === 'ms') && { unit }) };
}
