/**
 * FULLNAT's rules in nftables, on a kernel that has it. The virtual address becomes the real server's by a rule of destination NAT
 * instead of IPVS: to the rules it is the same, since both leave what the connection was made to in its original tuple (that
 * IPVS does is shown in test/integration/kernel/fullnat.test.ts, where the same is read by iptables).
 */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalAddressRange } from '../../../src/config-parser/config.ts';
import { desiredRules, noRules } from '../../../src/fullnat/index.ts';
import { range, realServer, service, virtualServer } from '../../fullnat/virtual-servers.ts';
import { type Line, Program } from './namespace-fixture.ts';
import {
  clientAddresses,
  createRoutedNetwork,
  directorAddresses,
  type RoutedNetwork,
  serverAddress,
  virtualAddress,
} from './routed-network.ts';

/** nft with NAT of both families in this kernel: asked in a namespace that goes at once. */
function hasNftables(): boolean {
  const chain = 'chain c {\ntype nat hook postrouting priority 0;\nmasquerade\n}';
  const input = `table ip probe {\n${chain}\n}\ntable ip6 probe {\n${chain}\n}\n`;
  return spawnSync('unshare', ['--net', 'nft', '-f', '-'], { input }).status === 0;
}

const families = [4, 6] as const;
const words = { 4: 'ip', 6: 'ip6' } as const;

