import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  createReadStream,
  existsSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NotifyFifoConfig } from '../../../../src/config-parser/config.ts';
import { Notifier } from '../../../../src/daemon/script-process/notify/index.ts';
import { NamedPipes } from '../../../../src/daemon/script-process/notify/named-pipes.ts';
import { configOf, Folder, loggedRunner, noSecurity, until } from './fixtures.ts';

let folder: Folder;
let world: ReturnType<typeof loggedRunner>;
let pipes: NamedPipes;
let path: string;

beforeEach(() => {
  folder = new Folder();
  path = folder.join('pipe');
  world = loggedRunner();
  pipes = new NamedPipes({ ...world, nowMs: () => performance.now() });
});

afterEach(async () => {
  await pipes.stop();
  folder.remove();
});

function configure(fifo: Partial<NotifyFifoConfig> = {}): Promise<void> {
  return pipes.configure([{ concerns: 'vrrp', path, ...fifo }], noSecurity);
}

/** Everything that is in the pipe now. */
function drain(): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.alloc(1 << 20);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer));
  } finally {
    closeSync(descriptor);
  }
}

describe('a named pipe', () => {
  it('is made, readable for all whatever the umask is, and gone after the end', async () => {
    const before = process.umask(0o077);
    try {
      await configure();
    } finally {
      process.umask(before);
    }
    expect(lstatSync(path).isFIFO()).toBe(true);
    expect(lstatSync(path).mode & 0o777).toBe(0o644);
    await pipes.stop();
    expect(existsSync(path)).toBe(false);
  });

  it('that was there before stays as it is, also after the end', async () => {
    execFileSync('mkfifo', ['-m', '0620', path]);
    await configure();
    pipes.write(path, 'a\n');
    expect(drain()).toBe('a\n');
    await pipes.stop();
    expect(lstatSync(path).mode & 0o777).toBe(0o620);
  });

  it('gives a reader whole lines, those from before it came included', async () => {
    await configure();
    pipes.write(path, 'one\n');
    const lines: string[] = [];
    const input = createInterface(createReadStream(path));
    input.on('line', (line) => lines.push(line));
    await until(() => lines.length === 1);
    pipes.write(path, 'two\n');
    await pipes.stop();
    await until(() => lines.length === 2);
    expect(lines).toEqual(['one', 'two']);
  });

  it('has keepalived’s lines when a notifier writes them', async () => {
    const notifier = new Notifier(world);
    await notifier.configure(configOf({ VI_1: {} }, { fifos: [{ concerns: 'all', path }] }));
    notifier.notify([
      { kind: 'instance', name: 'VI_1', state: 'MASTER', priority: 100 },
      { kind: 'group', name: 'G', state: 'MASTER' },
    ]);
    // In the order of the calls: what was told before has been written then.
    await notifier.configure(configOf({ VI_1: {} }, { fifos: [{ concerns: 'all', path }] }));
    expect(drain()).toBe('INSTANCE "VI_1" MASTER 100\nGROUP "G" MASTER 0\n');
    await notifier.stop();
  });

  it('that is full loses lines without waiting, counts them and says so once; and says when it is over', async () => {
    await configure();
    const line = `${'x'.repeat(99)}\n`;
    let written = 0;
    while (pipes.lostLines === 0) {
      pipes.write(path, line);
      written += 1;
    }
    for (let more = 0; more < 9; more += 1) pipes.write(path, line);
    expect(pipes.lostLines).toBe(10);
    const full = `warning: Named pipe ${path} loses lines from now on: it is full, since nobody reads it`;
    expect(world.said.filter((message) => message.includes('loses'))).toEqual([full]);
    expect(drain()).toBe(line.repeat(written - 1));
    pipes.write(path, 'new\n');
    expect(drain()).toBe('new\n');
    expect(world.said.at(-1)).toBe(`notice: Named pipe ${path} takes lines again; 10 were lost`);
  });

  it('is neither a file nor what a link points to', async () => {
    writeFileSync(path, 'precious');
    await configure();
    pipes.write(path, 'lost\n');
    expect(world.said.join('\n')).toMatch(/cannot be used: something else than a named pipe has this name/);
    await pipes.stop();
    expect(readFileSync(path, 'utf8')).toBe('precious');

    renameSync(path, folder.join('elsewhere'));
    symlinkSync(folder.join('elsewhere'), path);
    await configure();
    pipes.write(path, 'lost\n');
    await pipes.stop();
    expect(world.said.join('\n')).toMatch(/cannot be used: ELOOP/);
    expect(readFileSync(folder.join('elsewhere'), 'utf8')).toBe('precious');
  });

  it('whose folder is missing is said, and made at the next reload', async () => {
    path = folder.join('later/pipe');
    await configure();
    expect(world.said.join('\n')).toMatch(/cannot be used: .*No such file or directory/);
    execFileSync('mkdir', [folder.join('later')]);
    await configure();
    pipes.write(path, 'a\n');
    expect(drain()).toBe('a\n');
  });

  it('of an account that does not exist stays ours and works', async () => {
    await configure({ user: 'nobody-has-this-name' });
    expect(world.said.join('\n')).toMatch(
      /own account: there is no user "nobody-has-this-name" on this host/,
    );
    pipes.write(path, 'a\n');
    expect(drain()).toBe('a\n');
  });

  it.skipIf(process.getuid?.() !== 0)('belongs to the account that is named', async () => {
    await configure({ user: 'nobody' });
    const nobody = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
    expect(lstatSync(path).uid).toBe(nobody);
  });
});

