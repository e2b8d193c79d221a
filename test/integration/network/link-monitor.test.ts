import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LinkState } from '../../../src/kernel/link-monitor.ts';
import {
  addVeth,
  createVethPair,
  inNamespace,
  type Line,
  Program,
  type VethPair,
} from './namespace-fixture.ts';

type Known = Omit<LinkState, 'mac'> & {
  readonly mac: string;
  readonly primary4?: string;
  readonly primary6?: string;
};

let pair: VethPair;
let watcher: Program;

beforeEach(async () => {
  pair = createVethPair();
  watcher = new Program(pair.left, 'link-watcher.ts');
  await watcher.line('ready');
});
afterEach(async () => {
  await watcher.stop();
  pair.remove();
});

const ip = (...words: string[]): string => inNamespace(pair.left, 'ip', ...words);

async function known(): Promise<Map<string, Known>> {
  const count = watcher.lines('links').length + 1;
  watcher.send({ kind: 'links' });
  const { links } = (await watcher.line('links', count)) as Line & { links: Known[] };
  return new Map(links.map((link) => [link.name, link]));
}

/** The first line of that kind that says so. */
async function told(kind: string, says: (line: Line) => boolean): Promise<Line> {
  for (let count = 1; ; count += 1) {
    const line = await watcher.line(kind, count);
    if (says(line)) return line;
  }
}
const tellsAddress = (text: string) => (line: Line) =>
  (line['address'] as { address: string }).address === text;

test('at the start it knows what ip shows', async () => {
  const links = await known();
  const veth = links.get('veth0');
  const [shown] = JSON.parse(ip('-j', 'link', 'show', 'veth0')) as {
    ifindex: number;
    address: string;
    mtu: number;
  }[];
  expect(veth).toMatchObject({
    index: shown?.ifindex,
    mac: shown?.address.replaceAll(':', ''),
    mtu: shown?.mtu,
    isUp: true,
    isRunning: true,
    supportsMulticast: true,
    isLoopback: false,
    hasArp: true,
    primary4: '192.0.2.1',
  });
  expect(veth?.primary6).toMatch(/^fe80::/);
  expect(veth?.addresses[0]).toMatchObject({
    address: '192.0.2.1',
    prefixLength: 24,
    scope: 0,
    label: 'veth0',
  });
  expect(links.get('lo')).toMatchObject({ isLoopback: true, supportsMulticast: false, isUp: true });
  expect(links.get('lo')?.primary4).toBeUndefined();
});

test('down and up, and the loss of the carrier, are told', async () => {
  ip('link', 'set', 'veth0', 'down');
  await told('linkChanged', (line) => line['name'] === 'veth0' && line['isUp'] === false);
  ip('link', 'set', 'veth0', 'up');
  await told(
    'linkChanged',
    (line) => line['name'] === 'veth0' && line['isUp'] === true && line['isRunning'] === true,
  );
  const before = watcher.lines('linkChanged').length;
  inNamespace(pair.right, 'ip', 'link', 'set', 'veth0', 'down');
  const line = await watcher.line('linkChanged', before + 1);
  expect(line).toMatchObject({ name: 'veth0', isUp: true, isRunning: false });
  expect((await known()).get('veth0')).toMatchObject({ isUp: true, isRunning: false });
});

test('addresses that come and go are told, and a secondary one is known as such', async () => {
  ip('addr', 'add', '192.0.2.77/24', 'dev', 'veth0', 'label', 'veth0:7');
  const added = await told('addressAdded', tellsAddress('192.0.2.77'));
  expect(added['address']).toMatchObject({ prefixLength: 24, label: 'veth0:7', isSecondary: true });
  ip('addr', 'del', '192.0.2.77/24', 'dev', 'veth0');
  await told('addressRemoved', tellsAddress('192.0.2.77'));
  expect((await known()).get('veth0')?.addresses.map((one) => one.address)).not.toContain('192.0.2.77');
});

test('with the primary address gone the promoted one is primary', async () => {
  inNamespace(pair.left, 'sysctl', '-qw', 'net.ipv4.conf.veth0.promote_secondaries=1');
  ip('addr', 'add', '192.0.2.77/24', 'dev', 'veth0');
  ip('addr', 'del', '192.0.2.1/24', 'dev', 'veth0');
  await told('addressChanged', tellsAddress('192.0.2.77'));
  expect((await known()).get('veth0')?.primary4).toBe('192.0.2.77');
});

test('an interface that comes, is renamed and goes is told', async () => {
  addVeth(pair.left, pair.right, 'veth1');
  await told('linkChanged', (line) => line['name'] === 'veth1');
  ip('link', 'set', 'veth1', 'down');
  ip('link', 'set', 'veth1', 'name', 'uplink');
  await told('linkChanged', (line) => line['name'] === 'uplink');
  expect([...(await known()).keys()].sort()).toEqual(['lo', 'uplink', 'veth0']);
  ip('link', 'del', 'uplink');
  await told('linkRemoved', (line) => line['name'] === 'uplink');
  expect([...(await known()).keys()].sort()).toEqual(['lo', 'veth0']);
});

test('a port that leaves its bridge is still an interface', async () => {
  ip('link', 'add', 'br0', 'type', 'bridge');
  ip('link', 'set', 'veth0', 'master', 'br0');
  ip('link', 'set', 'veth0', 'nomaster');
  ip('link', 'set', 'veth0', 'mtu', '1400');
  await told('linkChanged', (line) => line['name'] === 'br0');
  await expect.poll(async () => (await known()).get('veth0')?.mtu).toBe(1400);
  expect(watcher.lines('linkRemoved')).toEqual([]);
});

test('what somebody else sends to the socket is not believed', async () => {
  const before = await known();
  const forged = new Program(pair.left, 'netlink-forger.ts');
  await forged.line('sent');
  await forged.stop();
  ip('link', 'set', 'veth0', 'mtu', '1400');
  await expect.poll(async () => (await known()).get('veth0')?.mtu).toBe(1400);
  expect([...(await known()).keys()]).toEqual([...before.keys()]);
});

test('when notifications are lost it reads everything again and tells the differences', async () => {
  // 8 MiB of notifications: more than the receive buffer holds while the event loop stands still.
  const flood = Array.from({ length: 24_000 }, (_, n) => `link set dev veth0 mtu ${1300 + (n % 2)}`);
  const end = [
    'addr add 192.0.2.200/32 dev veth0',
    'addr del 192.0.2.1/24 dev veth0',
    'link set dev veth0 mtu 1234',
  ];
  watcher.send({ kind: 'stall', input: [...flood, ...end].join('\n') });
  await watcher.line('stalled', 1, 60_000);
  const { reason } = await watcher.line('resynchronised', 1, 30_000);
  expect(reason).toBe('ENOBUFS');
  const veth = (await known()).get('veth0');
  expect(veth?.mtu).toBe(1234);
  expect(veth?.addresses.map((one) => one.address)).toContain('192.0.2.200');
  await told('addressAdded', tellsAddress('192.0.2.200'));
  await told('addressRemoved', tellsAddress('192.0.2.1'));
  ip('link', 'set', 'veth0', 'mtu', '1400');
  await expect.poll(async () => (await known()).get('veth0')?.mtu).toBe(1400);
});
