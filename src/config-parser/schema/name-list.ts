/** Lists of names: blocks in which every word of a line counts, such as `group`. */
import type { Argument, ArgumentResult, Samples } from './arguments.ts';
import { interfaceName, name } from './arguments.ts';

/** One or more words, each read by `inner`. */
export function severalOf<Value>(inner: Argument<Value>, samples: Samples): Argument<readonly Value[]> {
  return {
    expects: `${inner.expects}; several may stand on a line`,
    syntax: `${inner.syntax}...`,
    samples,
    parse: (words): ArgumentResult<readonly Value[]> => {
      if (words.length === 0) return { ok: false };
      const values: Value[] = [];
      for (const word of words) {
        const result = inner.parse([word]);
        if (!result.ok) return { ok: false, word };
        values.push(result.value);
      }
      return { ok: true, value: values, used: words.length };
    },
  };
}

/** A word that is a name is not empty. */
const filledName: Argument<string> = {
  ...name,
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    return word.value === '' ? { ok: false, word } : { ok: true, value: word.value, used: 1 };
  },
};

/** Names of instances. Whether there are such instances is known at the end of the file. */
export const instanceNames = severalOf(filledName, { good: ['VI_1', 'VI_1 VI_2'], bad: ['', 'VI_1 ""'] });

export const interfaceNames = severalOf(interfaceName, {
  good: ['eth0', 'eth0 eth1'],
  bad: ['', 'a/b', 'eth0 sixteen-letters-'],
});
