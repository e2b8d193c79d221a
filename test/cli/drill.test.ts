/** The command line of `holdfast drill`: what is refused before any lab is built, and what only lists. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDrillCommand, type DrillCommand } from '../../src/cli/drill-options.ts';
import { describeProgram } from '../../src/cli/program.ts';
import { scenarios } from '../../src/drill/scenarios/index.ts';
import { exampleFile } from '../drill/parsed-node.ts';
import { runCommand } from './run-command.ts';

const pair = [exampleFile('lb01'), exampleFile('lb02')];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = join(folder, `${Math.random()}`);
  writeFileSync(file, text);
  return file;
}

async function commandOf(...args: string[]): Promise<DrillCommand> {
  const program = describeProgram();
  let found: DrillCommand | undefined;
  const own = program.createCommand('own').exitOverride();
  addDrillCommand(own, async (command) => {
    found = command;
  });
  await own.parseAsync(['drill', ...args], { from: 'user' });
  if (found === undefined) throw new Error('the command was not performed');
  return found;
}

test('the scenarios are listed with their titles', async () => {
  const { exitCode, out } = await runCommand(['drill', '--list-scenarios']);
  expect(exitCode).toBe(0);
  for (const { name, title } of scenarios)
    expect(out).toMatch(new RegExp(`^${name} +${title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, 'm'));
});

test.each([
  [[], 'name the configuration files of two directors or more'],
  [[exampleFile('lb01')], 'name the configuration files of two directors or more'],
  [[...pair, '--scenario', 'sigkil'], 'there is no scenario sigkil'],
  [[...pair, '--slo', 'takeover<=4'], '--slo: "takeover<=4": takeover is a time'],
  [[...pair, '--topology', '/nowhere.yaml'], '--topology /nowhere.yaml: it cannot be read'],
  [[...pair, '--scenario-file', '/nowhere.yaml'], '--scenario-file /nowhere.yaml: it cannot be read'],
  [[...pair, '--compare', '/nowhere.json'], '--compare /nowhere.json: it cannot be read'],
  [[...pair, '--daemon', 'lb03=keepalived'], 'there is no node lb03; there are lb01, lb02'],
  [[...pair, '--daemon', 'frr'], '--daemon is holdfast or keepalived'],
  [[...pair, '--runs', '0'], 'It must be a whole number from 1'],
  [[...pair, '--rate', 'fast'], 'It must be a number above 0'],
  [[...pair, '--kernel', 'windows'], 'Allowed choices are auto, host, embedded'],
  [['/nowhere/lb01.conf', '/nowhere/lb02.conf'], 'cannot read /nowhere/lb01.conf'],
])('%j is refused with status 2', async (args, problem) => {
  const { exitCode, error } = await runCommand(['drill', ...args]);
  expect(error).toContain(problem);
  expect(exitCode).toBe(2);
});

test('what is wrong in a topology file, a scenario file and a report is told with the file', async () => {
  const topology = fileWith('hosts: {}');
  const own = fileWith('scenarios: []');
  const report = fileWith('{}');
  expect((await runCommand(['drill', ...pair, '--topology', topology])).error).toContain(
    `${topology}: the file does not know "hosts"`,
  );
  expect((await runCommand(['drill', ...pair, '--scenario-file', own])).error).toContain(
    `${own}: it must hold "scenarios:"`,
  );
  expect((await runCommand(['drill', ...pair, '--compare', report])).error).toContain(
    `--compare ${report}: `,
  );
});

test('a pair that no lab can play is refused with the reason', async () => {
  const lonely = fileWith('global_defs {\n}\n');
  const { exitCode, error } = await runCommand(['drill', exampleFile('lb01'), lonely]);
  expect(error).toContain('has no vrrp_instance: there is nothing to take over');
  expect(exitCode).toBe(2);
});

test('daemons are chosen for all nodes and for one', async () => {
  const { daemon, daemonOf } = await commandOf(
    ...pair,
    '--daemon',
    'keepalived',
    '--daemon',
    'lb02=holdfast',
  );
  expect(daemon).toBe('keepalived');
  expect([...daemonOf]).toEqual([['lb02', 'holdfast']]);
});

test('scenarios are named with commas and again', async () => {
  const {
    scenarios: names,
    runs,
    timeoutMs,
  } = await commandOf(
    ...pair,
    '--scenario',
    'stop, pause',
    '--scenario',
    'sigkill',
    '--runs',
    '3',
    '--timeout',
    '60',
  );
  expect(names).toEqual(['stop', 'pause', 'sigkill']);
  expect({ runs, timeoutMs }).toEqual({ runs: 3, timeoutMs: 60_000 });
});
