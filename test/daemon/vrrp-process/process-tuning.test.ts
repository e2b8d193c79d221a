/** The vrrp and the bfd process themselves, with this test as their supervisor: each takes the keywords that bear its name. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ChildMessage, ChildOptions } from '../../../src/daemon/ipc.ts';
import { withLockableMemory } from '../../../src/kernel/locked-memory.ts';
import { blockOf, parseText } from '../../config-parser/parse-helpers.ts';

vi.setConfig({ testTimeout: 60_000 });

const runner = fileURLToPath(new URL('../../integration/network/run-typescript.mjs', import.meta.url));
const children: ChildProcess[] = [];
const options: ChildOptions = { keepAddressesOnExit: false, keepIpvsOnExit: false, logDetail: false };

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** What the kernel says of the process once it has its configuration. */
async function tuned(name: string, lines: readonly string[]) {
  const main = fileURLToPath(new URL(`../../../src/daemon/${name}-process/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [runner, main], {
    env: withLockableMemory(process.env),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  children.push(child);
  const { config } = parseText(blockOf('global_defs', ...lines));
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message: ChildMessage) => {
      if (message.kind === 'configured') resolve();
    });
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)));
    child.send({
      kind: 'configure',
      config,
      options,
      memory: { ownedServices: [], verdicts: new Map(), holds: [] },
    });
  });
  return kernelSays(child.pid ?? 0);
}

/** proc(5): stat, after the name in parentheses. */
function kernelSays(pid: number) {
  const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'latin1');
  const fields = read('stat')
    .slice(read('stat').lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return {
    nice: fields[16],
    realtimePriority: fields[37],
    locked: Number.parseInt(/^VmLck:\s*(\d+)/m.exec(read('status'))?.[1] ?? '', 10),
    processors: /^Cpus_allowed_list:\s*(\S+)/m.exec(read('status'))?.[1],
    realtimeLimit: /Max realtime timeout\s+(\S+)/.exec(read('limits'))?.[1],
  };
}

describe.runIf(process.geteuid?.() === 0).each(['vrrp', 'bfd'])('the %s process', (name) => {
  it('is left as it is without a word', async () => {
    expect(await tuned(name, [])).toMatchObject({ nice: 0, realtimePriority: 0, locked: 0 });
  });

  it('takes vrrp_priority, vrrp_no_swap and vrrp_cpu_affinity, or bfd_priority, bfd_no_swap and bfd_cpu_affinity', async () => {
    const lines = [`${name}_priority 5`, `${name}_no_swap`, `${name}_cpu_affinity 0`];
    const found = await tuned(name, lines);
    expect(found).toMatchObject({ nice: 5, processors: '0' });
    expect(found.locked).toBeGreaterThan(1000);
  });

  it('takes vrrp_rt_priority and vrrp_rlimit_rttime, or bfd_rt_priority and bfd_rlimit_rttime', async () => {
    const found = await tuned(name, [`${name}_rt_priority 7`, `${name}_rlimit_rttime 123456`]);
    expect(found).toMatchObject({ realtimePriority: 7, realtimeLimit: '123456' });
  });

  it('does not take those of the other', async () => {
    const other = name === 'vrrp' ? 'bfd' : 'vrrp';
    expect(await tuned(name, [`${other}_priority 5`])).toMatchObject({ nice: 0 });
  });
});
