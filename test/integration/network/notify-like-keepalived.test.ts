import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NotifyConfig, NotifyGlobals } from '../../../src/config-parser/config.ts';
import type { NotifyEvent } from '../../../src/daemon/ipc.ts';
import { Notifier } from '../../../src/daemon/script-process/notify/index.ts';
import { address } from '../../../src/net/address.ts';
import { configOf, Folder, loggedRunner, until } from '../../daemon/script-process/notify/fixtures.ts';
import { SmtpServer, type TakenMail } from '../../daemon/script-process/notify/smtp-server.ts';
import { createVethPair, Program, type VethPair } from './namespace-fixture.ts';

const hasKeepalived = spawnSync('keepalived', ['--version']).status === 0;

/** What somebody was told, by scripts, by a named pipe, by mail; sorted, since keepalived starts scripts in no order. */
interface Told {
  readonly scripts: readonly string[];
  readonly lines: readonly string[];
  readonly mails: readonly string[];
}

/** Subject, first line of the text, and who it is from and to. */
function brief({ from, to, text }: TakenMail): string {
  const [headers = '', body = ''] = text.split('\r\n\r\n');
  const header = (name: string) => headers.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1]?.trim();
  return [from, to.join(','), header('From'), header('To'), header('Subject'), body.trim()].join(' | ');
}

let folder: Folder;
let pair: VethPair;

beforeAll(() => {
  folder = new Folder();
  pair = createVethPair();
});

afterAll(() => {
  pair.remove();
  folder.remove();
});

function scripts(out: string) {
  const record = 'for word; do printf "<%s>" "$word"; done >> $out; echo >> $out';
  const make = (name: string) => folder.script(`${out}-${name}`, record.replaceAll('$out', folder.join(out)));
  return { any: make('any'), master: make('master'), backup: make('backup'), deleted: make('deleted') };
}

function keepalivedConf(port: number, fifo: string, withSecond: boolean): string {
  const told = scripts('theirs');
  const second = `vrrp_instance VI_2 {
    interface veth0
    virtual_router_id 52
    priority 90
    advert_int 0.2
    version 3
    smtp_alert
    notify_deleted "${told.deleted} second"
    notify ${told.any}
    virtual_ipaddress { 192.0.2.102/24 }
  }`;
  return `global_defs {
    router_id lb01
    script_user root
    vrrp_notify_fifo ${fifo}
    notification_email {
      ops@example.org
      two@example.org
    }
    notification_email_from lb01@example.org
    smtp_server 127.0.0.1 ${port}
  }
  vrrp_instance VI_1 {
    interface veth0
    virtual_router_id 51
    priority 100
    advert_int 0.2
    version 3
    smtp_alert
    notify_master "${told.master} own 'two words'"
    notify_backup ${told.backup}
    notify "${told.any} own"
    virtual_ipaddress { 192.0.2.101/24 }
  }
  ${withSecond ? second : ''}
  vrrp_sync_group G {
    group {
      VI_1
    }
    smtp_alert
    notify ${told.any}
  }`;
}

/** Reads a named pipe as it fills, also the one that keepalived makes in its place at a reload. */
class PipeText {
  text = '';
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;

  constructor(path: string) {
    this.#path = path;
    this.#timer = setInterval(() => this.take(), 5);
  }

  take(): void {
    try {
      const descriptor = openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
      const buffer = Buffer.alloc(65536);
      try {
        this.text += buffer.toString('utf8', 0, readSync(descriptor, buffer));
      } finally {
        closeSync(descriptor);
      }
    } catch {
      // There is none, or nothing in it.
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** keepalived 2.2.7 now and then tells its scripts nothing of a reload; then there is nothing to compare with. */
async function toldByKeepalived(): Promise<Told> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await storyOfKeepalived();
    } catch (error) {
      if (attempt === 3) throw error;
      rmSync(folder.join('theirs'), { force: true });
      rmSync(folder.join('theirs-fifo'), { force: true });
    }
  }
}

