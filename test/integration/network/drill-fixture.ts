/** Runs `holdfast drill` as an operator does, on this host's kernel, and reads what it reports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DrillReport, ScenarioReport } from '../../../src/drill/report/report.ts';

const launcher = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));

export interface DrillRun {
  readonly child: ChildProcess;
  readonly folder: string;
  /** Resolves with the exit status, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** What it has said on standard error. */
  readonly said: () => string;
  readonly report: () => DrillReport;
}

const folders: string[] = [];

export function startDrill(pair: string, args: readonly string[], kernel = 'host'): DrillRun {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-drill-'));
  folders.push(folder);
  const files = ['lb01', 'lb02'].map((node) => fixture(`${pair}${node}.conf`));
  const words = [launcher, 'drill', ...files, '--kernel', kernel, '--report', folder, ...args];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing'));
  });
  const report = (): DrillReport => {
    const file = join(folder, 'report.json');
    if (!existsSync(file)) throw new Error(`there is no report; the drill said:\n${text}`);
    return JSON.parse(readFileSync(file, 'utf8')) as DrillReport;
  };
  return { child, folder, ended, said: () => text, report };
}

/** The tutorial's files are among the examples. */
function fixture(name: string): string {
  const place = /^lb0\d/.test(name) ? '../../../examples/' : '../../drill/fixtures/';
  return fileURLToPath(new URL(`${place}${name}`, import.meta.url));
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** What does not hold, in words: empty for a drill that passed, and for no other. */
export function failuresOf(report: DrillReport): readonly string[] {
  const failures = report.scenarios.flatMap(({ name, runs, verdict, reason }) => [
    ...(verdict === 'could-not-run' || verdict === 'aborted' ? [`${name}: ${reason}`] : []),
    ...runs.flatMap(({ findings }) =>
      findings
        .filter(({ holds }) => !holds)
        .map(({ id, what, measured, limit }) => `${name}: ${id}: ${what}: ${measured} (${limit})`),
    ),
  ]);
  return failures.length > 0 || report.verdict === 'pass'
    ? failures
    : [`${report.verdict}: ${report.reason}`];
}

/**
 * What does not hold, and does not hold a second time: a machine with other things to do stalls once in a while, for longer than a
 * limit allows. The first failure is printed.
 */
export async function lastingFailures(
  report: DrillReport,
  pair: string,
  kernel?: string,
): Promise<readonly string[]> {
  const failures = failuresOf(report);
  if (failures.length === 0) return [];
  process.stdout.write(`played once more, since this did not hold:\n${failures.join('\n')}\n`);
  const failed = report.scenarios.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skipped');
  const names = failed.map(({ name }) => name).filter((name) => name !== 'steady-state');
  if (names.length === 0 || names.length > mostRepeated) return failures;
  const again = startDrill(pair, ['--scenario', names.join()], kernel);
  await again.ended;
  return failuresOf(again.report());
}

/** More than that is no stall. */
const mostRepeated = 3;

export function scenarioOf(report: DrillReport, name: string): ScenarioReport {
  const found = report.scenarios.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the report has no scenario ${name}`);
  return found;
}

export function drillNamespaces(pid: number | undefined): readonly string[] {
  return existsSync('/run/netns')
    ? readdirSync('/run/netns').filter((name) => name.startsWith(`hfd-${pid}-`))
    : [];
}
