/** Which settings of the kernel the configuration changes; sysctl.ts is replaced, so that this host's stay as they are. */
import { afterEach, expect, test, vi } from 'vitest';
import { HostSetup } from '../../../src/daemon/vrrp-process/host-setup.ts';
import { placements } from '../../../src/daemon/vrrp-process/instances.ts';
import { blockOf, instanceWith, parseText } from '../../config-parser/parse-helpers.ts';
import { FakeMonitor, fakeKernel, fakeLog, link } from './fakes.ts';

const changed = vi.hoisted(() => [] as string[]);
vi.mock('../../../src/kernel/sysctl.ts', () => ({
  disableLocalIgmp: () => {
    changed.push('no IGMP for 224.0.0.x');
    return { ok: true, previous: '1', changed: true };
  },
  promoteSecondaries: (name: string) => {
    changed.push(`promote_secondaries ${name}`);
    return { ok: false, code: 'EACCES', problem: `cannot write ${name}` };
  },
}));
afterEach(() => {
  changed.length = 0;
});

async function configure(text: string): Promise<readonly string[]> {
  const { log, lines } = fakeLog();
  const monitor = new FakeMonitor(link('eth0'));
  const host = new HostSetup({ ...fakeKernel(), monitor, log, onStaticFaultsChanged: () => undefined });
  const { config } = parseText(text);
  await host.configure(config, placements(config));
  await host.undo();
  return lines;
}

test('without a word nothing is set', async () => {
  expect(await configure(instanceWith())).toEqual([]);
  expect(changed).toEqual([]);
});

test('disable_local_igmp has the kernel send no reports', async () => {
  await configure(`${blockOf('global_defs', 'disable_local_igmp')}\n${instanceWith()}`);
  expect(changed).toEqual(['no IGMP for 224.0.0.x']);
});

test('promote_secondaries is set once on each interface of an instance that wants it, and a failure is told', async () => {
  const second = (line: string) => instanceWith(line).replace('VI_1', 'VI_2').replace(' 51', ' 52');
  const wants = instanceWith('promote_secondaries');
  const lines = await configure(wants + second('promote_secondaries') + second('').replaceAll('2', '3'));
  expect(changed).toEqual(['promote_secondaries eth0']);
  expect(lines).toEqual(['cannot write eth0']);
});
