/** `holdfast lint` over the configurations that people wrote, where they lie beside the repository. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sarifErrors } from '../lint/sarif-schema/validate-sarif.ts';
import { lint, lintJson } from './lint-harness.ts';

const corpus = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const files = existsSync(corpus) ? readdirSync(corpus).filter((name) => name.endsWith('.conf')) : [];
const strict = ['--profile', 'strict'];

describe.skipIf(files.length === 0)('a file that somebody uses', () => {
  it.each(files)('%s is looked at without a crash, and every finding has a place', async (name) => {
    const { exitCode, error, report } = await lintJson([`${corpus}/${name}`, ...strict]);
    expect(error).toBe('');
    expect(exitCode).toBe(report.summary.error > 0 ? 1 : 0);
    for (const { rule, line, column } of report.findings) {
      expect(line, rule).toBeGreaterThan(0);
      expect(column, rule).toBeGreaterThan(0);
    }
  });

  it('gives SARIF that the published schema allows', async () => {
    const { out } = await lint([...files.map((name) => `${corpus}/${name}`), ...strict, '--format', 'sarif']);
    expect(sarifErrors(JSON.parse(out))).toEqual([]);
  }, 60_000);
});
