/** Real scripts, files and processes. Times are generous: what is checked is order and what is told, not how fast. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type {
  Config,
  TrackerConfigs,
  TrackFileConfig,
  TrackingConfig,
  TrackProcessConfig,
  TrackScriptConfig,
} from '../../../src/config-parser/config.ts';
import { CommandRunner } from '../../../src/daemon/commands/index.ts';
import type { LogRecord } from '../../../src/daemon/ipc.ts';
import { Trackers } from '../../../src/daemon/script-process/trackers.ts';
import { nowMs } from '../../../src/kernel/clock.ts';
import type { TrackerReading } from '../../../src/vrrp/tracking.ts';
import { isAlive, isRoot, plainSecurity, scratchFolder, until, writeScript } from '../commands/scripts.ts';

vi.setConfig({ testTimeout: 30_000 });

const running: Trackers[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((trackers) => trackers.stop()));
});

const noTracking: TrackingConfig = { interfaces: [], scripts: [], files: [], processes: [], bfds: [] };

/** Of an instance that tracks everything there is. */
function configOf(given: Partial<TrackerConfigs>): Config {
  const trackers = { scripts: [], files: [], processes: [], bfds: [], ...given };
  const items = (list: readonly { name: string }[]) =>
    list.map(({ name }) => ({ name, weight: 0, reverse: false }));
  const tracking: TrackingConfig = {
    ...noTracking,
    scripts: items(trackers.scripts),
    files: items(trackers.files),
    processes: items(trackers.processes),
  };
  return { trackers, vrrpInstances: [{ tracking }], syncGroups: [], virtualServers: [] } as unknown as Config;
}

function start(given: Partial<TrackerConfigs>, keepsOutput = false) {
  const told: TrackerReading[] = [];
  const log: LogRecord[] = [];
  const ports = { log: (record: LogRecord) => log.push(record) };
  const runner = new CommandRunner(plainSecurity, ports);
  const tell = (readings: readonly TrackerReading[]) => told.push(...readings);
  const trackers = new Trackers({ ...ports, runner, nowMs, tell, keepsOutput: () => keepsOutput });
  running.push(trackers);
  trackers.configure(configOf(given));
  const messages = () => log.map(({ message }) => message).filter((text) => !text.startsWith('SECURITY'));
  return {
    trackers,
    told,
    log,
    messages,
    configure: (next: Partial<TrackerConfigs>) => trackers.configure(configOf(next)),
  };
}

