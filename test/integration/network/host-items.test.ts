/** What a virtual router has on its host besides addresses: routes, rules, static items, and rules of the firewall. */
import { afterEach, expect, test } from 'vitest';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import { until } from '../../../src/drill/until.ts';
import {
  buildPair,
  EchoProbe,
  fast,
  instanceText,
  ip,
  priorities,
  untilHeldBy,
  untilLogged,
  virtualAddress,
} from './failover-fixture.ts';

let pair: DirectorPair;
let probe: EchoProbe | undefined;
afterEach(async () => {
  await probe?.stop();
  probe = undefined;
  pair?.close();
});

async function start(parts: { lines?: readonly string[]; before?: string; virtual?: readonly string[] }) {
  const { lines = [], before = '', virtual = [`${virtualAddress}/24`] } = parts;
  pair = await buildPair({
    text: (name) =>
      before + instanceText({ priority: priorities[name], lines: [...fast, ...lines], virtual }),
  });
  for (const host of ['lb01', 'lb02', 'client'] as const)
    await pair.network.run(host, 'sysctl', ['-qw', 'net.ipv6.conf.eth0.accept_dad=0']);
  pair.lb02.start();
  pair.lb01.start();
  const held = virtual.map((line) => line.split('/')[0] ?? '');
  await untilHeldBy(pair.lb01, pair.lb02, held);
}

const routes = (name: 'lb01' | 'lb02') =>
  ip(pair, name, 'route', 'show', 'table', 'all', 'proto', 'keepalived');
const rules = (name: 'lb01' | 'lb02') => ip(pair, name, 'rule');

test('virtual routes and rules are there while Master, come back when somebody deletes them, and go with it', async () => {
  await start({
    lines: [
      'virtual_routes {\n        10.99.0.0/16 via 10.0.0.9 dev eth0\n        10.98.0.0/16 via 10.0.0.9 dev eth0 table 77\n    }',
      'virtual_rules {\n        from 10.0.0.3 lookup 77 priority 500\n    }',
    ],
  });
  const areThere = async () => {
    const shown = await routes('lb01');
    return (
      shown.includes('10.99.0.0/16') &&
      shown.includes('10.98.0.0/16') &&
      (await rules('lb01')).includes('from 10.0.0.3 lookup 77')
    );
  };
  await until('routes and rule are there', 3000, areThere);
  expect(await routes('lb02')).toBe('');
  await ip(pair, 'lb01', 'route', 'del', '10.99.0.0/16');
  await ip(pair, 'lb01', 'rule', 'del', 'priority', '500');
  await until('they are put back', 3000, areThere);
  await untilLogged(pair.lb01, 'was removed by someone else; put back');
  expect(await pair.lb01.stop()).toBe(0);
  expect(await routes('lb01')).toBe('');
  expect(await rules('lb01')).not.toContain('lookup 77');
  await until('lb02 has them', 5000, async () => (await routes('lb02')).includes('10.98.0.0/16'));
});

test('static items are there at a Backup too, come back when deleted, and go at the end', async () => {
  await start({
    before: `static_ipaddress {
    10.0.5.1/24 dev eth0
}
static_routes {
    10.97.0.0/16 via 10.0.0.9 dev eth0
}
static_rules {
    from 10.0.5.1 lookup 78 priority 600
}
`,
  });
  const areThere = async () =>
    (await pair.lb02.holds('10.0.5.1')) &&
    (await routes('lb02')).includes('10.97.0.0/16') &&
    (await rules('lb02')).includes('lookup 78');
  await until('they are there', 3000, areThere);
  await ip(pair, 'lb02', 'address', 'del', '10.0.5.1/24', 'dev', 'eth0');
  await ip(pair, 'lb02', 'route', 'del', '10.97.0.0/16');
  await ip(pair, 'lb02', 'rule', 'del', 'priority', '600');
  await until('they are put back', 3000, areThere);
  expect(await pair.lb02.stop()).toBe(0);
  expect(await pair.lb02.holds('10.0.5.1')).toBe(false);
  expect(await routes('lb02')).toBe('');
  expect(await rules('lb02')).not.toContain('lookup 78');
});

