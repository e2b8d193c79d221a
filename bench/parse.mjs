/**
 * How long reading takes from a text to the tree of statements, and the memory that the tree holds, for configurations of
 * 1,000 to 20,000 virtual servers. Each size in a process of its own, as holdfast reads a file once.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expand } from '../dist/config-parser/expand.js';
import { parseSource } from '../dist/config-parser/parse.js';
import { buildTree } from '../dist/config-parser/tree.js';
import { generateLargeConfiguration } from './generate-large-configuration.mjs';

const sizes = [1000, 5000, 20_000];
const bytesPerMegabyte = 1_000_000;

function heapMegabytes() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / bytesPerMegabyte;
}

function measure(virtualServers) {
  const text = Buffer.from(generateLargeConfiguration(virtualServers)).toString('latin1');
  const heapBefore = heapMegabytes();
  const marks = [performance.now()];
  const { file } = parseSource({ name: 'large.conf', text });
  marks.push(performance.now());
  const { runs } = expand(file, { files: { read: () => ({ error: 'no such file' }) }, configId: '' });
  marks.push(performance.now());
  const tree = buildTree(runs);
  marks.push(performance.now());
  const [parse, expansion, build] = marks.slice(1).map((mark, index) => mark - marks[index]);
  const total = parse + expansion + build;
  const held = heapMegabytes() - heapBefore;
  const milliseconds = [parse, expansion, build, total].map((value) => value.toFixed(0)).join(' + ');
  const summary = `${virtualServers} virtual servers, ${(text.length / bytesPerMegabyte).toFixed(1)} MB:`;
  process.stdout.write(
    `${summary} lines + expansion + tree = ${milliseconds.replace(/ \+ (?=\d+$)/, ' = ')} ms, ` +
      `${((1000 * total) / virtualServers).toFixed(1)} us each, holds ${held.toFixed(0)} MB ` +
      `for ${tree.statements.length} root statements\n`,
  );
}

const size = Number(process.argv[2]);
if (size > 0) measure(size);
else {
  for (const each of sizes) {
    const script = fileURLToPath(import.meta.url);
    spawnSync(process.execPath, ['--expose-gc', script, String(each)], { stdio: 'inherit' });
  }
}