function script(path: string, rest: Partial<TrackScriptConfig> = {}): TrackScriptConfig {
  return {
    name: 'chk',
    command: { argv: [path] },
    intervalMs: 30,
    timeoutMs: 5000,
    rise: 1,
    fall: 1,
    initFail: false,
    ...rest,
  };
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

describe('a track script', () => {
  it('tells its first result and each change, in keepalived’s words', async () => {
    const folder = scratchFolder();
    const path = writeScript(folder, 'check.sh', `test ! -e ${folder}/broken || exit 7`);
    const { told, messages } = start({ scripts: [script(path)] });
    await until(() => told.length === 1);
    writeFileSync(join(folder, 'broken'), '');
    await until(() => told.length === 2);
    rmSync(join(folder, 'broken'));
    await until(() => told.length === 3);
    expect(told).toEqual([true, false, true].map((isUp) => ({ kind: 'script', name: 'chk', isUp })));
    // A slow machine may leave a run out.
    expect(messages().filter((text) => !text.includes('skipping run'))).toEqual([
      'VRRP_Script(chk) succeeded',
      'Script `chk` now returning 7',
      'VRRP_Script(chk) failed (exited with status 7)',
      'Script `chk` now returning 0',
      'VRRP_Script(chk) succeeded',
    ]);
  });

  it('that is missing is a failure, said once, and counts from when it is there', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'check.sh');
    const { told, messages, trackers } = start({ scripts: [script(path, { intervalMs: 10 })] });
    await until(() => told.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(trackers.readings()).toEqual([{ kind: 'script', name: 'chk', isUp: false }]);
    expect(messages()).toEqual([
      `VRRP_Script(chk) cannot run: the program cannot be run: ${path}: ENOENT`,
      'VRRP_Script(chk) failed (could not be run)',
    ]);
    writeScript(folder, 'check.sh', 'exit 0');
    await until(
      () => told.at(-1)?.kind === 'script' && trackers.readings()[0]?.kind === 'script' && told.length === 2,
    );
    expect(told.at(-1)).toMatchObject({ isUp: true });
  });

  it('that hangs fails when its time is over, and never runs twice at once', async () => {
    const folder = scratchFolder();
    const path = writeScript(
      folder,
      'check.sh',
      `mkdir ${folder}/lock || echo twice >> ${folder}/log\necho run >> ${folder}/log\ntrap "rmdir ${folder}/lock; exit 1" TERM\nwhile :; do sleep 0.01; done`,
    );
    const { told, messages } = start({ scripts: [script(path, { timeoutMs: 100 })] });
    await until(() => lines(join(folder, 'log')).length >= 3);
    expect(lines(join(folder, 'log'))).not.toContain('twice');
    expect(told).toEqual([{ kind: 'script', name: 'chk', isUp: false }]);
    expect(messages()[0]).toBe('Track script chk is already running, expect idle - skipping run');
    expect(messages()).toContain('VRRP_Script(chk) timed out');
  });

  it('is bad from the start with init_fail', () => {
    const { told } = start({ scripts: [script('/bin/true', { initFail: true, rise: 1000 })] });
    expect(told).toEqual([{ kind: 'script', name: 'chk', isUp: false }]);
  });

  it('has what it wrote in the log only where details are kept, on one line without control characters', async () => {
    const path = writeScript(scratchFolder(), 'check.sh', 'echo first; printf "\\033[31mred\\n"; exit 1');
    const quiet = start({ scripts: [script(path)] });
    const loud = start({ scripts: [script(path)] }, true);
    await until(() => quiet.told.length > 0 && loud.told.length > 0);
    expect(loud.messages()).toContain('VRRP_Script(chk) wrote: first | ?[31mred');
    expect(quiet.messages().join()).not.toContain('wrote');
  });

  it('ends with the program that still runs, when the trackers stop', async () => {
    const folder = scratchFolder();
    const path = writeScript(folder, 'check.sh', `echo $$ > ${folder}/pid\nexec sleep 60`);
    const { trackers, told } = start({ scripts: [script(path)] });
    await until(() => lines(join(folder, 'pid')).length === 1);
    const pid = Number(lines(join(folder, 'pid'))[0]);
    await trackers.stop();
    expect(isAlive(pid)).toBe(false);
    expect(told).toEqual([]);
  });

  it('that is deaf to SIGTERM is killed where nobody can wait', async () => {
    const folder = scratchFolder();
    const path = writeScript(
      folder,
      'check.sh',
      `trap "" TERM\necho $$ > ${folder}/pid\nwhile :; do sleep 0.05; done`,
    );
    const { trackers, configure } = start({ scripts: [script(path)] });
    await until(() => lines(join(folder, 'pid')).length === 1);
    configure({});
    const stopped = trackers.stop();
    trackers.kill();
    await stopped;
    expect(isAlive(Number(lines(join(folder, 'pid'))[0]))).toBe(false);
  });

  it('keeps its state and its beat over a reload that does not change it, and tells what it knows again', async () => {
    const folder = scratchFolder();
    const path = writeScript(folder, 'check.sh', `echo run >> ${folder}/log`);
    const slow = script(path, { intervalMs: 60_000 });
    const { told, configure } = start({ scripts: [slow] });
    await until(() => told.length === 1);
    configure({ scripts: [structuredClone(slow)] });
    expect(told).toHaveLength(2);
    expect(lines(join(folder, 'log'))).toHaveLength(1);
    configure({ scripts: [{ ...slow, rise: 2 }] });
    await until(() => told.length === 3);
    expect(lines(join(folder, 'log'))).toHaveLength(2);
    expect(told.slice(2)).toEqual([{ kind: 'script', name: 'chk', isUp: true }]);
  });

  it('that a reload changes does not begin before the program of the old definition is gone', async () => {
    const folder = scratchFolder();
    const busy = `echo begin >> ${folder}/log\ntrap "sleep 0.3; echo end >> ${folder}/log; exit 0" TERM`;
    const path = writeScript(folder, 'check.sh', `${busy}\nwhile :; do sleep 0.01; done`);
    const { configure } = start({ scripts: [script(path)] });
    await until(() => lines(join(folder, 'log')).length === 1);
    configure({ scripts: [script(path, { fall: 2 })] });
    await until(() => lines(join(folder, 'log')).length === 3);
    expect(lines(join(folder, 'log'))).toEqual(['begin', 'end', 'begin']);
  });

  it('that a reload removes is ended', async () => {
    const folder = scratchFolder();
    const path = writeScript(folder, 'check.sh', `echo $$ > ${folder}/pid\nexec sleep 60`);
    const { trackers, configure } = start({ scripts: [script(path)] });
    await until(() => lines(join(folder, 'pid')).length === 1);
    configure({});
    await until(() => !isAlive(Number(lines(join(folder, 'pid'))[0])));
    expect(trackers.readings()).toEqual([]);
  });
});

function file(path: string, rest: Partial<TrackFileConfig> = {}): TrackFileConfig {
  return { name: 'f', path, ...rest };
}

