/**
 * FULLNAT as it is done: IPVS in NAT mode with its connections tracked, and our rules of source NAT. The real server is in another
 * network and has no route to the client; it says by which address it was asked.
 */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalAddressRange, VirtualService } from '../../../src/config-parser/config.ts';
import { fullNatModules, loadEmbeddedModules } from '../../../src/drill/kernels/load-embedded-modules.ts';
import { desiredRules, noRules } from '../../../src/fullnat/index.ts';
import { address } from '../../../src/net/address.ts';
import { range, realServer, service, virtualServer } from '../../fullnat/virtual-servers.ts';
import { type Line, Program } from '../network/namespace-fixture.ts';
import {
  clientAddresses,
  createRoutedNetwork,
  directorAddresses,
  type RoutedNetwork,
  serverAddress,
  virtualAddress,
} from '../network/routed-network.ts';

const startLimitMs = 60_000;
const families = [4, 6] as const;
const mark: VirtualService = { kind: 'fwmark', mark: 5, family: 4 };

let network: RoutedNetwork;
let keeper: Program;
let answers = 0;

const director = (...command: readonly string[]) => network.run('director', ...command);
const bracketed = (host: string, port: number) =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
/** The clients' own addresses or none: a real server that is asked by one of these cannot answer. */
const served = (list: readonly string[]) => list.filter((one) => /^[\da-f.:]+$/.test(one));

async function command(line: Line): Promise<readonly { level: string; message: string }[]> {
  keeper.send(line);
  answers += 1;
  const { records } = await keeper.line('done', answers, startLimitMs);
  return records as { level: string; message: string }[];
}

function rules(localAddresses: readonly LocalAddressRange[], more: readonly VirtualService[] = []) {
  const services = [...families.map((family) => service(virtualAddress[family], 80)), ...more];
  const servers = families.map((family) => realServer(serverAddress[family], 8080));
  return desiredRules({ virtualServers: [virtualServer(services, servers, { localAddresses })] });
}

async function startKeeper(): Promise<void> {
  keeper = new Program(network.namespaceOf('director'), 'fullnat-keeper.ts');
  answers = 0;
  await keeper.line('ready', 1, startLimitMs);
}

/** Our rules as the kernel has them, whichever packet filter it is. */
function ourRules(): readonly string[] {
  const legacy = ['iptables-legacy-save', 'ip6tables-legacy-save'].map((program) =>
    director(program, '-t', 'nat'),
  );
  const nft = spawnSync('ip', ['netns', 'exec', network.namespaceOf('director'), 'nft', 'list', 'ruleset'], {
    encoding: 'utf8',
  });
  return [...legacy, nft.stdout]
    .join('\n')
    .split('\n')
    .filter((line) => /holdfast_fullnat/i.test(line));
}

beforeAll(async () => {
  loadEmbeddedModules(...fullNatModules);
  network = await createRoutedNetwork();
  director('sysctl', '-qw', 'net.ipv4.vs.conntrack=1');
  for (const family of families) {
    const virtual = bracketed(virtualAddress[family], 80);
    director('ipvsadm', '-A', '-t', virtual, '-s', 'rr');
    director('ipvsadm', '-a', '-t', virtual, '-r', bracketed(serverAddress[family], 8080), '-m');
  }
  await startKeeper();
});
afterAll(async () => {
  await keeper?.stop();
  network?.remove();
});

