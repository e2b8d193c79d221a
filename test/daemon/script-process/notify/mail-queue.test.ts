import { hostname, userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MailConfig } from '../../../../src/config-parser/config.ts';
import type { LogRecord } from '../../../../src/daemon/ipc.ts';
import { MailQueue, type MailQueuePorts } from '../../../../src/daemon/script-process/notify/mail-queue.ts';
import { SmtpSender } from '../../../../src/daemon/script-process/notify/send-by-smtp.ts';
import { address } from '../../../../src/net/address.ts';
import { until } from './fixtures.ts';
import { SmtpServer } from './smtp-server.ts';

let server: SmtpServer;
let said: string[];
let queue: MailQueue;

beforeEach(() => {
  server = new SmtpServer();
  said = [];
  queue = newQueue();
});

afterEach(async () => {
  await queue.stop(Promise.resolve());
  await server.stop();
});

function newQueue(ports: Partial<MailQueuePorts> = {}): MailQueue {
  return new MailQueue({
    sender: new SmtpSender(),
    log: ({ level, message, detail }: LogRecord) => {
      if (detail !== true) said.push(`${level}: ${message}`);
    },
    now: () => new Date(Date.UTC(2030, 0, 2, 3, 4, 5)),
    firstRetryMs: 20,
    longestRetryMs: 50,
    limit: 100,
    giveUpAfterMs: 60_000,
    ...ports,
  });
}

function config(rest: Partial<MailConfig> = {}): MailConfig {
  return {
    server: address('127.0.0.1'),
    port: server.port,
    from: 'lb01@example.org',
    to: ['a@example.org', 'b@example.org'],
    connectTimeoutMs: 500,
    noFaults: false,
    ...rest,
  };
}

function mail(subject: string) {
  return { subject, body: '=> VRRP Instance is now owning VRRP VIPs <=' };
}

function subjects(): string[] {
  return server.mails.map(({ text }) => text.match(/^Subject: (.*)$/m)?.[1]?.trim() ?? '?');
}

describe('a mail', () => {
  it('has keepalived’s headers and text, our name, and the time of its event', async () => {
    await server.start();
    queue.configure(config({ heloName: 'lb01.example.org' }));
    queue.add(mail('[lb01] VRRP Instance VI_1 - Entering MASTER state'));
    await until(() => server.mails.length === 1);
    const [taken] = server.mails;
    expect(server.greetings).toEqual(['EHLO lb01.example.org']);
    expect(taken).toMatchObject({ from: 'lb01@example.org', to: ['a@example.org', 'b@example.org'] });
    const [headers = '', body = ''] = taken?.text.split('\r\n\r\n') ?? [];
    expect(headers.split('\r\n')).toEqual(
      expect.arrayContaining([
        'From: lb01@example.org',
        'To: a@example.org, b@example.org',
        'Subject: [lb01] VRRP Instance VI_1 - Entering MASTER state',
        'Date: Wed, 02 Jan 2030 03:04:05 +0000',
        'X-Mailer: holdfast',
      ]),
    );
    expect(body.trim()).toBe('=> VRRP Instance is now owning VRRP VIPs <=');
  });

  it('without a configured sender is from our user at this host, and greets with the host’s name', async () => {
    await server.start();
    queue.configure(config({ from: '', to: ['root'], server: 'localhost' }));
    queue.add(mail('a'));
    await until(() => server.mails.length === 1);
    expect(server.mails[0]).toMatchObject({ from: `${userInfo().username}@${hostname()}`, to: ['root'] });
    expect(server.greetings).toEqual([`EHLO ${hostname()}`]);
  });

  it('about a name with a line feed gets no header that somebody else wrote', async () => {
    await server.start();
    queue.configure(config());
    queue.add(mail('[lb01] VRRP Instance A\r\nBcc: evil@example.org - Entering MASTER state'));
    await until(() => server.mails.length === 1);
    expect(server.mails[0]?.text).not.toMatch(/^Bcc:/m);
    expect(server.mails[0]?.to).toEqual(['a@example.org', 'b@example.org']);
  });
});