describe('a reload', () => {
  it('keeps a pipe and the lines in it', async () => {
    await configure();
    pipes.write(path, 'before\n');
    await configure();
    pipes.write(path, 'after\n');
    expect(drain()).toBe('before\nafter\n');
  });

  it('makes a pipe again that somebody removed', async () => {
    await configure();
    execFileSync('rm', [path]);
    await configure();
    pipes.write(path, 'a\n');
    expect(drain()).toBe('a\n');
  });

  it('leaves alone what somebody put in the place of ours when the pipe is no longer wanted', async () => {
    await configure();
    execFileSync('rm', [path]);
    writeFileSync(path, 'theirs');
    await pipes.configure([], noSecurity);
    expect(readFileSync(path, 'utf8')).toBe('theirs');
  });

  it('removes a pipe of ours that is no longer wanted', async () => {
    await configure();
    await pipes.configure([], noSecurity);
    expect(existsSync(path)).toBe(false);
  });
});

describe('the reader of a pipe', () => {
  it('gets the path as its last argument, and everything that was written before the end', async () => {
    const script = { argv: [folder.script('reader', 'echo "$1 $2" >> $out; cat "$2" >> $out'), 'own'] };
    await configure({ script });
    pipes.write(path, 'INSTANCE "A" MASTER 100\n');
    await until(() => folder.lines().length === 2);
    pipes.write(path, 'INSTANCE "A" STOP 100\n');
    await pipes.stop();
    expect(folder.lines()).toEqual([`own ${path}`, 'INSTANCE "A" MASTER 100', 'INSTANCE "A" STOP 100']);
  });

  it('that does not end by itself gets SIGTERM at the end', async () => {
    const body = 'trap "echo ended >> $out; exit" TERM; echo started >> $out; while :; do sleep 0.05; done';
    await configure({ script: { argv: [folder.script('reader', body)] } });
    await until(() => folder.lines().length === 1);
    await pipes.stop();
    expect(folder.lines()).toEqual(['started', 'ended']);
  });

  it('is started again when it dies, at once and then after a pause', async () => {
    const script = { argv: [folder.script('reader', 'echo started >> $out; exit 1')] };
    await configure({ script });
    await until(
      () => folder.lines().length === 2 && world.said.some((message) => message.includes('in 1 s')),
    );
    const about = `warning: Reader "${script.argv[0]}" of named pipe ${path} ended with status 1; started again`;
    expect(world.said.filter((message) => message.startsWith(about))).toEqual([
      `${about} at once`,
      `${about} in 1 s`,
    ]);
    await pipes.stop();
    expect(folder.lines()).toHaveLength(2);
  });

  it('goes on over a reload that does not concern it, and is replaced by another', async () => {
    const reader = (name: string) => ({
      argv: [
        folder.script(
          name,
          `trap "echo ${name} ended >> $out; exit" TERM; echo ${name} >> $out; while :; do sleep 0.05; done`,
        ),
      ],
    });
    const first = reader('first');
    await configure({ script: first });
    await until(() => folder.lines().length === 1);
    await configure({ script: { ...first } });
    await configure({ script: reader('second') });
    await until(() => folder.lines().length === 3);
    expect(folder.lines().toSorted()).toEqual(['first', 'first ended', 'second']);
  });
});
