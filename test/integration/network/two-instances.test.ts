/** The tutorial's section 1.8.3: each director is Master of one address and takes the other's over. */
import { afterEach, beforeEach, test } from 'vitest';
import type { Director } from '../../../src/drill/director.ts';
import { buildDirectorPair, type DirectorPair } from '../../../src/drill/director-pair.ts';
import { exampleFile } from '../../../src/drill/tutorial-files.ts';
import { virtualAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';

const [first = '', second = ''] = virtualAddresses;
let pair: DirectorPair;

beforeEach(async () => {
  pair = await buildDirectorPair({
    daemons: { lb01: 'holdfast', lb02: 'holdfast' },
    configFile: (name) => exampleFile(name, 'two-instances'),
  });
});
afterEach(() => pair.close());

async function untilHeld(lb01Holds: readonly string[], lb02Holds: readonly string[]): Promise<void> {
  await until(`lb01 holds ${lb01Holds.join(' ')}, lb02 holds ${lb02Holds.join(' ')}`, 20_000, async () => {
    return (await holdsExactly(pair.lb01, lb01Holds)) && (await holdsExactly(pair.lb02, lb02Holds));
  });
}

async function holdsExactly(director: Director, expected: readonly string[]): Promise<boolean> {
  const held = await Promise.all(virtualAddresses.map((address) => director.holds(address)));
  return held.every((holds, index) => holds === expected.includes(virtualAddresses[index] ?? ''));
}

test("VI_1 is lb01's and VI_2 is lb02's, and each takes the other's over and gives it back", async () => {
  pair.lb01.start();
  pair.lb02.start();
  await untilHeld([first], [second]);

  await pair.lb01.stop();
  await untilHeld([], [first, second]);
  pair.lb01.start();
  await untilHeld([first], [second]);

  await pair.lb02.stop();
  await untilHeld([first, second], []);
  pair.lb02.start();
  await untilHeld([first], [second]);
});
