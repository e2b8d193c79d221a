/** What no rule alone can promise: that together they are complete. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Diagnostic, diagnosticCodes } from '../../src/config-parser/index.ts';
import { namesakesOf } from '../../src/lint/lint.ts';
import type { FileModel } from '../../src/lint/model/index.ts';
import { allRules } from '../../src/lint/rules/index.ts';
import { modelOfText } from './conf-harness.ts';
import { modelsOf } from './rule-harness.ts';
import { surfaceNames } from './surface-names.ts';

const namesakes = namesakesOf(allRules);
const claimants = allRules.filter((rule) => rule.kind === 'diagnostic');
const examples = allRules.flatMap((rule) => [...modelsOf(rule, rule.bad), ...modelsOf(rule, rule.good)]);

describe('the rules together', () => {
  it('have one name each', () => {
    const names = allRules.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('are all that the linter promises', () => {
    const names = new Set(allRules.map(({ name }) => name));
    expect(surfaceNames).toHaveLength(122);
    expect(surfaceNames.filter((name) => !names.has(name))).toEqual([]);
  });

  it('claim what the parser finds in the examples of all of them', () => {
    expect(examples.flatMap(unclaimed)).toEqual([]);
  });

  it('show and claim every code of the parser in an example', () => {
    const shown = new Set(examples.flatMap(({ resolved }) => resolved.diagnostics.map(({ code }) => code)));
    const withoutPlace = ['file-unreadable', 'too-many-expansions'];
    for (const code of withoutPlace) shown.add(code);
    expect(Object.keys(diagnosticCodes).filter((code) => !shown.has(code))).toEqual([]);
  });

  it.each(['file-unreadable', 'too-many-expansions', 'nul-byte'])(
    'claim %s, which no example shows',
    (code) => {
      const [file] = examples;
      if (file === undefined) throw new Error('no example');
      const diagnostic: Diagnostic = { severity: 'fatal', code, message: 'x' };
      expect(claimants.filter(({ claims }) => claims(diagnostic, file)).map(({ name }) => name)).toHaveLength(
        1,
      );
    },
  );
});

const corpus = join(import.meta.dirname, '../../../shared/corpus');

describe.skipIf(!existsSync(corpus))('files from the field', () => {
  it('give nothing that no rule claims', () => {
    const files = filesIn(corpus);
    expect(files.length).toBeGreaterThan(0);
    const missed = files.flatMap((path) =>
      unclaimed(modelOfText(readFileSync(path, 'utf8'))).map((code) => `${basename(path)}: ${code}`),
    );
    expect(missed).toEqual([]);
  }, 60_000);
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.conf'))
    .map((name) => join(folder, name));
}

function unclaimed(file: FileModel): readonly string[] {
  return file.resolved.diagnostics
    .filter((diagnostic) => !namesakes.has(diagnostic.code))
    .filter((diagnostic) => !claimants.some(({ claims }) => claims(diagnostic, file)))
    .map(({ code, message }) => `${code}: ${message}`);
}

const rulesFolder = join(import.meta.dirname, '../../src/lint/rules');

describe('the folders of rules', () => {
  const files = readdirSync(rulesFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const sources = files.map((name) => ({ name, text: readFileSync(join(rulesFolder, name), 'utf8') }));
  const ruleFiles = sources.filter(({ text }) =>
    /^export const \w+ = (?:file|pair|host|diagnostic|suppression)Rule\(/m.test(text),
  );

  it('have as many files with a rule as there are rules', () => {
    expect(ruleFiles).toHaveLength(allRules.length);
  });

  it.each(ruleFiles)('list the rule of $name in the index beside it', ({ name, text }) => {
    const exported = /^export const (\w+) = \w+Rule\(/m.exec(text)?.[1] ?? '';
    const index = readFileSync(join(rulesFolder, name, '../index.ts'), 'utf8');
    expect(index).toMatch(
      new RegExp(`^  (?:\\.\\.\\.)?${exported},$|\\[[^\\]]*\\b${exported}\\b[^\\]]*\\]`, 'm'),
    );
    expect(index).toContain(`./${basename(name)}`);
  });

  it.each(ruleFiles)('name the file $name like its rule', ({ name, text }) => {
    const rule = /^ {2}name: '([^']+)'/m.exec(text)?.[1] ?? '';
    expect(basename(name, '.ts')).toBe(rule.slice(rule.indexOf('/') + 1));
  });
});