describe('a real server in another network, without a route to the client', () => {
  test('is not reached by NAT alone', () => {
    for (const family of families)
      expect(network.ask(family, clientAddresses[family].slice(0, 1))).toEqual(['no answer']);
  });

  test('answers by FULLNAT, and is asked by the address that the route has', async () => {
    const records = await command({ kind: 'apply', rules: rules([]) });
    expect(records.map(({ level }) => level)).toEqual(['info', 'info']);
    for (const family of families) {
      const from = clientAddresses[family].slice(0, 3);
      expect(network.ask(family, from)).toEqual(
        from.map(() => expect.stringMatching(/^(10\.1\.0\.5|2001:db8:1::\d+)$/)),
      );
    }
    expect(await command({ kind: 'check' })).toEqual([]);
  });

  test('is asked by the local addresses of the configuration, several of one range', async () => {
    const ranges = families.map((family) => {
      const [, first = '', last = ''] = directorAddresses[family];
      return range(first, last);
    });
    await command({ kind: 'apply', rules: rules(ranges) });
    for (const family of families) {
      const seen = network.ask(family, clientAddresses[family]);
      expect(new Set(seen)).toEqual(new Set(directorAddresses[family].slice(1, 3)));
    }
  });

  test('is asked by addresses of each of several ranges', async () => {
    const ranges = families.flatMap((family) => {
      const [, first = '', , last = ''] = directorAddresses[family];
      return [range(first), range(last)];
    });
    await command({ kind: 'apply', rules: rules(ranges) });
    for (const family of families) {
      const [, first, , last] = directorAddresses[family];
      expect(new Set(network.ask(family, clientAddresses[family]))).toEqual(new Set([first, last]));
    }
  });

  test('answers for a service of a firewall mark too', async () => {
    const virtual = virtualAddress[4];
    const marking = ['-p', 'tcp', '-d', virtual, '--dport', '81', '-j', 'MARK', '--set-mark', '5'];
    director('iptables-legacy', '-t', 'mangle', '-A', 'PREROUTING', ...marking);
    director('ipvsadm', '-A', '-f', '5', '-s', 'rr');
    director('ipvsadm', '-a', '-f', '5', '-r', bracketed(serverAddress[4], 8080), '-m');
    const [from = ''] = clientAddresses[4];
    expect(network.ask(4, [from], 81)).toEqual(['no answer']);
    const records = await command({ kind: 'apply', rules: rules([], [mark]) });
    expect(records.map(({ level }) => level)).toEqual(['info', 'info']);
    expect(network.ask(4, [from], 81)).toEqual(['10.1.0.5']);
  });
});

describe('the rules', () => {
  test('that somebody flushes are put back, and it is told what was missing', async () => {
    await command({ kind: 'apply', rules: rules([range(address('10.1.0.6'))]) });
    const before = ourRules();
    director('iptables-legacy', '-t', 'nat', '-F', 'HOLDFAST_FULLNAT');
    director('ip6tables-legacy', '-t', 'nat', '-F');
    let records: readonly { level: string; message: string }[] = [];
    for (let round = 0; round < 40 && records.length < 4; round += 1) {
      records = [...records, ...(await command({ kind: 'check' }))];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // Each family is read every two seconds, counted from when it was set.
    const told = records.map(({ level, message }) => `${/IPv\d/.exec(message)?.[0]} ${level}`);
    expect(told.sort()).toEqual(['IPv4 info', 'IPv4 warning', 'IPv6 info', 'IPv6 warning']);
    const warning = records.find(({ level, message }) => level === 'warning' && message.includes('IPv4'));
    expect(warning?.message).toContain('missing: "-A HOLDFAST_FULLNAT -d 10.2.0.8/32 -p tcp');
    expect(ourRules()).toEqual(before);
    expect(served(network.ask(4, clientAddresses[4].slice(0, 1)))).toEqual(['10.1.0.6']);
  });

  test('of a run that was killed are replaced by the next one, and nothing of them stays', async () => {
    const ranges = [range('10.1.0.6'), range('10.1.0.20')];
    await command({ kind: 'apply', rules: rules(ranges) });
    expect(ourRules().some((line) => line.includes('HOLDFAST_FULLNAT_'))).toBe(true);
    await keeper.stop();
    await startKeeper();
    await command({ kind: 'apply', rules: rules([]) });
    expect(ourRules().some((line) => line.includes('HOLDFAST_FULLNAT_'))).toBe(false);
    expect(ourRules().filter((line) => line.startsWith('-A POSTROUTING'))).toHaveLength(2);
    expect(network.ask(4, clientAddresses[4].slice(0, 1))).toEqual(['10.1.0.5']);
  });

  test('of a run that was killed go, where the next one has none', async () => {
    await keeper.stop();
    expect(ourRules()).not.toEqual([]);
    await startKeeper();
    expect(await command({ kind: 'apply', rules: noRules })).toEqual([]);
    expect(ourRules()).toEqual([]);
  });

  test('are gone after a stop, and rules of others are not', async () => {
    director('iptables-legacy', '-t', 'nat', '-A', 'POSTROUTING', '-d', '192.0.2.1', '-j', 'MASQUERADE');
    await command({ kind: 'apply', rules: rules([]) });
    expect(await command({ kind: 'release' })).toEqual([]);
    expect(ourRules()).toEqual([]);
    expect(director('iptables-legacy-save', '-t', 'nat')).toContain(
      '-A POSTROUTING -d 192.0.2.1/32 -j MASQUERADE',
    );
    expect(network.ask(4, clientAddresses[4].slice(0, 1))).toEqual(['no answer']);
  });
});
