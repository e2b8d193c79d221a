/** Instances that share real sockets. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ipv6Ready, linkLocalAddress } from './ipv6-ready.ts';
import {
  createVethPair,
  inNamespace,
  leftAddress,
  Program,
  rightAddress,
  type VethPair,
} from './namespace-fixture.ts';

let pair: VethPair;
let left: Program;
let right: Program;

beforeEach(async () => {
  pair = createVethPair();
  await ipv6Ready(pair);
  left = new Program(pair.left, 'shared-sockets.ts');
  right = new Program(pair.right, 'shared-sockets.ts');
  await Promise.all([left.line('ready'), right.line('ready')]);
});

afterEach(async () => {
  await Promise.all([left.stop(), right.stop()]);
  pair.remove();
});

function veth0(namespace: string) {
  const index = Number(inNamespace(namespace, 'cat', '/sys/class/net/veth0/ifindex'));
  return { name: 'veth0', index };
}

function multicast(namespace: string, source: string, group = '224.0.0.18'): object {
  return { kind: 'multicast', source, group, interface: veth0(namespace), authenticationHeader: false };
}

function unicast(source: string): object {
  return { kind: 'unicast', source, ttl: 255, authenticationHeader: false };
}

/** VRRPv2, or v3 for IPv6, whose checksum the kernel fills in. */
function packet(vrid: number, first = '21'): string {
  return `${first}${vrid.toString(16).padStart(2, '0')}6401000100000000c000020a`;
}

async function join(program: Program, ...instances: readonly object[]): Promise<void> {
  const before = program.lines('joined').length;
  for (const instance of instances) program.send({ kind: 'join', ...instance });
  if (instances.length > 0) await program.line('joined', before + instances.length);
}

describe('instances of one place', () => {
  it('share one socket for 250 VRIDs, and each hears its own', async () => {
    right.send({ kind: 'report' });
    const before = Number((await right.line('report'))['sockets']);
    const place = multicast(pair.right, rightAddress);
    const vrids = Array.from({ length: 250 }, (_, index) => index + 1);
    await join(right, ...vrids.map((vrid) => ({ place, vrid, name: `I${vrid}` })));
    await join(left, { place: multicast(pair.left, leftAddress), vrid: 1, name: 'sender' });
    for (const vrid of [250, 17, 251]) left.send({ kind: 'send', name: 'sender', payload: packet(vrid) });
    expect(await right.line('unknownVrid')).toMatchObject({ vrid: 251, sender: leftAddress });
    expect(right.lines('heard')).toMatchObject([
      { name: 'I250', vrid: 250, source: leftAddress },
      { name: 'I17', vrid: 17 },
    ]);
    right.send({ kind: 'report' });
    expect(await right.line('report', 2)).toMatchObject({ sockets: before + 1, unclaimed: 1 });
  });

  it('with one VRID and disjoint unicast peers hear their own peers', async () => {
    inNamespace(pair.left, 'ip', 'addr', 'add', '192.0.2.3/24', 'dev', 'veth0');
    const place = unicast(rightAddress);
    await join(
      right,
      { place, vrid: 7, name: 'A', peers: [leftAddress] },
      { place, vrid: 7, name: 'B', peers: ['192.0.2.3'] },
    );
    await join(
      left,
      { place: unicast(leftAddress), vrid: 7, name: 'peer of A' },
      { place: unicast('192.0.2.3'), vrid: 7, name: 'peer of B' },
    );
    const send = { kind: 'send', payload: packet(7), destination: rightAddress };
    left.send({ ...send, name: 'peer of B' });
    left.send({ ...send, name: 'peer of A' });
    await right.line('heard', 2);
    expect(right.lines('heard').map(({ name, source }) => [name, source])).toEqual([
      ['B', '192.0.2.3'],
      ['A', leftAddress],
    ]);
    right.send({ kind: 'send', name: 'B', payload: packet(7), destination: '192.0.2.3' });
    expect(await left.line('heard')).toMatchObject({ name: 'peer of B', source: rightAddress });
  });

  it('with one VRID in IPv4 and IPv6 hear their own family', async () => {
    const [here, there] = [linkLocalAddress(pair.left), linkLocalAddress(pair.right)];
    await join(
      right,
      { place: multicast(pair.right, rightAddress), vrid: 7, name: 'IPv4' },
      { place: multicast(pair.right, there, 'ff02::12'), vrid: 7, name: 'IPv6' },
    );
    await join(
      left,
      { place: multicast(pair.left, leftAddress), vrid: 7, name: 'IPv4' },
      { place: multicast(pair.left, here, 'ff02::12'), vrid: 7, name: 'IPv6' },
    );
    left.send({ kind: 'send', name: 'IPv6', payload: packet(7, '31') });
    expect(await right.line('heard')).toMatchObject({ name: 'IPv6', source: here });
    left.send({ kind: 'send', name: 'IPv4', payload: packet(7) });
    expect(await right.line('heard', 2)).toMatchObject({ name: 'IPv4', source: leftAddress });
  });
});

describe('drain', () => {
  it('hands over what came in while the process was busy, before its event loop turns', async () => {
    await join(right, { place: multicast(pair.right, rightAddress), vrid: 7, name: 'right' });
    await join(left, { place: multicast(pair.left, leftAddress), vrid: 7, name: 'left' });
    right.send({ kind: 'block', forMs: 2000 });
    await right.line('blocking');
    for (let count = 0; count < 40; count += 1) left.send({ kind: 'send', name: 'left', payload: packet(7) });
    const drained = await right.line('drained');
    expect(Number(drained['after'])).toBe(40);
    expect(Number(drained['before'])).toBeLessThan(40);
  });
});
