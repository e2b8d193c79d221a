/** Makes an argument one that may be left away. */
import type { Argument } from './arguments.ts';

/** `inner`, or nothing at all, which stands for `absent`; `meaning` completes "or nothing for ...". */
export function optional<Value, Absent>(
  inner: Argument<Value>,
  absent: Absent,
  meaning: string,
): Argument<Value | Absent> {
  const { choices, samples } = inner;
  const [shown = ''] = samples.good;
  const bad = samples.bad.filter((text) => text !== '');
  return {
    expects: `${inner.expects}, or nothing for ${meaning}`,
    syntax: `[${inner.syntax}]`,
    ...(choices && { choices }),
    samples: {
      good: [...samples.good, ''],
      bad: bad.length > 0 ? bad : [`${shown} and-more`],
    },
    parse: (words) => (words.length === 0 ? { ok: true, value: absent, used: 0 } : inner.parse(words)),
  };
}
