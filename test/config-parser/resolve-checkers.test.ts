import { describe, expect, it } from 'vitest';
import { check, checksOf, textWith, told } from './check-helpers.ts';
import { parseText } from './parse-helpers.ts';

const beside = `track_file weights {\nfile /run/weights\n}
track_file fault {\nfile /run/fault\nweight 0\n}
track_file half {\nfile /run/half\nweight 5 reverse\n}
bfd_instance uplink {\nneighbor_ip 192.0.2.1\n}\nbfd_instance vrrp {\nneighbor_ip 192.0.2.2\nvrrp\n}`;

const blocks = {
  TCP_CHECK: 'TCP_CHECK {\nLINES\n}',
  HTTP_GET: 'HTTP_GET {\nLINES\nurl {\npath /\n}\n}',
  SSL_GET: 'SSL_GET {\nLINES\nurl {\npath /\n}\n}',
  SMTP_CHECK: 'SMTP_CHECK {\nLINES\n}',
  DNS_CHECK: 'DNS_CHECK {\nLINES\n}',
  UDP_CHECK: 'UDP_CHECK {\nLINES\n}',
  PING_CHECK: 'PING_CHECK {\nLINES\n}',
  MISC_CHECK: 'MISC_CHECK {\nmisc_path /bin/true\nLINES\n}',
  FILE_CHECK: 'FILE_CHECK {\ntrack_file weights\nLINES\n}',
} as const;

const kinds = Object.entries(blocks);
const connecting = kinds.filter(([kind]) => kind !== 'MISC_CHECK' && kind !== 'FILE_CHECK');

function withLines(block: string, ...lines: readonly string[]): string {
  return block.replace('LINES', lines.join('\n'));
}

describe('the timing of a check', () => {
  it.each([
    ['TCP_CHECK', 1, 1000],
    ['HTTP_GET', 1, 3000],
    ['SSL_GET', 1, 3000],
    ['SMTP_CHECK', 1, 1000],
    ['DNS_CHECK', 3, 60_000],
    ['UDP_CHECK', 1, 1000],
    ['PING_CHECK', 1, 1000],
    ['MISC_CHECK', 0, 60_000],
    ['FILE_CHECK', 1, 60_000],
  ] as const)(
    'of %s is tried %i times more after %i ms where nothing is said',
    (kind, retry, delayBeforeRetryMs) => {
      expect(check(withLines(blocks[kind]), { beside })).toMatchObject({
        kind,
        timing: { delayLoopMs: 60_000, connectTimeoutMs: 5000, retry, delayBeforeRetryMs, warmupMs: 60_000 },
        alpha: false,
        logAllFailures: false,
      });
    },
  );

  it.each(kinds)('of %s is its own, else its real server’s, else its virtual server’s', (_kind, block) => {
    const virtual = 'delay_loop 10\nretry 5\ndelay_before_retry 2\nwarmup 1\nattempt_timeout 9';
    const real = 'retry 6\ndelay_before_retry 4';
    expect(check(withLines(block, 'retry 0'), { virtual, real, beside }).timing).toMatchObject({
      delayLoopMs: 10_000,
      retry: 0,
      delayBeforeRetryMs: 4000,
      warmupMs: 1000,
      attemptTimeoutMs: 9000,
    });
  });

  it.each([
    ['', 60_000],
    ['delay_loop 5', 50_000],
    ['delay_loop 5\nconnect_timeout 0.2', 5000],
    ['delay_loop 5\nattempt_timeout 7', 7000],
  ])('with %j bounds a whole attempt by %i ms', (virtual, attemptTimeoutMs) => {
    expect(check('TCP_CHECK {\n}', { virtual }).timing).toMatchObject({ attemptTimeoutMs });
    expect(check('TCP_CHECK {\nattempt_timeout 3\n}', { virtual }).timing).toMatchObject({
      attemptTimeoutMs: 3000,
    });
  });
});