describe('mails', () => {
  it('go one after the other, never over two connections at a time', async () => {
    await server.start();
    queue.configure(config());
    const wanted = Array.from({ length: 20 }, (_, index) => `mail ${index}`);
    for (const subject of wanted) queue.add(mail(subject));
    await until(() => server.mails.length === wanted.length);
    expect(subjects()).toEqual(wanted);
    // Ten to a connection.
    expect(server.connections).toBe(2);
    expect(server.mostAtOnce).toBe(1);
  });

  it('wait for a server that is down, in order, and that is said once for each outage', async () => {
    await server.start();
    await server.stop();
    queue.configure(config());
    for (const subject of ['one', 'two', 'three']) queue.add(mail(subject));
    await until(() => said.length === 1);
    expect(said[0]).toMatch(
      /^warning: Mail server 127\.0\.0\.1:\d+ takes no mail \(.*ECONNREFUSED.*\): 3 mails wait, tried again/,
    );
    await server.start();
    await until(() => server.mails.length === 3 && said.length === 2);
    expect(subjects()).toEqual(['one', 'two', 'three']);
    expect(said[1]).toMatch(/^notice: Mail server .* takes mail again after 0 s: 3 mails waited$/);

    await server.stop();
    queue.add(mail('four'));
    await until(() => said.length === 3);
    await server.start();
    await until(() => server.mails.length === 4 && said.length === 4);
    expect(said[2]).toMatch(/: 1 mail waits, /);
  });

  it('are tried again when the server answers that it cannot now', async () => {
    await server.start();
    const answers = ['421 too many connections', '450 try later'];
    let tries = 0;
    server.answer = (command) => {
      if (!command.startsWith('MAIL')) return undefined;
      tries += 1;
      return answers.pop();
    };
    queue.configure(config());
    queue.add(mail('one'));
    await until(() => server.mails.length === 1);
    expect(tries).toBe(3);
    expect(server.mostAtOnce).toBe(1);
    expect(said.map((line) => line.split(':')[0])).toEqual(['warning', 'notice']);
  });

  it('that the server refuses for good are dropped with its words, and the next ones go', async () => {
    await server.start();
    let isFirst = true;
    server.answer = (command) => {
      if (command !== '.' || !isFirst) return undefined;
      isFirst = false;
      return '554 looks like spam';
    };
    queue.configure(config());
    queue.add(mail('one'));
    queue.add(mail('two'));
    await until(() => server.mails.length === 1);
    expect(subjects()).toEqual(['two']);
    expect(said).toEqual([expect.stringMatching(/^error: Mail "one" is dropped: .*554 looks like spam/)]);
  });

  it('go to the other recipients when one is refused', async () => {
    await server.start();
    server.answer = (command) => (command.includes('b@example.org') ? '550 no such user' : undefined);
    queue.configure(config());
    queue.add(mail('one'));
    queue.add(mail('two'));
    await until(() => server.mails.length === 2 && queue.length === 0);
    expect(server.mails.map(({ to }) => to)).toEqual([['a@example.org'], ['a@example.org']]);
    // Said once, not with every mail.
    expect(said).toEqual([
      expect.stringMatching(/^warning: Mail server .* takes no mail for b@example\.org; /),
    ]);
  });

  it('are tried again when the server takes the connection and says nothing', async () => {
    await server.start();
    server.answer = (command) => (command === 'connect' && server.connections < 2 ? '' : undefined);
    queue.configure(config({ connectTimeoutMs: 100 }));
    queue.add(mail('one'));
    await until(() => server.mails.length === 1);
    expect(server.connections).toBe(2);
  });

  it('beyond the limit push out the oldest, which is counted', async () => {
    await server.start();
    await server.stop();
    queue = newQueue({ limit: 3 });
    queue.configure(config());
    queue.add(mail('in the making'));
    await until(() => said.length === 1);
    for (const subject of ['1', '2', '3', '4', '5']) queue.add(mail(subject));
    expect(queue.length).toBe(4);
    expect(said[1]).toBe('warning: More than 3 mails wait for the mail server: the oldest are dropped');
    await server.start();
    await until(() => server.mails.length === 4 && said.length === 3);
    expect(subjects()).toEqual(['in the making', '3', '4', '5']);
    expect(said[2]).toMatch(/4 mails waited; 2 older ones were dropped$/);
  });

  it('that nobody took for too long are given up', async () => {
    await server.start();
    await server.stop();
    queue = newQueue({ giveUpAfterMs: 100 });
    queue.configure(config());
    queue.add(mail('old'));
    await until(() => queue.length === 0);
    expect(said.at(-1)).toMatch(/^error: Mail "old" is dropped: .*ECONNREFUSED/);
  });

  it('that wait go to the server of a new configuration at once', async () => {
    await server.start();
    queue = newQueue({ firstRetryMs: 60_000, longestRetryMs: 60_000 });
    const right = config();
    queue.configure(config({ port: 1 }));
    queue.add(mail('one'));
    await until(() => said.length === 1);
    queue.configure(right);
    await until(() => server.mails.length === 1);
  });

  it('are sent once although the configuration changes while they are on their way', async () => {
    await server.start();
    queue.configure(config());
    server.answer = (command) => {
      if (command.startsWith('DATA')) queue.configure(config());
      return undefined;
    };
    queue.add(mail('one'));
    queue.add(mail('two'));
    await until(() => queue.length === 0);
    expect(subjects()).toEqual(['one', 'two']);
    expect(said).toEqual([]);
  });

  it('are dropped, and that is said, when the new configuration has no server', async () => {
    await server.start();
    await server.stop();
    queue.configure(config());
    queue.add(mail('one'));
    await until(() => said.length === 1);
    queue.configure(undefined);
    queue.add(mail('two'));
    expect(said[1]).toBe(
      'warning: 1 mail could not be sent and will not be: no mail server is configured any more',
    );
    await until(() => queue.length === 0);
  });
});

describe('the end', () => {
  it('waits until the mails are gone', async () => {
    await server.start();
    queue.configure(config());
    for (const subject of ['one', 'two', 'three']) queue.add(mail(subject));
    await queue.stop(new Promise(() => {}));
    expect(subjects()).toEqual(['one', 'two', 'three']);
    expect(said).toEqual([]);
  });

  it('says how many mails are lost when the time is over', async () => {
    await server.start();
    await server.stop();
    queue.configure(config());
    queue.add(mail('one'));
    queue.add(mail('two'));
    await until(() => said.length === 1);
    await queue.stop(new Promise((resolve) => setTimeout(resolve, 50)));
    expect(said.at(-1)).toBe('warning: 2 mails could not be sent and will not be: the daemon ends');
  });
});
