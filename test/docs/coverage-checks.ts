/** Every word of a subject has a verdict, every verdict holds, and the page says so. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../config-parser/parse-helpers.ts';
import { type Coverage, coveragePage, verdictOf } from './coverage-page.ts';
import type { CoveredWord } from './keywords.ts';
import { type TestTitle, testTitles } from './test-titles.ts';
import { kindOf, type Proof, type Verdict } from './verdicts/verdict.ts';

export const nameOf = ({ block, word }: CoveredWord) => `${block === '' ? '' : `${block} > `}${word}`;

const textOf = (file: string) =>
  existsSync(join(repository, file)) ? readFileSync(join(repository, file), 'utf8') : '';
const titlesOf = new Map<string, readonly TestTitle[]>();

function found({ file, title }: Proof): TestTitle | undefined {
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
  // In a string, a line of a file begins behind \n.
  return new RegExp(`(?:(?<![\\w-])|(?<=\\\\n))${last}(?![\\w-])`).test(text);
}

interface Marked {
  readonly name: string;
  readonly word: CoveredWord;
  readonly verdict: Verdict;
}

export function describeCoverage(coverage: Coverage): void {
  const marked = coverage.words.flatMap((word) => {
    const verdict = verdictOf(coverage, word);
    return verdict === undefined ? [] : [{ name: nameOf(word), word, verdict }];
  });
  describe('the verdicts', () => {
    itMarksAll(coverage);
    itHolds(marked);
  });
  describe('the tests that are named', () => itNamesTests(marked));
  it(`${coverage.path} is what the verdicts make now (npm run docs writes it anew)`, () => {
    expect(textOf(coverage.path) === coveragePage(coverage)).toBe(true);
  });
}

function itMarksAll(coverage: Coverage): void {
  const { words, verdicts } = coverage;

  it('leave no word unmarked', () => {
    expect(words.filter((word) => verdictOf(coverage, word) === undefined).map(nameOf)).toEqual([]);
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
}

function itHolds(marked: readonly Marked[]): void {
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
}

function itNamesTests(marked: readonly Marked[]): void {
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
}
