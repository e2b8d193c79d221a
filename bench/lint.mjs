/**
 * `holdfast lint` against `keepalived -t`, as whole processes on the same large file: time, and memory at its highest.
 * `node bench/lint.mjs [VIRTUAL-SERVERS...]`, 1,000, 5,000 and 20,000 where none are given. Both are run in turn.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { median } from '../dist/drill/timeline.js';
import { generateLargeConfiguration } from './generate-large-configuration.mjs';

const rounds = 5;
const holdfast = fileURLToPath(new URL('../bin/holdfast', import.meta.url));
const tools = [
  ['holdfast', [process.execPath, holdfast, 'lint', '--format', 'concise']],
  ['keepalived', ['keepalived', '-t', '-f']],
];
const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [1000, 5000, 20_000];
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));

try {
  for (const size of sizes) await compareAt(size);
  await report('the two directors of the example, one after the other', tools[0][1], [
    'examples/lb01.conf',
    'examples/lb02.conf',
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compareAt(size) {
  const text = generateLargeConfiguration(size);
  const file = join(folder, `${size}.conf`);
  writeFileSync(file, text);
  process.stdout.write(`${size} virtual servers, ${(text.length / 1e6).toFixed(1)} MB\n`);
  const found = new Map(tools.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, command] of tools) found.get(name).push(await measure([...command, file]));
  }
  for (const [name, runs] of found) printRuns(name, runs);
  const ratio =
    median(found.get('holdfast').map(({ ms }) => ms)) / median(found.get('keepalived').map(({ ms }) => ms));
  process.stdout.write(`  holdfast / keepalived = ${ratio.toFixed(2)}\n`);
}

async function report(title, command, files) {
  process.stdout.write(`${title}\n`);
  const runs = [];
  for (let round = 0; round < rounds * 2; round += 1) runs.push(await measure([...command, ...files]));
  printRuns('holdfast', runs);
}

function printRuns(name, runs) {
  const times = runs.map(({ ms }) => ms);
  const memory = Math.max(...runs.map(({ peakMb }) => peakMb));
  const range = `${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}`;
  process.stdout.write(
    `  ${name.padEnd(10)} median ${median(times).toFixed(0)} ms (${range}), at most ${memory.toFixed(0)} MB, exit ${runs[0].status}\n`,
  );
}

/** Peak memory is read while the process runs: the kernel forgets it with the process. */
function measure([program, ...args]) {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(program, args, {
      stdio: 'ignore',
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    });
    let peakMb = 0;
    const timer = setInterval(() => {
      peakMb = Math.max(peakMb, peakOf(child.pid));
    }, 10);
    child.on('error', reject);
    child.on('exit', (status) => {
      clearInterval(timer);
      resolve({ ms: performance.now() - begin, peakMb, status });
    });
  });
}

function peakOf(pid) {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? 0 : Number(match[1]) / 1024;
  } catch {
    return 0;
  }
}
