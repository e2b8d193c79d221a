/** lb01 loses its interface, or the address it speaks from: Fault at once, and itself again when they are back. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildDirectorPair, type DirectorPair } from '../../../src/drill/director-pair.ts';
import { bridgeName } from '../../../src/drill/network.ts';
import { exampleFile } from '../../../src/drill/tutorial-files.ts';
import { hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';

const virtualAddress = '10.0.0.3';
const ownAddress = `${hostAddresses.lb01}/24`;
let pair: DirectorPair;

beforeEach(async () => {
  pair = await buildDirectorPair({
    daemons: { lb01: 'holdfast', lb02: 'holdfast' },
    configFile: (name) => exampleFile(name),
  });
  pair.lb01.start();
  pair.lb02.start();
  await untilHolder('lb01');
});
afterEach(() => pair.close());

async function untilHolder(name: 'lb01' | 'lb02'): Promise<void> {
  const [holder, other] = name === 'lb01' ? [pair.lb01, pair.lb02] : [pair.lb02, pair.lb01];
  await until(`${name} alone holds the virtual address`, 15_000, async () => {
    return (await holder.holds(virtualAddress)) && !(await other.holds(virtualAddress));
  });
}

function ip(...args: string[]): Promise<unknown> {
  return pair.network.run('lb01', 'ip', args);
}

test('an interface that is deleted is a fault, and one of the same name made anew ends it', async () => {
  await ip('link', 'delete', 'eth0');
  await untilHolder('lb02');
  expect(pair.lb01.log()).toContain("(VI_1) interface eth0 doesn't exist");

  const onSwitch = 'lb01-again';
  await ip(
    'link',
    'add',
    'eth0',
    'type',
    'veth',
    'peer',
    'name',
    onSwitch,
    'netns',
    pair.network.namespaceOf('switch'),
  );
  await pair.network.run('switch', 'ip', ['link', 'set', onSwitch, 'master', bridgeName, 'up']);
  await ip('address', 'add', ownAddress, 'dev', 'eth0');
  await ip('link', 'set', 'eth0', 'up');
  await untilHolder('lb01');
});

test('without an address of its own lb01 does not speak; with the address back it is Master again', async () => {
  await ip('address', 'delete', ownAddress, 'dev', 'eth0');
  await untilHolder('lb02');
  expect(pair.lb01.log()).toContain('(VI_1) Cannot find an IP address to use for interface eth0');
  await ip('address', 'add', ownAddress, 'dev', 'eth0');
  await untilHolder('lb01');
});
