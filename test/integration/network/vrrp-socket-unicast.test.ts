/** VRRP sockets among unicast peers, and those with an Authentication Header, on a real link. */
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

/** VRRPv2: VRID 7, priority 100, one address, checksum right. */
const advertisement = '210764010001b8ebc000020a0000000000000000';
/** VRRPv3 over IPv6; bytes 6 and 7 are the checksum, which the kernel fills in. */
const advertisement6 = `3107640100640000${'fe80'.padEnd(32, '0')}`;

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

function open(namespace: string, place: object): Program {
  const program = new Program(namespace, 'vrrp-peer.ts', {
    args: { place: { authenticationHeader: false, ...place } },
  });
  programs.push(program);
  return program;
}

function unicast(namespace: string, source: string, more: object = {}): Program {
  return open(namespace, { kind: 'unicast', source, ttl: 255, ...more });
}

function onVeth0(namespace: string, name = 'veth0') {
  return {
    interface: { name, index: Number(inNamespace(namespace, 'cat', `/sys/class/net/${name}/ifindex`)) },
  };
}

async function ready(...peers: readonly Program[]): Promise<void> {
  await Promise.all(peers.map((program) => program.line('ready')));
}

function hears(receiver: Program, count = 1) {
  return receiver.line('datagram', count);
}

describe('unicast over IPv4', () => {
  it('goes both ways between sockets without an interface, with the TTL asked for', async () => {
    const left = unicast(pair.left, leftAddress, { ttl: 17 });
    const right = unicast(pair.right, rightAddress);
    await ready(left, right);
    left.send({ kind: 'send', payload: advertisement, destination: rightAddress });
    expect(await hears(right)).toMatchObject({
      source: leftAddress,
      destination: rightAddress,
      hopLimit: 17,
      claimedPayloadBytes: 20,
      payload: advertisement,
    });
    right.send({ kind: 'send', payload: advertisement, destination: leftAddress });
    expect(await hears(left)).toMatchObject({ source: rightAddress, hopLimit: 255 });
  });

  it('sends different bytes to each of several peers from one socket', async () => {
    inNamespace(pair.right, 'ip', 'addr', 'add', '192.0.2.3/24', 'dev', 'veth0');
    const left = unicast(pair.left, leftAddress, onVeth0(pair.left));
    const second = unicast(pair.right, rightAddress, onVeth0(pair.right));
    const third = unicast(pair.right, '192.0.2.3', onVeth0(pair.right));
    await ready(left, second, third);
    left.send({ kind: 'send', payload: `${advertisement}02`, destination: rightAddress });
    left.send({ kind: 'send', payload: `${advertisement}03`, destination: '192.0.2.3' });
    expect(await hears(second)).toMatchObject({ payload: `${advertisement}02` });
    expect(await hears(third)).toMatchObject({ payload: `${advertisement}03`, destination: '192.0.2.3' });
    // The later one would have come to the first socket by now, were it not bound to its address.
    left.send({ kind: 'send', payload: advertisement, destination: rightAddress });
    expect(await hears(second, 2)).toMatchObject({ payload: advertisement });
  });

  it('does not hear what goes to the multicast group', async () => {
    const multicast = { kind: 'multicast', source: leftAddress, group: '224.0.0.18', ...onVeth0(pair.left) };
    const [group, left] = [open(pair.left, multicast), unicast(pair.left, leftAddress)];
    const right = unicast(pair.right, rightAddress);
    const listener = open(pair.right, { ...multicast, source: rightAddress, ...onVeth0(pair.right) });
    await ready(group, left, right, listener);
    group.send({ kind: 'send', payload: advertisement });
    await hears(listener);
    left.send({ kind: 'send', payload: advertisement, destination: rightAddress });
    expect(await hears(right)).toMatchObject({ destination: rightAddress });
    expect(right.lines('datagram')).toHaveLength(1);
  });

  it('with an interface hears that interface alone', async () => {
    addVeth(pair.left, pair.right, 'veth1');
    inNamespace(pair.left, 'ip', 'addr', 'add', '198.51.100.1/24', 'dev', 'veth1');
    inNamespace(pair.right, 'ip', 'addr', 'add', '198.51.100.2/24', 'dev', 'veth1');
    for (const name of ['all', 'veth1']) {
      inNamespace(pair.right, 'sysctl', '-qw', `net.ipv4.conf.${name}.rp_filter=0`);
    }
    inNamespace(pair.left, 'ip', 'route', 'add', `${rightAddress}/32`, 'dev', 'veth1');
    const bound = unicast(pair.right, rightAddress, onVeth0(pair.right));
    const free = unicast(pair.right, rightAddress);
    const byOther = unicast(pair.left, '198.51.100.1');
    const byFirst = unicast(pair.left, leftAddress, onVeth0(pair.left));
    await ready(bound, free, byOther, byFirst);
    byOther.send({ kind: 'send', payload: advertisement, destination: rightAddress });
    expect(await hears(free)).toMatchObject({ source: '198.51.100.1' });
    byFirst.send({ kind: 'send', payload: advertisement, destination: rightAddress });
    expect(await hears(bound)).toMatchObject({ source: leftAddress });
    expect(bound.lines('datagram')).toHaveLength(1);
  });

  it('says which source address is not there, and opens once it is', async () => {
    const early = unicast(pair.left, '192.0.2.99');
    expect(await early.line('failed')).toMatchObject({
      message: 'listen for peers at 192.0.2.99: EADDRNOTAVAIL address not available',
      code: 'EADDRNOTAVAIL',
    });
    inNamespace(pair.left, 'ip', 'addr', 'add', '192.0.2.99/24', 'dev', 'veth0');
    await ready(unicast(pair.left, '192.0.2.99'));
  });

  it('names the VRF that does not exist', async () => {
    const program = unicast(pair.left, leftAddress, { vrf: 'red' });
    expect(await program.line('failed')).toMatchObject({
      message: 'bind to device red: ENODEV no such device',
    });
  });

  it('names peer and source when a packet cannot be sent', async () => {
    const left = unicast(pair.left, leftAddress);
    await ready(left);
    left.send({ kind: 'send', payload: advertisement, destination: '203.0.113.1' });
    expect(await left.line('failed')).toMatchObject({
      message: 'send to 203.0.113.1 from 192.0.2.1: ENETUNREACH network is unreachable',
    });
  });

  it('refuses to send without a peer', async () => {
    const left = unicast(pair.left, leftAddress);
    await ready(left);
    left.send({ kind: 'send', payload: advertisement });
    expect(await left.line('failed')).toMatchObject({
      message: 'unicast from 192.0.2.1 needs a peer to send to',
    });
  });
});