test('excluded addresses are held and announced, and not advertised', async () => {
  await start({
    lines: ['virtual_ipaddress_excluded {\n        10.0.0.33/24\n        2001:db8::33/64\n    }'],
  });
  await untilHeldBy(pair.lb01, pair.lb02, [virtualAddress, '10.0.0.33', '2001:db8::33']);
  await until('the address is announced', 3000, () =>
    pair.capture.sightings().some((seen) => seen.kind === 'gratuitousArp' && seen.address === '10.0.0.33'),
  );
  expect(pair.lb02.log()).not.toContain('accepted all the same');
});

test('no_accept refuses what is sent to the addresses, but not their ARP and neighbour discovery', async () => {
  await start({ lines: ['no_accept', 'virtual_ipaddress_excluded {\n        2001:db8::3/64\n    }'] });
  await pair.network.run('client', 'ip', ['address', 'add', '2001:db8::9/64', 'dev', 'eth0', 'nodad']);
  await untilHeldBy(pair.lb01, pair.lb02, [virtualAddress, '2001:db8::3']);
  for (const to of [virtualAddress, '2001:db8::3']) {
    const from = to === virtualAddress ? '10.0.0.9' : '2001:db8::9';
    probe = new EchoProbe(pair, { from, to });
    await until(`the client knows who has ${to}`, 5000, async () => {
      const { stdout } = await pair.network.run('client', 'ip', ['neighbour', 'show', to]);
      return /lladdr/.test(stdout);
    });
    const { asked, failedAtMs } = await probe.report();
    expect(asked).toBeGreaterThan(0);
    expect(failedAtMs).toHaveLength(asked);
    await probe.stop();
  }
  expect(await pair.lb01.stop()).toBe(0);
  expect((await pair.network.run('lb01', 'nft', ['list', 'ruleset'])).stdout).toBe('');
});

test('with promote_secondaries the virtual address outlives the address that it is secondary to', async () => {
  await start({ lines: ['promote_secondaries'] });
  await ip(pair, 'lb01', 'address', 'add', '10.0.0.55/24', 'dev', 'eth0');
  await ip(pair, 'lb01', 'address', 'delete', '10.0.0.5/24', 'dev', 'eth0');
  const since = Date.now();
  await until('lb01 advertises from its other address', 5000, () =>
    pair.capture.sightings().some((seen) => seen.kind === 'advertisement' && seen.source === '10.0.0.55'),
  );
  await until('what was lost would have been put back', 3000, () => Date.now() - since > 500);
  expect(await pair.lb01.holds(virtualAddress)).toBe(true);
  expect(pair.lb01.log()).not.toContain('put back');
});

test('300 addresses are held, announced and handed over', async () => {
  const address = (index: number) => `10.0.${100 + Math.floor(index / 200)}.${1 + (index % 200)}`;
  const virtual = [`${virtualAddress}/24`];
  const excluded = Array.from({ length: 299 }, (_, index) => `${address(index)}/16 dev eth0`);
  await start({ virtual, lines: [`virtual_ipaddress_excluded {\n${excluded.join('\n')}\n    }`] });
  const last = [address(0), address(298)];
  await untilHeldBy(pair.lb01, pair.lb02, last);
  const announced = () =>
    new Set(pair.capture.sightings().flatMap((seen) => (seen.kind === 'gratuitousArp' ? seen.address : [])));
  await until('all are announced', 5000, () => announced().size >= 300);
  expect(await pair.lb01.stop()).toBe(0);
  await untilHeldBy(pair.lb02, pair.lb01, last);
  expect(await ip(pair, 'lb01', 'address')).not.toMatch(/10\.0\.10\d\./);
});