describe.skipIf(!hasNftables())('in nftables', () => {
  let network: RoutedNetwork;
  let keeper: Program;
  let answers = 0;

  const director = (...command: readonly string[]) => network.run('director', ...command);
  const ours = () =>
    director('nft', 'list', 'ruleset')
      .split(/^(?=table )/m)
      .filter((table) => table.includes('holdfast_fullnat'))
      .sort();

  async function command(line: Line): Promise<readonly { level: string; message: string }[]> {
    keeper.send(line);
    answers += 1;
    const { records } = await keeper.line('done', answers);
    return records as { level: string; message: string }[];
  }

  function rules(localAddresses: readonly LocalAddressRange[], serverPort = 8080) {
    const services = families.map((family) => service(virtualAddress[family], serverPort === 0 ? 0 : 80));
    const servers = families.map((family) => realServer(serverAddress[family], serverPort));
    return desiredRules({ virtualServers: [virtualServer(services, servers, { localAddresses })] });
  }

  async function startKeeper(): Promise<void> {
    keeper = new Program(network.namespaceOf('director'), 'fullnat-keeper.ts');
    answers = 0;
    await keeper.line('ready');
  }

  beforeAll(async () => {
    network = await createRoutedNetwork();
    for (const family of families) {
      const [ip, virtual, server] = [words[family], virtualAddress[family], serverAddress[family]];
      const target = family === 4 ? server : `[${server}]`;
      director('nft', 'add', 'table', ip, 'balance');
      director('nft', 'add chain', ip, 'balance', 'in { type nat hook prerouting priority dstnat; }');
      for (const port of [80, 81]) {
        director(
          'nft',
          'add rule',
          ip,
          `balance in ${ip} daddr ${virtual} tcp dport ${port} dnat to ${target}:8080`,
        );
      }
    }
    await startKeeper();
  });
  afterAll(async () => {
    await keeper?.stop();
    network?.remove();
  });

  test('the real server is asked by an address of the director, and without the rules is not reached', async () => {
    for (const family of families)
      expect(network.ask(family, clientAddresses[family].slice(0, 1))).toEqual(['no answer']);
    const records = await command({ kind: 'apply', rules: rules([]) });
    expect(records.map(({ message }) => message)).toEqual([
      'FULLNAT: rules for 1 real server of IPv4 are set by nftables.',
      'FULLNAT: rules for 1 real server of IPv6 are set by nftables.',
    ]);
    expect(network.ask(4, clientAddresses[4].slice(0, 1))).toEqual(['10.1.0.5']);
    expect(network.ask(6, clientAddresses[6].slice(0, 1))).toEqual([expect.stringMatching(/^2001:db8:1::/)]);
  });

  test('a connection made to another port of the virtual address keeps its own', () => {
    expect(network.ask(4, clientAddresses[4].slice(0, 1), 81)).toEqual(['no answer']);
  });

  test('every address of a range is used, and no other', async () => {
    const ranges = families.map((family) =>
      range(directorAddresses[family][1], directorAddresses[family][2]),
    );
    await command({ kind: 'apply', rules: rules(ranges) });
    for (const family of families) {
      const seen = network.ask(family, clientAddresses[family]);
      expect(new Set(seen)).toEqual(new Set(directorAddresses[family].slice(1, 3)));
    }
  });

  test('each of several ranges is used', async () => {
    const ranges = families.flatMap((family) => [
      range(directorAddresses[family][1]),
      range(directorAddresses[family][3]),
    ]);
    await command({ kind: 'apply', rules: rules(ranges) });
    for (const family of families) {
      const [, first, , last] = directorAddresses[family];
      expect(new Set(network.ask(family, clientAddresses[family]))).toEqual(new Set([first, last]));
    }
  });

  test('ports that the configuration leaves open are not compared', async () => {
    await command({ kind: 'apply', rules: rules([], 0) });
    for (const port of [80, 81]) {
      expect(network.ask(4, clientAddresses[4].slice(0, 1), port)).toEqual(['10.1.0.5']);
    }
  });

  test('a service of a firewall mark is known by the mark', async () => {
    director('nft', 'add table ip marks');
    director('nft', 'add chain ip marks in { type filter hook prerouting priority mangle; }');
    director('nft', 'add rule ip marks in tcp dport 81 meta mark set 5');
    const marked = virtualServer(
      [{ kind: 'fwmark', mark: 5, family: 4 }],
      [realServer(serverAddress[4], 8080)],
    );
    await command({ kind: 'apply', rules: desiredRules({ virtualServers: [marked] }) });
    expect(network.ask(4, clientAddresses[4].slice(0, 1), 81)).toEqual(['10.1.0.5']);
    expect(network.ask(4, clientAddresses[4].slice(0, 1), 80)).toEqual(['no answer']);
    director('nft', 'delete table ip marks');
  });

  test('a change by others of other tables is looked at, and nothing is done', async () => {
    await command({ kind: 'apply', rules: rules([]) });
    director('nft', 'add', 'table', 'ip', 'theirs');
    expect(await command({ kind: 'check' })).toEqual([]);
    director('nft', 'delete', 'table', 'ip', 'theirs');
    expect(await command({ kind: 'check' })).toEqual([]);
  });

  test.each([
    ['the whole table is deleted', ['delete', 'table', 'ip', 'holdfast_fullnat'], 'nothing of them was left'],
    [
      'a server is taken out',
      ['delete', 'element', 'ip', 'holdfast_fullnat', 'servers_0_0', '{ 10.0.0.3 . 80 . 10.2.0.8 . 8080 }'],
      'missing: "set servers_0_0: 10.0.0.3 . 80 . 10.2.0.8 . 8080"',
    ],
    [
      'a rule is added',
      ['add', 'rule', 'ip', 'holdfast_fullnat', 'postrouting', 'accept'],
      'not ours: "chain postrouting: accept"',
    ],
  ])('is put right when %s, at the next check', async (_, words, told) => {
    await command({ kind: 'apply', rules: rules([]) });
    const before = ours();
    director('nft', ...words);
    const records = await command({ kind: 'check' });
    expect(records.map(({ level }) => level)).toEqual(['warning', 'info']);
    expect(records[0]?.message).toContain(told);
    expect(ours()).toEqual(before);
    expect(network.ask(4, clientAddresses[4].slice(0, 1))).toEqual(['10.1.0.5']);
    expect(await command({ kind: 'check' })).toEqual([]);
  });

  test('what a killed run has left is replaced, and goes where the next run has no rules', async () => {
    await command({ kind: 'apply', rules: rules([range('10.1.0.6'), range('10.1.0.20')]) });
    await keeper.stop();
    expect(ours().join('')).toContain('local_0_1');
    await startKeeper();
    await command({ kind: 'apply', rules: rules([]) });
    expect(ours()).toHaveLength(2);
    expect(ours().join('')).not.toContain('local_0_1');
    await keeper.stop();
    await startKeeper();
    expect(await command({ kind: 'apply', rules: noRules })).toEqual([]);
    expect(ours()).toEqual([]);
  });

  test('ten thousand real servers are set, found unchanged, and repaired', async () => {
    const servers = Array.from({ length: 10_000 }, (_, index) =>
      realServer(`10.${9 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`),
    );
    const many = desiredRules({ virtualServers: [virtualServer([service(virtualAddress[4], 80)], servers)] });
    expect((await command({ kind: 'apply', rules: many }))[0]?.message).toContain('10000 real servers');
    director('nft', 'add', 'table', 'ip', 'theirs');
    expect(await command({ kind: 'check' })).toEqual([]);
    director(
      'nft',
      'delete',
      'element',
      'ip',
      'holdfast_fullnat',
      'servers_0_0',
      '{ 10.0.0.3 . 80 . 10.9.7.7 . 80 }',
    );
    expect((await command({ kind: 'check' }))[0]?.message).toContain(
      'missing: "set servers_0_0: 10.0.0.3 . 80 . 10.9.7.7 . 80"',
    );
    director('nft', 'delete', 'table', 'ip', 'theirs');
  });

  test('a stop leaves the tables of others alone', async () => {
    expect(await command({ kind: 'release' })).toEqual([]);
    expect(ours()).toEqual([]);
    expect(director('nft', 'list', 'tables')).toBe('table ip balance\ntable ip6 balance\n');
  });
});
