/** `holdfast lint --fix` over the configurations that people wrote, where they lie beside the repository. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config-parser/index.ts';
import { lint } from './lint-harness.ts';

const corpus = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const files = existsSync(corpus) ? readdirSync(corpus).filter((name) => name.endsWith('.conf')) : [];
const strict = ['--profile', 'strict', '--quiet'];

const configOf = (text: string) => parseConfig({ read: () => ({ text }) }, 'a.conf').config;

async function fix(text: string, flag: string): Promise<string> {
  const { out, error } = await lint(['-', flag, ...strict], { input: text });
  expect(error).not.toContain('not fixed');
  return out;
}

describe.skipIf(files.length === 0)('a file that somebody uses', () => {
  it.each(files)('%s means the same after --fix, and a second --fix finds nothing to do', async (name) => {
    const text = readFileSync(`${corpus}/${name}`, 'utf8');
    const fixed = await fix(text, '--fix');
    expect(await fix(fixed, '--fix')).toBe(fixed);
    expect(configOf(fixed)).toEqual(configOf(text));
  });

  it.each(files)('%s has no fix left after --unsafe-fixes, and none that breaks it', async (name) => {
    const fixed = await fix(readFileSync(`${corpus}/${name}`, 'utf8'), '--unsafe-fixes');
    expect(await fix(fixed, '--unsafe-fixes')).toBe(fixed);
  });
});
