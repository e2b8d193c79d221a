import { describe, expect, test, vi } from 'vitest';
import { type LineSink, LineWriter, type WriteOutcome } from '../../../src/daemon/logger/line-writer.ts';

/** A reader that takes a chunk only when told to. */
class HeldSink implements LineSink {
  readonly name = 'test';
  text = '';
  isClosed = false;
  private done: ((outcome: WriteOutcome) => void) | undefined;

  write(text: string, done: (outcome: WriteOutcome) => void): void {
    this.text += text;
    this.done = done;
  }

  answer(outcome: WriteOutcome): void {
    const done = this.done;
    this.done = undefined;
    done?.(outcome);
  }

  readAll(): void {
    while (this.done !== undefined) this.answer('written');
  }

  reopen(): void {}

  close(): void {
    this.isClosed = true;
  }
}

const notice = (dropped: number) => `[${dropped} dropped]\n`;

describe('line writer', () => {
  test('takes any number of lines while the reader takes none', async () => {
    const sink = new HeldSink();
    const writer = new LineWriter(sink, notice, { lines: 10, bytes: 1000 });
    for (let n = 0; n < 1000; n += 1) expect(writer.write('x\n')).toBe(true);
    await vi.waitFor(() => expect(sink.text).toBe('x\n'));
    sink.readAll();
    expect(sink.text).toBe(`${'x\n'.repeat(11)}[989 dropped]\n`);
  });

  test('is silent for good once the reader has gone', () => {
    const sink = new HeldSink();
    const writer = new LineWriter(sink, notice);
    writer.write('one\n');
    sink.answer('gone');
    writer.write('two\n');
    expect(sink.text).toBe('one\n');
  });

  test('counts lines that a full disk swallowed and goes on after a while', () => {
    vi.useFakeTimers();
    try {
      const sink = new HeldSink();
      const writer = new LineWriter(sink, notice);
      writer.write('one\n');
      sink.answer('failed');
      writer.write('two\n');
      vi.advanceTimersByTime(1000);
      sink.readAll();
      writer.write('three\n');
      sink.readAll();
      expect(sink.text).toBe('one\n[2 dropped]\nthree\n');
    } finally {
      vi.useRealTimers();
    }
  });

  test('waits at the end for a reader, but not for long', async () => {
    const sink = new HeldSink();
    const writer = new LineWriter(sink, notice);
    writer.write('one\n');
    let isFlushed = false;
    const flushed = writer.flush(10_000).then(() => {
      isFlushed = true;
    });
    await Promise.resolve();
    expect(isFlushed).toBe(false);
    sink.readAll();
    await flushed;
    writer.write('two\n');
    await writer.flush(1);
    writer.close();
    expect(sink.isClosed).toBe(true);
  });
});
