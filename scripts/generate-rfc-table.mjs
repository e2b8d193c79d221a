/** Writes docs/rfc-coverage.md from the list of requirements and the titles of the tests, which are TypeScript. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadTypeScript } from './load-typescript.mjs';
import { root } from './stamp.mjs';

export async function writeRfcTable() {
  const { generatedPage } = await loadTypeScript('test/vrrp/rfc/generate.ts');
  const text = generatedPage((file) => readFileSync(join(root, file), 'utf8'));
  writeFileSync(join(root, 'docs/rfc-coverage.md'), text);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await writeRfcTable();
