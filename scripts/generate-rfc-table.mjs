/** Writes docs/rfc-coverage.md from the list of requirements and the titles of the tests, which are TypeScript. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { root } from './stamp.mjs';

export async function writeRfcTable() {
  const { generatedPage } = await load('test/vrrp/rfc/generate.ts');
  const text = generatedPage((file) => readFileSync(join(root, file), 'utf8'));
  writeFileSync(join(root, 'docs/rfc-coverage.md'), text);
}

/** Node.js 20 does not read TypeScript: the bundler of the build makes one text of it, which is loaded from memory. */
async function load(path) {
  const bundle = await rolldown({ input: join(root, path) });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await writeRfcTable();
