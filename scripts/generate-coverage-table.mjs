/** Writes docs/vrrp-keywords.md and docs/lvs-keywords.md: what proves each keyword. The verdicts are TypeScript beside the tests. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTypeScript } from './load-typescript.mjs';
import { root } from './stamp.mjs';

export async function writeCoverageTable() {
  const { coveragePages } = await loadTypeScript('test/docs/coverage-pages.ts');
  for (const [path, text] of coveragePages()) writeFileSync(join(root, path), text);
}
