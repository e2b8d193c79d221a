/**
 * DNS_CHECK, UDP_CHECK and PING_CHECK as the checker process makes them, against a real DNS server (dnsmasq), real sockets and a
 * real packet filter.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckerTiming, PingCheckConfig, UdpCheckConfig } from '../../../src/config-parser/config.ts';
import { CheckerTools } from '../../../src/daemon/checker-process/probe-tools.ts';
import { until } from '../../../src/drill/until.ts';
import type { ProbeOutcome } from '../../../src/healthcheck/probe.ts';
import { probeOf } from '../../../src/healthcheck/probes/index.ts';
import { address } from '../../../src/net/address.ts';
import {
  closedUdpPort,
  dnsCheck,
  pingCheck,
  timingWith,
  udpCheck,
} from '../../healthcheck/probes/other-fixtures.ts';
import { Prober } from './checks-other-fixture.ts';
import { ipv6Ready, linkLocalAddress } from './ipv6-ready.ts';
import { createVethPair, inNamespace, Program, rightAddress, type VethPair } from './namespace-fixture.ts';

const right6 = '2001:db8::2';
const dnsPort = 53;
const echoPort = 7007;
const silentPort = 7008;
const prohibitedPort = 7009;
const closedPort = 7010;

let pair: VethPair;
let prober: Prober;
let server: Program;
let dnsServer: ChildProcess;
let folder: string;

function right(...command: readonly string[]): string {
  return inNamespace(pair.right, ...command);
}

function left(...command: readonly string[]): string {
  return inNamespace(pair.left, ...command);
}

/** Types that dnsmasq has no option for, as bytes: NS and SOA name the root, the others hold any bytes of a right length. */
const soaBytes = '0000'.concat('00000001'.repeat(5));
const records = [
  '--host-record=www.example.org,192.0.2.80,2001:db8::80',
  '--cname=alias.example.org,www.example.org',
  '--mx-host=example.org,www.example.org,10',
  '--txt-record=example.org,hello',
  '--dns-rr=example.org,2,00',
  `--dns-rr=example.org,6,${soaBytes}`,
  `--dns-rr=example.org,46,${'00'.repeat(24)}`,
  `--dns-rr=example.org,48,${'01'.repeat(20)}`,
];

async function startDnsServer(): Promise<void> {
  const options = ['--keep-in-foreground', '--conf-file=/dev/null', '--pid-file=', '--user=root'];
  const place = ['--bind-interfaces', '--interface=veth0', '--except-interface=lo'];
  const data = ['--no-resolv', '--no-hosts', '--local=/example.org/', ...records];
  const command = ['netns', 'exec', pair.right, 'dnsmasq', ...options, ...place, ...data];
  dnsServer = spawn('ip', command, { stdio: ['ignore', 'ignore', 'inherit'] });
  const isListening = () => right('cat', '/proc/net/udp').includes(':0035 ');
  await until('dnsmasq listens', 10_000, isListening);
}

async function stopDnsServer(): Promise<void> {
  const exit = once(dnsServer, 'exit');
  dnsServer.kill('SIGTERM');
  await exit;
}

const firewall = `
table inet checks {
  chain input {
    type filter hook input priority 0;
    udp dport ${silentPort} drop
    udp dport ${prohibitedPort} reject with icmpx type admin-prohibited
  }
}`;