async function storyOfKeepalived(): Promise<Told> {
  const server = new Program(pair.left, 'mail-server.ts');
  const { port } = await server.line('ready');
  const [conf, fifo] = [folder.join('k.conf'), folder.join('theirs-fifo')];
  const write = (withSecond: boolean) => writeFileSync(conf, keepalivedConf(Number(port), fifo, withSecond));
  write(true);
  const pids = ['-p', '-r', '-c'].flatMap((flag) => [flag, folder.join(`pid${flag}`)]);
  const flags = ['netns', 'exec', pair.left, 'keepalived', '-n', '-l', '-P', '-f', conf, ...pids];
  const keepalived = spawn('ip', flags, { stdio: 'ignore' });
  const pipe = new PipeText(fifo);
  try {
    await until(() => pipe.text.includes('"VI_1" MASTER') && pipe.text.includes('"VI_2" MASTER'), 10_000);
    await setTimeout(300);
    write(false);
    keepalived.kill('SIGHUP');
    await until(() => folder.lines('theirs').includes('<INSTANCE><VI_2><DELETED><90>'), 10_000);
    await setTimeout(1000);
  } finally {
    const ended = once(keepalived, 'exit');
    keepalived.kill('SIGTERM');
    await ended;
    pipe.stop();
  }
  server.send({ kind: 'report' });
  const { mails } = await server.line('mails');
  await server.stop();
  return {
    scripts: folder.lines('theirs').toSorted(),
    lines: pipe.text.split('\n').toSorted(),
    mails: (mails as TakenMail[]).map(brief).toSorted(),
  };
}

const events: readonly NotifyEvent[] = [
  { kind: 'instance', name: 'VI_1', state: 'BACKUP', priority: 100 },
  { kind: 'group', name: 'G', state: 'BACKUP' },
  { kind: 'instance', name: 'VI_2', state: 'BACKUP', priority: 90 },
  { kind: 'instance', name: 'VI_1', state: 'MASTER', priority: 100 },
  { kind: 'group', name: 'G', state: 'MASTER' },
  { kind: 'instance', name: 'VI_2', state: 'MASTER', priority: 90 },
];

async function toldByUs(): Promise<Told> {
  const server = new SmtpServer();
  await server.start();
  const told = scripts('ours');
  const fifo = folder.join('ours-fifo');
  const globals: Partial<NotifyGlobals> = {
    fifos: [{ concerns: 'vrrp', path: fifo }],
    mail: {
      server: address('127.0.0.1'),
      port: server.port,
      from: 'lb01@example.org',
      to: ['ops@example.org', 'two@example.org'],
      connectTimeoutMs: 1000,
      noFaults: false,
    },
  };
  const first: Partial<NotifyConfig> = {
    master: { argv: [told.master, 'own', 'two words'] },
    backup: { argv: [told.backup] },
    any: { argv: [told.any, 'own'] },
    mail: true,
  };
  const second: Partial<NotifyConfig> = {
    deleted: { command: { argv: [told.deleted, 'second'] } },
    any: { argv: [told.any] },
    mail: true,
  };
  const group: Partial<NotifyConfig> = { any: { argv: [told.any] }, mail: true };
  const notifier = new Notifier(loggedRunner());
  await notifier.configure(configOf({ VI_1: first, VI_2: second }, globals, { G: group }));
  const pipe = new PipeText(fifo);
  notifier.notify(events);
  await notifier.configure(configOf({ VI_1: first }, globals, { G: group }));
  notifier.notify([{ kind: 'instance', name: 'VI_2', state: 'DELETED', priority: 90 }]);
  await until(() => server.mails.length === 7);
  notifier.notify([
    { kind: 'instance', name: 'VI_1', state: 'STOP', priority: 100 },
    { kind: 'group', name: 'G', state: 'STOP' },
  ]);
  pipe.take();
  await notifier.stop();
  pipe.stop();
  await server.stop();
  return {
    scripts: folder.lines('ours').toSorted(),
    lines: pipe.text.split('\n').toSorted(),
    mails: server.mails.map(brief).toSorted(),
  };
}

describe.skipIf(!hasKeepalived)('two instances and a group that start, lose one to a reload and stop', () => {
  let theirs: Told;
  let ours: Told;

  beforeAll(async () => {
    theirs = await toldByKeepalived();
    ours = await toldByUs();
  });

  it('run the scripts that keepalived runs, with its arguments', () => {
    expect(ours.scripts).toEqual(theirs.scripts);
    expect(ours.scripts).toHaveLength(12);
  });

  it('write the lines that keepalived writes', () => {
    // Those of the reload and the end can be lost with the pipe that keepalived removes then.
    expect(ours.lines).toEqual(expect.arrayContaining([...theirs.lines]));
    expect(theirs.lines).toContain('GROUP "G" MASTER 0');
  });

  it('send the mails that keepalived sends', () => {
    // keepalived ends before a mail about its own end has gone.
    expect(ours.mails.filter((mail) => !mail.includes('Stopping'))).toEqual(theirs.mails);
    expect(theirs.mails).toHaveLength(7);
  });
});
