/** The tutorial's files on a kernel with IPVS: the table is right, stays right, and is gone after a stop. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildDirectorPair, type DirectorPair } from '../../../src/drill/director-pair.ts';
import { exampleFile, type TutorialVariant } from '../../../src/drill/tutorial-files.ts';
import { hostAddresses, virtualAddresses, webHostNames } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import { prepareWebHost } from '../../../src/drill/web-host.ts';

/** Three processes start on what may be one slow processor. */
const startLimitMs = 30_000;
const [virtualAddress = ''] = virtualAddresses;
const destinations = [hostAddresses.web02, hostAddresses.web01].map((address) => ({
  address: `${address}:80`,
  forwarding: 'Route',
  weight: 1,
}));

let pair: DirectorPair;
afterEach(() => pair.close());

async function buildPair(variant: TutorialVariant): Promise<void> {
  pair = await buildDirectorPair({
    daemons: { lb01: 'holdfast', lb02: 'holdfast' },
    configFile: (name) => exampleFile(name, variant),
  });
  await Promise.all(webHostNames.map((name) => prepareWebHost(pair.network, name, pair.folder).start()));
}

/** What the tutorial's `ipvsadm -ln` shows. */
function tableFor(addresses: readonly string[]): readonly object[] {
  return addresses.map((address) => ({
    protocol: 'TCP',
    address: `${address}:80`,
    scheduler: 'wrr',
    destinations: expect.arrayContaining(destinations),
  }));
}

async function untilFilled(name: 'lb01' | 'lb02', services: number): Promise<void> {
  await until(`${name} has both web servers in ${services} services`, startLimitMs, () => {
    const table = pair[name].ipvsTable();
    return table.length === services && table.every((service) => service.destinations.length === 2);
  }).catch((error: Error) => {
    throw new Error(
      `${error.message}; it has ${JSON.stringify(pair[name].ipvsTable())}; its log:\n${pair[name].log()}`,
    );
  });
}

describe.each(['lb01', 'lb02'] as const)('%s', (name) => {
  test.each([
    ['one-instance', 1],
    ['two-instances', 2],
  ] as const)(
    'with its %s file has the table that the tutorial shows, and an empty one after a stop',
    async (variant, services) => {
      await buildPair(variant);
      pair[name].start();
      await untilFilled(name, services);
      const table = pair[name].ipvsTable().toSorted((a, b) => a.address.localeCompare(b.address));
      expect(table).toEqual(tableFor(virtualAddresses.slice(0, services)));
      expect(await pair[name].stop()).toBe(0);
      const listing = await pair.network.run(name, 'ipvsadm', ['--save', '--numeric']);
      expect(listing).toMatchObject({ status: 0, stdout: '' });
    },
  );
});

describe('with the table filled', () => {
  beforeEach(async () => {
    await buildPair('one-instance');
    pair.lb01.start();
    await untilFilled('lb01', 1);
  });

  test('a table that somebody clears is filled again', async () => {
    expect((await pair.network.run('lb01', 'ipvsadm', ['--clear'])).status).toBe(0);
    await untilFilled('lb01', 1);
  });

  test('a weight and a server that somebody changes are put right, and a service that is not ours is left alone', async () => {
    const foreign = ['--tcp-service', '192.0.2.10:443'];
    const service = ['--tcp-service', `${virtualAddress}:80`];
    const commands = [
      ['--add-service', ...foreign, '--scheduler', 'rr'],
      [
        '--edit-server',
        ...service,
        '--real-server',
        `${hostAddresses.web01}:80`,
        '--gatewaying',
        '--weight',
        '9',
      ],
      ['--delete-server', ...service, '--real-server', `${hostAddresses.web02}:80`],
    ];
    for (const command of commands) {
      expect(await pair.network.run('lb01', 'ipvsadm', command)).toMatchObject({ status: 0, stderr: '' });
    }
    await until('both servers have weight 1 again', 20_000, () => {
      const ours = pair.lb01.ipvsTable().find((one) => one.address === `${virtualAddress}:80`);
      return ours?.destinations.length === 2 && ours.destinations.every((one) => one.weight === 1);
    });
    await pair.lb01.stop();
    const listing = await pair.network.run('lb01', 'ipvsadm', ['--save', '--numeric']);
    expect(listing.stdout.trim()).toBe('-A -t 192.0.2.10:443 -s rr');
  });

  test("a killed director finds its own table again, and does not take it for somebody else's", async () => {
    const activations = (): number => pair.lb01.log().split('Activating healthchecker').length - 1;
    await pair.lb01.kill();
    const before = activations();
    pair.lb01.start();
    await until('the new run checks its servers', startLimitMs, () => activations() >= before + 2);
    await untilFilled('lb01', 1);
    await pair.lb01.stop();
    expect((await pair.network.run('lb01', 'ipvsadm', ['--save', '--numeric'])).stdout).toBe('');
  });
});
