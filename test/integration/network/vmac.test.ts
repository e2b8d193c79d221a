/** use_vmac: the virtual router has a MAC address of its own, so that at a takeover nobody has to learn anything. */
import { existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { DaemonKind, Director } from '../../../src/drill/director.ts';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import { hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import {
  buildPair,
  EchoProbe,
  FrameLines,
  fast,
  instanceText,
  ip,
  priorities,
  virtualAddress,
} from './failover-fixture.ts';

let pair: DirectorPair;
let probe: EchoProbe | undefined;
afterEach(async () => {
  await probe?.stop();
  probe = undefined;
  pair.close();
});

const withoutKeepalived = !existsSync('/usr/sbin/keepalived') && process.env['CI'] !== 'true';
const link = 'vrrp.51';

interface Variant {
  readonly lines: readonly string[];
  readonly virtual: readonly string[];
  readonly address: string;
  readonly virtualMac: string;
  /** Whether advertisements come from the macvlan. */
  readonly transmitsByVirtual: boolean;
}

const ipv4 = { virtual: [`${virtualAddress}/24`], address: virtualAddress, virtualMac: '00:00:5e:00:01:33' };
const byVirtual: Variant = {
  lines: [...fast, 'use_vmac'],
  ...ipv4,
  transmitsByVirtual: true,
};
const byBase: Variant = {
  lines: [...fast, 'use_vmac', 'vmac_xmit_base'],
  ...ipv4,
  transmitsByVirtual: false,
};
const overIpv6: Variant = {
  lines: [...fast, 'use_vmac'],
  virtual: ['fe80::3/64', '2001:db8::3/64'],
  address: '2001:db8::3',
  virtualMac: '00:00:5e:00:02:33',
  transmitsByVirtual: true,
};

const variants = {
  use_vmac: byVirtual,
  'use_vmac with vmac_xmit_base': byBase,
  'use_vmac of IPv6': overIpv6,
};

const cases = [
  ['holdfast', 'keepalived', 'use_vmac'],
  ['keepalived', 'holdfast', 'use_vmac'],
  ['holdfast', 'keepalived', 'use_vmac with vmac_xmit_base'],
  ['holdfast', 'holdfast', 'use_vmac with vmac_xmit_base'],
  ['holdfast', 'holdfast', 'use_vmac of IPv6'],
  ['keepalived', 'holdfast', 'use_vmac of IPv6'],
] as const satisfies readonly (readonly [DaemonKind, DaemonKind, keyof typeof variants])[];

async function holdsOnMacvlan({ name }: Director, address: string): Promise<boolean> {
  const { stdout } = await pair.network.run(name, 'ip', ['-o', 'address', 'show', 'dev', link]);
  return stdout.includes(` ${address}/`);
}

async function untilHeldBy(holder: Director, other: Director | undefined, address: string): Promise<void> {
  await until(`${holder.name} alone holds ${address} on ${link}`, 20_000, async () => {
    return (
      (await holdsOnMacvlan(holder, address)) &&
      (other === undefined || !(await holdsOnMacvlan(other, address)))
    );
  }).catch((error: Error) => {
    throw new Error(`${error.message}; the log of ${holder.name}:\n${holder.log().slice(-3000)}`);
  });
}

async function start(lb01: DaemonKind, lb02: DaemonKind, variant: Variant): Promise<FrameLines> {
  const { lines, virtual, address } = variant;
  pair = await buildPair({
    lb01,
    lb02,
    text: (name) => instanceText({ priority: priorities[name], lines, virtual }),
  });
  for (const host of ['lb01', 'lb02', 'client'] as const)
    await pair.network.run(host, 'sysctl', [
      '-qw',
      'net.ipv6.conf.eth0.accept_dad=0',
      // Else the director that asks for the client's MAC address does so in the name of the virtual address, by eth0.
      'net.ipv4.conf.eth0.arp_announce=2',
    ]);
  await pair.network.run('client', 'ip', ['address', 'add', '2001:db8::9/64', 'dev', 'eth0', 'nodad']);
  const frames = await FrameLines.start(pair);
  pair.lb02.start();
  pair.lb01.start();
  await untilHeldBy(pair.lb01, pair.lb02, address);
  return frames;
}

async function startProbe(address: string): Promise<EchoProbe> {
  const from = address === virtualAddress ? hostAddresses.client : '2001:db8::9';
  probe = new EchoProbe(pair, { from, to: address });
  await probe.ready();
  return probe;
}

async function neighbour(address: string): Promise<string> {
  return (await pair.network.run('client', 'ip', ['neighbour', 'show', address])).stdout;
}

/** The Ethernet addresses that advertisements came from. */
function sendersOf(lines: readonly string[], priority: number): readonly string[] {
  const adverts = lines.filter((line) => line.includes(`prio ${priority}`));
  return [...new Set(adverts.map((line) => line.split(' ')[1] ?? ''))];
}

function announcers(lines: readonly string[], address: string): readonly string[] {
  const announced = lines.filter((line) =>
    address === virtualAddress
      ? line.includes(`who-has ${address}`) && line.includes(`tell ${address}`)
      : line.includes('neighbor advertisement') && line.includes(`tgt is ${address}`),
  );
  return [...new Set(announced.map((line) => line.split(' ')[1] ?? ''))];
}

/** Nothing on lb01 tells that there was a virtual router. */
async function expectNoTrace(): Promise<void> {
  expect(await ip(pair, 'lb01', 'link')).not.toContain(link);
  const names = ['arp_ignore', 'arp_filter'].map((name) => `net.ipv4.conf.eth0.${name}`);
  const { stdout } = await pair.network.run('lb01', 'sysctl', ['-n', ...names]);
  expect(stdout).toBe('0\n0\n');
  expect((await pair.network.run('lb01', 'nft', ['list', 'ruleset'])).stdout).toBe('');
}

test.skipIf(withoutKeepalived).each(cases)(
  'lb01 runs %s, lb02 %s, %s: the addresses go to lb02 and come back by the same MAC address',
  async (lb01, lb02, name) => {
    const variant = variants[name];
    const { address, virtualMac, transmitsByVirtual } = variant;
    const frames = await start(lb01, lb02, variant);
    const echoes = await startProbe(address);
    expect(await neighbour(address)).toContain(virtualMac);
    const senders = sendersOf(frames.all().split('\n'), priorities.lb01);
    if (transmitsByVirtual) expect(senders).toEqual([virtualMac]);
    else expect(senders).not.toContain(virtualMac);

    frames.mark();
    expect(await pair.lb01.stop()).toBe(0);
    await untilHeldBy(pair.lb02, undefined, address);
    if (lb01 === 'holdfast') await expectNoTrace();
    const stopped = await echoes.report();
    pair.lb01.start();
    await untilHeldBy(pair.lb01, pair.lb02, address);
    const returned = await echoes.report();
    expect(returned.asked).toBeGreaterThan(stopped.asked + 100);
    expect(await neighbour(address)).toContain(virtualMac);
    expect(announcers(frames.sinceMark(), address)).toEqual([virtualMac]);
    // keepalived lets go before its successor is there. Else: what a switch sends on between the advertisement, which
    // moves the MAC address, and the address.
    if (lb01 === 'holdfast') expect(stopped.failedAtMs.length).toBeLessThan(5);
    // keepalived may answer the first announcement of its successor; then what is lost is lost until the second one.
    const mostLost = lb02 === 'holdfast' ? 5 : 40;
    expect(returned.failedAtMs.length - stopped.failedAtMs.length).toBeLessThan(mostLost);
  },
);
