/** The files under examples/ are what people start from. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lintJson } from './lint-harness.ts';
import { runCommand } from './run-command.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const at = (name: string) => join(folder, name);
const files = readdirSync(folder).filter((name) => name.endsWith('.conf'));

describe('the examples', () => {
  it.each(files)('%s lints without an error', async (name) => {
    const { exitCode, report } = await lintJson([at(name)]);
    expect(report.findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['lb01.conf', 'lb02.conf'],
    ['lb01-two-instances.conf', 'lb02-two-instances.conf'],
  ])('%s and %s lint without an error as a pair', async (...pair) => {
    const { report } = await lintJson(['--pair', ...pair.map(at)]);
    expect(report.findings.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('minimal.conf is in canonical layout', async () => {
    expect((await runCommand(['fmt', '--check', at('minimal.conf')])).out).toBe('');
  });
});

describe('the examples for CI', () => {
  const commands = readdirSync(at('ci')).flatMap((name) => {
    const text = readFileSync(join(folder, 'ci', name), 'utf8');
    return [...text.matchAll(/(?:run|entry): holdfast (.*)/g)].map(
      ([, command = '']) => [name, command] as const,
    );
  });

  it('run holdfast', () => {
    expect(new Set(commands.map(([name]) => name)).size).toBe(readdirSync(at('ci')).length);
  });

  it.each(commands)('%s: "holdfast %s" is understood', async (_, command) => {
    const args = command.split(' ').map((word) => word.replace('directors/', folder));
    const kept = args.filter((word, index) => word !== '--output' && args[index - 1] !== '--output');
    const needsFile = !kept.some((word) => word.endsWith('.conf'));
    const { exitCode, error } = await runCommand([...kept, ...(needsFile ? [at('minimal.conf')] : [])]);
    expect(error).toBe('');
    expect(exitCode).not.toBe(2);
  });
});
