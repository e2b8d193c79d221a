import { describe, expect, it } from 'vitest';
import { dropDuplicates } from '../../src/lint/duplicates.ts';
import type { Finding, Level } from '../../src/lint/finding.ts';

const at = (rule: string, start: number, end = start + 5, level: Level = 'warn', file = 'x'): Finding => ({
  rule,
  level,
  message: 'm',
  span: { file, start, end },
});
const left = (...findings: Finding[]) =>
  dropDuplicates(findings).map(({ rule, span }) => `${rule} ${span?.start}`);

describe('dropDuplicates', () => {
  it('keeps one of a rule at a place, and those of other places and files', () => {
    expect(
      left(at('a/b', 1), at('a/b', 1), at('a/b', 1, 9), at('a/b', 2), at('a/b', 2, 7, 'warn', 'y')),
    ).toEqual(['a/b 1', 'a/b 1', 'a/b 2', 'a/b 2']);
  });

  it('keeps of a general and a specific finding the specific one, in whichever order', () => {
    expect(left(at('conf/x', 1), at('vrrp/x', 1))).toEqual(['vrrp/x 1']);
    expect(left(at('aaa/x', 1), at('conf/x', 1))).toEqual(['aaa/x 1']);
  });

  it('keeps a general finding that is worse, stands elsewhere, or speaks of the keyword as such', () => {
    expect(left(at('conf/x', 1, 6, 'error'), at('vrrp/x', 1))).toHaveLength(2);
    expect(left(at('conf/x', 1, 7), at('vrrp/x', 1))).toHaveLength(2);
    expect(left(at('conf/deprecated-keyword', 1), at('vrrp/x', 1))).toHaveLength(2);
  });

  it('keeps of a variable that is not defined, or a quote that is not closed, nothing that follows from it', () => {
    expect(left(at('conf/undefined-variable', 1), at('vrrp/x', 1, 6, 'error'))).toEqual([
      'conf/undefined-variable 1',
    ]);
    expect(left(at('conf/unknown-keyword-suggest', 1), at('conf/unterminated-quote', 1))).toEqual([
      'conf/unterminated-quote 1',
    ]);
    expect(left(at('conf/undefined-variable', 1), at('vrrp/x', 1, 9))).toHaveLength(2);
  });

  it('keeps what has no place', () => {
    const placeless: Finding = { rule: 'conf/x', level: 'warn', message: 'm' };
    expect(dropDuplicates([placeless, placeless])).toHaveLength(2);
  });
});