describe('unicast over IPv6', () => {
  it('goes both ways between link-local addresses of an interface', async () => {
    const [here, there] = [linkLocalAddress(pair.left), linkLocalAddress(pair.right)];
    const left = unicast(pair.left, here, { ttl: 64, ...onVeth0(pair.left) });
    const right = unicast(pair.right, there, onVeth0(pair.right));
    await ready(left, right);
    left.send({ kind: 'send', payload: advertisement6, destination: there });
    const { payload, ...rest } = await hears(right);
    expect(rest).toMatchObject({ source: here, destination: there, hopLimit: 64 });
    expect(String(payload).slice(12, 16)).not.toBe('0000');
    right.send({ kind: 'send', payload: advertisement6, destination: here });
    expect(await hears(left)).toMatchObject({ source: there, destination: here, hopLimit: 255 });
  });

  it('goes both ways between global addresses without an interface', async () => {
    inNamespace(pair.left, 'ip', 'addr', 'add', '2001:db8::1/64', 'dev', 'veth0', 'nodad');
    inNamespace(pair.right, 'ip', 'addr', 'add', '2001:db8::2/64', 'dev', 'veth0', 'nodad');
    const [left, right] = [unicast(pair.left, '2001:db8::1'), unicast(pair.right, '2001:db8::2')];
    await ready(left, right);
    left.send({ kind: 'send', payload: advertisement6, destination: '2001:db8::2' });
    expect(await hears(right)).toMatchObject({ source: '2001:db8::1', destination: '2001:db8::2' });
    right.send({ kind: 'send', payload: advertisement6, destination: '2001:db8::1' });
    expect(await hears(left)).toMatchObject({ source: '2001:db8::2' });
  });

  it('does not hear what goes to the multicast group', async () => {
    const [here, there] = [linkLocalAddress(pair.left), linkLocalAddress(pair.right)];
    const multicast = { kind: 'multicast', group: 'ff02::12' };
    const group = open(pair.left, { ...multicast, source: here, ...onVeth0(pair.left) });
    const listener = open(pair.right, { ...multicast, source: there, ...onVeth0(pair.right) });
    const left = unicast(pair.left, here, onVeth0(pair.left));
    const right = unicast(pair.right, there, onVeth0(pair.right));
    await ready(group, listener, left, right);
    group.send({ kind: 'send', payload: advertisement6 });
    await hears(listener);
    left.send({ kind: 'send', payload: advertisement6, destination: there });
    expect(await hears(right)).toMatchObject({ destination: there });
    expect(right.lines('datagram')).toHaveLength(1);
  });

  it('says that a link-local source needs an interface', async () => {
    const source = linkLocalAddress(pair.left);
    expect(await unicast(pair.left, source).line('failed')).toMatchObject({
      message: `listen for peers at ${source}: EINVAL invalid argument`,
    });
  });

  it('refuses an Authentication Header', async () => {
    const program = open(pair.left, {
      kind: 'unicast',
      source: linkLocalAddress(pair.left),
      ttl: 255,
      authenticationHeader: true,
      ...onVeth0(pair.left),
    });
    expect((await program.line('failed'))['message']).toMatch(/^VRRP over IPv6 has no Authentication Header/);
  });
});

