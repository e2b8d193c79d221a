/** Claims of our addresses by another station, on a real link. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { address } from '../../../src/net/address.ts';
import { encodeGratuitousArp } from '../../../src/net/arp.ts';
import { encodeUnsolicitedNeighborAdvertisement } from '../../../src/net/ndp.ts';
import { ipv6Ready } from './ipv6-ready.ts';
import { createVethPair, inNamespace, Program, type VethPair } from './namespace-fixture.ts';

const sourceMac = Uint8Array.of(0, 0, 0x5e, 0, 1, 7);
const mac = '00:00:5e:00:01:07';
const claim = announcement('192.0.2.10');
const claim6 = announcement('2001:db8::10');
/** What is sent last, and heard: whatever came before it has been dropped. */
const last = announcement('192.0.2.250');
const last6 = announcement('2001:db8::250');

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

function announcement(text: string): string {
  const options = { sourceMac, address: address(text) };
  const encode = text.includes(':') ? encodeUnsolicitedNeighborAdvertisement : encodeGratuitousArp;
  return Buffer.from(encode(options)).toString('hex');
}

async function station(namespace: string, addresses: readonly string[] = []): Promise<Program> {
  const index = Number(inNamespace(namespace, 'cat', '/sys/class/net/veth0/ifindex'));
  const program = new Program(namespace, 'arp-watch.ts', { args: { name: 'veth0', index } });
  programs.push(program);
  await program.line('ready');
  if (addresses.length > 0) await watch(program, addresses);
  return program;
}

async function watch(program: Program, addresses: readonly string[]): Promise<void> {
  const before = program.lines('watching').length;
  program.send({ kind: 'watch', addresses });
  await program.line('watching', before + 1);
}

function claimed(program: Program): readonly unknown[] {
  return program.lines('claim').map((line) => line['address']);
}

describe('the ARP watcher', () => {
  it('tells which watched address another station claims, and by which MAC address', async () => {
    const [watching, other] = [await station(pair.right, ['192.0.2.10']), await station(pair.left)];
    other.send({ kind: 'send', frame: claim });
    expect(await watching.line('claim')).toEqual({ kind: 'claim', address: '192.0.2.10', mac });
  });

  it('takes an ordinary request and a reply from a watched address for claims, not a probe for it', async () => {
    const watched = ['192.0.2.10', '192.0.2.250'];
    const [watching, other] = [await station(pair.right, watched), await station(pair.left)];
    const request = `ffffffffffff00005e00010708060001080006040001${'00005e000107'}c000020a000000000000c0000263`;
    const reply = request.replace('06040001', '06040002').replace('5e000107c0', '5e000108c0');
    const probe = request.replace('c000020a', '00000000').replace('c0000263', 'c000020a');
    for (const frame of [probe, request, reply, last]) other.send({ kind: 'send', frame });
    await watching.line('claim', 3);
    expect(claimed(watching)).toEqual(['192.0.2.10', '192.0.2.10', '192.0.2.250']);
    expect(watching.lines('claim').map((line) => line['mac'])).toEqual([mac, '00:00:5e:00:01:08', mac]);
  });

  it('does not see what this host itself announces', async () => {
    const watched = ['192.0.2.10', '192.0.2.250', '2001:db8::10', '2001:db8::250'];
    const [watching, other] = [await station(pair.right, watched), await station(pair.left)];
    for (const frame of [claim, claim6]) watching.send({ kind: 'send', frame });
    await watching.line('sent', 2);
    for (const frame of [last, last6]) other.send({ kind: 'send', frame });
    await watching.line('claim', 2);
    expect([...claimed(watching)].sort()).toEqual(['192.0.2.250', '2001:db8::250']);
  });

  it('tells of neighbour advertisements for watched IPv6 addresses', async () => {
    const [watching, other] = [await station(pair.right, ['2001:db8::10']), await station(pair.left)];
    for (const frame of [last6, claim6]) other.send({ kind: 'send', frame });
    expect(await watching.line('claim')).toEqual({ kind: 'claim', address: '2001:db8::10', mac });
  });

  it('watches other addresses from setAddresses on', async () => {
    const [watching, other] = [await station(pair.right, ['192.0.2.10']), await station(pair.left)];
    await watch(watching, ['192.0.2.250', '2001:db8::250']);
    for (const frame of [claim, claim6, last, last6]) other.send({ kind: 'send', frame });
    await watching.line('claim', 2);
    await watch(watching, ['192.0.2.10']);
    for (const frame of [last, claim]) other.send({ kind: 'send', frame });
    await watching.line('claim', 3);
    expect([...claimed(watching)].sort()).toEqual(['192.0.2.10', '192.0.2.250', '2001:db8::250']);
  });

  it('hears each of more addresses than a filter holds', async () => {
    const many = Array.from({ length: 600 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);
    const many6 = Array.from({ length: 600 }, (_, index) => `2001:db8:1::${(index + 1).toString(16)}`);
    const [watching, other] = [await station(pair.right, [...many, ...many6]), await station(pair.left)];
    const frames = [claim, announcement('10.1.2.87'), claim6, announcement('2001:db8:1::258')];
    for (const frame of frames) other.send({ kind: 'send', frame });
    await watching.line('claim', 2);
    expect([...claimed(watching)].sort()).toEqual(['10.1.2.87', '2001:db8:1::258']);
  });

  it('says nothing when the link goes down, and hears again when it is up', async () => {
    const [watching, other] = [await station(pair.right, ['192.0.2.10']), await station(pair.left)];
    inNamespace(pair.right, 'ip', 'link', 'set', 'veth0', 'down');
    inNamespace(pair.right, 'ip', 'link', 'set', 'veth0', 'up');
    other.send({ kind: 'send', frame: claim });
    await watching.line('claim');
    expect(watching.lines('error')).toEqual([]);
  });
});

describe('in a storm of claims', () => {
  it('of a watched address the process stays on time, reads a bounded part and tells what it left out', async () => {
    const [watching, other] = [await station(pair.right, ['192.0.2.10']), await station(pair.left)];
    watching.send({ kind: 'begin' });
    await watching.line('begun');
    other.send({ kind: 'storm', frame: claim, forMs: 2000 });
    const { sent } = await other.line('stormed', 1, 20_000);
    watching.send({ kind: 'report' });
    const report = await watching.line('report');
    expect(Number(sent)).toBeGreaterThan(20_000);
    expect(Number(report['leftOut'])).toBeGreaterThan(Number(sent) / 2);
    // The same claim ten times a second at most.
    expect(Number(report['claims'])).toBeGreaterThan(5);
    expect(Number(report['claims'])).toBeLessThan(30);
    expect(Number(report['cpuMs'])).toBeLessThan(600);
    expect(Number(report['worstMs'])).toBeLessThan(250);
  });

  it('of other addresses nothing reaches the process', async () => {
    const [watching, other] = [await station(pair.right, ['192.0.2.250']), await station(pair.left)];
    watching.send({ kind: 'begin' });
    await watching.line('begun');
    other.send({ kind: 'storm', frame: claim, forMs: 1000 });
    await other.line('stormed', 1, 20_000);
    watching.send({ kind: 'report' });
    expect(await watching.line('report')).toMatchObject({ claims: 0, leftOut: 0 });
  });
});
