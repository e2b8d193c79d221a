/** Writes the reference pages from the keyword tables and the rules: docs/keywords.md and docs/rules/; and what proves each keyword. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from './build.mjs';
import { writeCoverageTable } from './generate-coverage-table.mjs';
import { writeRfcTable } from './generate-rfc-table.mjs';
import { runMain } from './progress.mjs';
import { root } from './stamp.mjs';

await runMain(async () => {
  build();
  const { referencePages } = await import('../dist/lint/reference/pages.js');
  const { packagedCompletions } = await import('../dist/cli/completion/packaged.js');
  rmSync(join(root, 'docs/rules'), { recursive: true, force: true });
  for (const [path, text] of [...referencePages(), ...packagedCompletions()]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  await writeRfcTable();
  await writeCoverageTable();
  return 0;
});
