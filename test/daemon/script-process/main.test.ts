/** The script process itself, with this test as its supervisor. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TrackScriptConfig } from '../../../src/config-parser/config.ts';
import type { ChildMessage, SupervisorMessage } from '../../../src/daemon/ipc.ts';
import { isAlive, plainSecurity, scratchFolder, until, writeScript } from '../commands/scripts.ts';

vi.setConfig({ testTimeout: 60_000 });

const runner = fileURLToPath(new URL('../../integration/network/run-typescript.mjs', import.meta.url));
const main = fileURLToPath(new URL('../../../src/daemon/script-process/main.ts', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start() {
  const child = spawn(process.execPath, [runner, main], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  children.push(child);
  const received: ChildMessage[] = [];
  child.on('message', (message) => received.push(message as ChildMessage));
  const send = (message: unknown) => child.send(message as SupervisorMessage);
  return {
    child,
    send,
    configure: (scripts: readonly TrackScriptConfig[], notifyAny?: readonly string[]) =>
      send({ kind: 'configure', config: configOf(scripts, notifyAny), options: { logDetail: false } }),
    readings: () => received.flatMap((message) => (message.kind === 'trackers' ? message.readings : [])),
    configured: () => received.filter(({ kind }) => kind === 'configured').length,
    log: () =>
      received.flatMap((message) =>
        message.kind === 'log' ? message.records.map((line) => line.message) : [],
      ),
  };
}

/** As much of a Config as concerns this process: one instance that tracks all scripts. */
function configOf(scripts: readonly TrackScriptConfig[], notifyAny?: readonly string[]): object {
  const nothing = { interfaces: [], scripts: [], files: [], processes: [], bfds: [] };
  const items = scripts.map(({ name }) => ({ name, weight: 0, reverse: false }));
  const any = notifyAny && { any: { argv: notifyAny } };
  const notify = { priorityChanges: false, mail: false, ...any };
  return {
    globalDefs: { notify: { fifos: [], writesStatesOnReload: false, scripts: plainSecurity } },
    vrrpInstances: [{ name: 'VI_1', tracking: { ...nothing, scripts: items }, notify }],
    syncGroups: [],
    virtualServers: [],
    trackers: { scripts, files: [], processes: [], bfds: [] },
  };
}

function script(path: string): TrackScriptConfig {
  return {
    name: 'chk',
    command: { argv: [path] },
    intervalMs: 50,
    timeoutMs: 60_000,
    rise: 1,
    fall: 1,
    initFail: false,
  };
}

const exitCodeOf = async (child: ChildProcess) => (await once(child, 'exit'))[0] as number | null;

describe('the script process', () => {
  it('tells what scripts say, runs those who are told, and exits 0 when it is to stop', async () => {
    const folder = scratchFolder();
    const path = writeScript(folder, 'check.sh', `test ! -e ${folder}/broken`);
    const told = writeScript(folder, 'told.sh', `echo "$@" >> ${folder}/told`);
    const { child, send, configure, readings, configured, log } = start();
    configure([script(path)], [told, 'own']);
    await until(() => configured() === 1 && readings().length === 1);
    expect(readFileSync(`/proc/${child.pid}/comm`, 'utf8')).toBe('holdfast_script\n');
    writeFileSync(join(folder, 'broken'), '');
    await until(() => readings().length === 2);
    expect(readings()).toEqual([true, false].map((isUp) => ({ kind: 'script', name: 'chk', isUp })));
    send({ kind: 'notify', events: [{ kind: 'instance', name: 'VI_1', state: 'FAULT', priority: 100 }] });
    await until(() => existsSync(join(folder, 'told')));
    send({ kind: 'stop' });
    expect(await exitCodeOf(child)).toBe(0);
    expect(readFileSync(join(folder, 'told'), 'utf8')).toBe('own INSTANCE VI_1 FAULT 100\n');
    expect(log()).toContain('VRRP_Script(chk) failed (exited with status 1)');
  });

  it.each(['its supervisor is gone', 'SIGTERM comes'])(
    'leaves no track script behind when %s',
    async (why) => {
      const folder = scratchFolder();
      const deaf = `trap "" TERM\necho $$ > ${folder}/new\nmv ${folder}/new ${folder}/pid\nwhile :; do sleep 0.05; done`;
      const { child, configure } = start();
      configure([script(writeScript(folder, 'check.sh', deaf))]);
      await until(() => existsSync(join(folder, 'pid')));
      const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
      if (why === 'SIGTERM comes') child.kill('SIGTERM');
      else child.disconnect();
      expect(await exitCodeOf(child)).toBe(0);
      await until(() => !isAlive(pid));
    },
  );
});
