/** keepalived.conf(5): `weight N [reverse]`: by how much something tracked changes a priority. */
import { type Argument, integer } from './arguments.ts';

export interface Weight {
  /** Zero: no change of priority, a fault instead. */
  readonly weight: number;
  /** Counts the other way round: what is up is taken for down. */
  readonly reverse: boolean;
}

/** From `-limit` to `limit`. */
export function weightUpTo(limit: number): Argument<Weight> {
  const number = integer(-limit, limit);
  return {
    expects: `${number.expects}, and "reverse" if it is to count the other way round`,
    syntax: `<-${limit}-${limit}> [reverse]`,
    samples: {
      good: ['-20', '0', `${limit}`, `-${limit} reverse`],
      bad: ['', 'x', '2x', `${limit + 1}`, `-${limit + 1}`, 'reverse', '5 backwards'],
    },
    parse: (words) => {
      const [, option] = words;
      const result = number.parse(words);
      if (!result.ok) return result;
      const reverse = option?.value === 'reverse';
      return { ok: true, value: { weight: result.value, reverse }, used: reverse ? 2 : 1 };
    },
  };
}
