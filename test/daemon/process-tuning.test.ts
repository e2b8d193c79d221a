/** The processes themselves, with this test as their supervisor: each takes the keywords that bear its name. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TunedProcess } from '../../src/config-parser/config.ts';
import { noMemory } from '../../src/daemon/checker-memory.ts';
import type { ChildMessage, ChildOptions, SupervisorMessage } from '../../src/daemon/ipc.ts';
import { withLockableMemory } from '../../src/kernel/locked-memory.ts';
import { blockOf, parseText } from '../config-parser/parse-helpers.ts';

vi.setConfig({ testTimeout: 60_000 });

const runner = fileURLToPath(new URL('../integration/network/run-typescript.mjs', import.meta.url));
const children: ChildProcess[] = [];
const options: ChildOptions = { keepAddressesOnExit: false, keepIpvsOnExit: false, logDetail: false };

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

class Started {
  readonly #child: ChildProcess;

  constructor(name: TunedProcess) {
    const main = fileURLToPath(new URL(`../../src/daemon/${name}-process/main.ts`, import.meta.url));
    this.#child = spawn(process.execPath, [runner, main], {
      env: withLockableMemory(process.env),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    children.push(this.#child);
  }

  /** What the kernel says of the process once it has a configuration with `lines` in global_defs. */
  async configure(lines: readonly string[]) {
    const child = this.#child;
    const { config } = parseText(blockOf('global_defs', ...lines));
    await new Promise<void>((resolve, reject) => {
      const onMessage = ({ kind }: ChildMessage) => {
        if (kind !== 'configured') return;
        child.off('message', onMessage);
        resolve();
      };
      child.on('message', onMessage);
      child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)));
      const order: SupervisorMessage = { kind: 'configure', config, options, memory: noMemory };
      child.send(order);
    });
    return kernelSays(child.pid ?? 0);
  }
}

const tuned = (name: TunedProcess, lines: readonly string[]) => new Started(name).configure(lines);

/** proc(5): stat, after the name in parentheses. */
function kernelSays(pid: number) {
  const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'latin1');
  const fields = read('stat')
    .slice(read('stat').lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return {
    name: read('comm').trim(),
    commandLine: read('cmdline').split('\0')[0],
    nice: fields[16],
    realtimePriority: fields[37],
    locked: Number.parseInt(/^VmLck:\s*(\d+)/m.exec(read('status'))?.[1] ?? '', 10),
    processors: /^Cpus_allowed_list:\s*(\S+)/m.exec(read('status'))?.[1],
    realtimeLimit: /Max realtime timeout\s+(\S+)/.exec(read('limits'))?.[1],
  };
}

const ours = { vrrp: 'holdfast_vrrp', checker: 'holdfast_checkers', bfd: 'holdfast_bfd' };
/** proc(5): comm holds no more. */
const shown = (name: TunedProcess) => ours[name].slice(0, 15);

const standing = {
  vrrp: ['vrrp_priority 5', 'vrrp_no_swap', 'vrrp_cpu_affinity 0'],
  checker: ['checker_priority 5', 'checker_no_swap', 'checker_cpu_affinity 0'],
  bfd: ['bfd_priority 5', 'bfd_no_swap', 'bfd_cpu_affinity 0'],
};
const realtime = {
  vrrp: ['vrrp_rt_priority 7', 'vrrp_rlimit_rttime 123456'],
  checker: ['checker_rt_priority 7', 'checker_rlimit_rttime 123456'],
  bfd: ['bfd_rt_priority 7', 'bfd_rlimit_rttime 123456'],
};
const names = {
  vrrp: ['vrrp_process_name lb-vrrp', 'vrrp_process_name fifteen-letters'],
  checker: ['checker_process_name lb-checks', 'checker_process_name fifteen-letters'],
  bfd: ['bfd_process_name lb-bfd', 'bfd_process_name fifteen-letters'],
};
const another = { vrrp: 'bfd', checker: 'vrrp', bfd: 'checker' } as const;

describe.runIf(process.geteuid?.() === 0).each<TunedProcess>(['vrrp', 'checker', 'bfd'])(
  'the %s process',
  (name) => {
    it('is left as it is without a word', async () => {
      expect(await tuned(name, [])).toMatchObject({
        name: shown(name),
        nice: 0,
        realtimePriority: 0,
        locked: 0,
      });
    });

    it('takes its priority, no_swap and cpu_affinity, and a reload without them takes them back', async () => {
      const started = new Started(name);
      const { processors } = await started.configure([]);
      const found = await started.configure(standing[name]);
      expect(found).toMatchObject({ nice: 5, processors: '0' });
      expect(found.locked).toBeGreaterThan(1000);
      expect(await started.configure([])).toMatchObject({ nice: 0, processors, locked: 0 });
    });

    it('takes its rt_priority and rlimit_rttime, and a reload without them takes the priority back', async () => {
      const started = new Started(name);
      const found = await started.configure(realtime[name]);
      expect(found).toMatchObject({ realtimePriority: 7, realtimeLimit: '123456' });
      expect(await started.configure([])).toMatchObject({ realtimePriority: 0 });
    });

    it('does not take those of another', async () => {
      const found = await tuned(name, [standing[another[name]], names[another[name]]].flat());
      expect(found).toMatchObject({ nice: 0, name: shown(name) });
    });

    it('goes by its process_name, all 15 letters of it, and by ours again; its command line stays', async () => {
      const started = new Started(name);
      const [short = '', long = ''] = names[name];
      const commandLine = ours[name];
      expect(await started.configure([short])).toMatchObject({ name: short.split(' ')[1], commandLine });
      expect(await started.configure([long])).toMatchObject({ name: 'fifteen-letters', commandLine });
      expect(await started.configure([])).toMatchObject({ name: shown(name), commandLine });
    });

    it('goes by the name of keepalived’s own with process_names', async () => {
      const keepalived = { vrrp: 'keepalived_vrrp', checker: 'keepalived_lvs', bfd: 'keepalived_bfd' };
      expect(await tuned(name, ['process_names'])).toMatchObject({ name: keepalived[name] });
    });
  },
);
