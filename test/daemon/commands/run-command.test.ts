import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { CommandConfig, ScriptSecurityConfig } from '../../../src/config-parser/config.ts';
import { CommandRunner } from '../../../src/daemon/commands/index.ts';
import { environment, type RunOptions } from '../../../src/daemon/commands/run-command.ts';
import type { LogRecord } from '../../../src/daemon/ipc.ts';
import { isAlive, isRoot, plainSecurity, scratchFolder, until, writeScript } from './scripts.ts';

vi.setConfig({ testTimeout: 30_000 });

function runner(security: ScriptSecurityConfig = plainSecurity) {
  const log: LogRecord[] = [];
  return { log, runner: new CommandRunner(security, { log: (record) => log.push(record) }) };
}

function run(command: CommandConfig, options: RunOptions = {}) {
  return runner().runner.run(command, 'test script', { captureBytes: 4096, ...options });
}

const sh = (text: string, ...args: string[]): CommandConfig => ({
  argv: ['/bin/sh', '-c', text, 'sh', ...args],
});

describe('a command that runs', () => {
  it('says its exit status and what it wrote', async () => {
    const result = await run(sh('echo out; echo err >&2; exit 3')).finished;
    expect(result).toMatchObject({ kind: 'exited', status: 3 });
    expect(result.kind === 'exited' && result.output.split('\n').sort()).toEqual(['err', 'out']);
  });

  it('gets its arguments and the further ones as they are, with no shell in between', async () => {
    const command: CommandConfig = { argv: ['/usr/bin/printf', '%s|', '$(id) `id` ; *'] };
    const result = await run(command, { extraArguments: ['a b', '"c"'] }).finished;
    expect(result).toMatchObject({ output: '$(id) `id` ; *|a b|"c"|' });
  });

  it('knows itself by the name that it was called, whichever file that is', async () => {
    expect(await run({ argv: ['sh', '-c', 'echo $0'] }).finished).toMatchObject({ output: 'sh' });
  });

  it('runs in the root folder, in a process group and a session of its own', async () => {
    const running = run(sh('pwd; read -r _ _ _ _ group session _ < /proc/$$/stat; echo $group $session'));
    expect(await running.finished).toMatchObject({ output: `/\n${running.pid} ${running.pid}` });
  });

  it('reads nothing and has none of our descriptors', async () => {
    const path = join(scratchFolder(), 'of-ours');
    const fd = openSync(path, 'w');
    const result = await run(sh('read line && echo got it; ls -l /proc/$$/fd')).finished;
    closeSync(fd);
    expect(result).toMatchObject({ kind: 'exited', output: expect.stringContaining('/dev/null') });
    expect(result).toMatchObject({ output: expect.not.stringMatching(/of-ours|got it/) });
  });

  it('is not captured beyond the limit, and never waits for a reader', async () => {
    const result = await run(sh('head -c 1000000 /dev/zero | tr "\\0" x'), { captureBytes: 10 }).finished;
    expect(result).toEqual({ kind: 'exited', status: 0, output: 'xxxxxxxxxx' });
  });

  it('is over when it ends, although it left a program behind that holds its output', async () => {
    const result = await run(sh('sleep 30 & echo $!')).finished;
    const pid = result.kind === 'exited' ? Number(result.output) : 0;
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  it('says the signal that ended it', async () => {
    expect(await run(sh('kill -9 $$')).finished).toMatchObject({ kind: 'killed', signal: 'SIGKILL' });
  });

  it('never was one where its interpreter is missing', async () => {
    const path = writeScript(scratchFolder(), 'check.sh', '');
    writeFileSync(path, '#!/nonexistent/interpreter\n');
    const running = run({ argv: [path] });
    expect(running.pid).toBeUndefined();
    expect(await running.finished).toMatchObject({
      kind: 'not-started',
      problem: { kind: 'not-started', severity: 'refused', message: expect.stringContaining(path) },
    });
  });
});

describe('the environment of a command', () => {
  it('is ours without what could change the code that it runs', () => {
    const ours = {
      PATH: '/bin',
      IFS: 'x',
      LD_PRELOAD: '/x.so',
      LD_LIBRARY_PATH: '/x',
      NODE_CHANNEL_FD: '3',
      LANG: 'C',
    };
    expect(environment(ours)).toEqual({ PATH: '/bin', LANG: 'C' });
  });
});

describe.runIf(isRoot)('the account of a command that runs', () => {
  it('is the one that it was given, with no group of ours', async () => {
    const result = await run({ argv: ['/usr/bin/id', '-u', '-n'], user: 'nobody' }).finished;
    expect(result).toMatchObject({ output: 'nobody' });
    expect(await run({ argv: ['/usr/bin/id', '-G'], user: 'nobody', group: '12' }).finished).toMatchObject({
      output: '12',
    });
  });

  it('has the supplementary groups that were asked for', async () => {
    const security = { ...plainSecurity, setSupplementaryGroups: true };
    const accounts = { user: () => ({ name: 'nobody', uid: 65534, gid: 65534 }), group: () => undefined };
    const host = {
      accounts: { ...accounts, supplementaryGroups: () => [700, 980] },
      uid: 0,
      gid: 0,
      searchPath: undefined,
    };
    const withGroups = new CommandRunner(security, { log: () => {}, host: () => host });
    const command = { argv: ['/bin/sh', '-c', 'id -G; id -u; echo "$1"', 'sh', '-x y'], user: 'nobody' };
    const result = await withGroups.run(command, 'test script', { captureBytes: 100 }).finished;
    expect(result).toMatchObject({ kind: 'exited', output: '65534 700 980\n65534\n-x y' });
  });
});

describe('a command that takes too long', () => {
  it('is ended with all that it started, and leaves no zombie', async () => {
    const running = run(sh('sleep 60 & echo $!; sleep 60'), { timeoutMs: 150 });
    const result = await running.finished;
    expect(result.kind).toBe('timed-out');
    const child = result.kind === 'timed-out' ? Number(result.output) : 0;
    expect(child).toBeGreaterThan(1);
    await until(() => !isAlive(child));
    expect(existsSync(`/proc/${running.pid}`)).toBe(false);
    expect(zombiesOfOurs()).toEqual([]);
  });

  it('tells the moment at which its time was over, before it is gone', async () => {
    const events: string[] = [];
    const running = run(sh('trap "sleep 0.2; exit 0" TERM; while :; do sleep 0.02; done'), {
      timeoutMs: 100,
      onTimeout: () => events.push('timeout'),
    });
    const result = await running.finished;
    expect([...events, result.kind]).toEqual(['timeout', 'timed-out']);
  });

  it('is killed after 2 s when it does not hear SIGTERM', async () => {
    const startedAtMs = performance.now();
    const result = await run(sh('trap "" TERM; while :; do sleep 0.05; done'), { timeoutMs: 100 }).finished;
    const tookMs = performance.now() - startedAtMs;
    expect(result.kind).toBe('timed-out');
    expect(tookMs).toBeGreaterThan(2000);
    expect(tookMs).toBeLessThan(3500);
  });

  it('has what is left of its group killed 2 s later, when only the first process heard SIGTERM', async () => {
    const deaf = `(trap "" TERM; while :; do sleep 0.05; done) & echo $!; exec sleep 60`;
    const result = await run(sh(deaf), { timeoutMs: 150 }).finished;
    const child = result.kind === 'timed-out' ? Number(result.output) : 0;
    expect(isAlive(child)).toBe(true);
    await until(() => !isAlive(child));
  });

  it('can be ended before, which is told apart', async () => {
    const running = run(sh('sleep 60'));
    running.end();
    expect((await running.finished).kind).toBe('ended');
    running.end();
    running.kill();
  });
});

describe('what a runner says', () => {
  it('says once that a script is missing, again after a reload, and runs it when it has appeared', async () => {
    const { log, runner: commands } = runner();
    const folder = scratchFolder();
    const command = { argv: [join(folder, 'check.sh')] };
    const results = [];
    for (let i = 0; i < 3; i += 1)
      results.push((await commands.run(command, 'track script x').finished).kind);
    expect(results).toEqual(['not-started', 'not-started', 'not-started']);
    const line = `track script x cannot run: the program cannot be run: ${folder}/check.sh: ENOENT`;
    expect(log.map(({ message }) => message)).toEqual([line]);
    commands.configure(plainSecurity);
    expect(commands.check(command, 'track script x')).toMatchObject({ kind: 'not-found' });
    expect(log.map(({ message }) => message)).toEqual([line, line]);
    writeScript(folder, 'check.sh', 'exit 0');
    expect(await commands.run(command, 'track script x').finished).toMatchObject({
      kind: 'exited',
      status: 0,
    });
  });

  it.runIf(isRoot)(
    'says the security violation once, in keepalived’s words, and never with script security',
    async () => {
      const { log, runner: commands } = runner();
      await commands.run(sh('exit 0'), 'a').finished;
      await commands.run(sh('exit 1'), 'b').finished;
      expect(log.map(({ message }) => message)).toEqual([
        'SECURITY VIOLATION - scripts are being executed but script_security not enabled.',
      ]);
      const strict = runner({ ...plainSecurity, refusesWritable: true });
      await strict.runner.run(sh('exit 0'), 'a').finished;
      expect(strict.log).toEqual([]);
    },
  );
});

function zombiesOfOurs(): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
        return state === 'Z' && Number(parent) === process.pid;
      } catch {
        return false;
      }
    });
}
