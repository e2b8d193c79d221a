/** What the announcer puts on a real link, as a neighbour takes it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ipv6Ready } from './ipv6-ready.ts';
import { addVeth, createVethPair, inNamespace, Program, type VethPair } from './namespace-fixture.ts';

const ipv4 = '192.0.2.10';
const ipv6 = '2001:db8::10';

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

function macOf(namespace: string, name: string): string {
  return inNamespace(namespace, 'cat', `/sys/class/net/${name}/address`).trim();
}

function held(address: string, device = 'veth0'): object {
  return { address, prefixLength: 32, interface: device, scope: 0 };
}

async function started(namespace: string, file: string, args: object = {}): Promise<Program> {
  const program = new Program(namespace, file, { args });
  programs.push(program);
  await program.line('ready');
  return program;
}

async function secondLink(): Promise<void> {
  addVeth(pair.left, pair.right, 'veth1');
  await ipv6Ready(pair, 'veth1');
}

async function neighbour(device: string, ...addresses: readonly string[]): Promise<Program> {
  const index = Number(inNamespace(pair.right, 'cat', `/sys/class/net/${device}/ifindex`));
  const program = await started(pair.right, 'arp-watch.ts', { name: device, index });
  program.send({ kind: 'watch', addresses });
  await program.line('watching');
  return program;
}

describe('the announcer', () => {
  it('announces IPv4 and IPv6 addresses with the MAC address of the interface that holds them', async () => {
    await secondLink();
    const [first, second] = [await neighbour('veth0', ipv4, ipv6), await neighbour('veth1', ipv4, ipv6)];
    const announcer = await started(pair.left, 'announcer.ts');
    announcer.send({ kind: 'announce', addresses: [held(ipv4), held(ipv6, 'veth1')], repeat: 1 });
    expect(await first.line('claim')).toMatchObject({ address: ipv4, mac: macOf(pair.left, 'veth0') });
    expect(await second.line('claim')).toMatchObject({ address: ipv6, mac: macOf(pair.left, 'veth1') });
    expect(await announcer.line('announced')).toMatchObject({ errors: [] });
  });

  it('announces on another interface with the MAC address of that one', async () => {
    await secondLink();
    const second = await neighbour('veth1', ipv4, ipv6);
    const announcer = await started(pair.left, 'announcer.ts');
    announcer.send({ kind: 'announce', addresses: [held(ipv4)], repeat: 1 });
    announcer.send({ kind: 'announceOn', interface: 'veth1', addresses: [held(ipv4), held(ipv6)] });
    await second.line('claim', 2);
    const mac = macOf(pair.left, 'veth1');
    expect(second.lines('claim')).toEqual([
      { kind: 'claim', address: ipv4, mac },
      { kind: 'claim', address: ipv6, mac },
    ]);
  });

  it.each([
    ['1', 'is', true],
    ['0', 'is not', false],
  ])('with forwarding=%s on the interface says that it %s a router', async (value, _, isRouter) => {
    inNamespace(pair.left, 'sysctl', '-qw', `net.ipv6.conf.veth0.forwarding=${value}`);
    inNamespace(
      pair.right,
      ...`ip neigh add ${ipv6} lladdr 02:00:00:00:00:01 nud stale dev veth0`.split(' '),
    );
    const right = await neighbour('veth0', ipv6);
    const announcer = await started(pair.left, 'announcer.ts');
    announcer.send({ kind: 'announce', addresses: [held(ipv6)], repeat: 1 });
    await right.line('claim');
    const entry = inNamespace(pair.right, 'ip', '-6', 'neigh', 'show', ipv6, 'dev', 'veth0');
    expect(entry).toContain(macOf(pair.left, 'veth0'));
    expect(/\brouter\b/.test(entry)).toBe(isRouter);
  });

  it('returns an error for each packet that a link which is down does not take', async () => {
    const announcer = await started(pair.left, 'announcer.ts');
    inNamespace(pair.left, 'ip', 'link', 'set', 'veth0', 'down');
    announcer.send({ kind: 'announce', addresses: [held(ipv4), held(ipv6)], repeat: 2 });
    const { errors } = await announcer.line('announced');
    expect(errors).toHaveLength(4);
    expect(errors).toContainEqual(
      expect.objectContaining({ message: 'send a frame on veth0: ENETDOWN network is down' }),
    );
  });

  it('announces nothing on an interface that is not there or has no ARP', async () => {
    const announcer = await started(pair.left, 'announcer.ts');
    announcer.send({ kind: 'announce', addresses: [held(ipv4, 'lo'), held(ipv4, 'eth9')], repeat: 1 });
    announcer.send({ kind: 'announceOn', interface: 'eth9', addresses: [held(ipv4)] });
    expect(await announcer.line('announced', 2)).toMatchObject({ errors: [] });
    expect(announcer.lines('announced')[0]).toMatchObject({ errors: [] });
  });
});
