import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ipv6Ready, linkLocalAddress } from './ipv6-ready.ts';
import {
  addVeth,
  createVethPair,
  inNamespace,
  leftAddress,
  Program,
  rightAddress,
  type VethPair,
} from './namespace-fixture.ts';

const group = '224.0.0.18';
const group6 = 'ff02::12';
/** VRRPv2: VRID 7, priority 100, one address, checksum right. */
const advertisement = '210764010001b8ebc000020a0000000000000000';

let pair: VethPair;
const programs: Program[] = [];

beforeEach(async () => {
  pair = createVethPair();
  await ipv6Ready(pair);
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop()));
  pair.remove();
});

function interfaceIndex(namespace: string, name: string): number {
  return Number(inNamespace(namespace, 'cat', `/sys/class/net/${name}/ifindex`));
}

interface Changes {
  readonly interfaceName?: string;
  readonly interfaceIndex?: number;
  readonly group?: string;
  readonly source?: string;
  readonly quiet?: boolean;
}

function peer(namespace: string, changes: Changes = {}, prefix: readonly string[] = []): Program {
  const source = namespace === pair.left ? leftAddress : rightAddress;
  const { quiet, interfaceName: name = 'veth0', ...rest } = changes;
  const index = rest.interfaceIndex ?? interfaceIndex(namespace, name);
  const place = {
    kind: 'multicast',
    interface: { name, index },
    group: rest.group ?? group,
    source: rest.source ?? source,
    authenticationHeader: false,
  };
  const args = { place, quiet };
  const program = new Program(namespace, 'vrrp-peer.ts', { args, prefix });
  programs.push(program);
  return program;
}

async function ready(...peers: readonly Program[]): Promise<void> {
  await Promise.all(peers.map((program) => program.line('ready')));
}

/** What tcpdump says about the first packet of protocol 112 that enters `veth0` after `act`. */
async function tcpdump(namespace: string, filter: readonly string[], act: () => void): Promise<string> {
  const watch = ['tcpdump', '-c', '1', '-e', '-v', '-n', '-l', '-i', 'veth0', ...filter];
  const child = spawn('ip', ['netns', 'exec', namespace, 'timeout', '15', ...watch]);
  let text = '';
  child.stdout.on('data', (part) => {
    text += part;
  });
  const exit = once(child, 'exit');
  await once(child.stderr, 'data');
  act();
  await exit;
  return text;
}

describe('the VRRP socket over IPv4', () => {
  it('delivers an advertisement with its source, destination, TTL 255 and length', async () => {
    const [sender, receiver] = [peer(pair.left), peer(pair.right)];
    await ready(sender, receiver);
    sender.send({ kind: 'send', payload: advertisement });
    expect(await receiver.line('datagram')).toMatchObject({
      source: leftAddress,
      destination: group,
      hopLimit: 255,
      claimedPayloadBytes: 20,
      payload: advertisement,
    });
  });

  it('stamps a packet between its sending and its reading', async () => {
    const [sender, receiver] = [peer(pair.left), peer(pair.right)];
    await ready(sender, receiver);
    sender.send({ kind: 'send', payload: advertisement });
    const { beforeMs } = await sender.line('sent');
    const { receivedAtMs, readAtMs } = await receiver.line('datagram');
    // The stamp is taken off CLOCK_REALTIME, which may be slewed meanwhile: 0.05 ms of grace.
    expect(Number(receivedAtMs)).toBeGreaterThan(Number(beforeMs) - 0.05);
    expect(Number(receivedAtMs)).toBeLessThan(Number(readAtMs));
  });

  it('sends with TOS 0xc0 and what tcpdump takes for VRRP', async () => {
    const sender = peer(pair.left);
    await ready(sender);
    const text = await tcpdump(pair.right, ['ip', 'proto', '112'], () =>
      sender.send({ kind: 'send', payload: advertisement }),
    );
    expect(text).toMatch(/tos 0xc0, ttl 255/);
    expect(text).toContain(`${leftAddress} > ${group}: VRRPv2, Advertisement, vrid 7, prio 100`);
    expect(text).not.toContain('bad vrrp cksum');
  });

  it('does not hear its own packets', async () => {
    const [sender, receiver] = [peer(pair.left), peer(pair.right)];
    await ready(sender, receiver);
    sender.send({ kind: 'send', payload: advertisement });
    await receiver.line('datagram');
    receiver.send({ kind: 'send', payload: advertisement });
    // What the other side answers would come after an own copy.
    await sender.line('datagram');
    expect(sender.lines('datagram')).toHaveLength(1);
    expect(sender.lines('datagram')[0]).toMatchObject({ source: rightAddress });
  });

  it('hears only the interface that it was opened on', async () => {
    addVeth(pair.left, pair.right, 'veth1');
    inNamespace(pair.left, 'ip', 'addr', 'add', '198.51.100.1/24', 'dev', 'veth1');
    const onFirst = peer(pair.right);
    const onSecond = peer(pair.right, { interfaceName: 'veth1', source: '0.0.0.0' });
    const sender = peer(pair.left, { interfaceName: 'veth1', source: '198.51.100.1' });
    const last = peer(pair.left);
    await ready(onFirst, onSecond, sender, last);
    sender.send({ kind: 'send', payload: advertisement });
    await onSecond.line('datagram');
    last.send({ kind: 'send', payload: advertisement });
    await onFirst.line('datagram');
    expect(onFirst.lines('datagram').map((line) => line['source'])).toEqual([leftAddress]);
    expect(onSecond.lines('datagram').map((line) => line['source'])).toEqual(['198.51.100.1']);
  });

  it('sends from the address it is given, not only from the first of the interface', async () => {
    inNamespace(pair.left, 'ip', 'addr', 'add', '192.0.2.77/24', 'dev', 'veth0');
    const [sender, receiver] = [peer(pair.left, { source: '192.0.2.77' }), peer(pair.right)];
    await ready(sender, receiver);
    sender.send({ kind: 'send', payload: advertisement });
    expect(await receiver.line('datagram')).toMatchObject({ source: '192.0.2.77' });
  });

  it('reports a failed send with errno and the interface, and works again when the link is back', async () => {
    const [sender, receiver] = [peer(pair.left), peer(pair.right)];
    await ready(sender, receiver);
    inNamespace(pair.left, 'ip', 'link', 'set', 'veth0', 'down');
    sender.send({ kind: 'send', payload: advertisement });
    const failed = await sender.line('failed');
    expect(failed['message']).toMatch(/^send to 224\.0\.0\.18 on veth0: ENET(UNREACH|DOWN) /);
    inNamespace(pair.left, 'ip', 'link', 'set', 'veth0', 'up');
    sender.send({ kind: 'send', payload: advertisement });
    expect(await receiver.line('datagram')).toMatchObject({ source: leftAddress });
  });
});

