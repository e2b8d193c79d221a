/** docs/rfc-coverage.md says what is so: each requirement has its tests, each test its requirement, each departure its line. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { testsOf } from '../vrrp/rfc/coverage-page.ts';
import { defects } from '../vrrp/rfc/defects.ts';
import { generatedPage, namingFiles } from '../vrrp/rfc/generate.ts';
import type { Requirement, Side } from '../vrrp/rfc/requirement.ts';
import { requirements } from '../vrrp/rfc/requirements.ts';
import { hasTest, namedTests } from '../vrrp/rfc/titles.ts';

const repository = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, repository), 'utf8');
const named = namedTests(namingFiles.map((file) => ({ file, text: read(file) })));
const sides: readonly Side[] = ['does', 'refuses'];

function isMissing(requirement: Requirement, side: Side): boolean {
  return testsOf(requirement, named, side).length === 0;
}

describe('the requirements', () => {
  test('have ids that occur once', () => {
    const ids = [...requirements, ...defects].map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  test('that are ours have each a test of what we do', () => {
    const ours = requirements.filter(({ verdict }) => verdict.kind !== 'not ours');
    expect(ours.filter((one) => isMissing(one, 'does')).map(({ id }) => id)).toEqual([]);
  });

  test('that are ours have each a test of what we refuse, or say why there is none', () => {
    const ours = requirements.filter(({ verdict }) => verdict.kind !== 'not ours');
    const without = ours.filter((one) => isMissing(one, 'refuses'));
    expect(without.filter(({ oneSided }) => oneSided === undefined).map(({ id }) => id)).toEqual([]);
    const both = ours.filter((one) => one.oneSided !== undefined && !isMissing(one, 'refuses'));
    expect(both.map(({ id }) => id)).toEqual([]);
  });

  test('name tests in other files that are there', () => {
    const references = requirements.flatMap(({ elsewhere }) =>
      sides.flatMap((side) => elsewhere?.[side] ?? []),
    );
    expect(references.length).toBeGreaterThan(0);
    const gone = references.filter(({ file, title }) => !hasTest(read(file), title));
    expect(gone).toEqual([]);
  });

  test('that we depart from have the line of the source that says so', () => {
    const places = requirements.flatMap(({ verdict }) => (verdict.kind === 'departs' ? [verdict.where] : []));
    expect(places.length).toBeGreaterThan(0);
    const gone = places.filter(({ file, text }) => !withoutBreaks(read(file)).includes(text));
    expect(gone).toEqual([]);
  });

  test('refer to ids that exist', () => {
    const known = new Set(requirements.map(({ id }) => id));
    const texts = JSON.stringify(requirements);
    const mentioned = [...texts.matchAll(/(?:5798|9568)-\d[\w.-]*\w/g)].map(([id]) => id);
    expect([...new Set(mentioned)].filter((id) => !known.has(id))).toEqual([]);
  });
});

/** A sentence of a comment may go on in the next line. */
function withoutBreaks(text: string): string {
  return text.replace(/\n\s*(?:\*|\/\/) ?/g, ' ');
}

describe('the tests', () => {
  test('name requirements and mistakes that are listed', () => {
    const known = new Set([...requirements, ...defects].map(({ id }) => id));
    expect(named.filter(({ id }) => !known.has(id))).toEqual([]);
  });

  test('rule out every mistake of others', () => {
    const ruledOut = new Set(named.map(({ id }) => id));
    expect(defects.filter(({ id }) => !ruledOut.has(id))).toEqual([]);
  });

  test('are looked for in every file that names requirements, and all of them run', () => {
    const files = readdirSync(new URL('test/vrrp/', repository)).filter((name) =>
      /^rfc(5798|9568)/.test(name),
    );
    expect(files.map((name) => `test/vrrp/${name}`).sort()).toEqual([...namingFiles].sort());
    for (const file of namingFiles) expect(read(file), file).not.toMatch(/\.(?:skip|only|todo|fails)\b/);
  });

  test('that begin with an id are found, all of them', () => {
    for (const file of namingFiles) {
      const begun = read(file).match(/['"`](?:5798-|9568-|defect-)/g) ?? [];
      const titles = new Set(named.filter((one) => one.file === file).map(({ title }) => title));
      expect(titles.size, file).toBe(begun.length);
    }
  });
});

test('docs/rfc-coverage.md is what `npm run docs` writes', () => {
  expect(read('docs/rfc-coverage.md')).toBe(generatedPage(read));
});

describe('what the checks look for', () => {
  const file = 'a.test.ts';

  test('is found in one line, over several ids, and behind test.each', () => {
    const text = `test.each([1])('5798-5.2.2, 9568-7.1-type refuses: type %i', () => {});
      test("defect-drift: it's late", () => {});`;
    expect(namedTests([{ file, text }])).toEqual([
      { id: '5798-5.2.2', side: 'refuses', file, title: '5798-5.2.2, 9568-7.1-type refuses: type %i' },
      { id: '9568-7.1-type', side: 'refuses', file, title: '5798-5.2.2, 9568-7.1-type refuses: type %i' },
      { id: 'defect-drift', side: undefined, file, title: "defect-drift: it's late" },
    ]);
  });

  test('is not found in comments, nor without a side', () => {
    const text = `// test('5798-5.2.2 does: a', () => {});\n * '5798-5.2.2 does: b',\ntest('5798-5.2.2 c', f);`;
    expect(namedTests([{ file, text }])).toEqual([]);
    expect(hasTest("// test('gone', f)", 'gone')).toBe(false);
    expect(hasTest("it('there', f)", 'there')).toBe(true);
  });
});
