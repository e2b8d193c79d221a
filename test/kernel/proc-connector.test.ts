import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  decodeProcessEvent,
  openProcConnector,
  type ProcConnector,
  type ProcessEvent,
} from '../../src/kernel/proc-connector.ts';

vi.setConfig({ testTimeout: 30_000 });

const open: ProcConnector[] = [];

afterEach(() => {
  for (const connector of open.splice(0)) connector.close();
});

/** nlmsghdr, cn_msg, and proc_event with `data` after its head, as the kernel of a little-endian machine sends them. */
function datagram(what: number, data: readonly number[], text = ''): Uint8Array {
  const bytes = new Uint8Array(36 + 16 + data.length * 4 + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, 1, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, 4711, true);
  view.setUint32(36, what, true);
  data.forEach((value, index) => {
    view.setUint32(52 + index * 4, value, true);
  });
  bytes.set(new TextEncoder().encode(text), 52 + data.length * 4);
  return bytes;
}

describe('a process event', () => {
  it.each([
    ['a fork', datagram(1, [10, 9, 20, 20]), { kind: 'forked', parent: 9, pid: 20 }],
    ['a new thread', datagram(1, [10, 9, 21, 20]), undefined],
    ['a new program', datagram(2, [20, 20]), { kind: 'executed', pid: 20 }],
    [
      'a new name',
      datagram(0x200, [20, 20], 'fifteen-letters\0'),
      { kind: 'renamed', pid: 20, name: 'fifteen-letters' },
    ],
    ['the name of a thread', datagram(0x200, [21, 20], 'worker\0\0\0\0\0\0\0\0\0\0'), undefined],
    ['an end', datagram(0x8000_0000, [20, 20, 0, 17]), { kind: 'exited', pid: 20 }],
    ['the end of a thread', datagram(0x8000_0000, [21, 20, 0, 17]), undefined],
    ['an answer', datagram(0, [1, 0]), { kind: 'answer', error: 1, sequence: 4711 }],
    ['another event', datagram(4, [20, 20, 0, 0]), undefined],
    ['a fork that is cut', datagram(1, [10, 9, 20]), undefined],
    ['a name that is cut', datagram(0x200, [20, 20], 'ab'), undefined],
    ['nothing', new Uint8Array(0), undefined],
  ])('%s is read', (_what, bytes, event) => {
    expect(decodeProcessEvent(bytes)).toEqual(event);
  });

  it('of another connector is none', () => {
    const bytes = datagram(2, [20, 20]);
    bytes[16] = 9;
    expect(decodeProcessEvent(bytes)).toBeUndefined();
  });
});

describe.runIf(process.geteuid?.() === 0)('the kernel', () => {
  it('tells of the life of a process, and of nothing once closed', async ({ skip }) => {
    const events: ProcessEvent[] = [];
    let connector: ProcConnector;
    try {
      connector = openProcConnector({ onEvent: (event) => events.push(event), onLost: () => {} });
      open.push(connector);
      await connector.ready;
    } catch {
      return skip('this kernel does not tell of processes here');
    }
    const child = spawn(process.execPath, ['-e', "process.title = 'short'; process.stdin.read()"], {
      stdio: 'ignore',
    });
    await once(child, 'exit');
    while (!events.some((event) => event.kind === 'exited' && event.pid === child.pid)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(events.filter(({ pid }) => pid === child.pid).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['forked', 'executed', 'exited']),
    );
    expect(events.find((event) => event.kind === 'forked' && event.pid === child.pid)).toMatchObject({
      parent: process.pid,
    });
    connector.close();
    const before = events.length;
    await once(spawn('true', { stdio: 'ignore' }), 'exit');
    expect(events).toHaveLength(before);
  });

  it('says when it had to drop events, and goes on', async ({ skip }) => {
    const events: ProcessEvent[] = [];
    const losses: Error[] = [];
    let connector: ProcConnector;
    try {
      connector = openProcConnector({
        onEvent: (event) => events.push(event),
        onLost: (error) => losses.push(error),
      });
      open.push(connector);
      await connector.ready;
    } catch {
      return skip('this kernel does not tell of processes here');
    }
    // Nothing is read meanwhile: this many events fit into no buffer of ours.
    execFileSync('/bin/sh', ['-c', 'i=0; while [ $i -lt 4000 ]; do (:); i=$((i+1)); done']);
    while (losses.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(losses[0]).toMatchObject({ code: 'ENOBUFS' });
    // Until all that waited has been read the kernel queues nothing new, and does not say so again.
    let isHeard = false;
    while (!isHeard) {
      const child = spawn('true', { stdio: 'ignore' });
      await once(child, 'exit');
      await new Promise((resolve) => setTimeout(resolve, 20));
      isHeard = events.some((event) => event.kind === 'exited' && event.pid === child.pid);
    }
  });
});
