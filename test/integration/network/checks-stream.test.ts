/** TCP_CHECK, HTTP_GET, SSL_GET and SMTP_CHECK against servers of Debian over a real link, and against a link that fails. */
import { createHash } from 'node:crypto';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckerConfig } from '../../../src/config-parser/config-checks.ts';
import type { ProbeOutcome } from '../../../src/healthcheck/probe.ts';
import { address } from '../../../src/net/address.ts';
import {
  asFailure,
  asSuccess,
  httpCheck,
  patience,
  smtpCheck,
  tcpCheck,
  url,
} from '../../healthcheck/probes/stream-fixtures.ts';
import { isInstalled, openFolder, type Server, startExim, startNginx } from './checks-stream-servers.ts';
import { ipv6Ready } from './ipv6-ready.ts';
import {
  addVeth,
  createVethPair,
  inNamespace,
  Program,
  rightAddress,
  type VethPair,
} from './namespace-fixture.ts';

const server = { connectAddress: address(rightAddress) };
/** A second address of the checking host. */
const otherAddress = address('192.0.2.11');
const hasNginx = isInstalled('nginx');
const hasExim = isInstalled('exim4');

let pair: VethPair;
let folder: { path: string; remove: () => void };
let nginx: Server | undefined;
let exim: Server | undefined;
let prober: Program;
const programs: Program[] = [];

beforeAll(async () => {
  pair = createVethPair();
  await ipv6Ready(pair);
  addVeth(pair.left, pair.right, 'veth1');
  inNamespace(pair.left, 'ip', 'addr', 'add', `${otherAddress}/24`, 'dev', 'veth0');
  folder = openFolder();
  if (hasNginx) nginx = await startNginx(pair.right, folder.path);
  if (hasExim) exim = await startExim(pair.right, folder.path);
  prober = await startProber();
});

afterEach(() => {
  for (const namespace of [pair.left, pair.right]) inNamespace(namespace, 'nft', 'flush', 'ruleset');
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  await nginx?.stop();
  await exim?.stop();
  pair.remove();
  folder.remove();
});

async function startProber(prefix: readonly string[] = []): Promise<Program> {
  const program = new Program(pair.left, 'checks-stream-probes.ts', { prefix });
  programs.push(program);
  await program.line('ready');
  return program;
}

/** The outcomes of each list, asked in turn; the lists at once. */
async function askAll(
  lists: readonly (readonly CheckerConfig[])[],
  program = prober,
): Promise<readonly (readonly ProbeOutcome[])[]> {
  const before = program.lines('outcomes').length;
  program.send({ kind: 'probe', checks: lists });
  const line = await program.line('outcomes', before + 1);
  return line['outcomes'] as ProbeOutcome[][];
}

