import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../../src/config-parser/config.ts';
import { noMemory, updateMemory } from '../../../src/daemon/checker-memory.ts';
import type {
  CheckerAnswer,
  CheckerCommand,
  CheckerMemory,
  ChildMessage,
  CommandAnswer,
  SupervisorMessage,
} from '../../../src/daemon/ipc.ts';
import { emptyConfig } from '../../config-parser/empty-config.ts';
import { realServer, tcpCheck, virtualServer } from '../../healthcheck/fixtures.ts';

const main = fileURLToPath(new URL('../../../src/daemon/checker-process/main.ts', import.meta.url));
const runner = fileURLToPath(new URL('../network/run-typescript.mjs', import.meta.url));

const namespace = `hf-checker-${process.pid}`;
const timing = {
  delayLoopMs: 1000,
  connectTimeoutMs: 1000,
  attemptTimeoutMs: 2000,
  retry: 1,
  delayBeforeRetryMs: 200,
  warmupMs: 0,
};

const config: Config = emptyConfig({
  virtualServers: [
    virtualServer('192.0.2.3', {
      realServers: ['192.0.2.7', '192.0.2.8'].map((host) =>
        realServer(host, { checkers: [tcpCheck(host, 80, { timing })] }),
      ),
    }),
  ],
});

const web01 = '-a -t 192.0.2.3:80 -r 192.0.2.7:80 -g -w 1';
const web02 = '-a -t 192.0.2.3:80 -r 192.0.2.8:80 -g -w 1';

const children: ChildProcess[] = [];

function inNamespace(...command: readonly string[]): string {
  return execFileSync('ip', ['netns', 'exec', namespace, ...command], { encoding: 'utf8' });
}

/** Every destination, as `ipvsadm` saves it. */
function destinations(): readonly string[] {
  const lines = inNamespace('ipvsadm', '-Sn').split('\n');
  return lines.filter((line) => line.startsWith('-a')).sort();
}

function services(): readonly string[] {
  return inNamespace('ipvsadm', '-Sn')
    .split('\n')
    .filter((line) => line.startsWith('-A'));
}

