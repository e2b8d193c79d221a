/** Both ends of the socket, with real sockets in a folder of the test's. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Answerer,
  askDaemon,
  type ControlLimits,
  type ControlRequest,
  type ControlSocket,
  NoAnswerError,
  NoDaemonError,
  openControlSocket,
} from '../../../src/daemon/control-socket/index.ts';

const limits: ControlLimits = { connections: 3, idleMs: 100, writeMs: 100 };
const resume = (name: string): ControlRequest => ({ kind: 'resume', instances: [name] });
const echo: Answerer = async (request) => ({ ok: true, lines: [JSON.stringify(request)] });

let folder = '';
let path = '';
const opened: { close(): void }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-control-'));
  path = join(folder, 'own', 'control.sock');
});

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
  rmSync(folder, { recursive: true });
});

async function open(answerer: Answerer = echo, change: Partial<ControlLimits> = {}): Promise<ControlSocket> {
  const socket = await openControlSocket(path, answerer, { ...limits, ...change });
  opened.push(socket);
  return socket;
}

/** A client that speaks for itself. */
function client(): { socket: Socket; text: () => string; closed: Promise<void> } {
  const socket = connect(path);
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  opened.push({ close: () => socket.destroy() });
  return {
    socket,
    text: () => text,
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  };
}

describe('the socket', () => {
  test('is for its owner alone, in a folder that everybody may look into', async () => {
    const umask = process.umask(0);
    try {
      await open();
      expect(process.umask()).toBe(0);
    } finally {
      process.umask(umask);
    }
    expect(statSync(path).mode & 0o7777).toBe(0o600);
    expect(statSync(join(folder, 'own')).mode & 0o777).toBe(0o755);
  });

  test('goes with the daemon', async () => {
    const socket = await open();
    socket.close();
    expect(existsSync(path)).toBe(false);
    await expect(askDaemon(path, { kind: 'status' }, 1000)).rejects.toThrow(NoDaemonError);
  });

  test('replaces one that nobody answers at', async () => {
    await leaveStaleSocket();
    await expect(askDaemon(path, { kind: 'status' }, 1000)).rejects.toThrow(/not running any more/);
    await open();
    expect(await askDaemon(path, resume('a'), 1000)).toMatchObject({ ok: true });
  });

  test('leaves one that somebody answers at', async () => {
    await open();
    await expect(openControlSocket(path, echo)).rejects.toThrow(`another daemon answers at ${path}`);
    expect(await askDaemon(path, resume('a'), 1000)).toMatchObject({ ok: true });
  });

  test('leaves what is no socket', async () => {
    mkdirSync(join(folder, 'own'));
    writeFileSync(path, 'precious');
    await expect(openControlSocket(path, echo)).rejects.toThrow(/is no socket: it is left alone/);
    rmSync(path);
    symlinkSync('/nonexistent', path);
    await expect(openControlSocket(path, echo)).rejects.toThrow(/is no socket/);
  });

  test('that a successor has replaced is not removed by the end of the first', async () => {
    const first = await open();
    rmSync(path);
    await open();
    first.close();
    expect(await askDaemon(path, resume('a'), 1000)).toMatchObject({ ok: true });
  });

  test('with a path that is too long is refused, not made elsewhere', async () => {
    const long = join(folder, 'x'.repeat(100));
    await expect(openControlSocket(long, echo)).rejects.toThrow(/too long/);
  });

  test.runIf(process.geteuid?.() === 0)('says to another account whom it is for', async () => {
    await open();
    chmodSync(folder, 0o755);
    process.seteuid?.(65534);
    try {
      await expect(askDaemon(path, { kind: 'status' }, 1000)).rejects.toThrow(/it is for root and/);
    } finally {
      process.seteuid?.(0);
    }
  });
});