async function setUpNetwork(): Promise<void> {
  pair = createVethPair();
  left('ip', 'addr', 'add', '2001:db8::1/64', 'dev', 'veth0');
  right('ip', 'addr', 'add', `${right6}/64`, 'dev', 'veth0');
  right('ip', 'addr', 'add', '192.0.2.3/24', 'dev', 'veth0');
  await ipv6Ready(pair);
  const file = join(folder, 'firewall.nft');
  writeFileSync(file, firewall);
  right('nft', '-f', file);
  // A network behind the other end that it has no way to either.
  left('ip', 'route', 'add', '198.51.100.0/24', 'via', rightAddress);
  right('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  right('ip', 'route', 'add', 'unreachable', '198.51.100.0/24');
  // What has firewall mark 7 goes nowhere.
  for (const version of ['-4', '-6']) {
    left('ip', version, 'rule', 'add', 'fwmark', '7', 'table', '100');
    left('ip', version, 'route', 'add', 'unreachable', 'default', 'table', '100');
  }
  // A neighbour that is not there is given up after 0.3 s in place of 3.
  left(
    'sysctl',
    '-qw',
    'net.ipv4.neigh.veth0.retrans_time_ms=100',
    'net.ipv6.neigh.veth0.retrans_time_ms=100',
  );
}

beforeAll(async () => {
  folder = mkdtempSync('/run/checks-other-');
  await setUpNetwork();
  prober = new Prober(pair.left);
  server = new Program(pair.right, 'checks-other-server.ts');
  await Promise.all([prober.ready(), server.line('ready'), startDnsServer()]);
});

afterAll(async () => {
  await Promise.all([prober.stop(), server.stop(), stopDnsServer()]);
  pair.remove();
  rmSync(folder, { recursive: true, force: true });
});

function within(connectTimeoutMs: number): { readonly timing: CheckerTiming } {
  return timingWith({ connectTimeoutMs });
}

const anyReply = { bytes: [], mask: [] };

describe('DNS_CHECK of dnsmasq', () => {
  test.each([
    ['A', 'www.example.org'],
    ['AAAA', 'www.example.org'],
    ['CNAME', 'alias.example.org'],
    ['MX', 'example.org'],
    ['TXT', 'example.org'],
    ['NS', 'example.org'],
    ['SOA', 'example.org'],
    ['RRSIG', 'example.org'],
    ['DNSKEY', 'example.org'],
  ] as const)('passes for %s of %s, over IPv4 and IPv6', async (type, name) => {
    for (const host of [rightAddress, right6]) {
      expect(await prober.probe(dnsCheck(host, dnsPort, { type, name }))).toMatchObject({
        kind: 'ok',
        phases: [{ name: 'reply' }],
      });
    }
  });

  test('passes over a link-local address of bind_if', async () => {
    const host = linkLocalAddress(pair.right);
    const question = { type: 'A', name: 'www.example.org', bindInterface: 'veth0' } as const;
    expect(await prober.probe(dnsCheck(host, dnsPort, question))).toMatchObject({ kind: 'ok' });
  });

  test('fails at once for a name that is not there, and for one that it does not answer for', async () => {
    const nowhere = await prober.probe(
      dnsCheck(rightAddress, dnsPort, { type: 'A', name: 'nowhere.example.org' }),
    );
    expect(nowhere).toMatchObject({
      kind: 'failed',
      reason: 'other',
      detail: 'The server answered NXDOMAIN for nowhere.example.org A.',
    });
    expect(await prober.probe(dnsCheck(rightAddress, dnsPort, { type: 'SOA', name: '.' }))).toMatchObject({
      detail: 'The server answered REFUSED for . SOA.',
    });
  });

  test('times out while it hangs, is refused when it is gone, and passes when it is back', async () => {
    const checker = dnsCheck(rightAddress, dnsPort, { type: 'A', name: 'www.example.org', ...within(300) });
    dnsServer.kill('SIGSTOP');
    expect(await prober.probe(checker)).toMatchObject({ kind: 'failed', reason: 'timeout' });
    dnsServer.kill('SIGCONT');
    expect(await prober.probe(checker)).toMatchObject({ kind: 'ok' });
    await stopDnsServer();
    const refused = await prober.probe(checker);
    expect(refused).toMatchObject({ kind: 'failed', reason: 'refused' });
    expect(refused.elapsedMs).toBeLessThan(250);
    await startDnsServer();
    expect(await prober.probe(checker)).toMatchObject({ kind: 'ok' });
  });
});

describe('UDP_CHECK', () => {
  test('passes for an echo, over IPv4, IPv6 and a link-local address of bind_if', async () => {
    const payload = [0xca, 0xfe];
    const reply = { bytes: payload, mask: [0xff, 0xff] };
    const linkLocal = linkLocalAddress(pair.right);
    for (const host of [rightAddress, right6, linkLocal]) {
      const place = host === linkLocal ? { bindInterface: 'veth0' } : {};
      const outcome = await prober.probe(udpCheck(host, echoPort, { payload, reply, ...place }));
      expect(outcome).toMatchObject({ kind: 'ok' });
      expect(outcome.elapsedMs).toBeLessThan(4000);
    }
  });

  test('fails for an echo of something else than required', async () => {
    const reply = { bytes: [0xca, 0xff], mask: [0xff, 0xff] };
    expect(
      await prober.probe(udpCheck(rightAddress, echoPort, { payload: [0xca, 0xfe], reply })),
    ).toMatchObject({
      kind: 'failed',
      detail: 'Byte 2 of the reply is fe, which require_reply does not allow.',
    });
  });

  test('fails at once at a closed port, over IPv4 and IPv6', async () => {
    for (const host of [rightAddress, right6]) {
      const outcome = await prober.probe(udpCheck(host, closedPort));
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'refused' });
      expect(outcome.elapsedMs).toBeLessThan(4000);
    }
  });

  test('takes the silence behind a packet filter as success, unless a reply is required', async () => {
    const quick = within(200);
    expect(await prober.probe(udpCheck(rightAddress, silentPort, quick))).toMatchObject({ kind: 'ok' });
    expect(
      await prober.probe(udpCheck(rightAddress, silentPort, { ...quick, reply: anyReply })),
    ).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
    });
  });

  test('fails at once where a packet filter says no', async () => {
    for (const host of [rightAddress, right6]) {
      const outcome = await prober.probe(udpCheck(host, prohibitedPort));
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'unreachable' });
      expect(outcome.elapsedMs).toBeLessThan(4000);
    }
  });

  test('fails before its time where a router, or this host, knows no way', async () => {
    for (const host of ['198.51.100.1', '203.0.113.1', '192.0.2.99']) {
      const outcome = await prober.probe(udpCheck(host, echoPort));
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'unreachable' });
      expect(outcome.elapsedMs).toBeLessThan(4500);
    }
  });

  test('leaves from bindto and bind_port', async () => {
    const reply = anyReply;
    const place = { bindAddress: address('192.0.2.1'), bindPort: 4444, bindInterface: 'veth0' };
    expect(await prober.probe(udpCheck(rightAddress, echoPort, { ...place, reply }))).toMatchObject({
      kind: 'ok',
    });
    const elsewhere = { bindAddress: address('192.0.2.77'), reply };
    expect(await prober.probe(udpCheck(rightAddress, echoPort, elsewhere))).toMatchObject({
      kind: 'inconclusive',
    });
  });

  test('has its fwmark', async () => {
    for (const host of [rightAddress, right6]) {
      const marked = await prober.probe(udpCheck(host, echoPort, { firewallMark: 7 }));
      expect(marked).toMatchObject({ kind: 'failed', reason: 'unreachable' });
      const other = await prober.probe(udpCheck(host, echoPort, { firewallMark: 8, reply: anyReply }));
      expect(other).toMatchObject({ kind: 'ok' });
    }
  });
});

