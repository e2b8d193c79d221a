/** VRRP sockets on a macvlan and in a VRF, which not every machine's kernel has. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadEmbeddedModules } from '../../../src/drill/kernels/load-embedded-modules.ts';
import { ipv6Ready, linkLocalAddress } from '../network/ipv6-ready.ts';
import {
  createVethPair,
  inNamespace,
  leftAddress,
  Program,
  rightAddress,
  type VethPair,
} from '../network/namespace-fixture.ts';

const virtualMac = '00:00:5e:00:01:07';
/** Two processes start on what may be one slow processor. */
const startMs = 60_000;

let pair: VethPair;
let left: Program;
let right: Program;

beforeAll(() => loadEmbeddedModules('macvlan', 'vrf'));

beforeEach(async () => {
  pair = createVethPair();
  await ipv6Ready(pair);
  left = new Program(pair.left, 'shared-sockets.ts');
  right = new Program(pair.right, 'shared-sockets.ts');
  await Promise.all([left.line('ready', 1, startMs), right.line('ready', 1, startMs)]);
});

afterEach(async () => {
  await Promise.all([left.stop(), right.stop()]);
  pair.remove();
});

function on(namespace: string, name: string) {
  const index = Number(inNamespace(namespace, 'cat', `/sys/class/net/${name}/ifindex`));
  return { interface: { name, index }, authenticationHeader: false };
}

async function join(program: Program, name: string, place: object): Promise<void> {
  const before = program.lines('joined').length;
  program.send({ kind: 'join', name, vrid: 7, place });
  await program.line('joined', before + 1);
}

/** As VRRP wants it: the virtual router MAC address, no IPv4 address, and the link-local one of the interface below. */
function addMacvlan(linkLocal: string): void {
  const macvlan = ['link', 'add', 'link', 'veth0', 'name', 'vrrp.7', 'address', virtualMac];
  inNamespace(pair.left, 'ip', ...macvlan, 'type', 'macvlan', 'mode', 'private');
  inNamespace(pair.left, 'ip', 'link', 'set', 'vrrp.7', 'addrgenmode', 'none', 'up');
  inNamespace(pair.left, 'ip', 'addr', 'add', `${linkLocal}/64`, 'dev', 'vrrp.7', 'nodad');
}

/** The first packet of protocol 112 over IPv4 that the other side receives after `act`, with its Ethernet header. */
async function firstFrame(act: () => void): Promise<string> {
  const watch = ['tcpdump', '-c', '1', '-e', '-n', '-l', '-i', 'veth0', 'ip proto 112'];
  const child = spawn('ip', ['netns', 'exec', pair.right, 'timeout', '30', ...watch]);
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

describe('a VRRP socket on a macvlan', () => {
  test('sends from the virtual MAC address with the address of the interface below, and hears the link', async () => {
    const [here, there] = [linkLocalAddress(pair.left), linkLocalAddress(pair.right)];
    addMacvlan(here);
    const multicast = { kind: 'multicast', group: '224.0.0.18' };
    const multicast6 = { kind: 'multicast', group: 'ff02::12' };
    await join(left, 'IPv4', { ...multicast, source: leftAddress, ...on(pair.left, 'vrrp.7') });
    await join(left, 'IPv6', { ...multicast6, source: here, ...on(pair.left, 'vrrp.7') });
    await join(right, 'IPv4', { ...multicast, source: rightAddress, ...on(pair.right, 'veth0') });
    await join(right, 'IPv6', { ...multicast6, source: there, ...on(pair.right, 'veth0') });
    const payload = '210764010001000000000000c000020a';
    const payload6 = '310764010001000000000000c000020a';
    const frame = await firstFrame(() => left.send({ kind: 'send', name: 'IPv4', payload }));
    expect(frame).toContain(`${virtualMac} > 01:00:5e:00:00:12`);
    left.send({ kind: 'send', name: 'IPv6', payload: payload6 });
    await right.line('heard', 2);
    right.send({ kind: 'send', name: 'IPv4', payload });
    right.send({ kind: 'send', name: 'IPv6', payload: payload6 });
    await left.line('heard', 2);
    const heardBy = (program: Program) => program.lines('heard').map(({ name, source }) => [name, source]);
    expect(heardBy(right)).toEqual([
      ['IPv4', leftAddress],
      ['IPv6', here],
    ]);
    expect(heardBy(left)).toEqual([
      ['IPv4', rightAddress],
      ['IPv6', there],
    ]);
  });
});

describe('a unicast VRRP socket in a VRF', () => {
  test('finds its source address and its peers there, and without the VRF does not', async () => {
    inNamespace(pair.left, 'ip', 'link', 'add', 'red', 'type', 'vrf', 'table', '10');
    inNamespace(pair.left, 'ip', 'link', 'set', 'red', 'up');
    inNamespace(pair.left, 'ip', 'link', 'set', 'veth0', 'master', 'red');
    const unicast = { kind: 'unicast', ttl: 255, authenticationHeader: false };
    await join(left, 'inside', { ...unicast, source: leftAddress, vrf: 'red' });
    await join(right, 'peer', { ...unicast, source: rightAddress });
    const payload = '210764010001000000000000c000020a';
    left.send({ kind: 'send', name: 'inside', payload, destination: rightAddress });
    expect(await right.line('heard')).toMatchObject({ source: leftAddress });
    right.send({ kind: 'send', name: 'peer', payload, destination: leftAddress });
    expect(await left.line('heard')).toMatchObject({ source: rightAddress });
    left.send({ kind: 'join', name: 'outside', vrid: 7, place: { ...unicast, source: leftAddress } });
    expect(await left.line('failed')).toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
