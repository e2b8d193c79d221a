/** Writes docs/vrrp-keywords.md: what proves each keyword of VRRP. The verdicts are TypeScript beside the tests. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTypeScript } from './load-typescript.mjs';
import { root } from './stamp.mjs';

export async function writeCoverageTable() {
  const { coveragePage } = await loadTypeScript('test/docs/coverage-page.ts');
  writeFileSync(join(root, 'docs/vrrp-keywords.md'), coveragePage());
}