describe('the VRRP socket over IPv6', () => {
  it('delivers an advertisement with its source, destination and hop limit, and fills in the checksum', async () => {
    const source = linkLocalAddress(pair.left);
    const sender = peer(pair.left, { group: group6, source });
    const receiver = peer(pair.right, { group: group6, source: linkLocalAddress(pair.right) });
    await ready(sender, receiver);
    // VRRPv3, VRID 7, priority 100, one address, 1 s; bytes 6 and 7 are the checksum.
    const before = `3107640100640000${'fe80'.padEnd(32, '0')}`;
    sender.send({ kind: 'send', payload: before });
    const { payload, ...rest } = await receiver.line('datagram');
    expect(rest).toMatchObject({ source, destination: group6, hopLimit: 255 });
    expect(String(payload).slice(0, 12)).toBe(before.slice(0, 12));
    expect(String(payload).slice(12, 16)).not.toBe('0000');
    expect(sender.lines('datagram')).toEqual([]);
  });

  it('sends with traffic class 0xc0 and a checksum that tcpdump finds right', async () => {
    const source = linkLocalAddress(pair.left);
    const sender = peer(pair.left, { group: group6, source });
    await ready(sender);
    const text = await tcpdump(pair.right, ['ip6', 'proto', '112'], () =>
      sender.send({ kind: 'send', payload: `3107640100640000${'fe80'.padEnd(32, '0')}` }),
    );
    expect(text).toMatch(/class 0xc0.*hlim 255/);
    expect(text).toContain(`${source} > ${group6}`);
    expect(text).not.toContain('bad vrrp cksum');
  });
});

describe('refusals', () => {
  it('names CAP_NET_RAW when the process lacks it', async () => {
    const program = peer(pair.left, {}, ['setpriv', '--bounding-set=-net_raw']);
    expect(await program.line('failed')).toMatchObject({
      message: 'open raw socket (family 2, protocol 112): EPERM operation not permitted, needs CAP_NET_RAW',
      code: 'EPERM',
      errno: -1,
      syscall: 'socket',
    });
  });

  it('opens without CAP_NET_ADMIN, which only betters it', async () => {
    const program = peer(pair.left, {}, ['setpriv', '--bounding-set=-net_admin']);
    const receiver = peer(pair.right);
    await ready(program, receiver);
    program.send({ kind: 'send', payload: advertisement });
    expect(await receiver.line('datagram')).toMatchObject({ source: leftAddress });
  });

  it('names the interface that does not exist', async () => {
    const program = peer(pair.left, { interfaceName: 'eth9', interfaceIndex: 4711 });
    expect(await program.line('failed')).toMatchObject({
      message: 'bind to device eth9: ENODEV no such device',
      code: 'ENODEV',
      errno: -19,
      syscall: 'setsockopt',
    });
  });

  it('leaves no descriptor behind after a refusal', async () => {
    const [failing, working] = [
      peer(pair.left, { interfaceName: 'eth9', interfaceIndex: 4711 }),
      peer(pair.left),
    ];
    await Promise.all([failing.line('failed'), ready(working)]);
    for (const program of [failing, working]) program.send({ kind: 'report' });
    const [without, withSocket] = await Promise.all([failing.line('report'), working.line('report')]);
    expect(Number(without['descriptors'])).toBe(Number(withSocket['descriptors']) - 1);
  });
});

describe('a flood', () => {
  it('of 100,000 packets does not keep a deadline timer from its ticks', async () => {
    const receiver = peer(pair.right, { quiet: true });
    const sender = peer(pair.left, { quiet: true });
    await ready(receiver, sender);
    receiver.send({ kind: 'tick' });
    sender.send({ kind: 'flood', count: 100_000 });
    const { sent, refused } = await sender.line('flooded', 1, 40_000);
    receiver.send({ kind: 'report' });
    const report = await receiver.line('report');
    expect(Number(sent)).toBe(100_000);
    expect(Number(refused)).toBeLessThan(100_000);
    expect(Number(report['received'])).toBeGreaterThan(1000);
    expect(Number(report['count'])).toBeGreaterThan(10);
    expect(Number(report['worstLatenessMs'])).toBeLessThan(250);
  });
});
