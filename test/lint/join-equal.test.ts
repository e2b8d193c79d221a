import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/lint/finding.ts';
import { joinEqual } from '../../src/lint/join-equal.ts';

function at(start: number, message = 'm', file = 'a.conf'): Finding {
  return { rule: 'x/y', level: 'warn', message, span: { file, start, end: start + 1 } };
}

const join = (findings: readonly Finding[], maxPlaces = 3) => joinEqual(findings, maxPlaces, new Map());

describe('findings in the same words', () => {
  it('become one, with the further places as notes', () => {
    const [only, ...rest] = join([at(1), at(5)]);
    expect(rest).toEqual([]);
    expect(only).toEqual({ ...at(1), notes: [{ span: at(5).span, message: 'also here' }] });
  });

  it('are counted beyond the places that are shown', () => {
    const [only] = join([at(1), at(2), at(3), at(4), at(5)]);
    expect(only?.notes?.map(({ message }) => message)).toEqual([
      'also here',
      'also here',
      'and in 2 more places',
    ]);
  });

  it('stay apart where the words, the rule, the level or the file differ', () => {
    const findings = [
      at(1),
      at(2, 'other words'),
      at(3, 'm', 'b.conf'),
      { ...at(4), rule: 'x/z' },
      { ...at(5), level: 'error' as const },
    ];
    expect(join(findings)).toEqual(findings);
  });

  it('stay apart when everything is to be shown', () => {
    expect(join([at(1), at(2)], 0)).toEqual([at(1), at(2)]);
  });
});