describe('a check', () => {
  it.each(kinds)(
    '%s is alpha and loud as it says, else as its servers and global_defs say',
    (_kind, block) => {
      const loud = `global_defs {\nchecker_log_all_failures\n}\n${beside}`;
      const around = { virtual: 'alpha', beside: loud };
      expect(check(withLines(block), around)).toMatchObject({ alpha: true, logAllFailures: true });
      const quiet = withLines(block, 'alpha off', 'log_all_failures off');
      expect(check(quiet, around)).toMatchObject({ alpha: false, logAllFailures: false });
    },
  );

  it.each(connecting)('%s goes where it is told, from where it is told', (kind, block) => {
    const lines = [
      'connect_ip 192.0.2.99',
      'connect_port 8080',
      'bindto 192.0.2.1',
      'bind_port 1024',
      'bind_if eth1',
      'fwmark 3',
    ];
    expect(check(withLines(block, ...lines))).toMatchObject({
      connectAddress: '192.0.2.99',
      connectPort: kind === 'PING_CHECK' ? 0 : 8080,
      bindAddress: '192.0.2.1',
      bindPort: 1024,
      bindInterface: 'eth1',
      firewallMark: 3,
    });
  });

  it.each(connecting)('%s goes to its real server where nothing is said', (kind, block) => {
    const given = check(withLines(block));
    expect(given).toMatchObject({
      connectAddress: '192.0.2.20',
      connectPort: kind === 'PING_CHECK' ? 0 : 80,
    });
    for (const key of ['bindAddress', 'bindPort', 'bindInterface', 'firewallMark']) {
      expect(given).not.toHaveProperty(key);
    }
  });

  it.each(connecting)('%s of a link-local address needs bind_if, and is dropped without', (_kind, block) => {
    const link = withLines(block, 'connect_ip fe80::1');
    expect(checksOf(textWith(link))).toEqual([]);
    expect(told(link)).toEqual([`error checker-dropped: ${block.slice(0, block.indexOf(' '))}`]);
    expect(check(withLines(block, 'connect_ip fe80::1', 'bind_if eth0'))).toMatchObject({
      connectAddress: 'fe80::1',
      bindInterface: 'eth0',
    });
  });

  it('is one of several, in the order of the file', () => {
    const block = `MISC_CHECK {\nmisc_path /bin/a\n}\nTCP_CHECK {\n}\nMISC_CHECK {\nmisc_path /bin/b\n}\nPING_CHECK {\n}`;
    expect(checksOf(textWith(block)).map(({ kind }) => kind)).toEqual([
      'MISC_CHECK',
      'TCP_CHECK',
      'MISC_CHECK',
      'PING_CHECK',
    ]);
  });

  it('stands at a place', () => {
    const { config, spanOf, sources } = parseText(textWith('PING_CHECK {\nretry 2\n}'));
    const [given] = config.virtualServers[0]?.realServers[0]?.checkers ?? [];
    const span = given && spanOf(given, 'retry');
    expect(span && sources.get(span.file)?.text.slice(span.start, span.end)).toBe('2');
  });
});

describe('SMTP_CHECK', () => {
  it('gives the name that it is told', () => {
    expect(check('SMTP_CHECK {\n}')).toMatchObject({ heloName: 'smtpchecker.keepalived.org' });
    expect(check('SMTP_CHECK {\nhelo_name lb01\n}')).toMatchObject({ heloName: 'lb01' });
  });

  it('is a check for each host in it, which has what the block around it says', () => {
    const hosts = 'host {\nconnect_ip 192.0.2.91\n}\nhost {\nconnect_port 2525\nconnect_timeout 2\n}';
    const found = checksOf(textWith(`SMTP_CHECK {\nconnect_timeout 4\nbindto 192.0.2.1\n${hosts}\n}`));
    expect(found).toMatchObject([
      {
        connectAddress: '192.0.2.91',
        connectPort: 80,
        bindAddress: '192.0.2.1',
        timing: { connectTimeoutMs: 4000 },
      },
      { connectAddress: '192.0.2.20', connectPort: 2525, timing: { connectTimeoutMs: 2000 } },
    ]);
    expect(found).toHaveLength(2);
  });
});

describe('DNS_CHECK', () => {
  it.each([
    ['', { type: 'SOA', name: '.' }],
    ['type aaaa\nname example.org', { type: 'AAAA', name: 'example.org' }],
  ])('with %j asks for it', (lines, expected) => {
    expect(check(`DNS_CHECK {\n${lines}\n}`)).toMatchObject({ kind: 'DNS_CHECK', ...expected });
  });
});