function inBackground(...command: readonly string[]): ChildProcess {
  const child = spawn('ip', ['netns', 'exec', namespace, ...command], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  children.push(child);
  return child;
}

/** A web server as far as TCP_CHECK can tell. */
function listen(host: string): ChildProcess {
  return inBackground(
    'node',
    '-e',
    `require('node:net').createServer((s) => s.resume().on('error', () => {})).listen(80, '${host}')`,
  );
}

function start(memory: CheckerMemory = noMemory) {
  const child = inBackground('node', runner, main);
  const messages: ChildMessage[] = [];
  child.on('message', (message) => messages.push(message as unknown as ChildMessage));
  const options = { keepAddressesOnExit: false, keepIpvsOnExit: false, logDetail: false };
  const configure: SupervisorMessage = { kind: 'configure', config, options, memory };
  child.send(configure);
  const log = () =>
    messages
      .flatMap((message) => (message.kind === 'log' ? message.records : []))
      .map(({ message }) => message);
  const logged = (text: string) =>
    until(`the log says "${text}"`, () => log().some((line) => line.includes(text)));
  const ask = async (command: CheckerCommand): Promise<CheckerAnswer | CommandAnswer> => {
    const id = messages.length + 1;
    child.send({ kind: 'command', id, command } satisfies SupervisorMessage);
    const answers = () =>
      messages.flatMap((one) => (one.kind === 'answer' && one.id === id ? [one.answer] : []));
    await until(`the answer to ${command.kind}`, () => answers().length > 0);
    const [answer] = answers();
    if (answer === undefined) throw new Error('there is an answer');
    return answer;
  };
  return { child, log, logged, messages, ask, memory: () => rememberedBy(messages) };
}

/** As a supervisor keeps it. */
function rememberedBy(messages: readonly ChildMessage[]): CheckerMemory {
  return messages
    .flatMap((message) => (message.kind === 'remember' ? [message] : []))
    .reduce(updateMemory, noMemory);
}

async function killed(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

async function until(what: string, holds: () => boolean, limitMs = 30_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limitMs} ms`);
    await sleep(50);
  }
}

function tableIs(...wanted: readonly string[]): Promise<void> {
  return until(`the table is ${wanted}`, () => destinations().join() === wanted.join());
}

describe.skipIf(!existsSync('/proc/net/ip_vs'))('the checker process on a kernel with IPVS', () => {
  beforeEach(() => {
    execFileSync('ip', ['netns', 'add', namespace]);
    inNamespace('ip', 'link', 'set', 'lo', 'up');
    for (const host of ['192.0.2.7', '192.0.2.8'])
      inNamespace('ip', 'addr', 'add', `${host}/32`, 'dev', 'lo');
    inNamespace('ipvsadm', '-A', '-t', '192.0.2.200:80', '-s', 'rr');
  });

  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    execFileSync('ip', ['netns', 'del', namespace]);
  });

  test('takes a dead server out, brings it back, repairs the table and leaves nothing of its own behind', async () => {
    const first = listen('192.0.2.7');
    listen('192.0.2.8');
    const { child, logged } = start();
    await tableIs(web01, web02);
    await logged('TCP connection to [192.0.2.8]:tcp:80 success.');
    await logged('TCP connection to [192.0.2.7]:tcp:80 success.');

    first.kill('SIGKILL');
    await tableIs(web02);
    await logged('TCP_CHECK on service [192.0.2.7]:tcp:80 failed after 1 retries.');

    listen('192.0.2.7');
    await tableIs(web01, web02);

    inNamespace('ipvsadm', '-D', '-t', '192.0.2.3:80');
    await tableIs(web01, web02);
    await logged('IPVS table drifted: 3 repairs');

    const exit = once(child, 'exit');
    child.send({ kind: 'stop' } satisfies SupervisorMessage);
    expect(await exit).toEqual([0, null]);
    expect(destinations()).toEqual([]);
    expect(services()).toEqual(['-A -t 192.0.2.200:80 -s rr']);
  });

  test('killed and started again, takes over the table as it is, and puts no dead server back', async () => {
    const first = listen('192.0.2.7');
    listen('192.0.2.8');
    const { child, logged, ask, memory } = start();
    await tableIs(web01, web02);
    await logged('TCP connection to [192.0.2.7]:tcp:80 success.');
    first.kill('SIGKILL');
    await tableIs(web02);
    expect(await ask({ kind: 'drainServer', realServer: '192.0.2.8', evenIfLast: true })).toMatchObject({
      ok: true,
    });
    const drained = '-a -t 192.0.2.3:80 -r 192.0.2.8:80 -g -w 0';
    await tableIs(drained);
    await until('the drain is remembered', () => memory().holds.length === 1);
    await killed(child);
    expect(destinations()).toEqual([drained]);

    const again = start(memory());
    await until('the configuration is applied', () =>
      again.messages.some(({ kind }) => kind === 'configured'),
    );
    expect(destinations()).toEqual([drained]);
    expect(again.log().filter((line) => line.includes('IPVS'))).toEqual([]);
    expect(await again.ask({ kind: 'resumeServer', realServer: '192.0.2.8' })).toMatchObject({ ok: true });
    await tableIs(web02);
  });

  test('killed with all that it was told, keeps a dead server out until it answers', async () => {
    const first = listen('192.0.2.7');
    listen('192.0.2.8');
    const { child, logged } = start();
    await tableIs(web01, web02);
    await logged('TCP connection to [192.0.2.7]:tcp:80 success.');
    first.kill('SIGKILL');
    await tableIs(web02);
    await killed(child);

    const again = start();
    await until('the configuration is applied', () =>
      again.messages.some(({ kind }) => kind === 'configured'),
    );
    expect(destinations()).toEqual([web02]);
    await again.logged('Found 1 virtual server at work in the IPVS table');
    listen('192.0.2.7');
    await tableIs(web01, web02);
    const status = await again.ask({ kind: 'checkerStatus' });
    expect(status).toMatchObject({
      ok: true,
      status: {
        virtualServers: [
          {
            name: '[192.0.2.3]:tcp:80',
            realServers: [{ isUp: true }, { isUp: true, connections: { active: 0, inactive: 0 } }],
          },
        ],
      },
    });
    expect(await again.ask({ kind: 'planTable', config })).toMatchObject({ ok: true, changes: [] });
  });
});
