/** The addon's lifetimes: collected, inside a worker, misused. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { native } from '../../src/kernel/native.ts';

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));
const addonPath = (
  createRequire(import.meta.url)('node-gyp-build') as { path(directory: string): string }
).path(packageRoot);

/** Opens a socket that gets datagrams from itself and a timer that is always due. */
const busyProgram = `
  const native = require(${JSON.stringify(addonPath)});
  const socket = new native.DatagramSocket(2, 2, 0, 2048, () => {}, () => {});
  socket.bind(Buffer.from([2, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]));
  const own = socket.localAddress();
  const timer = new native.DeadlineTimer(0, () => {
    socket.send(Buffer.from('x'), own);
    timer.set(native.monotonicMs());
  });
  timer.set(0);
`;

describe('the addon', () => {
  it('lets go of a worker that is ended in the middle of its work', async () => {
    for (let round = 0; round < 5; round++) {
      const worker = new Worker(
        `${busyProgram} require('node:worker_threads').parentPort.postMessage('up');`,
        {
          eval: true,
        },
      );
      await once(worker, 'message');
      expect(await worker.terminate()).toBe(1);
    }
  });

  it('lets a worker exit by itself with a socket open', async () => {
    const worker = new Worker(`${busyProgram} setTimeout(() => process.exit(7), 20);`, { eval: true });
    const [exitCode] = await once(worker, 'exit');
    expect(exitCode).toBe(7);
  });

  it('keeps an open socket that nothing refers to, and frees closed ones', () => {
    const program = `
      const native = require(${JSON.stringify(addonPath)});
      let received = 0;
      let own;
      (() => {
        const socket = new native.DatagramSocket(2, 2, 0, 2048, () => { received++; socket.close(); }, () => {});
        socket.bind(Buffer.from([2, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]));
        own = socket.localAddress();
      })();
      const registry = new FinalizationRegistry(() => { freed++; });
      let freed = 0;
      for (let i = 0; i < 50; i++) {
        const socket = new native.DatagramSocket(2, 2, 0, 2048, () => {}, () => {});
        registry.register(socket, i);
        socket.close();
      }
      setTimeout(() => {
        global.gc();
        const sender = new native.DatagramSocket(2, 2, 0, 2048, () => {}, () => {});
        sender.send(Buffer.from('x'), own);
        sender.close();
        setTimeout(() => console.log(JSON.stringify({ received, freed })), 50);
      }, 10);
    `;
    const output = execFileSync(process.execPath, ['--expose-gc', '-e', program], { encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual({ received: 1, freed: 50 });
  });

  it('treats what a callback throws as an uncaught exception', () => {
    const program = `
      const native = require(${JSON.stringify(addonPath)});
      process.on('uncaughtException', (error) => { console.log('caught', error.message); timer.close(); });
      const timer = new native.DeadlineTimer(0, () => { throw new Error('thrown by a test'); });
      timer.set(0);
    `;
    const output = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    expect(output).toBe('caught thrown by a test\n');
  });

  it('refuses its methods on objects of another class', () => {
    const timer = new native.DeadlineTimer(0, () => {}, undefined);
    const { send, close } = native.DatagramSocket.prototype;
    expect(() => send.call(timer as never, new Uint8Array(1), undefined, undefined)).toThrow(
      'Illegal invocation',
    );
    expect(() => close.call({} as never)).toThrow('Illegal invocation');
    timer.close();
  });

  it('opens nothing when a callback is no function', () => {
    const noFunction = undefined as unknown as () => void;
    expect(() => new native.DeadlineTimer(0, noFunction, undefined)).toThrow('onDue must be a function');
    expect(() => new native.DatagramSocket(2, 2, 0, 100, noFunction, noFunction)).toThrow(
      'onMessages must be a function',
    );
  });
});