/** As a killed daemon leaves it: bound, and nobody listens. */
async function leaveStaleSocket(): Promise<void> {
  mkdirSync(join(folder, 'own'));
  const server: Server = createServer();
  const elsewhere = join(folder, 'draft');
  await new Promise<void>((resolve) => server.listen(elsewhere, resolve));
  // Its own name is all that a closing server removes.
  const { renameSync } = await import('node:fs');
  renameSync(elsewhere, path);
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

describe('a client', () => {
  test('is answered in the order of its requests', async () => {
    await open(async (request) => {
      if (request.kind === 'resume' && request.instances[0] === 'slow') await pause(50);
      return echo(request);
    });
    const { socket, text } = client();
    socket.write(`${JSON.stringify(resume('slow'))}\n${JSON.stringify(resume('fast'))}\n`);
    await vi.waitFor(() => expect(text().split('\n')).toHaveLength(3));
    const [first, second] = text().split('\n');
    expect(first).toContain('slow');
    expect(second).toContain('fast');
  });

  test('that asks nonsense is told so and let go', async () => {
    await open();
    const { socket, text, closed } = client();
    socket.write('status\n{"kind":"status"}\n');
    await closed;
    expect(text()).toBe('{"ok":false,"lines":["the request is not a line of JSON"]}\n');
  });

  test('that sends a line without end is let go', async () => {
    await open();
    const { socket, text, closed } = client();
    socket.write('x'.repeat(70_000));
    await closed;
    expect(text()).toContain('a line of more than 65536 bytes');
  });

  test('that never stops sending is let go all the same', async () => {
    await open();
    const { socket, closed } = client();
    const more = () => {
      if (!socket.destroyed) socket.write('y'.repeat(60_000), () => setImmediate(more));
    };
    more();
    await closed;
  });

  test('that says nothing is let go', async () => {
    await open();
    await client().closed;
  });

  test('that waits for its answer is not', async () => {
    await open(async (request) => {
      await pause(300);
      return echo(request);
    });
    expect(await askDaemon(path, resume('a'), 2000)).toMatchObject({ ok: true });
  });

  test('that does not read its answers is let go, and others are answered meanwhile', async () => {
    const big = 'z'.repeat(8 << 20);
    const answerer: Answerer = async (request) =>
      request.kind === 'status' ? { ok: true, lines: [big] } : echo(request);
    await open(answerer, { writeMs: 500, idleMs: 5000 });
    const { socket, closed } = client();
    socket.pause();
    socket.write('{"kind":"status"}\n');
    expect(await askDaemon(path, resume('b'), 1000)).toMatchObject({ ok: true });
    await pause(700);
    socket.resume();
    await closed;
  });

  test('too many of them wait outside', async () => {
    await open(echo, { idleMs: 5000 });
    const many = Array.from({ length: 5 }, client);
    await Promise.race(many.map(({ closed }) => closed));
    await vi.waitFor(() => expect(many.filter(({ socket }) => socket.closed)).toHaveLength(2));
  });

  test('that goes away before its answer harms nobody', async () => {
    let answer = () => {};
    await open(async (request) => {
      if (request.kind === 'reload') await new Promise<void>((resolve) => (answer = resolve));
      return echo(request);
    });
    const { socket } = client();
    socket.write('{"kind":"reload"}\n');
    await pause(30);
    socket.destroy();
    await pause(30);
    answer();
    expect(await askDaemon(path, resume('c'), 1000)).toMatchObject({ ok: true });
  });
});

describe('who asks', () => {
  test('hears of a daemon that ends before it answers', async () => {
    const socket = await open(() => new Promise(() => {}));
    const asked = askDaemon(path, { kind: 'reload' }, 5000);
    await pause(50);
    socket.close();
    await expect(asked).rejects.toThrow(NoAnswerError);
  });

  test('does not wait for ever', async () => {
    await open(() => new Promise(() => {}));
    await expect(askDaemon(path, { kind: 'reload' }, 100)).rejects.toThrow('has not answered within 0.1 s');
  });

  test('does not take anything for an answer', async () => {
    mkdirSync(join(folder, 'own'));
    const server = createServer((socket) => socket.end('hello\n'));
    opened.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(askDaemon(path, { kind: 'status' }, 1000)).rejects.toThrow(/makes no sense/);
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
