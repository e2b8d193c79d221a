/** Every option of a virtual address, and more addresses than one datagram holds, compared with what `ip` shows. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { VirtualAddress } from '../../../src/config-parser/config.ts';
import { address } from '../../../src/net/address.ts';
import { createVethPair, inNamespace, type Line, Program, type VethPair } from './namespace-fixture.ts';

type Shown = Readonly<Record<string, unknown>>;

let pair: VethPair;
let client: Program;
let index: number;
let answers = 0;

beforeAll(async () => {
  pair = createVethPair();
  index = Number(inNamespace(pair.left, 'cat', '/sys/class/net/veth0/ifindex'));
  client = new Program(pair.left, 'address-client.ts');
  await client.line('ready');
});
afterAll(async () => {
  await client?.stop();
  pair?.remove();
});
afterEach(() => {
  inNamespace(pair.left, 'ip', '-4', 'addr', 'flush', 'dev', 'veth0');
  inNamespace(pair.left, 'ip', '-6', 'addr', 'flush', 'dev', 'veth0', 'scope', 'global');
});

const vip = (text: string, change: Partial<VirtualAddress> = {}): VirtualAddress => ({
  address: address(text),
  prefixLength: text.includes(':') ? 128 : 32,
  interface: 'veth0',
  scope: 0,
  ...change,
});

async function ask(kind: 'add' | 'remove', list: readonly VirtualAddress[]): Promise<Line> {
  client.send({ kind, lists: [list.map((one) => ({ interfaceIndex: index, address: one }))] });
  answers += 1;
  return client.line('done', answers);
}

function shownIn(listing: unknown): Shown[] {
  const links = listing as { ifname: string; addr_info: Shown[] }[];
  return links.find((link) => link.ifname === 'veth0')?.addr_info ?? [];
}
const shown = (text: string): Shown | undefined =>
  shownIn(JSON.parse(inNamespace(pair.left, 'ip', '-d', '-j', 'addr'))).find((one) => one['local'] === text);
const results = (line: Line) =>
  (line['results'] as { alreadySo: boolean; error?: string; note?: string }[][]).flat();

test.each([
  [
    'a peer',
    '10.7.0.1',
    { peer: address('10.8.0.9'), peerPrefixLength: 24 },
    { address: '10.8.0.9', prefixlen: 24 },
  ],
  [
    'a peer without a prefix length',
    '10.7.0.1',
    { peer: address('10.8.0.9') },
    { address: '10.8.0.9', prefixlen: 32 },
  ],
  [
    'a peer of IPv6',
    '2001:db8::7',
    { peer: address('2001:db8:1::9'), peerPrefixLength: 64 },
    { address: '2001:db8:1::9', prefixlen: 64, nodad: true },
  ],
  ['home', '2001:db8::7', { home: true }, { home: true, nodad: true }],
  ['mngtmpaddr', '2001:db8::7', { mngtmpaddr: true, prefixLength: 64 }, { mngtmpaddr: true }],
  ['noprefixroute', '2001:db8::7', { noPrefixRoute: true, prefixLength: 64 }, { noprefixroute: true }],
  ['noprefixroute of IPv4', '10.7.0.1', { noPrefixRoute: true, prefixLength: 24 }, { noprefixroute: true }],
  ['autojoin', '239.1.2.3', { autojoin: true }, { autojoin: true }],
  [
    'a preferred lifetime',
    '2001:db8::7',
    { preferredLifetimeSeconds: 600 },
    { preferred_life_time: 600, valid_life_time: 4294967295 },
  ],
  ['no preferred lifetime at all', '2001:db8::7', { preferredLifetimeSeconds: 0 }, { deprecated: true }],
  [
    'one that lasts for ever',
    '2001:db8::7',
    { preferredLifetimeSeconds: Number.POSITIVE_INFINITY },
    { preferred_life_time: 4294967295 },
  ],
] as const)('an address has %s', async (_name, text, change, expected) => {
  const wanted = vip(text, change);
  expect(results(await ask('add', [wanted]))).toMatchObject([{ alreadySo: false }]);
  const found = shown(text);
  const { preferred_life_time: preferred, ...rest } = expected as Shown;
  expect(found).toMatchObject(rest);
  if (preferred !== undefined)
    expect([preferred, Number(preferred) - 1]).toContain(found?.['preferred_life_time']);
  const again = results(await ask('add', [wanted]));
  expect(again).toMatchObject([{ alreadySo: true }]);
  expect(again[0]?.note).toBeUndefined();
  expect(results(await ask('remove', [wanted]))).toMatchObject([{ alreadySo: false }]);
  expect(shown(text)).toBeUndefined();
});

test('600 addresses are all in place before the call returns, prepared or not', async () => {
  const list = Array.from({ length: 600 }, (_, number) => vip(`10.9.${number >> 8}.${number & 255}`));
  for (const prepared of [false, true]) {
    const targets = list.map((one) => ({ interfaceIndex: index, address: one }));
    if (prepared) {
      client.send({ kind: 'prepare', lists: [targets] });
      await client.line('prepared');
    }
    const done = await ask('add', list);
    expect(shownIn(done['atOnce']).filter((one) => String(one['local']).startsWith('10.9.'))).toHaveLength(
      600,
    );
    expect(results(done).filter((one) => one.alreadySo || one.error !== undefined)).toEqual([]);
    expect(
      results(await ask('remove', list)).filter((one) => one.alreadySo || one.error !== undefined),
    ).toEqual([]);
  }
});
