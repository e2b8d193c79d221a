/** Numbers that keepalived corrects instead of refusing them. */
import { type Argument, integer, seconds } from './arguments.ts';

/** A whole number; beyond a limit, that limit is used. */
export function clampedInteger(min: number, max: number): Argument<number> {
  const any = integer(-0x8000_0000, 0x7fff_ffff);
  const { expects, syntax } = integer(min, max);
  return {
    expects,
    syntax,
    samples: { good: [`${min}`, `${max}`], bad: ['', 'x', `${min - 1}`, `${max + 1}`] },
    parse: (words) => {
      const result = any.parse(words);
      if (!result.ok) return result;
      const value = Math.min(Math.max(result.value, min), max);
      if (value === result.value) return result;
      return { ...result, value, remark: `must be ${expects}; ${value} is used` };
    },
  };
}

/** Decimal seconds, in milliseconds; for 0, which would mean never or all the time, one second is used. */
export function secondsAboveZero(minSeconds: number, maxSeconds: number): Argument<number> {
  const above = seconds(minSeconds, maxSeconds);
  const zero = seconds(0, 0);
  return {
    expects: above.expects,
    syntax: above.syntax,
    samples: { good: above.samples.good, bad: [...above.samples.bad, '0'] },
    parse: (words) => {
      if (!zero.parse(words).ok) return above.parse(words);
      return { ok: true, value: 1000, used: 1, remark: `must be ${above.expects}; 1 is used` };
    },
  };
}
