/**
 * `holdfast realserver --mode tun` on a kernel that has tunnels and IPVS: requests of a client come to the real server in a tunnel
 * and are answered past the director, and everything is as before afterwards.
 *
 *     director 10.0.0.5 -- 10.0.0.9 client 10.2.0.9 -- 10.2.0.8 server
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadEmbeddedModules } from '../../../src/drill/kernels/load-embedded-modules.ts';
import { inNamespace } from '../network/namespace-fixture.ts';
import { RealServerRunner } from '../network/realserver-runner.ts';

const startLimitMs = 60_000;
const virtual = { 4: '10.0.0.3', 6: '2001:db8::3' } as const;
const server = { 4: '10.2.0.8', 6: '2001:db8:2::8' } as const;
const prefix = `hf-rs-${process.pid}-`;
const names = ['director', 'client', 'server'] as const;
const bracketed = (host: string) => (host.includes(':') ? `[${host}]:8080` : `${host}:8080`);
const inside = (owner: (typeof names)[number], ...command: readonly string[]) =>
  inNamespace(`${prefix}${owner}`, ...command);

const lines = {
  director: [
    'link set lo up',
    `link add eth0 type veth peer name left netns ${prefix}client`,
    'link set eth0 up',
    `address add 10.0.0.5/24 dev eth0`,
    `address add ${virtual[4]}/32 dev eth0`,
    'address add 2001:db8::5/64 dev eth0 nodad',
    // As VRRP adds it: were it the director's own source, the real server would take its tunnel for one from itself.
    `address add ${virtual[6]}/128 dev eth0 nodad preferred_lft 0`,
    'route add 10.2.0.0/24 via 10.0.0.9',
    'route add 2001:db8:2::/64 via 2001:db8::9',
  ],
  client: [
    'link set lo up',
    `link add right type veth peer name eth0 netns ${prefix}server`,
    'link set left up',
    'link set right up',
    'address add 10.0.0.9/24 dev left',
    'address add 2001:db8::9/64 dev left nodad',
    'address add 10.2.0.9/24 dev right',
    'address add 2001:db8:2::9/64 dev right nodad',
  ],
  server: [
    'link set lo up',
    'link set eth0 up',
    `address add ${server[4]}/24 dev eth0`,
    `address add ${server[6]}/64 dev eth0 nodad`,
    'route add 10.0.0.0/24 via 10.2.0.9',
    'route add 2001:db8::/64 via 2001:db8:2::9',
  ],
};

const serverProgram = `require('node:net').createServer((socket) => {
  socket.on('error', () => {});
  socket.end('served\\n');
}).listen(8080, '::', () => console.log('ready'))`;

let listener: ChildProcess;
let folder: string;
let realserver: RealServerRunner;

/** `served`, or nothing: bash's own connections, since each program to start is dear here. */
function ask(family: 4 | 6): string {
  const script = 'exec 3<>"/dev/tcp/$0/8080" && cat <&3';
  try {
    return inside('client', 'timeout', '3', 'bash', '-c', script, virtual[family]).trim();
  } catch {
    return '';
  }
}

beforeAll(async () => {
  loadEmbeddedModules('ipip', 'ip6_tunnel', 'tunnel6');
  folder = mkdtempSync(join(tmpdir(), 'holdfast-realserver-'));
  for (const name of names) {
    execFileSync('ip', ['netns', 'add', `${prefix}${name}`]);
    // What is compared afterwards is not to change by itself: an address is tentative for a second or two.
    inside(name, 'sysctl', '-qw', 'net.ipv6.conf.all.accept_dad=0', 'net.ipv6.conf.default.accept_dad=0');
  }
  for (const name of names) {
    const input = `${lines[name].join('\n')}\n`;
    execFileSync('ip', ['-n', `${prefix}${name}`, '-batch', '-'], { input });
  }
  // Strict for all, as distributions have it: what comes out of the tunnel has its way back elsewhere.
  inside('server', 'sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=1');
  inside('client', 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
  for (const family of [4, 6] as const) {
    inside('director', 'ipvsadm', '-A', '-t', bracketed(virtual[family]), '-s', 'rr');
    inside(
      'director',
      'ipvsadm',
      '-a',
      '-t',
      bracketed(virtual[family]),
      '-r',
      bracketed(server[family]),
      '-i',
    );
  }
  listener = spawn('ip', ['netns', 'exec', `${prefix}server`, 'node', '-e', serverProgram], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => listener.stdout?.once('data', resolve));
  realserver = new RealServerRunner(`${prefix}server`, folder, startLimitMs);
});
afterAll(() => {
  listener?.kill('SIGKILL');
  for (const name of names) execFileSync('ip', ['netns', 'del', `${prefix}${name}`]);
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await realserver.run('down', []);
});

describe('a real server behind a tunnel', () => {
  test('serves IPv4 and IPv6 once it is up, and down leaves everything as it was', async () => {
    const before = realserver.dump();
    expect([ask(4), ask(6)]).toEqual(['', '']);
    const { exitCode, error, out } = await realserver.run('up', [virtual[4], virtual[6]], { mode: 'tun' });
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: '' });
    expect(out).toContain('net.ipv4.conf.tunl0.rp_filter = 2 (was 0)');
    expect([ask(4), ask(6)]).toEqual(['served', 'served']);
    expect(await realserver.run('check', [])).toMatchObject({ exitCode: 0 });
    expect(inside('director', 'ipvsadm', '-Ln')).toMatch(/10\.2\.0\.8:8080\s+Tunnel/);
    await realserver.run('down', []);
    expect(realserver.dump()).toEqual(before);
    expect([ask(4), ask(6)]).toEqual(['', '']);
  });

  test('whose filter is strict is told so by check, and serves once it is mended', async () => {
    await realserver.run('up', [virtual[4]], { mode: 'tun' });
    inside('server', 'sysctl', '-qw', 'net.ipv4.conf.tunl0.rp_filter=0');
    expect(ask(4)).toBe('');
    const { exitCode, out } = await realserver.run('check', [virtual[4]]);
    expect(exitCode).toBe(1);
    const [, command = ''] = /mend it: (.*)/.exec(out) ?? [];
    inside('server', ...command.split(' '));
    expect(ask(4)).toBe('served');
  });

  test('killed in the middle of up, is as before after down', async () => {
    const before = realserver.dump();
    await realserver.killedUp([virtual[4], virtual[6]], 6, { mode: 'tun' });
    expect(realserver.dump()).not.toEqual(before);
    await realserver.run('down', []);
    expect(realserver.dump()).toEqual(before);
  });

  test('of two addresses one may go, and the other one is served on', async () => {
    await realserver.run('up', [virtual[4], '10.0.0.77'], { mode: 'tun' });
    await realserver.run('down', ['10.0.0.77']);
    expect(ask(4)).toBe('served');
  });
});
