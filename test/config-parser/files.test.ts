/**
 * Whole files. Those in ok/ must give no diagnostic; those in err/ exactly what stands in the .out file beside them, which
 * is rewritten with UPDATE_GOLDENS=1 and then read before it is kept.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatDiagnostics } from '../../src/cli/format-diagnostic.ts';
import { diagnosticCodes } from '../../src/config-parser/index.ts';
import { parseFile, repository } from './parse-helpers.ts';

const folder = 'test/config-parser';
const options = { configId: 'lb01' };

/** Told of texts that no editor keeps as they are; source.test.ts, expand.test.ts and hostile.test.ts have them. */
const elsewhere = [
  'byte-order-mark',
  'nul-byte',
  'line-too-long',
  'file-unreadable',
  'too-many-addresses',
  'too-many-expansions',
];

function names(kind: 'ok' | 'err'): readonly string[] {
  return readdirSync(`${repository}${folder}/${kind}`).filter((name) => name.endsWith('.conf'));
}

function told(path: string): string {
  const { diagnostics, sources } = parseFile(path, options);
  return formatDiagnostics(diagnostics, sources);
}

describe('a good file', () => {
  it.each(names('ok'))('%s gives no diagnostic', (name) => {
    expect(told(`${folder}/ok/${name}`)).toBe('');
  });
});

describe('a bad file', () => {
  it.each(names('err'))('%s gives exactly its diagnostics', (name) => {
    const out = `${repository}${folder}/err/${name.replace(/\.conf$/, '.out')}`;
    const actual = told(`${folder}/err/${name}`);
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(out, actual);
    expect(existsSync(out), `${out} is missing`).toBe(true);
    expect(actual).toBe(readFileSync(out, 'utf8'));
    expect(actual).not.toBe('');
  });
});

describe('the diagnostic codes', () => {
  const given = new Set(
    names('err').flatMap((name) =>
      parseFile(`${folder}/err/${name}`, options).diagnostics.map(({ code }) => code),
    ),
  );

  it.each(Object.keys(diagnosticCodes).filter((code) => !elsewhere.includes(code)))(
    'have a bad file for %s',
    (code) => {
      expect([...given]).toContain(code);
    },
  );

  it('are all listed', () => {
    expect([...given].filter((code) => !(code in diagnosticCodes))).toEqual([]);
  });
});
