import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AlreadyRunningError, claimPidFile, removePidFile, writePidFile } from '../../src/daemon/pid-file.ts';

let folder = '';
let path = '';
let other: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-file-'));
  path = join(folder, 'run', 'x.pid');
});

afterEach(async () => {
  if (other !== undefined && other.exitCode === null && other.signalCode === null) {
    other.kill('SIGKILL');
    await once(other, 'exit');
  }
  other = undefined;
  rmSync(folder, { recursive: true });
});

/** A process that lives as long as the test, under the name of `program`. */
async function live(program: string): Promise<number> {
  other = spawn('sleep', ['60'], { argv0: program });
  await once(other, 'spawn');
  if (other.pid === undefined) throw new Error('no process');
  return other.pid;
}

const content = () => readFileSync(path, 'utf8');

describe('claiming a pid file', () => {
  test('makes its folder, writes our pid and leaves nothing else behind', () => {
    claimPidFile(path);
    expect(content()).toBe(`${process.pid}\n`);
    expect(readdirSync(join(folder, 'run'))).toEqual(['x.pid']);
  });

  test("of a daemon that lives is refused in keepalived's words, and the file stays", async () => {
    const pid = await live('holdfast');
    writePidFile(path, pid);
    expect(() => claimPidFile(path)).toThrow(AlreadyRunningError);
    expect(() => claimPidFile(path)).toThrow(`daemon is already running (pid ${pid} in ${path})`);
    expect(content()).toBe(`${pid}\n`);
    expect(readdirSync(join(folder, 'run'))).toEqual(['x.pid']);
  });

  test('of a daemon that is gone succeeds', async () => {
    const pid = await live('holdfast');
    writePidFile(path, pid);
    other?.kill('SIGKILL');
    if (other !== undefined) await once(other, 'exit');
    claimPidFile(path);
    expect(content()).toBe(`${process.pid}\n`);
  });

  test('whose number another program has by now succeeds', async () => {
    writePidFile(path, await live('sleep'));
    claimPidFile(path);
    expect(content()).toBe(`${process.pid}\n`);
  });

  test('whose number a younger daemon of ours has by now succeeds', async () => {
    writePidFile(path, await live('holdfast'));
    const hourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(path, hourAgo, hourAgo);
    claimPidFile(path);
    expect(content()).toBe(`${process.pid}\n`);
  });

  test.each(['', 'garbage', '-5', '0', '12x', '99999999999999'])('that holds %j succeeds', (text) => {
    writePidFile(path, 1);
    writeFileSync(path, text);
    claimPidFile(path);
    expect(content()).toBe(`${process.pid}\n`);
  });

  test('that cannot be written is an error of the system', () => {
    writeFileSync(join(folder, 'run'), '');
    expect(() => claimPidFile(path)).toThrow(/ENOTDIR|EEXIST/);
  });
});

describe('removing a pid file', () => {
  test('removes our own', () => {
    claimPidFile(path);
    removePidFile(path, process.pid);
    expect(existsSync(path)).toBe(false);
  });

  test("leaves a successor's", () => {
    writePidFile(path, 1);
    removePidFile(path, process.pid);
    expect(content()).toBe('1\n');
  });

  test('that is not there is no error', () => {
    removePidFile(path, process.pid);
    expect(existsSync(path)).toBe(false);
  });
});
