import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { CheckerTools, type CheckerToolsPorts } from '../../../src/daemon/checker-process/probe-tools.ts';
import type { LogRecord } from '../../../src/daemon/ipc.ts';
import type { CommandEnd, ProbeCommand } from '../../../src/healthcheck/probes/tools.ts';
import { isAlive, plainSecurity, scratchFolder, until, writeScript } from '../commands/scripts.ts';

const opened: CheckerTools[] = [];
afterEach(async () => {
  for (const tools of opened.splice(0)) {
    tools.kill();
    await tools.stop();
  }
});

function openTools(ports: Pick<CheckerToolsPorts, 'starting'> = {}): {
  readonly tools: CheckerTools;
  readonly logged: LogRecord[];
} {
  const logged: LogRecord[] = [];
  const tools = new CheckerTools({ ...ports, log: (record) => logged.push(record) });
  tools.configure(
    process.geteuid?.() === 0 ? plainSecurity : { ...plainSecurity, defaultUser: `${process.geteuid?.()}` },
  );
  opened.push(tools);
  return { tools, logged };
}

function run(
  tools: CheckerTools,
  argv: readonly string[],
  timeoutMs = 20_000,
  onTimeout = () => {},
): ProbeCommand {
  return tools.runCommand({ argv }, { purpose: 'misc check', timeoutMs, onTimeout });
}

describe('a program', () => {
  test('gives its exit status and what it wrote', async () => {
    const { tools } = openTools();
    const path = writeScript(scratchFolder(), 'check', 'echo out; echo error >&2; exit "$1"');
    const end = await run(tools, [path, '7']).finished;
    expect(end).toMatchObject({ kind: 'exited', status: 7 });
    expect(end.kind === 'exited' && end.output.split('\n').sort()).toEqual(['error', 'out']);
  });

  test('is started as those who made the tools wish it', async () => {
    let startings = 0;
    const starting = <Result>(start: () => Result) => {
      startings += 1;
      return start();
    };
    const { tools } = openTools({ starting });
    const path = writeScript(scratchFolder(), 'check', 'exit 3');
    expect(await run(tools, [path]).finished).toMatchObject({ kind: 'exited', status: 3 });
    expect(startings).toBe(1);
  });

  test('that is killed by somebody else gives the signal', async () => {
    const { tools } = openTools();
    const path = writeScript(scratchFolder(), 'check', 'kill -SEGV $$');
    expect(await run(tools, [path]).finished).toMatchObject({ kind: 'killed', signal: 'SIGSEGV' });
  });

  test('that takes too long is told of, and ended', async () => {
    const { tools } = openTools();
    let timeouts = 0;
    const path = writeScript(scratchFolder(), 'check', 'exec sleep 300');
    const end = await run(tools, [path], 100, () => {
      timeouts += 1;
    }).finished;
    expect(end.kind).toBe('ended');
    expect(timeouts).toBe(1);
  });

  test('that cannot run says why, to the probe and once in the log', async () => {
    const { tools, logged } = openTools();
    const path = join(scratchFolder(), 'missing');
    const message = `the program cannot be run: ${path}: ENOENT`;
    for (const _ of [1, 2]) {
      expect(await run(tools, [path]).finished).toEqual({ kind: 'not-started', message });
    }
    const about = logged.filter((record) => record.message.includes(path));
    expect(about).toEqual([{ level: 'warning', message: `misc check ${path} cannot run: ${message}` }]);
  });
});

/** Notes when it begins and when, asked to end, it has taken its time to do so. */
const slowToEnd =
  'trap \'sleep 0.2; echo end >> "$1"; exit 0\' TERM; echo begin >> "$1"; while :; do sleep 0.02; done';

function linesOf(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

describe('the same command', () => {
  test('begins after one that was ended, not beside it', async () => {
    const { tools } = openTools();
    const folder = scratchFolder();
    const [path, file] = [writeScript(folder, 'check', slowToEnd), join(folder, 'log')];
    const first = run(tools, [path, file]);
    await until(() => linesOf(file).length === 1);
    first.end();
    const second = run(tools, [path, file]);
    await until(() => linesOf(file).length === 3);
    expect(linesOf(file)).toEqual(['begin', 'end', 'begin']);
    expect(await first.finished).toMatchObject({ kind: 'ended' });
    second.end();
    expect(await second.finished).toMatchObject({ kind: 'ended' });
  });

  test('ended before it could begin never begins', async () => {
    const { tools } = openTools();
    const folder = scratchFolder();
    const [path, file] = [writeScript(folder, 'check', slowToEnd), join(folder, 'log')];
    const first = run(tools, [path, file]);
    await until(() => linesOf(file).length === 1);
    first.end();
    const second = run(tools, [path, file]);
    second.end();
    expect(await second.finished).toEqual({ kind: 'ended', output: '' });
    expect(linesOf(file)).toEqual(['begin', 'end']);
  });

  test('of two servers runs at the same time', async () => {
    const { tools } = openTools();
    const folder = scratchFolder();
    const [path, file] = [writeScript(folder, 'check', slowToEnd), join(folder, 'log')];
    const both = [run(tools, [path, file]), run(tools, [path, file])];
    await until(() => linesOf(file).length === 2);
    expect(linesOf(file)).toEqual(['begin', 'begin']);
    for (const one of both) one.end();
    await Promise.all(both.map(({ finished }) => finished));
  });
});

describe('at the end', () => {
  test('what runs is asked to end, and is waited for', async () => {
    const { tools } = openTools();
    const folder = scratchFolder();
    const [path, file] = [writeScript(folder, 'check', slowToEnd), join(folder, 'log')];
    const running = run(tools, [path, file]);
    await until(() => linesOf(file).length === 1);
    await tools.stop();
    expect(linesOf(file)).toEqual(['begin', 'end']);
    expect(await running.finished).toMatchObject({ kind: 'ended' });
  });

  test('what does not end is killed', async () => {
    const { tools } = openTools();
    const folder = scratchFolder();
    const file = join(folder, 'pid');
    const path = writeScript(
      folder,
      'check',
      `trap '' TERM; echo $$ > ${file}; while :; do sleep 0.02; done`,
    );
    const running = run(tools, [path]);
    await until(() => linesOf(file).length === 1 && linesOf(file)[0] !== '');
    const pid = Number(linesOf(file)[0]);
    const stopping = tools.stop();
    expect(isAlive(pid)).toBe(true);
    tools.kill();
    await stopping;
    expect((await running.finished) satisfies CommandEnd).toMatchObject({ kind: 'ended' });
    expect(isAlive(pid)).toBe(false);
  });
});
