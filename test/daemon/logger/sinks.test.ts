import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LineSink, LineWriter } from '../../../src/daemon/logger/line-writer.ts';
import { openDescriptorSink, openFileSink } from '../../../src/daemon/logger/sinks.ts';

const notice = (dropped: number) => `[${dropped} dropped]\n`;
let folder = '';
let sink: LineSink | undefined;
const descriptors: number[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-sinks-'));
});

afterEach(() => {
  sink?.close();
  sink = undefined;
  for (const fd of descriptors.splice(0)) closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** A pipe with a name: a reader that reads only when asked, and the descriptor to write to. */
function openPipe(): { reader: number; writer: number } {
  const path = join(folder, 'pipe');
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  descriptors.push(reader, writer);
  return { reader, writer };
}

function readPipe(reader: number): string {
  const buffer = Buffer.alloc(65_536);
  try {
    return buffer.toString('utf8', 0, readSync(reader, buffer));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return '';
    throw error;
  }
}

describe('a pipe', () => {
  test('that nobody reads blocks nobody, and says afterwards how many lines were dropped', async () => {
    const { reader, writer: fd } = openPipe();
    sink = openDescriptorSink(fd, 'standard error');
    const writer = new LineWriter(sink, notice, { lines: 100, bytes: 100_000 });
    const line = `${'x'.repeat(99)}\n`;
    const written = 5000;
    for (let n = 0; n < written; n += 1) writer.write(line);
    let text = '';
    await vi.waitFor(() => {
      text += readPipe(reader);
      expect(text).toContain('dropped');
    });
    writer.write('the end\n');
    await vi.waitFor(() => {
      text += readPipe(reader);
      expect(text).toContain('the end\n');
    });
    const dropped = Number(/\[(\d+) dropped\]/.exec(text)?.[1]);
    expect(dropped).toBeGreaterThan(3000);
    expect((text.match(/x{99}\n/g) ?? []).length + dropped).toBe(written);
  });

  test('keeps its own blocking mode for the others who write to it', () => {
    const { writer: fd } = openPipe();
    sink = openDescriptorSink(fd, 'standard error');
    const flags = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
    const octal = /^flags:\s+(\d+)$/m.exec(flags)?.[1] ?? '';
    expect(Number.parseInt(octal, 8) & constants.O_NONBLOCK).toBe(0);
  });

  test('whose reader goes away is no reason to end', async () => {
    const { reader, writer: fd } = openPipe();
    sink = openDescriptorSink(fd, 'standard error');
    closeSync(reader);
    descriptors.splice(descriptors.indexOf(reader), 1);
    const outcome = await new Promise((resolve) => sink?.write('x\n', resolve));
    expect(outcome).toBe('gone');
    expect(await new Promise((resolve) => sink?.write('y\n', resolve))).toBe('gone');
  });
});

describe('a file', () => {
  test('is made, appended to, and made again after a rotation', async () => {
    const path = join(folder, 'log');
    sink = openFileSink(path);
    await write('one\n');
    renameSync(path, `${path}.1`);
    await write('two\n');
    sink.reopen();
    await write('three\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('one\ntwo\n');
    expect(readFileSync(path, 'utf8')).toBe('three\n');
    expect(statSync(path).mode & 0o022).toBe(0);
  });

  test('that others write to through the same descriptor keeps their lines and ours', async () => {
    const path = join(folder, 'shared');
    const fd = openSync(path, 'w');
    descriptors.push(fd);
    sink = openDescriptorSink(fd, 'standard error');
    writeSync(fd, 'before\n');
    await write('ours\n');
    writeSync(fd, 'after\n');
    expect(readFileSync(path, 'utf8')).toBe('before\nours\nafter\n');
    sink = undefined;
  });

  test('on a full disk is reported as failed, not thrown', async () => {
    sink = openFileSink('/dev/full');
    expect(await write('x\n')).toBe('failed');
  });

  test('that cannot be opened is an error with its path', () => {
    expect(() => openFileSink(join(folder, 'no', 'log'))).toThrow(/ENOENT.*no\/log/);
  });
});

function write(text: string): Promise<unknown> {
  return new Promise((resolve) => sink?.write(text, resolve));
}