describe('the socket with an Authentication Header', () => {
  const authentication = `7004000000000007${'00000001'}${'aa'.repeat(12)}`;

  /** Length and checksum 0, which the kernel fills in; identification 0x1234. */
  function ipHeader(destination: string): string {
    const bytes = (text: string) => Buffer.from(text.split('.').map(Number)).toString('hex');
    return `45c0000012340000ff330000${bytes(leftAddress)}${bytes(destination)}`;
  }

  it('sends a whole datagram to the group, and delivers both headers and the packet after them', async () => {
    const place = { kind: 'multicast', group: '224.0.0.18', authenticationHeader: true };
    const left = open(pair.left, { ...place, source: leftAddress, ...onVeth0(pair.left) });
    const right = open(pair.right, { ...place, source: rightAddress, ...onVeth0(pair.right) });
    await ready(left, right);
    left.send({ kind: 'send', payload: ipHeader('224.0.0.18') + authentication + advertisement });
    const { authenticationHeader, ...rest } = await hears(right);
    expect(rest).toMatchObject({
      source: leftAddress,
      destination: '224.0.0.18',
      hopLimit: 255,
      claimedPayloadBytes: 20,
      payload: advertisement,
    });
    // 20 + 24 + 20 bytes, and the identification as we wrote it: the digest covers both.
    expect(String(authenticationHeader)).toMatch(/^45c0004012340000ff33[0-9a-f]{4}c0000201e0000012/);
    expect(String(authenticationHeader).slice(40)).toBe(authentication);
    expect(left.lines('datagram')).toEqual([]);
  });

  it('works among unicast peers', async () => {
    const left = unicast(pair.left, leftAddress, { authenticationHeader: true });
    const right = unicast(pair.right, rightAddress, { authenticationHeader: true });
    await ready(left, right);
    left.send({
      kind: 'send',
      payload: ipHeader(rightAddress) + authentication + advertisement,
      destination: rightAddress,
    });
    expect(await hears(right)).toMatchObject({ source: leftAddress, payload: advertisement });
  });

  it('takes another next header than VRRP for malformed', async () => {
    const left = unicast(pair.left, leftAddress, { authenticationHeader: true });
    const right = unicast(pair.right, rightAddress, { authenticationHeader: true });
    await ready(left, right);
    const payload = `${ipHeader(rightAddress)}06${authentication.slice(2)}${advertisement}`;
    left.send({ kind: 'send', payload, destination: rightAddress });
    expect(await right.line('malformed')).toMatchObject({
      reason: 'the Authentication Header carries protocol 6 and must carry 112',
    });
    expect(right.lines('datagram')).toEqual([]);
  });
});
