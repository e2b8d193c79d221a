import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptsInOrder } from '../../../../src/daemon/script-process/notify/scripts-in-order.ts';

interface Job {
  readonly name: string;
}

const said: string[] = [];
const ends = new Map<string, () => void>();
let scripts: ScriptsInOrder<Job>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  said.length = 0;
  ends.clear();
  scripts = new ScriptsInOrder({
    run: ({ name }) => {
      said.push(`start ${name}`);
      return new Promise((resolve) => ends.set(name, resolve));
    },
    onOvertaken: ({ job, afterMs, waiting }) =>
      void said.push(`${job.name} hangs ${afterMs} ms, ${waiting} wait`),
    nowMs: () => performance.now(),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

function add(key: string, ...names: string[]): void {
  for (const name of names) scripts.add(key, { name });
}

describe('scripts in order', () => {
  it('start the next one 30 s after the start of one that hangs, and not before', async () => {
    add('instance A', 'hangs', 'next');
    await vi.advanceTimersByTimeAsync(29_999);
    expect(said).toEqual(['start hangs']);
    await vi.advanceTimersByTimeAsync(1);
    expect(said).toEqual(['start hangs', 'hangs hangs 30000 ms, 1 wait', 'start next']);
  });

  it('are those of one key only; another key has an order of its own', () => {
    add('instance A', 'a1', 'a2');
    add('group A', 'g1');
    expect(said).toEqual(['start a1', 'start g1']);
  });

  it('are idle when the last one has ended, and start again after that', async () => {
    let isIdle = false;
    add('instance A', 'a1', 'a2');
    void scripts.whenIdle().then(() => {
      isIdle = true;
    });
    ends.get('a1')?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(isIdle).toBe(false);
    ends.get('a2')?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(isIdle).toBe(true);
    add('instance A', 'a3');
    expect(said.at(-1)).toBe('start a3');
  });

  it('are not moved by the late end of one that was overtaken and forgotten', async () => {
    add('instance A', 'hangs', 'second');
    await vi.advanceTimersByTimeAsync(30_000);
    ends.get('second')?.();
    await vi.advanceTimersByTimeAsync(0);
    add('instance A', 'third', 'fourth');
    ends.get('hangs')?.();
    await vi.advanceTimersByTimeAsync(0);
    add('instance A', 'fifth');
    expect(said.filter((line) => line.startsWith('start'))).toEqual([
      'start hangs',
      'start second',
      'start third',
    ]);
  });
});
