/**
 * `npm test`: Biome, the type checker, then vitest's projects: `unit` anywhere, `network` with root and network
 * namespaces, `kernel` with IPVS, here or in the embedded kernel. Ends with one line of counts.
 * Arguments: `--project NAME` (repeatable) and parts of test file names, as vitest takes them, to run only those.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseKernel } from '../dist/drill/kernels/choose-kernel.js';
import { runInEmbeddedKernel } from '../dist/drill/kernels/embedded-kernel.js';
import { namespacesOnThisKernel } from '../dist/drill/kernels/host-kernel.js';
import { makeScratchFolder } from '../dist/drill/scratch-folder.js';
import { runMain, StepFailure } from './progress.mjs';
import { filesIn, root } from './stamp.mjs';
import { countReport, counts, sum, summaryLine } from './test-counts.mjs';

const projects = ['unit', 'network', 'kernel'];
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const limitMs = { unit: 600_000, network: 1_800_000, kernel: 2_400_000 };

await runMain(async () => {
  const { values, positionals: filters } = readArguments();
  const chosen = values.project ?? projects;
  const reports = makeScratchFolder();
  try {
    const found = [];
    if (values.project === undefined && filters.length === 0) {
      found.push(runTool('biome', 'biome', ['check', '--error-on-warnings']));
      found.push(runTool('types', 'tsc', ['--noEmit']));
    }
    for (const project of projects.filter((one) => chosen.includes(one))) {
      const files = testFiles(project).filter((file) => matches(file, filters));
      if (files.length > 0)
        found.push(await runProject(project, files, filters, join(reports.path, `${project}.json`)));
      else if (filters.length === 0) throw new StepFailure(`project ${project} has no test files`);
    }
    if (found.length === 0) throw new StepFailure(`no test file's name contains ${filters.join(' or ')}`);
    const total = sum(found);
    process.stdout.write(`\n${summaryLine(total)}\n`);
    return total.failed === 0 ? 0 : 1;
  } finally {
    reports.remove();
  }
});

function readArguments() {
  const { values, positionals } = parse();
  const unknown = values.project?.find((name) => !projects.includes(name));
  if (unknown === undefined) return { values, positionals };
  throw new StepFailure(`no test project is called "${unknown}"; there are ${projects.join(', ')}`);
}

function parse() {
  try {
    return parseArgs({ options: { project: { type: 'string', multiple: true } }, allowPositionals: true });
  } catch (error) {
    throw new StepFailure(
      `${error.message}\nusage: npm test -- [--project NAME]... [part of a test file's name]...`,
    );
  }
}

function testFiles(project) {
  const isTest = (file) => file.endsWith('.test.ts');
  if (project !== 'unit') return filesIn(join('test', 'integration', project)).filter(isTest);
  return filesIn('test').filter((file) => isTest(file) && !file.startsWith('test/integration/'));
}

/** As vitest does it: any filter that the path contains. */
function matches(file, filters) {
  return filters.length === 0 || filters.some((filter) => join(root, file).includes(filter));
}

function runTool(title, program, args) {
  heading(title);
  const result = spawnSync(join(root, 'node_modules', '.bin', program), args, {
    cwd: root,
    stdio: 'inherit',
  });
  return result.status === 0 ? counts(1, 0, 0) : counts(0, 1, 0);
}

async function runProject(project, files, filters, reportFile) {
  heading(project);
  const kernel = await kernelFor(project);
  if (kernel.reason !== undefined && kernel.run === undefined)
    return cannotRun(project, files, kernel.reason);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const command = [process.execPath, vitest, 'run', '--project', project, ...reporters, ...filters];
  const status = await kernel.run(command, limitMs[project]);
  return countReport(
    existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined,
    status,
  );
}

/** How the project's tests can run here (`run`), or why they cannot (`reason`). */
async function kernelFor(project) {
  if (project === 'unit') return { run: runHere };
  if (project === 'network') {
    const answer = await namespacesOnThisKernel();
    return answer.able ? { run: runHere } : { reason: answer.reason };
  }
  const choice = await chooseKernel();
  if (choice.kernel === 'none') return { reason: choice.reason };
  if (choice.kernel === 'host') return { run: runHere };
  process.stdout.write(`in the embedded kernel, since ${choice.reason}\n`);
  return { run: runEmbedded };
}

function runHere([file, ...args], timeout) {
  const result = spawnSync(file, args, { cwd: root, stdio: 'inherit', timeout, killSignal: 'SIGKILL' });
  if (result.error !== undefined) process.stderr.write(`vitest did not end well: ${result.error.message}\n`);
  return result.status ?? 1;
}

async function runEmbedded(command, timeoutMs) {
  const onOutput = (text) => process.stdout.write(text);
  const environment = { CI: process.env.CI ?? '' };
  try {
    return await runInEmbeddedKernel({ command, folder: root, environment, timeoutMs, onOutput });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** Counted by test files, since their tests are only known when they run. Continuous integration must run them all. */
function cannotRun(project, files, reason) {
  const inCi = process.env.CI === 'true';
  process.stdout.write(
    `${project}: ${files.length} test files ${inCi ? 'cannot run' : 'skipped'}: ${reason}\n`,
  );
  return inCi ? counts(0, files.length, 0) : counts(0, 0, files.length);
}

function heading(title) {
  process.stdout.write(`\n== ${title}\n`);
}