async function ask(check: CheckerConfig, program = prober): Promise<ProbeOutcome> {
  const [[outcome] = []] = await askAll([[check]], program);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

/** Drops, rejects or resets what `match` says, in the namespace of the server unless told otherwise. */
function filter(match: string, namespace = pair.right, hook = 'input'): void {
  const rules = `table inet t { chain c { type filter hook ${hook} priority 0; ${match}; }; }`;
  inNamespace(namespace, 'nft', rules);
}

function matching(pattern: string) {
  return { regex: { pattern, options: [], mustNotMatch: false, minOffset: 0 } };
}

describe.runIf(hasNginx)('nginx', () => {
  test('passes TCP_CHECK, and the phase says how long connecting took', async () => {
    const { phases } = asSuccess(await ask(tcpCheck(80, server)));
    expect(phases?.map(({ name }) => name)).toEqual(['connect']);
  });

  test.each(['1.0', '1.0C', '1.1'] as const)('passes HTTP_GET in HTTP/%s', async (httpProtocol) => {
    const version = httpProtocol === '1.1' ? '1.1' : '1.0';
    const page = {
      path: '/who',
      ...matching(`^192\\.0\\.2\\.1:\\d+ www\\.example KeepAliveClient HTTP/${version}$`),
    };
    asSuccess(await ask(httpCheck(80, page, { ...server, httpProtocol })));
  });

  test('passes with the digest of its page, also in chunks', async () => {
    const plain = { path: '/', digest: 'b1946ac92492d2347c6235b4d2611184' };
    asSuccess(await ask(httpCheck(80, plain, server)));
    const digest = createHash('md5').update('0123456789'.repeat(1000)).digest('hex');
    const chunked = { path: '/chunked', digest, ...matching('^(0123456789){1000}$') };
    asSuccess(await ask(httpCheck(80, chunked, { ...server, httpProtocol: '1.1' })));
  });

  test.each([
    ['/missing', 'The status is 404, and 200-299 is wanted (waiting for the reply to GET /missing).'],
    ['/hangup', 'The server closed the connection without a reply (waiting for the reply to GET /hangup).'],
  ])('fails with %s', async (path, detail) => {
    expect(asFailure(await ask(httpCheck(80, { path }, server))).detail).toBe(detail);
  });

  test('that drips is cut off by attempt_timeout', async () => {
    const outcome = asFailure(
      await ask(httpCheck(80, { path: '/slow' }, { ...server, ...patience(3000, 2500) })),
    );
    expect(outcome.detail).toContain('its attempt_timeout (in the reply to GET /slow).');
    expect(outcome.elapsedMs).toBeLessThan(4000);
  });

  test('that hangs fails HTTP_GET but not TCP_CHECK, and passes again when it goes on', async () => {
    const pid = nginx?.pid ?? 0;
    const http = httpCheck(80, {}, { ...server, ...patience(400) });
    process.kill(pid, 'SIGSTOP');
    try {
      asSuccess(await ask(tcpCheck(80, server)));
      expect(asFailure(await ask(http))).toMatchObject({
        reason: 'timeout',
        detail: 'Nothing came from the server for 0.4 s (waiting for the reply to GET /).',
      });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    asSuccess(await ask(http));
  });

  test('that ends is refused, and passes again when it is back', async () => {
    const http = httpCheck(80, {}, server);
    await nginx?.stop();
    expect(asFailure(await ask(http)).reason).toBe('refused');
    nginx = await startNginx(pair.right, folder.path);
    asSuccess(await ask(http));
  });

  test('chooses its certificate and page by the server name of SSL_GET', async () => {
    const ssl = (page: object) => httpCheck(443, page, { ...server, kind: 'SSL_GET' });
    asSuccess(await ask(ssl(matching('^one'))));
    asSuccess(
      await ask(ssl({ tlsServerName: 'two.example', hostHeader: 'two.example', ...matching('^two') })),
    );
    const { phases } = asSuccess(await ask(ssl({ tlsCompliant: true, ...matching('^one') })));
    expect(phases?.map(({ name }) => name)).toContain('tls');
  });

  test('is asked for several urls in one attempt', async () => {
    const urls = [
      url(),
      url({ path: '/who' }),
      url({ path: '/missing', statusCodes: [{ first: 404, last: 404 }] }),
    ];
    const { phases } = asSuccess(await ask(httpCheck(80, {}, { ...server, urls })));
    expect(phases?.filter(({ name }) => name === 'connect')).toHaveLength(3);
  });

  test('sees the address and the port that bindto and bind_port say, time after time', async () => {
    const page = { path: '/who', ...matching('^192\\.0\\.2\\.11:7700 ') };
    const check = httpCheck(80, page, { ...server, bindAddress: otherAddress, bindPort: 7700 });
    const [outcomes = []] = await askAll([[check, check, check]]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['ok', 'ok', 'ok']);
  });

  test('is reached on a link-local address by way of bind_if, and not without', async () => {
    const [{ addr_info: found }] = JSON.parse(
      inNamespace(pair.right, 'ip', '-j', '-6', 'addr', 'show', 'dev', 'veth1', 'scope', 'link'),
    ) as [{ addr_info: { local: string }[] }];
    const linkLocal = { connectAddress: address(found[0]?.local ?? '') };
    asSuccess(await ask(httpCheck(80, {}, { ...linkLocal, bindInterface: 'veth1' })));
    expect(
      (await ask(httpCheck(80, {}, { ...linkLocal, bindInterface: 'veth0', ...patience(500) }))).kind,
    ).toBe('failed');
    expect(await ask(tcpCheck(80, linkLocal))).toMatchObject({ kind: 'inconclusive' });
  });

  test('is reached only with the fwmark that the host lets out', async () => {
    filter('tcp dport 80 meta mark != 0x80000007 drop', pair.left, 'output');
    asSuccess(await ask(tcpCheck(80, { ...server, firewallMark: 0x8000_0007 })));
    // What is dropped on its way out of this host is EPERM to nobody: the SYN is simply lost.
    expect((await ask(tcpCheck(80, { ...server, firewallMark: 6, ...patience(400) }))).kind).not.toBe('ok');
  });
});

describe.runIf(hasNginx)('on the way to the server', () => {
  test('silence is a timeout after connect_timeout', async () => {
    filter('tcp dport 80 drop');
    for (const check of [
      tcpCheck(80, { ...server, ...patience(300) }),
      httpCheck(80, {}, { ...server, ...patience(300) }),
    ]) {
      const outcome = asFailure(await ask(check));
      expect(outcome.reason).toBe('timeout');
      expect(outcome.detail).toContain('The server did not answer within 0.3 s');
      expect(outcome.elapsedMs).toBeGreaterThanOrEqual(299);
    }
  });

  test.each([
    ['tcp reset', 'refused', 'The server refused it.'],
    ['icmp type port-unreachable', 'refused', 'The server refused it.'],
    ['icmp type host-unreachable', 'unreachable', 'The server cannot be reached (EHOSTUNREACH).'],
    ['icmp type admin-prohibited', 'unreachable', 'The server cannot be reached (EHOSTUNREACH).'],
  ])('"reject with %s" is told as %s', async (how, reason, detail) => {
    filter(`tcp dport 80 reject with ${how}`);
    expect(asFailure(await ask(tcpCheck(80, { ...server, ...patience(2000) })))).toMatchObject({
      reason,
      detail,
    });
  });

  test('a reset of what was accepted is told as one, with what was waited for', async () => {
    filter('tcp dport 80 tcp flags & (syn | psh) == psh reject with tcp reset');
    expect(asFailure(await ask(httpCheck(80, {}, server)))).toMatchObject({
      reason: 'reset',
      detail: 'The server reset it (waiting for the reply to GET /).',
    });
  });

  test('a cable that is pulled in the middle is a timeout', async () => {
    const slow = ask(httpCheck(80, { path: '/slow' }, { ...server, ...patience(2500, 9000) }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    filter('tcp dport 80 drop');
    inNamespace(
      pair.right,
      'nft',
      'add chain inet t o { type filter hook output priority 0; tcp sport 80 drop; }',
    );
    expect(asFailure(await slow)).toMatchObject({
      reason: 'timeout',
      detail: 'Nothing came from the server for 2.5 s (in the reply to GET /slow).',
    });
  });

  test('no route is told as such', async () => {
    expect(asFailure(await ask(tcpCheck(80, { connectAddress: address('198.51.100.1') })))).toMatchObject({
      reason: 'unreachable',
      detail: 'There is no route to the server (ENETUNREACH).',
    });
  });
});

describe.runIf(hasNginx)('this host', () => {
  test('without a descriptor left says nothing about the server', async () => {
    const poor = await startProber(['prlimit', '--nofile=60']);
    const lists = Array.from({ length: 100 }, () => [httpCheck(80, { path: '/who' }, server)]);
    const outcomes = (await askAll(lists, poor)).flat();
    const kinds = new Set(outcomes.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['ok', 'inconclusive']));
    const refused = outcomes.find(({ kind }) => kind === 'inconclusive');
    expect(refused).toMatchObject({
      detail: 'open a stream socket: EMFILE too many open files (connecting for GET /who).',
    });
    asSuccess(await ask(httpCheck(80, {}, server), poor));
  });

  test('needs no more than ten ports for two hundred pages, since the server ends first', async () => {
    inNamespace(pair.left, 'sysctl', '-qw', 'net.ipv4.ip_local_port_range=40000 40009');
    try {
      const [pages = []] = await askAll([Array.from({ length: 200 }, () => httpCheck(80, {}, server))]);
      expect(pages.filter(({ kind }) => kind === 'ok')).toHaveLength(200);
      // Those of TCP_CHECK, which ends first, stay taken for a minute: that is told, and held against nobody.
      const [plain = []] = await askAll([Array.from({ length: 30 }, () => tcpCheck(80, server))]);
      expect(plain.at(-1)).toMatchObject({
        kind: 'inconclusive',
        detail: 'connect: EADDRNOTAVAIL address not available.',
      });
    } finally {
      inNamespace(pair.left, 'sysctl', '-qw', 'net.ipv4.ip_local_port_range=32768 60999');
    }
  });
});

describe.runIf(hasExim)('exim', () => {
  test('passes SMTP_CHECK, with the phases of the dialogue', async () => {
    const { phases } = asSuccess(await ask(smtpCheck(25, server)));
    expect(phases?.map(({ name }) => name)).toEqual(['connect', 'greeting', 'reply', 'quit']);
  });

  test('that greets with 550 fails', async () => {
    const outcome = asFailure(await ask(smtpCheck(25, { ...server, bindAddress: otherAddress })));
    expect(outcome.detail).toBe(
      'The greeting is "550 not for you", and 220 is wanted (waiting for the greeting).',
    );
  });

  test('that refuses the name in HELO fails', async () => {
    const outcome = asFailure(await ask(smtpCheck(25, { ...server, heloName: '<>' })));
    expect(outcome.detail).toMatch(/^The reply to HELO is "501 .*waiting for the reply to HELO\)\.$/);
  });

  test('that hangs fails after connect_timeout, and passes again when it goes on', async () => {
    const pid = exim?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      expect(asFailure(await ask(smtpCheck(25, { ...server, ...patience(400) }))).detail).toBe(
        'Nothing came from the server for 0.4 s (waiting for the greeting).',
      );
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    asSuccess(await ask(smtpCheck(25, server)));
  });
});

describe.runIf(hasNginx)('SMTP_CHECK of a web server', () => {
  test('fails while it waits for a greeting', async () => {
    expect(asFailure(await ask(smtpCheck(80, { ...server, ...patience(300) }))).detail).toContain(
      'waiting for the greeting',
    );
  });
});
