import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VirtualAddress } from '../../../src/config-parser/config.ts';
import { address } from '../../../src/net/address.ts';
import { createVethPair, inNamespace, type Line, Program, type VethPair } from './namespace-fixture.ts';

interface Shown {
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
  readonly label?: string;
  readonly broadcast?: string;
  readonly [field: string]: unknown;
}
interface Result {
  readonly address: string;
  readonly error?: string;
  readonly alreadySo: boolean;
  readonly note?: string;
}

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

async function ask(kind: 'add' | 'remove', ...lists: readonly VirtualAddress[][]): Promise<Line> {
  return askTargets(
    kind,
    lists.map((list) => list.map((one) => ({ interfaceIndex: index, address: one }))),
  );
}

async function askTargets(kind: string, lists: object): Promise<Line> {
  client.send({ kind, lists });
  answers += 1;
  return client.line('done', answers);
}

const results = (line: Line): Result[] => (line['results'] as Result[][]).flat();
function shown(listing: unknown): Shown[] {
  const links = listing as { ifname: string; addr_info: Shown[] }[];
  return links.find((link) => link.ifname === 'veth0')?.addr_info ?? [];
}
const now = (): Shown[] => shown(JSON.parse(inNamespace(pair.left, 'ip', '-d', '-j', 'addr')));

describe('addAddresses', () => {
  test('the address is in place before the call returns, also of a second call in the same turn', async () => {
    const done = await ask('add', [vip('10.0.0.3'), vip('10.0.0.4')], [vip('10.0.0.5')], [vip('10.0.0.6')]);
    expect(shown(done['atOnce']).map((one) => one.local)).toEqual(
      expect.arrayContaining(['10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']),
    );
    expect(results(done)).toEqual(
      ['10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6'].map((text) => ({ address: text, alreadySo: false })),
    );
  });

  test('prefix length, label, scope and broadcast are those asked for', async () => {
    await ask('add', [
      vip('10.0.0.3', { prefixLength: 24, label: 'veth0:1', scope: 253, broadcast: address('10.0.0.255') }),
    ]);
    expect(now().find((one) => one.local === '10.0.0.3')).toMatchObject({
      prefixlen: 24,
      label: 'veth0:1',
      scope: 'link',
      broadcast: '10.0.0.255',
    });
  });

  test('without a label the address has the name of its interface, and no broadcast', async () => {
    await ask('add', [vip('10.0.0.3')]);
    const found = now().find((one) => one.local === '10.0.0.3');
    expect(found).toMatchObject({ prefixlen: 32, label: 'veth0', scope: 'global' });
    expect(found?.broadcast).toBeUndefined();
  });

  test('an IPv6 address is usable at once: no duplicate address detection', async () => {
    const done = await ask('add', [vip('2001:db8::3', { prefixLength: 64 })]);
    const found = shown(done['atOnce']).find((one) => one.local === '2001:db8::3');
    expect(found).toMatchObject({ prefixlen: 64, scope: 'global', nodad: true });
    expect(found?.['tentative']).toBeUndefined();
  });

  test('an address that is there is adopted as it is, and the differences are told', async () => {
    inNamespace(
      pair.left,
      'ip',
      'addr',
      'add',
      '10.0.0.3/32',
      'dev',
      'veth0',
      'label',
      'veth0:old',
      'scope',
      'link',
    );
    inNamespace(pair.left, 'ip', 'addr', 'add', '10.0.0.4/32', 'dev', 'veth0');
    const before = now();
    const done = await ask('add', [vip('10.0.0.3'), vip('10.0.0.4'), vip('10.0.0.5')]);
    expect(results(done)).toEqual([
      {
        address: '10.0.0.3',
        alreadySo: true,
        note: '10.0.0.3 was on veth0 already and stays as it is: scope 253 where the configuration says 0, label veth0:old where the configuration says veth0',
      },
      { address: '10.0.0.4', alreadySo: true },
      { address: '10.0.0.5', alreadySo: false },
    ]);
    expect(now()).toEqual(expect.arrayContaining(before));
  });

  test('one that is refused does not stop those after it, and says what was refused', async () => {
    const bad = { interfaceIndex: 4242, address: vip('10.0.0.3') };
    const good = { interfaceIndex: index, address: vip('10.0.0.4') };
    expect(results(await askTargets('add', [[bad, good]]))).toEqual([
      {
        address: '10.0.0.3',
        alreadySo: false,
        error: 'RTM_NEWADDR 10.0.0.3/32 on veth0 (interface 4242): ENODEV',
      },
      { address: '10.0.0.4', alreadySo: false },
    ]);
  });

  test('a thousand addresses are added, adopted and removed, each with its own answer', async () => {
    const many = Array.from({ length: 1000 }, (_, host) => vip(`10.1.${host >> 8}.${host & 255}`));
    const added = await ask('add', many);
    expect(results(added).filter(({ error, alreadySo }) => error !== undefined || alreadySo)).toEqual([]);
    expect(shown(added['atOnce']).filter((one) => one.local.startsWith('10.1.'))).toHaveLength(1000);
    expect(results(await ask('add', many)).filter(({ alreadySo }) => alreadySo)).toHaveLength(1000);
    expect(results(await ask('remove', many)).filter(({ alreadySo }) => alreadySo)).toEqual([]);
    expect(now().filter((one) => one.local.startsWith('10.1.'))).toEqual([]);
  });
});

test('preparing changes nothing yet, and what is added next is what was asked for', async () => {
  const before = inNamespace(pair.left, 'ip', '-j', 'addr');
  client.send({ kind: 'prepare', lists: [[{ interfaceIndex: index, address: vip('10.0.0.3') }]] });
  await client.line('prepared');
  expect(inNamespace(pair.left, 'ip', '-j', 'addr')).toBe(before);
  expect(results(await ask('add', [vip('10.0.0.4')]))).toMatchObject([
    { address: '10.0.0.4', alreadySo: false },
  ]);
  expect(now().map((one) => one.local)).toContain('10.0.0.4');
  expect(now().map((one) => one.local)).not.toContain('10.0.0.3');
});

describe('removeAddresses', () => {
  test('removes at once, whatever the label, and leaves what it was not asked for', async () => {
    inNamespace(pair.left, 'ip', 'addr', 'add', '10.0.0.3/32', 'dev', 'veth0', 'label', 'veth0:x');
    await ask('add', [vip('10.0.0.4'), vip('2001:db8::3')]);
    const done = await ask('remove', [vip('10.0.0.3'), vip('2001:db8::3')]);
    const left = shown(done['atOnce']).map((one) => one.local);
    expect(left).toContain('10.0.0.4');
    expect(left).not.toContain('10.0.0.3');
    expect(left).not.toContain('2001:db8::3');
  });

  test('removing what is absent, or from an interface that is gone, is a success', async () => {
    const targets = [
      { interfaceIndex: index, address: vip('10.0.0.3') },
      { interfaceIndex: 4242, address: vip('10.0.0.4') },
      { interfaceIndex: index, address: vip('2001:db8::9') },
    ];
    const done = await askTargets('remove', [targets]);
    expect(results(done).map(({ error, alreadySo }) => ({ error, alreadySo }))).toEqual(
      targets.map(() => ({ error: undefined, alreadySo: true })),
    );
  });
});