describe('PING_CHECK', () => {
  test('passes over IPv4, IPv6 and a link-local address of bind_if', async () => {
    for (const host of [rightAddress, right6]) {
      expect(await prober.probe(pingCheck(host))).toMatchObject({ kind: 'ok', phases: [{ name: 'reply' }] });
    }
    const linkLocal = linkLocalAddress(pair.right);
    expect(await prober.probe(pingCheck(linkLocal, { bindInterface: 'veth0' }))).toMatchObject({
      kind: 'ok',
    });
  });

  test('leaves from bindto, with its fwmark', async () => {
    for (const [host, own] of [
      [rightAddress, '192.0.2.1'],
      [right6, '2001:db8::1'],
    ] as const) {
      const bindAddress = address(own);
      expect(await prober.probe(pingCheck(host, { bindAddress }))).toMatchObject({ kind: 'ok' });
      expect(await prober.probe(pingCheck(host, { firewallMark: 8 }))).toMatchObject({ kind: 'ok' });
      const marked = await prober.probe(pingCheck(host, { firewallMark: 7 }));
      expect(marked).toMatchObject({ kind: 'failed', reason: 'unreachable' });
    }
    const absent = { bindAddress: address('192.0.2.77') };
    expect(await prober.probe(pingCheck(rightAddress, absent))).toMatchObject({ kind: 'inconclusive' });
  });

  test('fails at once where there is no route, and before its time where ICMP says so', async () => {
    expect(await prober.probe(pingCheck('203.0.113.1'))).toMatchObject({
      kind: 'failed',
      detail: 'There is no route to the server (ENETUNREACH).',
    });
    expect(await prober.probe(pingCheck('198.51.100.1'))).toMatchObject({
      kind: 'failed',
      reason: 'unreachable',
      detail: '192.0.2.2 says: host unreachable.',
    });
    expect(await prober.probe(pingCheck('192.0.2.99'))).toMatchObject({
      kind: 'failed',
      detail: '192.0.2.1 says: host unreachable.',
    });
    expect(await prober.probe(pingCheck('2001:db8::99'))).toMatchObject({
      kind: 'failed',
      detail: '2001:db8::1 says: address unreachable.',
    });
  });

  test('times out while nobody answers, hears the asked address alone, and passes when that answers', async () => {
    const checker = pingCheck(rightAddress, within(200));
    right('sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=1');
    let answered = server.lines('answered').length;
    for (const [how, expected] of [
      ['nothing', { kind: 'failed', reason: 'timeout' }],
      ['fromElsewhere', { kind: 'failed', reason: 'timeout' }],
      ['otherData', { kind: 'failed', reason: 'timeout' }],
      ['honestly', { kind: 'ok' }],
    ] as const) {
      const before = server.lines('answers').length;
      server.send({ kind: 'answer', how });
      await server.line('answers', before + 1);
      expect(await prober.probe(checker), how).toMatchObject(expected);
      if (how === 'nothing') continue;
      answered += 1;
      await server.line('answered', answered);
    }
    server.send({ kind: 'answer', how: 'nothing' });
    right('sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=0');
    expect(await prober.probe(checker)).toMatchObject({ kind: 'ok' });
  });

  test('uses one socket for three hundred requests at the same time, and none afterwards', async () => {
    const before = await prober.countSockets();
    right('sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=1');
    const all = Array.from({ length: 300 }, () => prober.begin(pingCheck(rightAddress, within(1500))));
    expect(await prober.countSockets()).toBe(before + 1);
    right('sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=0');
    for (const { abort } of all.slice(0, 100)) abort();
    const kinds = (await Promise.all(all.map(({ outcome }) => outcome))).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'inconclusive')).toHaveLength(100);
    expect(kinds.filter((kind) => kind === 'failed')).toHaveLength(200);
    expect(await prober.countSockets()).toBe(before);
  });
});

describe('what came in time counts although this process reads it late:', () => {
  const never = new AbortController().signal;
  const tools = new CheckerTools({ log: () => {} });

  /** As when a process has too much to do: when it comes to its timers, it has not looked at its sockets. */
  async function probeLate(checker: PingCheckConfig | UdpCheckConfig): Promise<ProbeOutcome> {
    await turn();
    const asked = probeOf(checker, tools)(never);
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
    return asked;
  }

  test('the reply to an echo request', async () => {
    expect(await probeLate(pingCheck('127.0.0.1', within(50)))).toMatchObject({ kind: 'ok' });
  });

  test('the ICMP error that ends the silence of a UDP_CHECK', async () => {
    const port = await closedUdpPort('127.0.0.1');
    const outcome = await probeLate(udpCheck('127.0.0.1', port, within(50)));
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'refused' });
  });
});

test('at the end no socket is left', async () => {
  expect(await prober.countSockets()).toBe(0);
});