describe('UDP_CHECK', () => {
  it('that says nothing sends nothing in its datagram and takes silence for success', () => {
    const given = check('UDP_CHECK {\n}');
    expect(given).toMatchObject({ payload: [], minReplyBytes: 0, maxReplyBytes: 255 });
    expect(given).not.toHaveProperty('reply');
  });

  it('wants the reply that it says', () => {
    const lines = 'payload 0a0b\nrequire_reply 0axx\nmin_reply_length 2\nmax_reply_length 9';
    expect(check(`UDP_CHECK {\n${lines}\n}`)).toMatchObject({
      payload: [10, 11],
      reply: { bytes: [10, 0], mask: [255, 0] },
      minReplyBytes: 2,
      maxReplyBytes: 9,
    });
    expect(check('UDP_CHECK {\nrequire_reply\n}')).toMatchObject({ reply: { bytes: [], mask: [] } });
  });
});

describe('MISC_CHECK', () => {
  it('runs its program as the account that it names, else as script_user says', () => {
    const global = 'global_defs {\nscript_user nobody nogroup\n}';
    const block = (lines: string) => `MISC_CHECK {\nmisc_path "/bin/check 1"\n${lines}\n}`;
    expect(check(block('user daemon'), { beside: global })).toMatchObject({
      command: { argv: ['/bin/check', '1'], user: 'daemon' },
    });
    expect(check(block(''), { beside: global })).toMatchObject({
      command: { argv: ['/bin/check', '1'], user: 'nobody', group: 'nogroup' },
    });
    expect(check(block(''))).toMatchObject({ command: { argv: ['/bin/check', '1'] }, isDynamic: false });
    expect(check(block('misc_dynamic'))).toMatchObject({ isDynamic: true });
  });

  it.each([
    ['', 60_000, 60_000],
    ['misc_timeout 0', 60_000, 60_000],
    ['misc_timeout 3', 3000, 3000],
    ['misc_timeout 3\nattempt_timeout 2', 3000, 2000],
  ])('with %j is ended after %i ms, and is no attempt after %i', (lines, timeoutMs, attemptTimeoutMs) => {
    expect(check(`MISC_CHECK {\nmisc_path /bin/true\n${lines}\n}`)).toMatchObject({
      timeoutMs,
      timing: { attemptTimeoutMs },
    });
  });

  it('without a program that can be run is dropped', () => {
    expect(told('MISC_CHECK {\n}')).toEqual(['error checker-dropped: MISC_CHECK']);
    expect(told('MISC_CHECK {\nmisc_path ""\n}')).toEqual([
      'error checker-dropped: MISC_CHECK',
      'error invalid-value: ""',
    ]);
  });
});

describe('FILE_CHECK', () => {
  it.each([
    ['track_file weights', { file: 'weights', weight: 1, reverse: false }],
    ['track_file weights\nweight -3 reverse', { file: 'weights', weight: -3, reverse: true }],
    ['track_file half', { file: 'half', weight: 5, reverse: true }],
    ['track_file fault', { file: 'fault', reverse: false }],
    ['track_file weights\nweight 0', { file: 'weights', reverse: false }],
  ])('with %j means it', (lines, expected) => {
    const { timing, alpha, logAllFailures, ...given } = check(`FILE_CHECK {\n${lines}\n}`, { beside });
    expect(given).toEqual({ kind: 'FILE_CHECK', ...expected });
  });

  it.each(['', 'track_file other'])('with %j has no file, and is dropped', (lines) => {
    expect(told(`FILE_CHECK {\n${lines}\n}`, { beside })).toEqual(['error checker-dropped: FILE_CHECK']);
  });
});

describe('BFD_CHECK', () => {
  it('follows a session that checks may follow', () => {
    expect(check('BFD_CHECK {\nname uplink\nalpha\n}', { beside })).toMatchObject({
      kind: 'BFD_CHECK',
      name: 'uplink',
      alpha: true,
    });
  });

  it.each(['', 'name other', 'name vrrp'])('with %j has none, and is dropped', (lines) => {
    expect(told(`BFD_CHECK {\n${lines}\n}`, { beside })).toEqual(['error checker-dropped: BFD_CHECK']);
  });

  it('that is dropped leaves its server to the other checks, or without any, and the message says which', () => {
    const messages = (block: string) =>
      parseText(textWith(block)).diagnostics.map(({ message }) => message.replace(/^.*: /, ''));
    expect(messages('BFD_CHECK {\nname x\n}')).toEqual(['real server 192.0.2.20:80 counts as up for ever']);
    expect(messages('BFD_CHECK {\nname x\n}\nTCP_CHECK {\n}')).toEqual([
      'real server 192.0.2.20:80 is checked only by what else stands in its block',
    ]);
  });
});