describe('a track file', () => {
  const values = (told: readonly TrackerReading[]) =>
    told.map((reading) => (reading.kind === 'file' ? reading.value : reading));

  it('is followed when it appears, is written in place, is replaced and goes', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'value');
    const { told } = start({ files: [file(path)] });
    await until(() => told.length === 1);
    writeFileSync(path, '7\n');
    await until(() => told.length === 2);
    writeFileSync(path, '-3\n');
    await until(() => told.length === 3);
    writeFileSync(`${path}.new`, '12\n');
    renameSync(`${path}.new`, path);
    await until(() => told.length === 4);
    rmSync(path);
    await until(() => told.length === 5);
    expect(values(told)).toEqual([0, 7, -3, 12, 0]);
  });

  it('is followed although its folder comes later, and is replaced by another', async () => {
    const folder = scratchFolder();
    const inner = join(folder, 'later');
    const { told } = start({ files: [file(join(inner, 'value'))] });
    await until(() => told.length === 1);
    mkdirSync(inner);
    writeFileSync(join(inner, 'value'), '1');
    await until(() => told.length === 2);
    mkdirSync(`${inner}.new`);
    writeFileSync(join(`${inner}.new`, 'value'), '2');
    renameSync(inner, `${inner}.old`);
    renameSync(`${inner}.new`, inner);
    await until(() => told.length === 3);
    writeFileSync(join(inner, 'value'), '3');
    await until(() => told.length === 4);
    expect(values(told)).toEqual([0, 1, 2, 3]);
  });

  it('never counts as 0 while it is rewritten in place', async () => {
    const path = join(scratchFolder(), 'value');
    writeFileSync(path, '1');
    const { told } = start({ files: [file(path)] });
    await until(() => told.length === 1);
    for (let i = 0; i < 200; i += 1) {
      writeFileSync(path, String(2 + (i % 2)));
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(values(told)).not.toContain(0);
    expect(told.at(-1)).toEqual({ kind: 'file', name: 'f', value: 3 });
  });

  it('is written at the start with init_file, over another only with overwrite', async () => {
    const folder = scratchFolder();
    const [fresh, kept, changed] = ['fresh', 'kept', 'changed'].map((name) => join(folder, name));
    for (const path of [kept, changed]) writeFileSync(path ?? '', '5');
    const { told } = start({
      files: [
        file(fresh ?? '', { name: 'a', initial: { value: -4, overwrite: false } }),
        file(kept ?? '', { name: 'b', initial: { value: 9, overwrite: false } }),
        file(changed ?? '', { name: 'c', initial: { value: 9, overwrite: true } }),
      ],
    });
    await until(() => told.length === 3);
    expect(Object.fromEntries(told.map((reading) => [reading.name, values([reading])[0]]))).toEqual({
      a: -4,
      b: 5,
      c: 9,
    });
    expect(readFileSync(fresh ?? '', 'utf8')).toBe('-4\n');
  });

  it('says what is wrong with it: no number, no file, nowhere to write', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'words'), 'all is well\n');
    const { told, messages } = start({
      files: [
        file(join(folder, 'words'), { name: 'words' }),
        file(folder, { name: 'folder' }),
        file(join(folder, 'none', 'x'), { name: 'none', initial: { value: 1, overwrite: false } }),
      ],
    });
    await until(() => told.length === 3);
    expect(values(told)).toEqual([0, 0, 0]);
    expect(messages().sort()).toEqual([
      `Track file folder (${folder}) cannot be read (EISDIR) and counts as 0`,
      `Track file none: init_file cannot be written to ${folder}/none/x: ENOENT`,
      `Track file words (${folder}/words) holds "all is well", which is no number and counts as 0`,
    ]);
  });
});

function processes(command: readonly string[], rest: Partial<TrackProcessConfig> = {}): TrackProcessConfig {
  return { name: 'p', command, fullCommand: false, quorum: 1, forkDelayMs: 0, terminateDelayMs: 0, ...rest };
}

describe.runIf(isRoot)('a track process', () => {
  it('is told of as it starts and ends, and of one that was there before', async () => {
    const unique = `/tmp/holdfast-test-${process.pid}`;
    const sleep = () => spawn('sleep', ['60'], { argv0: unique, stdio: 'ignore' });
    const first = sleep();
    const { told, messages } = start({ processes: [processes([unique, '60'], { quorum: 2 })] });
    expect(told).toEqual([{ kind: 'process', name: 'p', isUp: false }]);
    const second = sleep();
    await until(() => told.length === 2);
    first.kill('SIGKILL');
    await until(() => told.length === 3);
    second.kill('SIGKILL');
    expect(told.map((reading) => 'isUp' in reading && reading.isUp)).toEqual([false, true, false]);
    expect(messages()).toEqual([
      'Track process p has no quorum: 1 run, at least 2 wanted',
      'Track process p quorum gained: 2 run, at least 2 wanted',
      'Track process p quorum lost: 1 run, at least 2 wanted',
    ]);
  });
});
