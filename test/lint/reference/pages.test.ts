import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagedCompletions } from '../../../src/cli/completion/packaged.ts';
import { referencePages } from '../../../src/lint/reference/pages.ts';
import { repository } from '../../config-parser/parse-helpers.ts';

const pages = new Map([...referencePages(), ...packagedCompletions()]);

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(join(repository, folder))) return [];
  return readdirSync(join(repository, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(repository, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

describe('the pages made from tables and rules', () => {
  it('are those that the sources make now (npm run docs writes them anew)', () => {
    const stale = [...pages].filter(([path, text]) => {
      const file = join(repository, path);
      return !existsSync(file) || readFileSync(file, 'utf8') !== text;
    });
    expect(stale.map(([path]) => path)).toEqual([]);
  });

  it('hold no page of a rule that is gone', () => {
    expect(filesBelow('docs/rules').filter((path) => !pages.has(path))).toEqual([]);
  });
});
