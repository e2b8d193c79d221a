/**
 * Writes docs/vrrp-keywords.md: what proves each keyword of VRRP. The verdicts are TypeScript beside the tests, and not part of
 * dist/: they are bundled in memory.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './stamp.mjs';

export async function writeCoverageTable() {
  const bundle = await rolldown({ input: join(root, 'test/docs/coverage-page.ts'), platform: 'node' });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  const code = Buffer.from(output[0].code).toString('base64');
  const { coveragePage } = await import(`data:text/javascript;base64,${code}`);
  writeFileSync(join(root, 'docs/vrrp-keywords.md'), coveragePage());
}
