/** Interfaces and source addresses that go and come while the daemon runs, with and without an interface of the instance's own. */
import { afterEach, test } from 'vitest';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import { bridgeName } from '../../../src/drill/network.ts';
import { type DirectorName, hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import {
  buildPair,
  fast,
  instanceText,
  ip,
  priorities,
  untilHeldBy,
  untilLogged,
} from './failover-fixture.ts';

let pair: DirectorPair;
afterEach(() => pair?.close());

const peerOf = (name: DirectorName) => (name === 'lb01' ? 'lb02' : 'lb01');

async function start(text: (name: DirectorName) => string): Promise<void> {
  pair = await buildPair({ text });
  pair.lb02.start();
  pair.lb01.start();
}

/** As when somebody takes the network card out and puts it in again. */
async function makeInterfaceAnew(): Promise<void> {
  const peer = ['type', 'veth', 'peer', 'name', 'lb01-again', 'netns', pair.network.namespaceOf('switch')];
  await ip(pair, 'lb01', 'link', 'add', 'eth0', ...peer);
  await pair.network.run('switch', 'ip', ['link', 'set', 'lb01-again', 'master', bridgeName, 'up']);
  await ip(pair, 'lb01', 'address', 'add', `${hostAddresses.lb01}/24`, 'dev', 'eth0');
  await ip(pair, 'lb01', 'link', 'set', 'eth0', 'up');
}

test('with dynamic_interfaces an instance waits for an interface that is not there at the start', async () => {
  const text = (name: DirectorName) =>
    `global_defs {\n    dynamic_interfaces\n}\n${instanceText({ priority: priorities[name] })}`;
  pair = await buildPair({ text });
  await ip(pair, 'lb01', 'link', 'delete', 'eth0');
  pair.lb02.start();
  pair.lb01.start();
  await untilLogged(pair.lb01, "interface eth0 doesn't exist");
  await makeInterfaceAnew();
  await untilHeldBy(pair.lb01, pair.lb02);
});

test('a macvlan is made again with its interface, and somebody who deletes it only makes lb01 leave for a moment', async () => {
  await start((name) => instanceText({ priority: priorities[name], lines: [...fast, 'use_vmac'] }));
  const holds = async (name: DirectorName) =>
    (await ip(pair, name, '-o', 'address')).includes('vrrp.51    inet 10.0.0.3/24');
  const untilHolder = (name: DirectorName) =>
    until(`${name} alone holds it on its macvlan`, 10_000, async () => {
      return (await holds(name)) && !(await holds(peerOf(name)));
    });
  await untilHolder('lb01');
  await ip(pair, 'lb01', 'link', 'delete', 'vrrp.51');
  await untilLogged(pair.lb01, 'Entering FAULT STATE');
  await untilHolder('lb01');
  await ip(pair, 'lb01', 'link', 'delete', 'eth0');
  await untilHolder('lb02');
  await makeInterfaceAnew();
  await untilHolder('lb01');
});

test('an instance without an interface speaks as long as its source address is there', async () => {
  await start((name) => {
    const own = hostAddresses[name];
    const lines = [
      ...fast,
      `unicast_src_ip ${own}`,
      `unicast_peer {\n        ${hostAddresses[peerOf(name)]}\n    }`,
    ];
    return instanceText({
      priority: priorities[name],
      lines,
      virtual: ['10.0.0.3/24 dev eth0'],
    }).replace('    interface eth0\n', '');
  });
  await untilHeldBy(pair.lb01, pair.lb02);
  await ip(pair, 'lb01', 'address', 'delete', `${hostAddresses.lb01}/24`, 'dev', 'eth0');
  await untilHeldBy(pair.lb02, pair.lb01);
  await untilLogged(pair.lb01, '(VI_1) its source address is not on this host');
  await ip(pair, 'lb01', 'address', 'add', `${hostAddresses.lb01}/24`, 'dev', 'eth0');
  await untilHeldBy(pair.lb01, pair.lb02);
});

test('a unicast source that appears only later is waited for', async () => {
  const sources = { lb01: '10.0.0.105', lb02: '10.0.0.106' } as const;
  await start((name) =>
    instanceText({
      priority: priorities[name],
      lines: [
        ...fast,
        `unicast_src_ip ${sources[name]}`,
        `unicast_peer {\n        ${sources[peerOf(name)]}\n    }`,
      ],
    }),
  );
  await untilLogged(pair.lb01, '(VI_1) Entering FAULT STATE');
  for (const name of ['lb01', 'lb02'] as const)
    await ip(pair, name, 'address', 'add', `${sources[name]}/24`, 'dev', 'eth0');
  await untilHeldBy(pair.lb01, pair.lb02);
});
