/** Every word of VRRP has a verdict, every verdict holds, and docs/vrrp-keywords.md says so. */
import { describe, expect, it } from 'vitest';
import { describeCoverage, nameOf } from './coverage-checks.ts';
import { isKeyword, notOfVrrp, ofTheDaemon, vrrpWords } from './keywords.ts';
import { optionsIn } from './syntax-options.ts';
import { testTitles } from './test-titles.ts';
import { vrrpCoverage } from './vrrp-coverage.ts';

const words = vrrpWords();

describe('the words', () => {
  it('are those of the tables, with the options of their lines', () => {
    expect(words.length).toBeGreaterThan(350);
    const names = words.map(nameOf);
    expect(names).toEqual(
      expect.arrayContaining([
        'vrrp_instance > advert_int',
        'vrrp_instance > auth_hmac > key',
        'address > -nodad',
        'route > nexthop > weight',
        'route > encap ip > ttl',
        'track_script > noreverse',
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('leave out only what is a keyword and concerns something else', () => {
    const left = [...Object.entries(notOfVrrp), ['global_defs', ofTheDaemon] as const];
    const gone = left.flatMap(([block, some]) => some.filter((word) => !isKeyword(block, word)));
    expect(gone).toEqual([]);
  });

  it('are read from a usage line as it is written', () => {
    expect(
      optionsIn('<ip> [dev <interface>] [brd <ip>|+|-] [a|b] [weight <1-9> [reverse|noreverse]]'),
    ).toEqual(['dev', 'brd', 'a', 'b', 'weight', 'reverse', 'noreverse']);
    expect(optionsIn('[mtu [lock] <n>] [encap mpls <l>[/<l>...] | ip [id <n>]]')).toEqual([
      'mtu',
      'mtu > lock',
      'encap',
      'encap mpls',
      'encap ip',
      'encap ip > id',
    ]);
  });
});

describeCoverage(vrrpCoverage);

describe('the titles of tests', () => {
  it('are looked for by their whole title: one that is renamed is missed, one that is skipped is seen', () => {
    const text = [
      "describe('a', () => {",
      "  test.skip('b', f);",
      '  it.each([',
      '    1,',
      "  ])('c', f);",
      '  test.skip.each([',
      '    1,',
      '  ] as const satisfies readonly (number | string)[])(',
      "    'd',",
      '    f,',
      '  );',
      "  test.skipIf(here)('e', f);",
      '});',
      "describe.skip('g', () => {",
      "  test('h', f);",
    ].join('\n');
    expect(testTitles(text).map(({ path, isSkipped }) => `${path}${isSkipped ? ' skipped' : ''}`)).toEqual([
      'a',
      'a › b skipped',
      'a › c',
      'a › d skipped',
      'a › e',
      'g skipped',
      'g › h skipped',
    ]);
  });
});
