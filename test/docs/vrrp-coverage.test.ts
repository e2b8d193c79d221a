/** Every word of VRRP has a verdict, every verdict holds, and docs/vrrp-keywords.md says so. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../config-parser/parse-helpers.ts';
import { coveragePage } from './coverage-page.ts';
import { isKeyword, notOfVrrp, ofTheDaemon, type VrrpWord, vrrpWords } from './keywords.ts';
import { optionsIn } from './syntax-options.ts';
import { testTitles } from './test-titles.ts';
import { kindOf, type Proof, type Verdict } from './verdicts/verdict.ts';
import { verdictOf, verdicts } from './vrrp-coverage.ts';

const words = vrrpWords();
const nameOf = ({ block, word }: VrrpWord) => `${block === '' ? '' : `${block} > `}${word}`;
const marked = words.flatMap((word) => {
  const verdict = verdictOf(word);
  return verdict === undefined ? [] : [{ name: nameOf(word), word, verdict }];
});

const textOf = (file: string) =>
  existsSync(join(repository, file)) ? readFileSync(join(repository, file), 'utf8') : '';
const titlesOf = new Map<string, ReturnType<typeof testTitles>>();

function found({ file, title }: Proof) {
  const titles = titlesOf.get(file) ?? testTitles(textOf(file));
  titlesOf.set(file, titles);
  return titles.find(({ path }) => path === title);
}

function proofsOf(verdict: Verdict): readonly Proof[] {
  return 'proofs' in verdict ? verdict.proofs : [];
}

/** The last word of `nexthop > via`, as a file would have it. */
function isNamedIn(word: string, text: string): boolean {
  const last = word.split(' > ').at(-1)?.split(' ').at(-1) ?? word;
  return new RegExp(`(?<![\\w-])${last}(?![\\w-])`).test(text);
}

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

describe('the verdicts', () => {
  it('leave no word unmarked', () => {
    expect(words.filter((word) => verdictOf(word) === undefined).map(nameOf)).toEqual([]);
  });

  it('are of words that there are', () => {
    const known = new Set(words.map(nameOf));
    const strange = Object.entries(verdicts).flatMap(([block, some]) =>
      Object.keys(some)
        .map((word) => nameOf({ block, word, actedOn: true }))
        .filter((name) => !known.has(name)),
    );
    expect(strange).toEqual([]);
  });

  it('say "not done" of what the tables say is not acted on, and of nothing else', () => {
    const wrong = marked.filter(({ word: { actedOn }, verdict: { kind } }) =>
      actedOn ? kind === 'not done' : kind !== 'not done' && kind !== 'without effect',
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('leave nothing that is done unproven', () => {
    expect(marked.filter(({ verdict }) => verdict.kind === 'not proven').map(({ name }) => name)).toEqual([]);
  });

  it('of what is proven name a test of behaviour, not only of reading', () => {
    const onlyRead = marked.filter(
      ({ verdict }) =>
        (verdict.kind === 'proven' || verdict.kind === 'always so') &&
        !verdict.proofs.some((proof) => kindOf(proof) !== 'parse'),
    );
    expect(onlyRead.map(({ name }) => name)).toEqual([]);
  });

  it('of what is settled while reading name a test', () => {
    const bare = marked.filter(
      ({ verdict }) => verdict.kind === 'settled while reading' && verdict.proofs.length === 0,
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});

describe('the tests that are named', () => {
  const all = marked.flatMap(({ name, verdict }) => proofsOf(verdict).map((proof) => ({ name, proof })));
  const shown = ({ name, proof: { file, title } }: (typeof all)[number]) => `${name}: ${file}: ${title}`;

  it('are there', () => {
    expect(all.length).toBeGreaterThan(marked.length);
    expect(all.filter(({ proof }) => found(proof) === undefined).map(shown)).toEqual([]);
  });

  it('are not skipped', () => {
    expect(all.filter(({ proof }) => found(proof)?.isSkipped === true).map(shown)).toEqual([]);
  });

  it('stand in files of which at least one has the word in it', () => {
    const silent = marked.filter(({ word: { word }, verdict }) => {
      const proofs = proofsOf(verdict);
      return proofs.length > 0 && !proofs.some(({ file }) => isNamedIn(word, textOf(file)));
    });
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

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

it('docs/vrrp-keywords.md is what the verdicts make now (npm run docs writes it anew)', () => {
  expect(textOf('docs/vrrp-keywords.md') === coveragePage()).toBe(true);
});
